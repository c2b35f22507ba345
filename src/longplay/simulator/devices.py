"""On what the listener plays, in the words Spotify used for it at the time."""

from datetime import UTC, datetime
from random import Random
from typing import Final

from longplay.simulator.dice import Dice
from longplay.simulator.private import DEVICE_IDS

# Until then Spotify wrote models and versions, since then only a kind of machine.
COARSE_SINCE: Final = datetime(2023, 10, 19, tzinfo=UTC)

_KINDS: Final = Dice({"android": 22, "ios": 46, "osx": 14, "windows": 8, "web_player": 5, "cast": 4, "not_applicable": 1})

# Kind of machine: what it called itself, and the first year it did.
_RICH: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "android": (
        (0, "Android OS 4.2.2 API 17 (samsung, GT-I9195)"),
        (2016, "Android OS 6.0.1 API 23 (LGE, Nexus 5X)"),
        (2019, "Android OS 8.0.0 API 26 (samsung, SM-G950F)"),
        (2022, "Android OS 12 API 31 (Google, Pixel 4a)"),
    ),
    "ios": ((0, "iOS 8.1.2 (iPhone6,2)"), (2017, "iOS 11.2.6 (iPhone8,1)"), (2021, "iOS 15.6.1 (iPhone12,3)")),
    "osx": ((0, "OS X 10.11.6 [x86 4]"), (2019, "OS X 10.15.1 [x86 8]"), (2022, "OS X 12.5.1 [arm 2]")),
    "windows": ((0, "Windows 7 (6.1.7601; x64; SP1; S)"), (2018, "Windows 10 (10.0.19044; x64)")),
    "web_player": ((0, "WebPlayer (websocket RFC6455)"), (2020, "web_player windows 10;chrome 95.0.4638.69;desktop")),
    "cast": (
        (0, f"Partner sonos_zp Sonos;Play1;{DEVICE_IDS[0]};;tpapi"),
        (2018, f"Partner amazon_salmon Amazon;Echo_Dot;{DEVICE_IDS[1]};;tpapi"),
        (2021, "Partner google cast;Google Home Mini;;tpapi"),
    ),
    "not_applicable": ((0, "not_applicable"),),
}


def some_device(rng: Random) -> str:
    """Pick the kind of machine for a session: mostly a phone."""
    return _KINDS.throw(rng)


def platform(kind: str, at: datetime) -> str:
    """Say what Spotify wrote into `platform` at that time."""
    if at >= COARSE_SINCE:
        return kind
    return next(words for since, words in reversed(_RICH[kind]) if at.year >= since)
