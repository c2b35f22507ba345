"""A warehouse with an invented listener, a page made from it, and a browser that notices everything.

The listener's taste drifts: artists come, are loved for a while and fade; weeks have a rhythm, one summer is silent.
"""

import json
import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from longplay.demo import invented_listener
from longplay.report.page import draw_page
from longplay.settings import Settings
from longplay.stages import Stages
from longplay.wiring import stages_from

FIRST = (
    "Hollow",
    "Midnight",
    "Paper",
    "Silver",
    "Golden",
    "Static",
    "Lunar",
    "Velvet",
    "Distant",
    "Northern",
    "Glass",
    "Coral",
    "Quiet",
    "Amber",
    "Cardinal",
    "Winter",
    "Little",
    "Marble",
    "Sleeping",
)
LAST = (
    "Cinema",
    "Satellite",
    "Harbour",
    "Atlas",
    "Tides",
    "Youth",
    "Signal",
    "Machines",
    "Empire",
    "Rivers",
    "Wolves",
    "Lanterns",
    "Choir",
    "Gardens",
    "Parade",
    "Orchard",
    "Weather",
    "Theory",
)
SONGS = (
    "Early Train",
    "Low Water",
    "Half a Mile",
    "Kitchen Light",
    "Ninth Floor",
    "Salt",
    "Second Winter",
    "Paper Moon",
    "Overnight",
    "Window Seat",
)
HOURS = (1, 0.5, 0.3, 0.2, 0.2, 0.3, 1.5, 5, 7, 4, 3, 3, 4, 3, 3, 3, 4, 6, 8, 6, 5, 4.5, 3.5, 2)
LATER = (2.5, 1.5, 1, 0.5, 0.3, 0.2, 0.3, 0.6, 1.5, 3, 5, 6, 5, 4.5, 4, 4, 4, 4.5, 5, 5.5, 5, 5, 5, 4)


