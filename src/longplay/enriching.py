"""Enriching: what is missing is asked for, the longest heard first, and kept as it was answered. Needs no database itself.

What was asked stands in the lake and in no other memory: every answer is kept with its question before the next one is asked.
So a run that is killed loses the answer that was on its way, and the next one goes on where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import Final, Protocol

import structlog
from msgspec import Struct, field

from longplay.enrichment.provider import Provider
from longplay.enrichment.records import Need, Wanted, wrapped
from longplay.lake import arriving
from longplay.lake.state import Notes
from longplay.lake.store import Lake
from longplay.spotify.errors import Blocked, NotAvailable, SpotifyError, WrongQuestion
from longplay.spotify.quota import Clock

log = structlog.get_logger()

# Between two looks at what is missing: few enough that an id that was found is soon of use, and many enough to be cheap.
_SINGLE: Final = 25
_CALLS: Final = 25
_EVERYTHING: Final = 10**9

Step = Callable[[str, int, int], None]  # who is asked, how many calls are done, of how many
Tell = Callable[[str], None]


class Shares(Struct, frozen=True):
    """How much listening there is, and of how much something is told, in milliseconds of music that was not private."""

    ms: int = 0
    ms_with_features: int = 0
    ms_with_genres: int = 0


class Music(Protocol):
    """What a listener has heard, and what is known of it."""

    def take_in(self) -> None:
        """Let the tables know every answer that the lake holds."""
        ...

    def missing(self, need: Need, source: str, most: int) -> list[Wanted]:
        """Give what a source may be asked for next, the longest heard first."""
        ...

    def answered(self, need: Need, source: str, items: Sequence[Wanted]) -> None:
        """Know that an answer is kept, whatever it says."""
        ...

    def shares(self) -> Shares:
        """Tell how much is told."""
        ...


class Waiting(Struct, frozen=True):
    """What one source can still be asked for: calls in all, those its budget allows a day, and the nights that takes."""

    source: str
    is_about_sound: bool
    calls: int
    budget: int
    nights: int


class Enriched(Struct):
    """What one run brought: calls by source, why somebody was asked no more, how much is told now, and what waits."""

    calls: dict[str, int] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    with_features: float = 0.0  # share of the listening time
    with_genres: float = 0.0
    waiting: list[Waiting] = field(default_factory=list)


class Enriching(Struct, frozen=True):
    """Enriches for one listener of one home."""

    lake: Lake
    state: Notes
    music: Music
    of_spotify: Callable[[], list[Provider]]
    others: Sequence[Provider]
    clock: Clock
    user: str

    def enrich(self, tell: Tell = lambda _: None, step: Step = lambda *_: None) -> Enriched:
        """Ask for all that is missing, as far as budgets and sources allow; `tell` hears first who receives what."""
        with self.state.lease("enrich"):
            self.music.take_in()
            run = _Run(self, Enriched(), step)
            run.begin(tell)
            while run.goes_round():
                pass
        self._sum_up(run.done, run.providers)
        log.info("enriched", calls=run.done.calls, ended=len(run.done.ended))
        return run.done

    def standing(self) -> Enriched:
        """Tell how much is told and what waits, without a call; the tables must have been built."""
        done = Enriched()
        self._sum_up(done, self.others)
        return done

    def _sum_up(self, done: Enriched, providers: Sequence[Provider]) -> None:
        shares = self.music.shares()
        done.with_features = shares.ms_with_features / shares.ms if shares.ms else 0.0
        done.with_genres = shares.ms_with_genres / shares.ms if shares.ms else 0.0
        done.waiting = list(self._waiting(providers))

    def _waiting(self, providers: Sequence[Provider]) -> Iterator[Waiting]:
        """Estimate for each source; what it has to find first takes one more call."""
        calls: dict[tuple[str, bool], tuple[int, Provider]] = {}
        for provider in providers:
            if provider.need is Need.TRACKS:
                continue
            key = provider.title, provider.need is Need.FEATURES
            items = len(self.music.missing(provider.need, provider.source, _EVERYTHING))
            finds = items if provider.need in {Need.ADDRESSES, Need.NAMES} else 0
            calls[key] = calls.get(key, (0, provider))[0] + ceil(items / provider.batch) + finds, provider
        for (title, is_about_sound), (number, provider) in calls.items():
            budget = provider.quota.budget(provider.bucket)
            nights = ceil(max(0, number - provider.calls_left()) / budget) if budget else 0
            if number:
                yield Waiting(title, is_about_sound, number, budget, nights)


class _Run(Struct):
    """One run, which nobody else makes in this home at this time."""

    whole: Enriching
    done: Enriched
    step: Step
    providers: list[Provider] = field(default_factory=list)
    open: list[Provider] = field(default_factory=list)
    asked: set[tuple[str, Wanted]] = field(default_factory=set)

    def begin(self, tell: Tell) -> None:
        """Find out who can be asked, and say who receives what."""
        try:
            self.providers = self.whole.of_spotify()
        except SpotifyError as problem:
            self.done.ended.append(str(problem))
        self.providers += self.whole.others
        self.open = list(self.providers)
        receives = {provider.title: provider.receives for provider in self.providers}
        tell(f"{'; '.join(f'{who} receives {what}' for who, what in receives.items())}; nobody is told whose listening it is.")

    def goes_round(self) -> bool:
        """Ask everybody for some of what is missing; tells whether anything was asked."""
        rounds = [self._round(provider) for provider in self.providers if provider in self.open]  # one may close another
        return any(rounds)

    def _round(self, provider: Provider) -> bool:
        most = _SINGLE if provider.batch == 1 else _CALLS * provider.batch
        missing = self.whole.music.missing(provider.need, provider.source, most)
        items = [item for item in missing if (provider.dataset, item) not in self.asked]
        batches = [items[start : start + provider.batch] for start in range(0, len(items), provider.batch)]
        for number, batch in enumerate(batches):
            self.step(provider.title, number, len(batches))
            if not self._ask(provider, batch):
                break
        else:
            number = len(batches)
        if number:
            self.whole.music.take_in()
        return number > 0

    def _ask(self, provider: Provider, batch: Sequence[Wanted]) -> bool:
        """Ask once and keep the answer; tells whether to go on."""
        try:
            answer = provider.ask(batch)
        except SpotifyError as problem:
            self._close(provider, problem)
            return False
        self.asked.update((provider.dataset, item) for item in batch)
        self.done.calls[provider.title] = self.done.calls.get(provider.title, 0) + 1
        now, whole = self.whole.clock(), self.whole
        body = wrapped(batch, answer)
        key = arriving.content_key(provider.dataset, whole.user, now, body)
        whole.lake.receive(arriving.packed(body, now), key, f"{whole.user}-enriching")
        whole.music.answered(provider.need, provider.source, batch)
        return True

    def _close(self, provider: Provider, problem: SpotifyError) -> None:
        """Ask no more where it is of no use: of a source that is down or blocked for anything, else for this one thing."""
        self.open = [each for each in self.open if each is not provider and not _is_closed_with(each, provider, problem)]
        if str(problem) not in self.done.ended:
            self.done.ended.append(str(problem))


def _is_closed_with(other: Provider, provider: Provider, problem: SpotifyError) -> bool:
    if isinstance(problem, NotAvailable | WrongQuestion) or other.title != provider.title:
        return False
    return not isinstance(problem, Blocked) or other.bucket == provider.bucket
