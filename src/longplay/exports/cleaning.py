"""Taking out what says who or which device it was, before anything is written."""

import re
from functools import lru_cache
from typing import Final

_ID: Final = re.compile(
    r"""
      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}               # a UUID
    | (?<![0-9a-z])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}            # a network card
    | (?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?!\w)      # an address of today
    | (?<![\w.])\d{1,3}(?:\.[\dx]{1,3}){3}(?![\w.])             # an address of yesterday
    | (?<![0-9a-z])(?=[a-f]*\d)[0-9a-f]{8,}(?![0-9a-z])         # a long number, also in hex
    | (?<![0-9a-z])(?=(?:[^\d\s;,()]*\d){3})[0-9a-z_+/=-]{12,}  # a serial number
    | [^\s;()]+@[^\s;()]+                                       # an e-mail address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PARTNER: Final = re.compile(r"^(Partner [^;]*;[^;]*);[^;]+")


@lru_cache(maxsize=4096)
def cleaned_platform(platform: str) -> str:
    """Keep what kind of device it was; put a dash where it says which one.

    >>> cleaned_platform("Android OS 8.0.0 API 26 (samsung, SM-G950F)")
    'Android OS 8.0.0 API 26 (samsung, SM-G950F)'
    >>> cleaned_platform("Partner amazon_salmon Amazon;Echo_Dot;G090LF1172730ABC;;tpapi")
    'Partner amazon_salmon Amazon;Echo_Dot;-;;tpapi'
    >>> cleaned_platform("web_player windows 10;chrome 95.0.4638.69;desktop")
    'web_player windows 10;chrome 95.0.4638.69;desktop'
    """
    return _ID.sub("-", _PARTNER.sub(r"\1;-", platform))
