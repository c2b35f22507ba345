"""What a person is told when something cannot be done.

LongplayError           a sentence that says what is wrong, and one that says what to do
├── ExportError         an archive cannot be read (see `longplay.exports.errors`)
├── LakeError           the lake cannot be read or written: disk full, no permission
├── WarehouseError      the warehouse cannot be opened or refuses a question
│   └── WarehouseBusy   somebody else holds it
├── SpotifyError        Spotify does not give what was asked for (see `longplay.spotify.errors`)
├── ChoicesError        what a listener chose cannot be understood (`choices.toml`)
├── NoMemory            there is less memory than the work needs
├── HomeBusy            another run works on the same home
├── PoisonPage          a page that Spotify sent cannot be read at all, and waits for a person
├── RateLimited         a function was told to come back in a few minutes (see `longplay.polling`)
├── CloudError          AWS does not do what it was asked for
├── NoListener          a file in the inbox lies below no listener's name
├── MoveError           what `export` writes cannot be written, or cannot be brought back in
├── BuildFailed         a model could not be built or a test of it failed
├── StaleData           what is told is not fresh or not complete
└── WrongCall           what was asked for does not fit together
"""


class LongplayError(Exception):
    """A sentence for the person at the keyboard, and what they can do about it."""

    def __init__(self, message: str, action: str = "") -> None:
        """Keep both sentences; `str()` of the error is the two of them."""
        super().__init__(f"{message} {action}".strip())
        self.message = message
        self.action = action


class ExportError(LongplayError):
    """An archive cannot be read."""


class LakeError(LongplayError):
    """The lake cannot be read or written."""


class WarehouseError(LongplayError):
    """The warehouse cannot be opened or refuses a question."""


class WarehouseBusy(WarehouseError):
    """Somebody else holds the warehouse."""


class ChoicesError(LongplayError):
    """What a listener chose cannot be understood."""


class NoMemory(LongplayError):
    """There is less memory than the work needs."""

    def __init__(self) -> None:
        """Say so; there is one thing to do about it."""
        super().__init__("There is not enough memory for this.", "Close other programs, then run it again: nothing is lost.")


class HomeBusy(LongplayError):
    """Another run works on the same home."""


class PoisonPage(LongplayError):
    """A page that Spotify sent cannot be read at all."""


class CloudError(LongplayError):
    """AWS does not do what it was asked for."""


class NoListener(LongplayError):
    """A file in the inbox lies below no listener's name."""


class BuildFailed(LongplayError):
    """A model could not be built, or a test of it failed."""


class StaleData(LongplayError):
    """What is told is not fresh or not complete."""


class WrongCall(LongplayError):
    """What was asked for does not fit together."""


class MoveError(LongplayError):
    """What `longplay export` writes cannot be written, or cannot be brought back in."""
