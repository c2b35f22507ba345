"""What Spotify tells about a person and nobody wants kept.

Every private value the archives hold contains one of `SENTINELS`, so a test can look for them wherever it likes.
"""

from typing import Final

USERNAME: Final = "sentinel-kim-5e171"
REAL_NAME: Final = "Kim Sentinel-Nordmann"
EMAIL: Final = "kim@sentinel.example"
BIRTHDATE: Final = "1987-02-29"  # no such day, so that nothing else is like it
POSTAL_CODE: Final = "SENTINEL-0571"
CARD: Final = "sentinel card ending 5171"
SEARCH_WORDS: Final = "sentinel words of a search"
MESSAGE: Final = "sentinel message to a friend"
INFERENCE: Final = "sentinel_inferred_segment"
USER_AGENT: Final = "SentinelAgent/5.0 (Linux; U)"
CITY: Final = "Sentinelby"
LATITUDE: Final = 59.9127354
LONGITUDE: Final = 10.7460923
# All from the ranges kept for documentation.
ADDRESSES: Final = ("203.0.113.171", "198.51.100.171", "2001:db8::5e17:1e1", "203.0.113.x")
DEVICE_IDS: Final = ("5e171e15a1b05e171e15a1b05e171e15", "5E171E15-0171-4E15-A1B0-5E171E155E17")

SENTINELS: Final[tuple[str, ...]] = (
    USERNAME, REAL_NAME, EMAIL, BIRTHDATE, POSTAL_CODE, CARD, SEARCH_WORDS, MESSAGE, INFERENCE, USER_AGENT, CITY,
    str(LATITUDE), str(LONGITUDE), *ADDRESSES, *DEVICE_IDS,
)  # fmt: skip
