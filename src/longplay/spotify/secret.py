"""What must not be seen: tokens, codes, secrets."""

from typing import Any


class Secret:
    """A value that shows itself only when asked by name.

    >>> Secret("BQC1"), f"{Secret('BQC1')}", Secret("BQC1") == Secret("BQC1")
    (Secret(…), 'Secret(…)', True)
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Hide it."""
        self._value = value

    def reveal(self) -> str:
        """Give the value, to be sent to Spotify or kept in the token file, nowhere else."""
        return self._value

    def __eq__(self, other: object) -> bool:
        """Compare values."""
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self._value)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._value)

    def __repr__(self) -> str:
        """Show nothing."""
        return "Secret(…)"


def hidden(kind: type, value: Any) -> Any:
    """Read secrets back (`dec_hook` of msgspec)."""
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise NotImplementedError(kind)


def revealed(value: Any) -> Any:
    """Write secrets (`enc_hook` of msgspec); only the token file uses it."""
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value))