@dataclass
class Listener:
    """Somebody who listens; the same seed always listens to the same."""

    first: datetime = datetime(2023, 1, 1)
    days: int = 1096
    artists: int = 340
    tracks: int = 34
    a_day: float = 34
    seed: int = 7
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Give every artist the day they came, how long they stay and how loved they are."""
        self.dice = random.Random(self.seed)
        met = sorted(int(self.days * self.dice.random() ** 1.5) for _ in range(self.artists))
        self.met = [0 if number < 50 else day for number, day in enumerate(met)]
        self.stay = [self.dice.choice((25, 60, 150, 500)) for _ in range(self.artists)]
        self.love = [min(7, self.dice.paretovariate(1.25)) for _ in range(self.artists)]

    def plays(self) -> Iterator[dict[str, Any]]:
        """Yield every play as a row of `fct_plays`."""
        for number in range(self.days):
            at = self.first + timedelta(days=number)
            for count in range(self._plays_on(number, at)):
                yield self._play(number, at, count)

    def _plays_on(self, number: int, at: datetime) -> int:
        """Say how many plays a day has: seasons, weekends, a fortnight of silence, a few wild days."""
        if 560 <= number % 1000 < 573 or self.dice.random() < 0.012:
            return 0
        season = 1 + 0.3 * math.cos(2 * math.pi * (at.timetuple().tm_yday - 20) / 365) + 0.25 * math.sin(number / 93)
        weekend = 0.72 if at.weekday() > 4 else 1.12 if at.weekday() == 4 else 1
        wild = 2.6 if self.dice.random() < 0.008 else 1
        return max(1, round(self.a_day * season * weekend * wild * self.dice.lognormvariate(0, 0.28)))

    def _play(self, number: int, at: datetime, count: int) -> dict[str, Any]:
        """Play one track at some minute of the day."""
        artist = self._artist(number)
        track = min(self.tracks - 1, int(self.dice.expovariate(0.085)))
        length = 150_000 + int(sha256(f"{artist}/{track}".encode()).hexdigest()[:6], 16) % 160_000
        hour = self.dice.choices(range(24), LATER if at.weekday() > 4 else HOURS)[0]
        started = at + timedelta(hours=hour, minutes=self.dice.randrange(60), seconds=self.dice.randrange(60))
        is_skipped = self.dice.random() < 0.17
        played = self.dice.randrange(500, 45_000) if is_skipped else length
        return play_row(
            started,
            _artist_name(artist),
            _song(artist, track),
            f"Record {1 + track // 8}",
            played,
            is_skipped=is_skipped,
            nonce=f"{number}-{count}",
        )

    def _artist(self, number: int) -> int:
        """Pick among the artists met so far; love fades with the days since."""
        if not hasattr(self, "_day") or self._day != number:
            known = [artist for artist, met in enumerate(self.met) if met <= number]
            weights = [
                self.love[artist] * (0.08 + math.exp(-(number - self.met[artist]) / self.stay[artist])) for artist in known
            ]
            self._day, self._known, self._weights = number, known, weights
        return self.dice.choices(self._known, self._weights)[0]


def play_row(
    started: datetime, artist: str, track: str, album: str, ms: int, *, is_skipped: bool = False, nonce: str = "", **other: Any
) -> dict[str, Any]:
    """Give a row of `fct_plays`."""
    recording = sha256(f"{artist}/{track}".encode()).hexdigest()
    return {
        "play_id": sha256(f"{started}/{recording}/{nonce}".encode()).hexdigest(),
        "user_id": "me",
        "started_at": str(started - timedelta(hours=1)),
        "local_started_at": str(started),
        "ms_played": ms,
        "content_type": "track",
        "recording_key": recording,
        "artist_key": sha256(artist.encode()).hexdigest(),
        "track_name": track,
        "artist_name": artist,
        "album_name": album,
        "spotify_uri": f"spotify:track:{recording[:22]}",
        "is_counted": ms >= 30_000,
        "is_skipped": is_skipped,
        "is_incognito": False,
        "is_covered": False,
        "is_excluded": False,
        "platform": "ios",
        **other,
    }


def _artist_name(number: int) -> str:
    """Name an artist like nobody there is."""
    shuffled = number * 131 % (len(FIRST) * len(LAST))
    again = number // (len(FIRST) * len(LAST))
    name = f"{FIRST[shuffled % len(FIRST)]} {LAST[shuffled // len(FIRST)]}"
    return f"{'The ' if number % 9 == 0 else ''}{name}{' ' + 'I' * (again + 1) if again else ''}"


def _song(artist: int, number: int) -> str:
    """Name a song; the same name turns up with several artists, as it does."""
    song = SONGS[(artist * 3 + number) % len(SONGS)]
    return song if number < len(SONGS) else f"{song}, Part {1 + number // len(SONGS)}"


KEYS = ("play_id", "user_id", "content_type", "recording_key", "artist_key")
TEXTS = (*KEYS, "track_name", "artist_name", "album_name", "spotify_uri", "platform")
TRUTHS = ("is_counted", "is_skipped", "is_incognito", "is_covered", "is_excluded")
COLUMNS = {
    **dict.fromkeys(TEXTS, "VARCHAR"),
    **dict.fromkeys(("started_at", "local_started_at"), "TIMESTAMP"),
    **dict.fromkeys(TRUTHS, "BOOLEAN"),
    "ms_played": "BIGINT",
}

DAILY = """
create table marts.fct_daily_listening as
with music as (
    select *, cast(local_started_at as date) as date,
           is_counted
               and row_number() over (partition by artist_key, is_counted order by started_at, play_id) = 1 as is_new_artist
    from marts.fct_plays where content_type = 'track' and not is_incognito and not is_covered and not is_excluded
),
span as (
    select user_id, unnest(generate_series(min(date), max(date), interval 1 day))::date as date from music group by user_id
)
select span.user_id, span.date, count(play_id) as plays, count(*) filter (where is_counted) as counted_plays,
       coalesce(sum(ms_played), 0) as ms_played, count(distinct artist_key) filter (where is_counted) as artists,
       count(*) filter (where is_new_artist) as new_artists, 'archive' as coverage
