"""What one would write in an afternoon with json and pandas: a yardstick for the whole way from an archive to tables.

`pandas_script.py ARCHIVE.zip OUT_DIR [--zone ZONE]` reads every history file of an extended archive and writes `plays`,
`daily`, `discovery`, `discovery_by_month` and `trends` as Parquet, each column with the name and meaning it has in our models.
Unlike them, it ends a play at its `ts` even if that was offline, knows one archive, takes no row without a URI for one with it,
and does not explain what it drops.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd

HISTORY = re.compile(r"(Streaming_History|endsong)[^/]*\.json$")
NAMES = {
    "master_metadata_track_name": "track_name",
    "master_metadata_album_artist_name": "artist_name",
    "master_metadata_album_album_name": "album_name",
    "spotify_track_uri": "track_uri",
    "episode_show_name": "show_name",
    "spotify_episode_uri": "episode_uri",
    "audiobook_chapter_uri": "chapter_uri",
    "audiobook_chapter_title": "chapter_title",
    "conn_country": "country",
}
TEXTS = [
    *NAMES.values(), "episode_name", "audiobook_title", "audiobook_uri", "platform", "reason_start", "reason_end",
]  # fmt: skip
TRUTHS = ["shuffle", "skipped", "offline", "incognito_mode"]
FIELDS = ["ts", "ms_played", "offline_timestamp", *TRUTHS, *TEXTS]
OURS_TO_THEIRS = {ours: theirs for theirs, ours in NAMES.items()}
MILLISECONDS = 1e11  # `offline_timestamp` above that is in milliseconds, else in seconds
DAY = pd.Timedelta(days=1)

_VERSION = r"(?:original )?(?:single|album) version"
_REMASTER = r"(?:\d{4} )?(?:digital(?:ly)? )?re-?master(?:ed)?(?: version| edition)?(?: in)?(?: \d{4})?(?: version| edition)?"
_EDITION = r"(?:\d{4} )?(?:super )?deluxe(?: edition| version)?|bonus track(?: version)?"
_WORDS = rf"(?:{_REMASTER}|{_VERSION}|{_EDITION}|(?:feat\.?|ft\.?|featuring) [^\]()\[]+)"
DECORATIONS = [rf" *[(\[]{_WORDS}[)\]]", rf"(?: +[-–] +{_WORDS})+$", r" (?:feat\.|ft\.|featuring) (?:[^ (]| [^-–(])*"]


def read(archive: Path) -> pd.DataFrame:
    """Read every row of an archive as Spotify wrote it."""
    with ZipFile(archive) as opened:
        files = [name for name in opened.namelist() if HISTORY.search(name)]
        return pd.concat([frame(opened.read(name)) for name in files], ignore_index=True)


def frame(content: bytes) -> pd.DataFrame:
    """Read one file; of its fields those that are about listening."""
    rows = [row for row in json.loads(content) if isinstance(row, dict)]
    return pd.DataFrame(rows, columns=[OURS_TO_THEIRS.get(field, field) for field in FIELDS]).rename(columns=NAMES)


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every field its type, drop what cannot be read and what is told twice."""
    ended_at = pd.to_datetime(rows["ts"], format="%Y-%m-%dT%H:%M:%SZ", utc=True, errors="coerce")
    ms_played = pd.to_numeric(rows["ms_played"], errors="coerce")
    offline = pd.to_numeric(rows["offline_timestamp"], errors="coerce")
    plays = rows.drop(columns="ts").assign(
        ended_at=ended_at.dt.as_unit("ms"),
        ms_played=ms_played,
        offline_timestamp=offline.where(offline < MILLISECONDS, offline // 1000).astype("Int64"),
        **{field: rows[field].astype("boolean") for field in TRUTHS},
        **{field: rows[field].astype("str") for field in TEXTS},
    )
    soon = pd.Timestamp.now("UTC") + 2 * DAY
    plays = plays[ended_at.between(pd.Timestamp("2006-01-01", tz="UTC"), soon) & ms_played.between(0, 2**53)]
    plays["names"] = plays["artist_name"] + "|" + plays["track_name"]  # archives of 2020 have no URIs
    plays["what"] = first_of(plays, "track_uri", "episode_uri", "chapter_uri", "audiobook_uri", "names")
    return plays.astype({"ms_played": "int64"}).drop_duplicates(["ended_at", "what", "ms_played"], ignore_index=True)


def first_of(plays: pd.DataFrame, *columns: str) -> pd.Series:
    """Take the first value of each row that is not missing."""
    first, *others = (plays[column] for column in columns)
    for other in others:
        first = first.fillna(other)
    return first


def judged(plays: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Say of each play what it is, when it began, and whether it counts or was skipped."""
    is_track = plays["track_uri"].notna()
    is_book = ~is_track & first_of(plays, "audiobook_title", "audiobook_uri", "chapter_uri", "chapter_title").notna()
    is_episode = ~is_track & ~is_book & first_of(plays, "episode_name", "episode_uri").notna()
    is_track |= ~is_book & ~is_episode & plays["track_name"].notna()
    started_at = plays["ended_at"] - pd.to_timedelta(plays["ms_played"], unit="ms")
    finished = plays["reason_end"].eq("trackdone")
    return plays.assign(
        content_type=np.select([is_track, is_book, is_episode], ["track", "audiobook", "episode"], "unknown"),
        started_at=started_at,
        date=started_at.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize(),
        is_counted=(is_track | is_book | is_episode) & (plays["ms_played"].ge(30_000) | (finished & plays["ms_played"].gt(0))),
        is_skipped=is_skipped(plays),
        is_incognito=plays["incognito_mode"].fillna(value=False).astype(bool),
    )


def is_skipped(plays: pd.DataFrame) -> np.ndarray:
    """Tell skips; between 2016-03 and 2022-10 `false` says nothing, the reason for the end does."""
    says_little = plays["ended_at"].between(
        pd.Timestamp("2016-03-01", tz="UTC"), pd.Timestamp("2022-10-17", tz="UTC"), inclusive="left"
    )
    return np.select(
        [
            plays["reason_end"].eq("trackdone"),
            plays["skipped"].eq(other=True).fillna(value=False),
            plays["skipped"].eq(other=False).fillna(value=False) & ~says_little,
        ],
        [False, True, False],
        plays["reason_end"].isin(["fwdbtn", "backbtn", "endplay"]),
    )


def normalised(names: pd.Series) -> pd.Series:
    """Spell names one way: lower case, single spaces, none at the ends."""
    return names.str.replace(r"\s+", " ", regex=True).str.lower().str.strip()


def with_recordings(plays: pd.DataFrame) -> pd.DataFrame:
    """Join the releases of a song: what a track was called last, less what a label adds to its title."""
    music = plays[plays["content_type"].eq("track")]
    latest = music.sort_values("ended_at", kind="stable").drop_duplicates("what", keep="last")
    title = normalised(latest["track_name"])
    bare = title
    for decoration in DECORATIONS:
        bare = bare.str.replace(decoration, "", regex=True)
    bare = bare.str.strip().where(lambda left: left.ne(""), title)
    recording = normalised(latest["artist_name"]).fillna("") + "|" + bare
    artists = plays["artist_name"].drop_duplicates()
    return plays.assign(
        recording=plays["what"].map(pd.Series(recording.to_numpy(), index=latest["what"])),
        artist=plays["artist_name"].map(pd.Series(normalised(artists).to_numpy(), index=artists)),
    )


def discoveries(plays: pd.DataFrame) -> pd.DataFrame:
    """One row for each artist and recording: first seen, first heard, and whether it stuck."""
    music = plays[plays["content_type"].eq("track") & ~plays["is_incognito"]]
    artists = music[music["artist_name"].ne("Various Artists")]
    kinds = [discovered(artists, "artist"), discovered(music, "recording")]
    events = pd.concat(kinds, ignore_index=True)
    covered_until, began = plays["ended_at"].max(), plays["started_at"].min()
    for days in (30, 90, 365):
        is_over = events["first_heard_at"] + days * DAY <= covered_until
        events[f"stuck_{days}"] = events[f"stuck_{days}"].astype("boolean").where(is_over)
    is_early = (events["first_heard_at"] < began + 90 * DAY).astype("boolean").where(events["first_heard_at"].notna())
    return events.assign(is_within_first_90_days=is_early)


def discovered(music: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Follow each artist or recording from the first play that counts."""
    counted = music.loc[music["is_counted"], [kind, "started_at", "date"]].dropna(subset=[kind])
    by_key = counted.groupby(kind, sort=False)
    events = by_key.agg(first_heard_at=("started_at", "min"), first_heard_on=("date", "min"), counted_plays=("date", "size"))
    since = counted["started_at"] - by_key["started_at"].transform("min")
    for days in (30, 90, 365):
        within = counted[since <= days * DAY].groupby(kind, sort=False)["date"].agg(["size", "max"])
        events[f"stuck_{days}"] = within["size"].ge(3) & within["max"].gt(events["first_heard_on"])
    first_seen = music.groupby(kind, sort=False)["started_at"].min().rename("first_seen_at")
    events = first_seen.to_frame().join(events).fillna({"counted_plays": 0}).astype({"counted_plays": "int64"})
    return events.rename_axis("entity_key").reset_index().assign(entity_type=kind)


def discoveries_by_month(events: pd.DataFrame) -> pd.DataFrame:
    """Count the discoveries of each month and the share of them that stuck."""
    heard = events[events["first_heard_on"].notna()]
    month = heard["first_heard_on"].dt.to_period("M").dt.to_timestamp().rename("month")
    months = heard.groupby(month)["is_within_first_90_days"].max().to_frame()
    for kind, plural in (("artist", "artists"), ("recording", "tracks")):
        is_kind = heard["entity_type"].eq(kind)
        of_kind = heard[is_kind].groupby(month[is_kind])
        months[f"new_{plural}"] = of_kind.size()
        months[f"discovered_{plural}"] = of_kind.size() - of_kind["is_within_first_90_days"].sum()
        for days in (30, 90, 365):
            months[f"{plural}_stuck_{days}_share"] = of_kind[f"stuck_{days}"].mean()
    counts = [column for column in months if column.startswith(("new_", "discovered_"))]
    return months.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64")).reset_index()


def daily(plays: pd.DataFrame, events: pd.DataFrame, zone: str) -> pd.DataFrame:
    """One row for every day from the first play to the last, also the silent ones."""
    last = plays["ended_at"].max().tz_convert(zone).tz_localize(None).normalize()
    days = pd.date_range(plays["date"].min(), max(last, plays["date"].max()), name="date")
    heard = plays[~plays["is_incognito"]]
    music = heard[heard["content_type"].eq("track")]
    named = music.assign(artist=music["artist"].where(music["artist"].ne("various artists")))  # who are no artist
    counted = named[named["is_counted"]].groupby("date")
    new = events.groupby(["entity_type", "first_heard_on"]).size()
    spoken = heard.groupby(["content_type", "date"])["ms_played"].sum()
    by_day = music.groupby("date")
    columns = {
        "plays": by_day.size(),
        "counted_plays": counted.size(),
        "ms_played": by_day["ms_played"].sum(),
        "counted_ms": counted["ms_played"].sum(),
        "tracks": counted["recording"].nunique(),
        "artists": counted["artist"].nunique(),
        "new_tracks": level(new, "recording"),
        "new_artists": level(new, "artist"),
        "skips": by_day["is_skipped"].sum(),
        "podcast_ms": level(spoken, "episode"),
        "audiobook_ms": level(spoken, "audiobook"),
    }
    return pd.DataFrame({name: values.reindex(days, fill_value=0) for name, values in columns.items()}).reset_index()


def level(values: pd.Series, name: str) -> pd.Series:
    """Take one level of a series, empty where there is none."""
    return values.xs(name) if name in values.index.get_level_values(0) else values.iloc[:0].droplevel(0)


def trends(days: pd.DataFrame) -> pd.DataFrame:
    """Add the days up by day, week, month and season, with averages and the year before."""
    date = days["date"]
    month = date.dt.to_period("M").dt.to_timestamp()
    starts = {
        "day": (date, DAY, 364 * DAY),
        "week": (date - pd.to_timedelta(date.dt.day_of_week, unit="D"), 7 * DAY, 364 * DAY),
        "month": (month, pd.DateOffset(months=1), pd.DateOffset(months=12)),
        "season": (date.dt.to_period("Q-NOV").dt.to_timestamp(), pd.DateOffset(months=3), pd.DateOffset(months=12)),
    }
    return pd.concat(list(periods(days, starts)), ignore_index=True)


def periods(days: pd.DataFrame, starts: dict) -> Iterator[pd.DataFrame]:
    """Yield the sums of each kind of period."""
    last_day = days["date"].max()
    for period, (start, length, year) in starts.items():
        sums = days.drop(columns=["date", "tracks", "artists"]).groupby(start.rename("period_start")).sum()
        if period == "day":
            for column in ("counted_plays", "counted_ms"):
                for width in (7, 30):
                    sums[f"{column}_{width}_day_average"] = sums[column].rolling(width).mean()
        told_whole = sums.loc[sums.index >= days["date"].min(), ["counted_plays", "counted_ms"]]
        before = told_whole.reindex(sums.index - year)
        sums["counted_plays_year_before"] = before["counted_plays"].to_numpy()
        sums["counted_ms_year_before"] = before["counted_ms"].to_numpy()
        sums["period_end"] = sums.index + length
        sums["is_unfinished"] = sums["period_end"] > last_day
        yield sums.reset_index().assign(period=period)


def tables(archive: Path, zone: str) -> dict[str, pd.DataFrame]:
    """Make every table of one archive."""
    plays = with_recordings(judged(typed(read(archive)), zone))
    events = discoveries(plays)
    days = daily(plays, events, zone)
    return {
        "plays": plays,
        "daily": days,
        "discovery": events,
        "discovery_by_month": discoveries_by_month(events),
        "trends": trends(days),
    }


def main() -> None:
    """Write the tables of an archive."""
    parser = argparse.ArgumentParser(description="The tables of an archive by json and pandas.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--zone", default="UTC", help="the listener's time zone")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, table in tables(arguments.archive, arguments.zone).items():
        table.to_parquet(arguments.out / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main()
