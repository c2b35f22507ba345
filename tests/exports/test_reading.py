"""Whatever a file holds, every element of it is a play, a repeat, or rejected with a reason; and nothing private is kept."""

import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longplay.exports import raw
from longplay.exports.elements import elements
from longplay.exports.layouts import EXTENDED, in_order, recognise
from longplay.exports.members import HEAD, Inflated, Member, members_of
from longplay.exports.raw import tolerant_rows
from longplay.importing import ImportedArchive, import_archive
from longplay.lake.store import Lake
from longplay.simulator.archives import LAYOUTS, write_archive
from longplay.simulator.listener import listener_with
from longplay.simulator.private import DEVICE_IDS, SENTINELS

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NAME = "Streaming_History_Audio_2024_0.json"

times = st.sampled_from(["2024-05-04T18:20:11Z", "2024-05-04T18:20:12Z", "2024-05-05T00:00:00Z"])
lengths = st.sampled_from([0, 1, 29_999, 213_880, 19_768_112, "213880", 1e3])
addresses = st.sampled_from(["spotify:track:4cXmpl000000000000000D", "spotify:track:5dXmpl000000000000000E"])
texts = st.one_of(st.none(), st.text(max_size=12).filter(lambda text: "\ud800" not in text), st.just("x" * 300))
good_rows = st.fixed_dictionaries(
    {"ts": times, "ms_played": lengths, "spotify_track_uri": addresses},
    optional={"master_metadata_track_name": st.just("Harbour Lights"), "ip_addr": st.just(SENTINELS[0]), "reason_end": texts},
)
bad_values = st.sampled_from([None, "", "soon", -1, -4163397879194451968, 10**25, True, [], {}, "1970-01-01T00:00:00Z"])
bad_rows = st.one_of(
    st.sampled_from([17, "row", None, True, [], [{"ts": "2024-05-04T18:20:11Z"}]]),
    st.builds(lambda row, value: {**row, "ms_played": value}, good_rows, bad_values.filter(lambda value: value is not True)),
    st.builds(lambda row, value: {**row, "ts": value}, good_rows, bad_values),
)


def imported(path: Path, home: Path) -> ImportedArchive:
    return import_archive([path], "me", Lake(home), NOW)


def total(archive: ImportedArchive) -> dict[str, int]:
    return {name: archive.total(name) for name in ("read", "distinct", "repeated", "rejected")}


def is_play(row: object) -> bool:
    return isinstance(row, dict) and "ms_played" in row


