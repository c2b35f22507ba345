"""The article follows one play of an invented listener. Here it is followed again, and every printed row comes out."""

import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from longplay.demo import INTERVAL, REMEMBERED, Invented
from longplay.home import Home
from longplay.settings import Settings
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from longplay.simulator.web.listings import MEASURED
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.stages import Stages
from longplay.wiring import stages_from
from tests.house.blocks import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "docs" / "blog" / "how-a-play-travels.md"
BEFORE, AFTER = ARTICLE.read_text(encoding="utf-8").split("## The archive arrives\n")
BLOCKS_BEFORE = BEFORE.count("\n```") // 2
FIRST, SIGNED_IN = datetime(2023, 11, 1, tzinfo=UTC), datetime(2026, 10, 30, 18, tzinfo=UTC)
POLLED_UNTIL, ARCHIVED = datetime(2026, 10, 31, 6, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # a machine may be busy


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> list[tuple[Block, list[str]]]:
    """Every question of the article beside its answer: asked after a night of polls, and after the archive that came later."""
    folder = tmp_path_factory.mktemp("article")
    plays = invent(7, FIRST.date(), ARCHIVED.date())
    archive = write_archive(plays, folder / "my_spotify_data.zip", up_to=ARCHIVED).path
    recent = [play for play in plays if play.reported_at > SIGNED_IN - REMEMBERED]
    settings = Settings(LONGPLAY_HOME=folder / "home", LONGPLAY_TIMEZONE="Europe/Berlin")
    stages = stages_from(settings, Home(settings.home))
    with SimulatedSpotify(recent, now=SIGNED_IN, manners=MEASURED) as spotify:
        Invented(spotify, archive).polled(stages.lake, stages.state, "me", POLLED_UNTIL, lambda *_: None)
    stages.process()
    stages.build()
    before = _answered(stages, blocks(ARTICLE)[:BLOCKS_BEFORE])
    stages.import_archives([[archive]], ARCHIVED)
    stages.build()
    return before + _answered(stages, blocks(ARTICLE)[BLOCKS_BEFORE:])


@pytest.fixture(scope="module")
def lake(told, tmp_path_factory) -> Path:
    assert told
    return next(tmp_path_factory.getbasetemp().glob("article*/home/lake"))


def _answered(stages: Stages, found: list[Block]) -> list[tuple[Block, list[str]]]:
    return [
        (found[place + 1], _spelled(stages.query(block.text))) for place, block in enumerate(found) if block.language == "sql"
    ]


def _spelled(rows: list[dict[str, Any]]) -> list[str]:
    """Spell rows as the article does: a table where there are several, a line for each column of a single one."""
    plain = json.loads(msgspec.json.encode(rows))
    if len(plain) == 1:
        width = max(map(len, plain[0]))
        return [f"{name:<{width}}  {_value(value)}" for name, value in plain[0].items()]
    cells = [list(plain[0]), *([_value(value) for value in row.values()] for row in plain)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _value(value: Any) -> str:
    return "–" if value is None else str(value).replace("T", " ") if re.match(r"\d{4}-\d\d-\d\dT", str(value)) else str(value)


def test_every_row_is_that_of_the_play(told):
    assert told
    for printed, answer in told:
        assert printed.text.splitlines() == answer


def test_the_page_as_sent_holds_what_is_printed(lake):
    [printed] = [json.loads(block.text) for block in blocks(ARTICLE, "json")]
    [key] = re.findall(r"`(raw/api/[^`]+)`", BEFORE)
    items = json.loads(gzip.decompress((lake / key).read_bytes()))["items"]

    assert [item for item in items if _holds(item, printed)] != []


def test_every_object_that_is_named_lies_in_the_lake(lake):
    named = re.findall(r"`((?:raw|processed)/[^`]+)`", BEFORE + AFTER)

    assert len(named) > 1
    assert [key for key in named if not (lake / key).exists()] == []


def test_a_poll_that_sees_nothing_new_writes_nothing(lake):
    assert POLLED_UNTIL - SIGNED_IN == 24 * INTERVAL
    assert len(list((lake / "raw" / "api" / "recently_played").rglob("*.json.gz"))) == 6


def test_every_figure_of_costs_stands_in_the_documents():
    """What is quoted from them is marked by its source in brackets, on the same line."""
    quoted = re.findall(r"^\| .* \| (\S+ \S+) \| `(\w+\.md)` \|$", AFTER, flags=re.MULTILINE)

    assert len(quoted) > 4
    assert [figure for figure, source in quoted if figure.rstrip(" ×sMB") not in (ROOT / "docs" / source).read_text()] == []


def _holds(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and _holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(_holds, whole, part))
    return whole == part
