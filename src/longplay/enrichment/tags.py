"""Which of the words that people give to artists are genres."""

from collections.abc import Iterable
from typing import Final

from longplay.enrichment.records import named

# What listeners say of themselves, of where an artist comes from or of who sings is no genre.
_NO_GENRE: Final = frozenset(
    """
    seen live|favourites|favorites|favourite|favorite|my music|love|loved|love at first listen|awesome|beautiful|amazing|cool
    spotify|albums i own|to listen|check out|all|under 2000 listeners|special purpose placeholder|fixme|unknown
    male vocalists|male vocalist|female vocalists|female vocalist|vocal|vocals|singer|musician|composer|producer|band|guitar
    american|british|english|uk|usa|us|canadian|german|french|swedish|norwegian|danish|finnish|icelandic|irish|scottish|italian
    spanish|japanese|korean|australian|brazilian|dutch|belgian|polish|russian|london|new york|berlin
    60s|70s|80s|90s|00s|10s|20s|1960s|1970s|1980s|1990s|2000s|2010s|2020s
    """.replace("\n", "|").split("|")
)


def genres_among(tags: Iterable[tuple[str, int | None]], least: int = 1) -> list[tuple[str, int | None]]:
    """Give the tags that can be genres and that enough people gave.

    >>> genres_among([("shoegaze", 100), ("Seen Live", 80), ("polka", 3)], least=10)
    [('shoegaze', 100)]
    """
    return [(tag, votes) for tag, votes in tags if (votes or 0) >= least and named(tag) not in _WORDS]


_WORDS: Final = frozenset(named(word) for word in _NO_GENRE if word.strip())