@given(rows=st.lists(st.tuples(st.booleans(), good_rows, bad_rows), max_size=12))
def test_a_bad_row_never_takes_its_neighbour_along(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("archive")
    mixed = [good if is_good else bad for is_good, good, bad in rows]
    (folder / NAME).write_text(json.dumps([{"ts": "2020-01-01T00:00:00Z", "ms_played": 1, "spotify_track_uri": "u"}, *mixed]))
    plays = {(row["ts"], row["spotify_track_uri"], int(row["ms_played"])) for is_good, row, _ in rows if is_good}

    found = total(imported(folder / NAME, folder / "lake"))

    assert found["read"] == len(rows) + 1
    assert found["distinct"] == len(plays) + 1
    assert found["rejected"] == sum(not is_good for is_good, _, _ in rows)
    assert found["read"] == found["distinct"] + found["repeated"] + found["rejected"]


@given(rows=st.lists(good_rows, min_size=1, max_size=8))
def test_the_patient_reader_reads_what_the_fast_one_reads(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("archive")
    (folder / NAME).write_text(json.dumps(rows, ensure_ascii=False))
    imported(folder / NAME, folder / "lake")
    (raw,) = (folder / "lake" / "raw").rglob("*.parquet")
    with duckdb.connect() as connection:
        fast = connection.execute(
            "select spotify_track_uri, ts, reason_end from read_parquet(?) order by row_number", [str(raw)]
        )
        patient = tolerant_rows(Member(NAME, 0, lambda: (folder / NAME).open("rb")), EXTENDED.fields)

        assert fast.fetchall() == [(row["spotify_track_uri"], row["ts"], row["reason_end"]) for row in patient]


@given(
    values=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    ),
    size=st.integers(1, 40),
)
def test_a_list_is_walked_through_however_its_bytes_arrive(values, size):
    whole = json.dumps(values, indent=1).encode()

    walked = list(elements(whole[at : at + size] for at in range(0, len(whole), size)))

    assert [json.loads(element) for element in walked] == values


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_recognised_and_summed_up_as_it_was_written(tmp_path, layout):
    written = write_archive(listener_with(3_000, seed=5), tmp_path / "export.zip", layout=layout, rows_per_file=700, spoiled=9)

    archive = imported(tmp_path / "export.zip", tmp_path / "lake")

    assert archive.layout == layout
    assert Counter({each.name: each.read for each in archive.files}) == Counter(
        {each.name: each.read for each in written.members}
    )
    assert total(archive) == {name: getattr(written, name) for name in ("read", "distinct", "repeated", "rejected")}
    assert (archive.missing, archive.unknown_fields) == ([], [])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_private_reaches_the_lake(tmp_path, layout):
    write_archive(listener_with(2_000, seed=5), tmp_path / "export.zip", layout=layout)
    imported(tmp_path / "export.zip", tmp_path / "lake")

    kept = ""
    with duckdb.connect() as connection:
        for path in (tmp_path / "lake").rglob("*.parquet"):
            kept += repr(connection.execute("select * from read_parquet(?)", [str(path)]).fetchall()).lower()
    assert [sentinel for sentinel in (*SENTINELS, *DEVICE_IDS) if sentinel.lower() in kept] == []


def test_a_zip_its_folder_and_its_loose_files_are_one_archive(tmp_path):
    write_archive(listener_with(2_000, seed=5), tmp_path / "export.zip", rows_per_file=500)
    with zipfile.ZipFile(tmp_path / "export.zip") as packed:
        packed.extractall(tmp_path / "folder")
    loose = list((tmp_path / "folder").rglob("*.json"))

    names = {
        import_archive(paths, "me", Lake(tmp_path / "lake"), NOW).archive
        for paths in ([tmp_path / "export.zip"], [tmp_path / "folder"], loose)
    }

    assert len(names) == 1


def test_ten_comes_after_two_and_a_missing_file_is_named(tmp_path):
    for number in (10, 2, 0):
        (tmp_path / f"Streaming_History_Audio_2024_{number}.json").write_text(
            json.dumps([{"ts": f"2024-05-{number + 1:02}T18:20:11Z", "ms_played": 1, "spotify_track_uri": "u"}])
        )

    found = in_order(what for member in members_of([tmp_path]) if (what := recognise(member)))
    archive = imported(tmp_path, tmp_path / "lake")

    assert [what.member.name[-7:-5].strip("_") for what in found] == ["0", "2", "10"]
    assert archive.missing == [f"Streaming_History_Audio_{number}" for number in (1, 3, 4, 5, 6, 7, 8, 9)]


def test_a_rejected_row_tells_its_file_and_its_place_in_it(tmp_path):
    good = {"ts": "2024-05-04T18:20:11Z", "ms_played": 1, "spotify_track_uri": "u"}
    names = ["Streaming_History_Audio_2024_0.json", "Streaming_History_Audio_2024_1.json", "Streaming_History_Video_2024.json"]
    for bad, name in enumerate(names):
        (tmp_path / name).write_text(json.dumps([{**good, "ms_played": -1 if place == bad else 1} for place in range(3)]))
    imported(tmp_path, tmp_path / "lake")

    with duckdb.connect() as connection:
        files = str(tmp_path / "lake" / "rejected" / "**" / "*.parquet")
        told = connection.execute(
            "select member, row_number, ms_played from read_parquet(?) order by member", [files]
        ).fetchall()
    assert told == [(name, bad, "-1") for bad, name in enumerate(names)]


def test_elements_that_are_no_rows_do_not_send_their_file_the_slow_way(tmp_path, monkeypatch):
    monkeypatch.setattr(raw, "tolerant_rows", lambda *_: pytest.fail("read row by row"))
    good = {"ts": "2024-05-04T18:20:11Z", "ms_played": 1, "spotify_track_uri": "u"}
    (tmp_path / NAME).write_text(json.dumps([17, good, "row", None, True, [good], {}, [], good]))

    archive = imported(tmp_path / NAME, tmp_path / "lake")

    assert total(archive) == {"read": 9, "distinct": 1, "repeated": 1, "rejected": 7}
    assert archive.reasons == {"no known field in it": 7}


@pytest.mark.parametrize("also", ["", ", oops"])  # for both ways of reading
def test_of_a_key_given_twice_the_first_value_counts(tmp_path, also):
    twice = '{"ts": "2024-05-04T18:20:11Z", "ms_played": 1, "spotify_track_uri": "u", "ts": "soon", "ms_played": -1}'
    (tmp_path / NAME).write_text(f"[{twice}{also}]")

    assert imported(tmp_path / NAME, tmp_path / "lake").total("distinct") == 1


def test_an_archive_is_unpacked_once(tmp_path, monkeypatch):
    write_archive(listener_with(2_000, seed=5), tmp_path / "export.zip", rows_per_file=1_000)
    unpacked, unpack = Counter(), Inflated._next

    def counted(member):
        content = unpack(member)
        unpacked[member._info.filename] += len(content)
        return content

    monkeypatch.setattr(Inflated, "_next", counted)
    imported(tmp_path / "export.zip", tmp_path / "lake")

    sizes = {member.name: member.size for member in members_of([tmp_path / "export.zip"])}
    assert len(sizes) > 1
    for name, size in unpacked.items():
        assert size <= sizes[Path(name).name] + 3 * HEAD  # what it is was told by its head


def test_offline_timestamps_are_read_value_by_value(tmp_path):
    values = [1_517_468_371_412, 1_517_468_371, 0, 1, None, "soon", 10**30]
    rows = [
        {"ts": f"2018-02-01T07:00:{second:02}Z", "ms_played": 31_250, "spotify_track_uri": "u", "offline_timestamp": value}
        for second, value in enumerate(values)
    ]
    (tmp_path / NAME).write_text(json.dumps(rows))
    imported(tmp_path / NAME, tmp_path / "lake")

    with duckdb.connect() as connection:
        files = str(tmp_path / "lake" / "processed" / "v1" / "streaming_history" / "**" / "*.parquet")
        read = connection.execute("select offline_at from read_parquet(?) order by row_number", [files]).fetchall()
    start = datetime(2018, 2, 1, 6, 59, 31)
    assert [at and at.replace(microsecond=0) for (at,) in read] == [start, start, None, None, None, None, None]