from span left join music using (user_id, date)
group by all
"""


def warehouse_of(rows: Iterable[dict[str, Any]], folder: Path) -> duckdb.DuckDBPyConnection:
    """Give a warehouse with the two tables the page reads."""
    source = folder / "plays.json"
    with source.open("w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("create schema marts")
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute(f"create table marts.fct_plays ({columns})")
    if source.stat().st_size:
        connection.execute(f"insert into marts.fct_plays by name select * from read_json('{source}', columns={COLUMNS})")
    connection.execute(DAILY)
    return connection


@dataclass
class Visit:
    """Somebody looking at a page; what the browser asked for and what it complained about is noted."""

    page: Page
    file: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, hash_: str = "") -> "Visit":
        """Open the page at an address and wait until it has drawn."""
        self.page.goto(f"file://{self.file}{hash_}")
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self

    def choose(self, first: object, last: object) -> "Visit":
        """Choose two dates as a reader would, by the fields."""
        self.page.fill("#from", str(first))
        self.page.fill("#to", str(last))
        self.page.wait_for_selector(f"html[data-drawn='{first}..{last}']", state="attached")
        return self

    def go(self, hash_: str) -> "Visit":
        """Go to another address of the page and wait until that is drawn."""
        self.page.evaluate("document.documentElement.removeAttribute('data-drawn')")
        self.page.evaluate("hash => { location.hash === hash ? show(listening) : (location.hash = hash) }", hash_)
        self.page.wait_for_selector("html[data-drawn]", state="attached")
        return self

    def facts(self, name: str) -> list[dict[str, Any]]:
        """Give the facts of the rows behind a figure, whether its table is open or not."""
        return self.page.evaluate("name => figureOf(name).table.rows.map(row => row.facts)", name)

    def value(self, name: str) -> float:
        """Give the exact number behind one of the six."""
        return float(self.page.get_attribute(f"[data-figure='{name}']", "data-value") or "nan")

    def table(self, name: str) -> list[dict[str, str]]:
        """Give the facts of the rows under "Show as table"."""
        button = self.page.locator(f"[aria-controls='table-{name}']")
        if button.get_attribute("aria-expanded") == "false":
            button.click()
        return self.page.eval_on_selector_all(f"#table-{name} tbody tr", "rows => rows.map(row => ({...row.dataset}))")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Give a home with two years of the demo's listener, built by dbt and enriched from the simulated sources."""
    settings = Settings(LONGPLAY_HOME=tmp_path_factory.mktemp("home") / "home", LONGPLAY_TIMEZONE="Europe/Oslo")
    stages, now = stages_from(settings), datetime(2026, 11, 28, 12, tzinfo=UTC)
    stages.state.mark_demo()
    with invented_listener(7, now, years=2) as listener:
        stages.import_archives([[listener.archive]], now)
        stages.build()
        listener.enriched(stages, lambda *_: None, {"reccobeats": 25, "musicbrainz": 60})
    stages.build()
    stages.report()
    return stages


@pytest.fixture(scope="session")
def marts(home: Stages) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the tables of that home."""
    with duckdb.connect(str(home.home.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Give three years of listening, with plays the page has to leave out."""
    rows = [*Listener().plays(), *_left_out()]
    return warehouse_of(rows, tmp_path_factory.mktemp("listening"))


def _left_out() -> Iterator[dict[str, Any]]:
    """Yield plays that are kept, and never shown: private, covered, left out, podcasts, somebody else's."""
    day = Listener().first.replace(year=2024, month=6, day=6, hour=12)
    others: list[dict[str, Any]] = [
        {"is_incognito": True},
        {"is_covered": True},
        {"is_excluded": True},
        {"content_type": "episode"},
        {"user_id": "somebody"},
    ]
    for number, other in enumerate(others * 40):
        yield play_row(day, "Nobody Heard This", "Silence", "Nothing", 200_000, nonce=f"left out {number}", **other)


@pytest.fixture(scope="session")
def report(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of the invented listener."""
    return draw_page(warehouse, "me", tmp_path_factory.mktemp("page") / "report.html", is_demo=True)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Give visits to pages; each has a browser profile of its own."""
    contexts = []

    def start(file: Path, *, width: int = 1440, height: int = 900, scheme: Any = "light") -> Visit:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme))
        visited = Visit(contexts[-1].new_page(), file)
        visited.page.on("request", lambda request: visited.requests.append(request.url))
        visited.page.on("console", lambda message: visited.complaints.append(message.text))
        visited.page.on("pageerror", lambda error: visited.complaints.append(str(error)))
        return visited

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def play() -> Callable[..., dict[str, Any]]:
    """Give single plays."""
    return play_row


@pytest.fixture
def half_a_million_plays() -> Iterator[dict[str, Any]]:
    """Give eight years of somebody who hardly ever stops."""
    return Listener(days=2922, artists=588, a_day=179).plays()


@pytest.fixture
def page_of(tmp_path: Path) -> Callable[[Iterable[dict[str, Any]]], Path]:
    """Give pages of other plays."""
    return lambda rows: draw_page(warehouse_of(rows, tmp_path), "me", tmp_path / "report.html")
