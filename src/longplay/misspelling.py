"""Names of settings that nobody reads, because a letter is wrong."""

import os
import re
from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path
from typing import Final

from longplay.settings import Settings

_OURS: Final = ("LONGPLAY_", "SPOTIFY_")  # in our own `.env` nobody else's name begins so
_OTHERS: Final = ("SPOTIPY_",)  # a library's, whose names differ from ours in that letter
_OF_THE_DAG: Final = {"LONGPLAY_LISTENERS", "LONGPLAY_COMMAND", "LONGPLAY_TELL", "LONGPLAY_RETRIES"}  # which reads them itself
_SETTINGS: Final = [str(field.alias) for field in Settings.model_fields.values()]
_NAME: Final = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", re.MULTILINE)
_NEARLY: Final = 0.9  # a letter or two: SNOWFLAKE_USERNAME and AWS_DEFAULT_REGION are others' names, and no misspelled ones
_ALIKE: Final = 0.6


def misspelled() -> Iterator[tuple[str, str | None]]:
    """Give each name in `.env` or the environment that seems meant for us and is no setting, with the setting that is meant."""
    file = Path(str(Settings.model_config.get("env_file")))
    own = {name.upper() for name in _NAME.findall(file.read_text("utf-8", "replace"))} if file.is_file() else set[str]()
    for name in sorted((own | {name.upper() for name in os.environ}).difference(_SETTINGS, _OF_THE_DAG)):
        is_ours = name in own and name.startswith(_OURS)
        meant = intended(name) if is_ours else nearly(name)
        if is_ours or meant:
            yield name, meant


def intended(name: str) -> str | None:
    """Give the setting that is most like a name, whatever the two begin with.

    >>> intended("LONGPLAY_HOEM"), intended("LONGPLAY_CLIENT_IDD"), intended("LONGPLAY_COLOUR")
    ('LONGPLAY_HOME', 'SPOTIFY_CLIENT_ID', None)
    """
    likeness, _, meant = max((_likeness(_behind(name), _behind(each)), _likeness(name, each), each) for each in _SETTINGS)
    return meant if likeness >= _ALIKE else None


def nearly(name: str) -> str | None:
    """Give the setting that a name is but for a letter or two, unless it is known to be somebody else's.

    >>> nearly("SPOTFY_CLIENT_ID"), nearly("SPOTIPY_CLIENT_ID"), nearly("SNOWFLAKE_USERNAME")
    ('SPOTIFY_CLIENT_ID', None, None)
    """
    return None if name.startswith(_OTHERS) else next(iter(get_close_matches(name, _SETTINGS, 1, _NEARLY)), None)


def _behind(name: str) -> str:
    return name.partition("_")[2]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
