"""The line to Spotify: every call goes through here, is counted, paced and tried again where that may heal.

What leaves it is an answer or a `SpotifyError`. An error of the HTTP library never does, for its frames hold headers.
"""

import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache, cached_property
from typing import Final, TypeVar

import httpx2
import stamina
import structlog
from msgspec import Struct
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from longplay.spotify.answers import no_answer, sent_at
from longplay.spotify.errors import RateLimited, SpotifyDown, SpotifyError
from longplay.spotify.quota import Clock, Manners, Quota
from longplay.spotify.secret import Secret

log = structlog.get_logger()

T = TypeVar("T")
Judge = Callable[[httpx2.Response], SpotifyError | None]

_CONNECT: Final = 10.0  # seconds
_NOT_AT_ALL: Final = {"wait_initial": 0.0, "wait_jitter": 0.0}  # before another try, where nobody has to be spared
CLOCK_MAY_DIFFER: Final = timedelta(minutes=5)


class Question(Struct, frozen=True):
    """What is asked. Its secrets stay hidden until it is sent, so that no frame of a traceback holds them."""

    method: str
    url: str
    query: Mapping[str, str | int | Sequence[str] | Secret] | None = None
    form: Mapping[str, str | Secret] | None = None
    bearer: Secret | None = None
    basic: tuple[str, Secret] | None = None

    def sent_over(self, http: httpx2.Client) -> httpx2.Response:
        """Send it. A link brings its own query, which an empty one of ours would wipe out: then there is none."""
        return http.request(
            self.method,
            self.url,
            params={name: _shown(value) for name, value in self.query.items()} if self.query else None,
            data={name: _shown(value) for name, value in self.form.items()} if self.form else None,
            headers={"authorization": f"Bearer {self.bearer.reveal()}"} if self.bearer else None,
            auth=(self.basic[0], self.basic[1].reveal()) if self.basic else None,
        )


def _shown(value: T | Secret) -> T | str:
    return value.reveal() if isinstance(value, Secret) else value


class Line:
    """One line, for all buckets of one client id."""

    def __init__(self, quota: Quota, clock: Clock, manners: Manners) -> None:
        """Open nothing yet."""
        self.quota = quota
        self._clock = clock
        self._clock_off = timedelta()  # our clock less Spotify's, where they differ by more than a little
        self._manners = manners

    @cached_property
    def _http(self) -> httpx2.Client:
        timeout = httpx2.Timeout(self._manners.timeout, connect=_CONNECT)
        headers = {"user-agent": self._manners.agent}
        return httpx2.Client(verify=_trusted(), timeout=timeout, headers=headers, follow_redirects=False)

    def close(self) -> None:
        """Hang up."""
        if "_http" in vars(self):
            self._http.close()

    def remark(self) -> str | None:
        """Say that the clock is wrong, if the last answer shows it."""
        if not self._clock_off:
            return None
        minutes, side = abs(self._clock_off) // timedelta(minutes=1), "ahead of" if self._clock_off > timedelta() else "behind"
        return f"This machine's clock is {minutes} minutes {side} Spotify's. Set it, or plays and consent get wrong dates."

    def ask(self, bucket: str, judge: Judge, question: Question) -> bytes:
        """Give the body of a good answer, or raise what `judge` makes of the last one, `Blocked`, or `SpotifyDown`."""
        waits = {"wait_initial": 0.5, "wait_jitter": 1.0} if self._manners.pace else _NOT_AT_ALL
        for attempt in stamina.retry_context(_worth_another_try, attempts=self._manners.tries, timeout=None, **waits):
            with attempt:
                return self._once(bucket, judge, question)
        raise AssertionError

    def _once(self, bucket: str, judge: Judge, question: Question) -> bytes:
        self.quota.take(bucket)
        answer = self._answer(question)
        if isinstance(answer, SpotifyError):
            raise answer
        problem = judge(answer)
        log.debug("asked", bucket=bucket, status=answer.status_code, problem=type(problem).__name__ if problem else None)
        if isinstance(problem, RateLimited):
            self.quota.limited(bucket, problem)
        if problem:
            raise problem
        return answer.content

    def _answer(self, question: Question) -> httpx2.Response | SpotifyDown:
        try:
            answer = question.sent_over(self._http)
        except httpx2.RequestError as error:
            log.debug("no_answer", kind=type(error).__name__)
            return no_answer(error, self._manners.who)
        self._compare_clocks(answer)
        return answer

    def _compare_clocks(self, answer: httpx2.Response) -> None:
        theirs = sent_at(answer)
        off = self._clock() - theirs if theirs else timedelta()
        self._clock_off = off if abs(off) > CLOCK_MAY_DIFFER else timedelta()
        if self._clock_off:
            log.debug("clock_differs", seconds=int(off.total_seconds()))


@cache
def _trusted() -> ssl.SSLContext:
    """Read whom we trust once, for it takes longer than a call."""
    return httpx2.create_ssl_context()


def _noted(details: RetryDetails) -> None:
    """Tell of another try only to who wants to know everything, for it needs nobody's attention."""
    log.debug("tried_again", times=details.retry_num, seconds=round(details.wait_for, 2), because=str(details.caused_by))


set_on_retry_hooks([_noted])
logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would tell whole addresses, and some hold a key


def _worth_another_try(error: Exception) -> bool | float:
    """Retry what may heal itself. How long a limit asks us to wait, the quota knows and does before the next call."""
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return 0.0
    return isinstance(error, RateLimited | SpotifyDown)
