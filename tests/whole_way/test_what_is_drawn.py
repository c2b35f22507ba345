"""Cards and published pages of a home that the command line built: an archive in, files out, nothing private in them."""

import json
import re
import struct
from datetime import date

import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from longplay.simulator.private import SENTINELS
from tests.riding import riding
from tests.whole_way.conftest import Longplay

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    longplay = Longplay(folder / "home")
    write_archive(invent(11, date(2023, 9, 1), date(2024, 2, 29)), folder / "export.zip")
    longplay("import", folder / "export.zip")
    longplay("build")
    return longplay


def opened(html):
    """Give a page and all that rides in it."""
    return [html.encode(), *riding(html).values()]


def test_a_card_is_drawn_from_real_marts(built, tmp_path):
    told = built.json("card", "2024", "--square", "--dark", "--output", tmp_path / "cards" / "mine.png")
    built("card", "2023")

    assert told == {"card": str(tmp_path / "cards" / "mine.png"), "year": 2024, "undrawn": told["undrawn"]}
    assert struct.unpack(">II", (tmp_path / "cards" / "mine.png").read_bytes()[16:24]) == (1080, 1080)
    assert struct.unpack(">II", (built.home.parent / "longplay-2023.png").read_bytes()[16:24]) == (1080, 1350)


def test_a_year_without_music_has_no_card(built):
    assert built.json("card", "1999", status=2)["error"] == {
        "message": "There is no music of 1999.", "action": "There is of 2023 and 2024.",
    }  # fmt: skip


def test_a_published_page_holds_no_excluded_name_and_nothing_private(built):
    top = built.json(
        "query",
        "select artist_name as name from fct_plays where is_counted group by 1 order by count(*) desc limit 2",
    )
    names = [row["name"] for row in top]

    told = built.json("report", "--public", "--exclude", names[0], "--exclude", names[1])
    parts = opened((built.home / "public.html").read_text())

    assert told["page"] == str(built.home / "public.html")
    assert min(told["taken_out"][name] for name in names) > 0
    assert [name for name in names for part in parts if name.encode() in part] == []
    assert [word for word in SENTINELS for part in parts if str(word).encode() in part] == []
    assert not any(re.search(rb"\d{4}-\d\d-\d\d[T ]\d\d:(?!00\b)", part) for part in parts)
    assert (built.home / "public.html").stat().st_mode & 0o777 == 0o600


def test_a_published_page_tells_that_every_import_adds_up_and_not_of_which_archive(built):
    (archive, read) = built.json("query", "select any_value(archive) as archive, sum(read) as read from archives")[0].values()

    built("report", "--public")
    parts = riding((built.home / "public.html").read_text())

    imports = json.loads(parts["packed-reports"])["tables"]["imports"]
    sums = {name.lstrip("+"): column for name, column in imports.items()}
    assert [sums[name] for name in ("archive", "read")] == [["1"], [read]]
    assert sums["read"][0] == sums["distinct_rows"][0] + sums["repeated"][0] + sums["rejected"][0]
    assert not any(archive[:8].encode() in part for name, part in parts.items() if name != "runtime")


def test_an_anonymous_page_of_real_marts_names_nobody(built):
    names = built.json("query", "select distinct artist_name as name from fct_plays where is_counted")

    built("report", "--public", "--anonymous")
    inside = b"\n".join(opened((built.home / "public.html").read_text())[1:-1])  # without the library that draws

    assert b'"Artist 1"' in inside
    assert [row["name"] for row in names if row["name"] and len(row["name"]) > 5 and row["name"].encode() in inside] == []


def test_names_are_left_out_of_published_pages_only(built):
    assert built.json("report", "--anonymous", status=2)["error"]["action"] == "Add --public."
    assert "nothing was written" in built.json("report", "--public", "--exclude", "Nobody at All", status=2)["error"]["message"]
