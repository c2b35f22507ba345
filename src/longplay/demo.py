"""An invented listener, for those who want to look before they have an archive of their own.

Their archive ends ten days ago; what they played since is polled from a Spotify of our own, over HTTP, with the code that
polls the real one, and what they listen to is asked of those who know more of music, invented as well. Only the clock is not
real: it passes as fast as the answers come.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from longplay.enriching import Enriched, Enriching
from longplay.enriching import Step as AskStep
from longplay.enrichment.asking import Door, Source
from longplay.enrichment.providers import outside
from longplay.fetching import Fetching
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.simulator.archives import write_archive
from longplay.simulator.catalogue import Track
from longplay.simulator.listener import invent
from longplay.simulator.web.listings import MEASURED
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins
from longplay.spotify.door import REDIRECT
from longplay.spotify.quota import Manners
from longplay.spotify.secret import Secret
from longplay.stages import MusicOf, Stages

YEARS: Final = 5
POLLED: Final = timedelta(days=10)
REMEMBERED: Final = timedelta(days=400)  # what Spotify's rankings and lists go by
INTERVAL: Final = timedelta(minutes=30)
ASKED: Final = {"reccobeats": 60, "musicbrainz": 200}  # calls: as much as is soon answered

Step = Callable[[datetime, int, int], None]  # up to when, how many polls are done, of how many


class Invented:
    """An invented listener and their Spotify, where it is ten days ago."""

    def __init__(self, spotify: SimulatedSpotify, archive: Path) -> None:
        """Know both; `archive` is the ZIP that Spotify would send them."""
        self.spotify = spotify
        self.archive = archive

    def polled(self, lake: Lake, state: State, user: str, until: datetime, step: Step) -> int:
        """Let them sign in, ask every 30 minutes, and sign out; returns how many pages came."""
        clock, pages = self.spotify.clock, 0
        state = State(state.folder, state.patience, survives_power_cut=False)
        fetching = Fetching(lake, state, lambda name: self._connection(state, name), clock)
        self._sign_in(fetching.connect(user))
        polls = (until - clock()) // INTERVAL
        day = clock().date()
        for poll in range(polls):
            step(clock.move(INTERVAL), poll + 1, polls)
            is_daily, day = clock().date() != day, clock().date()
            pages += len(fetching.fetch(user, is_daily=is_daily).keys)
        fetching.connect(user).disconnect(untied=True)
        return pages

    def enriched(self, stages: Stages, step: AskStep, asked: Mapping[str, int] = ASKED) -> Enriched:
        """Ask how their tracks sound and which genres their artists have; the models must have been built."""
        clock = self.spotify.clock
        return Enriching(
            lake=stages.lake,
            state=State(stages.state.folder, stages.state.patience, survives_power_cut=False),
            music=MusicOf(stages, clock),
            of_spotify=list,
            others=outside(lambda source: self._door(stages.state, source, asked), Secret("")),
            clock=clock,
            user=stages.user,
        ).enrich(step=step)

    def _door(self, state: State, source: Source, asked: Mapping[str, int]) -> Door:
        spotify = self.spotify
        return Door(
            source, state, spotify.clock, origin=getattr(spotify, source.name), budgets=asked, pace=0,
            sleep=lambda seconds: spotify.clock.move(seconds=seconds) and None,
        )  # fmt: skip

    def _sign_in(self, connection: Connection) -> None:
        attempt = connection.begin(REDIRECT)
        connection.finish(attempt, self.spotify.visits(attempt.address))
        connection.close()

    def _connection(self, state: State, user: str) -> Connection:
        spotify = self.spotify
        manners = Manners(pace=0, sleep=lambda seconds: spotify.clock.move(seconds=seconds) and None)
        origins = Origins(spotify.accounts, spotify.api)
        return Connection(state, user, App(spotify.app.client_id), spotify.clock, origins=origins, manners=manners)


@contextmanager
def invented_listener(seed: int, now: datetime, years: int = YEARS) -> Iterator[Invented]:
    """Yield a listener of some years up to `now`; nothing is left of them afterwards."""
    begin = (now - POLLED).replace(minute=0, second=0, microsecond=0)
    plays = invent(seed, now.date() - timedelta(days=365 * years), now.date())
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "my_spotify_data.zip"
        write_archive(plays, archive, up_to=begin)
        recent = [play for play in plays if play.reported_at > begin - REMEMBERED]
        with SimulatedSpotify(recent, now=begin, manners=MEASURED) as spotify:
            for play in plays:
                if isinstance(play.what, Track):
                    spotify.known.add(play.what)
            yield Invented(spotify, archive)
