"""What must change, for runs on more than one machine: notes and leases in the bucket, tokens in the parameters.

A lease is an object that names its holder and until when; it changes hands only by a conditional write. That of a run that was
killed is free again when its time is over.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import msgspec
import obstore
from msgspec import Struct
from obstore.exceptions import AlreadyExistsError, PreconditionError

from longplay.errors import HomeBusy
from longplay.lake.bucket import S3Bucket
from longplay.lake.parameters import Parameters
from longplay.lake.state import NAME

LONGEST: Final = timedelta(minutes=15)  # that a function can run
_LOOK_AGAIN: Final = 0.25  # seconds
_TOKENS: Final = "tokens-"
_LISTENERS: Final = "listeners"

if TYPE_CHECKING:
    from obstore import PutMode  # its types are no more than that


class Held(Struct):
    """Who holds a lease, and until when (UTC)."""

    holder: str
    until: datetime


class RemoteState:
    """The notes of the listeners in one bucket; `lasts` is how long a lease holds that nobody gives back."""

    is_demo = False

    def __init__(
        self,
        bucket: S3Bucket,
        parameters: Parameters,
        clock: Callable[[], datetime],
        *,
        patience: float,
        lasts: timedelta = LONGEST,
    ) -> None:
        """Know where; nothing is asked yet."""
        self._bucket = bucket
        self._parameters = parameters
        self._clock = clock
        self._patience = patience
        self._lasts = lasts

    def read(self, name: str) -> bytes | None:
        """Give what was written last under a name; nothing, if nothing was."""
        if tokens := _tokens(name):
            value = self._parameters.read(tokens)
            return value.encode() if value is not None else None
        try:
            return self._bucket.read(_note(name))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Replace it whole or not at all. Raises `LakeError`."""
        if tokens := _tokens(name):
            self._parameters.write(tokens, content.decode())
            return
        with self._bucket.told():
            obstore.put(self._bucket.store, _note(name), content, use_multipart=False)

    def names(self, beginning: str) -> list[str]:
        """List how the names go on that begin like this."""
        if beginning == _TOKENS:
            found = (name.split("/") for name in self._parameters.names(_LISTENERS))
            return [user for user, what in found if what == "tokens"]
        stems = (key.rpartition("/")[2].removesuffix(".json") for key in self._bucket.keys("state/") if "/leases/" not in key)
        return sorted(stem.removeprefix(beginning) for stem in stems if stem.startswith(beginning))

    def forget(self, name: str) -> None:
        """Remove it; nothing happens if it is not there."""
        if tokens := _tokens(name):
            self._parameters.forget(tokens)
        else:
            self._bucket.delete([_note(name)])

    @contextmanager
    def lease(self, name: str) -> Iterator[None]:
        """Be the only one who changes what is kept under a name; raises `HomeBusy` after our patience."""
        key, holder = f"state/leases/{_checked(name)}.json", token_hex(8)
        ends = time.monotonic() + self._patience
        while (tag := self._take(key, holder)) is None:
            if time.monotonic() > ends:
                raise HomeBusy(
                    f"Another run of Longplay holds {name!r}.", "Wait until it is done, then try again: at most 15 minutes."
                )
            time.sleep(_LOOK_AGAIN)
        try:
            yield
        finally:
            self._put(key, Held("", self._clock()), tag)

    def _take(self, key: str, holder: str) -> str | None:
        """Take a lease if it is free; gives the tag by which it can be given back."""
        now = self._clock()
        mine = Held(holder, now + self._lasts)
        try:
            with self._bucket.told():
                found = obstore.get(self._bucket.store, key)
                held, tag = msgspec.json.decode(bytes(found.bytes()), type=Held), found.meta["e_tag"]
        except FileNotFoundError:
            return self._put(key, mine, None)
        is_ours = held.holder == holder  # the answer to our taking it was lost on the way
        return self._put(key, mine, tag) if is_ours or not held.holder or held.until <= now else None

    def _put(self, key: str, held: Held, tag: str | None) -> str | None:
        """Write it where nobody else has since it was seen (with a tag), or where there is none; gives the new tag."""
        mode: PutMode = {"e_tag": tag} if tag else "create"
        content = msgspec.json.encode(held)
        try:
            with self._bucket.told():
                return obstore.put(self._bucket.store, key, content, mode=mode, use_multipart=False)["e_tag"]
        except (AlreadyExistsError, PreconditionError):
            return None


def _tokens(name: str) -> str | None:
    """Name the parameter that keeps this; none where the bucket does.

    >>> _tokens("tokens-me"), _tokens("fetch-me")
    ('listeners/me/tokens', None)
    """
    user = _checked(name).removeprefix(_TOKENS)
    return f"{_LISTENERS}/{user}/tokens" if user != name else None


def _note(name: str) -> str:
    return f"state/{_checked(name)}.json"


def _checked(name: str) -> str:
    if not NAME.match(name):
        raise ValueError(name)
    return name
