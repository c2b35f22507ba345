"""Invented names: of artists, albums, songs, podcasts and books, and the ids Spotify would give them."""

from collections.abc import Callable
from random import Random
from typing import Final

from longplay.simulator.dice import Dice, happens

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

Pattern = Callable[[Random], str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ADJECTIVES: Final = _words(
    "Paper Hollow Amber Quiet Velvet Northern Salted Crooked Gentle Distant Copper Sleeping Wandering Tidal Borrowed "
    "Lesser Minor Second Winter Slow Faded Folded Hidden Lunar Mossy Painted Patient Pale Restless Rusted Scarlet "
    "Shallow Silent Sunken Tangled Thirsty Unsent Weathered Wooden Woollen Yonder Drifting Foggy Gilded Harvest Inland "
    "Juniper Lemon Marbled Nocturnal Ochre Pebbled Quilted Roaming Saffron Tinned Umber Vanilla Whispering Ashen"
)
_NOUNS: Final = _words(
    "Lantern Harbour Cinema Ferry Orchard Almanac Umbrella Postcard Tramline Lighthouse Meadow Bicycle Kettle Staircase "
    "Compass Balcony Carousel Departure Embankment Footbridge Greenhouse Haystack Inkwell Jetty Kiosk Lagoon Mantelpiece "
    "Notebook Observatory Pavilion Quarry Raincoat Satellite Telegram Upland Verandah Windmill Archive Barometer "
    "Causeway Driftwood Estuary Fountain Gramophone Hillside Island Jukebox Keyhole Library Monsoon Nightbus Outpost "
    "Parasol Quay Reservoir Sandbank Terrace Viaduct Waterwheel Atlas Boathouse Cabin Dovecote Escalator Fjord Gazebo "
    "Hammock Icehouse"
)
_BANDS: Final = ("Club", "Society", "Orchestra", "Ensemble", "Department", "Choir", "Assembly", "Quartet")
_ACCENTED: Final = ("Café", "Señora", "Été", "Mañana", "Über", "Brønn", "Søndag", "Naïve", "Pâtisserie", "Crème")
_JAPANESE: Final = (
    ("静かな", "夜明けの", "青い", "遠い", "小さな", "雨上がりの", "真夜中の"),
    ("灯台", "港", "図書館", "風車", "自転車", "手紙", "階段", "温室"),
)
_ARABIC: Final = (
    ("قمر", "ظل", "حديقة", "نافذة", "صوت", "رسالة"),
    ("الميناء", "الشتاء", "الجزيرة", "المطر", "الفجر", "البستان"),
)
_MOMENTS: Final = (
    "at Midnight", "in the Rain", "Before Breakfast", "After the Storm", "on Sunday", "by the Window", "Without You", "Again",
    "from Memory", "in Colour", "for Two", "Until Morning", "Across the Water", "in Reverse", "at Low Tide", "Tomorrow",
)  # fmt: skip
_VERBS: Final = _words(
    "Follow Remember Forget Borrow Carry Paint Circle Leave Miss Count Find Call Keep Cross Guard Open Lose Draw"
)
_ADDITIONS: Final = (" - Live", " - Remastered 2011", " (Interlude)", " - Acoustic", " (feat. {guest})")


def spotify_id(rng: Random) -> str:
    """Make twenty-two characters of base 62, as Spotify does; a first one above 7 would not fit into 128 bits."""
    return rng.choice("01234567") + "".join(rng.choices(_BASE62, k=21))


def artist_name(rng: Random) -> str:
    """Name somebody who does not exist; now and then in another script."""
    return _ARTISTS.throw(rng)(rng)


def song_name(rng: Random) -> str:
    """Name a song; now and then with the additions that labels love."""
    name = rng.choice(_SONG_PATTERNS)(rng)
    if happens(rng, 0.07):
        name += rng.choice(_ADDITIONS).format(guest=_pair(rng))
    return name


def album_name(rng: Random) -> str:
    """Name an album."""
    return rng.choice(_ALBUM_PATTERNS)(rng)


def show_name(rng: Random) -> str:
    """Name a podcast."""
    return f"{rng.choice(('The', 'Another', 'Notes from the'))} {_pair(rng)} {rng.choice(('Hour', 'Podcast', 'Talks'))}"


def episode_name(rng: Random, number: int) -> str:
    """Name the n-th episode."""
    return f"#{number}: {rng.choice(_VERBS)} the {_pair(rng)}"


def book_name(rng: Random) -> str:
    """Name a book."""
    return f"The {rng.choice(_NOUNS)} Keeper's {rng.choice(_NOUNS)}"


def _pair(rng: Random) -> str:
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aou" else f"{noun}s"


def _of(words: tuple[tuple[str, ...], tuple[str, ...]], between: str) -> Pattern:
    return lambda rng: rng.choice(words[0]) + between + rng.choice(words[1])


_ARTISTS: Final[Dice[Pattern]] = Dice(
    {
        (lambda rng: _plural(_pair(rng))): 30,
        _pair: 20,
        (lambda rng: f"The {_pair(rng)} {rng.choice(_BANDS)}"): 15,
        (lambda rng: f"{rng.choice(_NOUNS)} & {rng.choice(_NOUNS)}"): 12,
        (lambda rng: f"{rng.choice(_NOUNS)} {_plural(rng.choice(_NOUNS))}"): 16,
        (lambda rng: f"{rng.choice(_ACCENTED)} {rng.choice(_NOUNS)}"): 4,
        _of(_JAPANESE, ""): 2,
        _of(_ARABIC, " "): 1,
    }
)

_SONG_PATTERNS: Final[tuple[Pattern, ...]] = (
    _pair,
    lambda rng: f"{rng.choice(_VERBS)} the {rng.choice(_NOUNS)}",
    lambda rng: f"{rng.choice(_NOUNS)} {rng.choice(_MOMENTS)}",
    lambda rng: f"{rng.choice(_VERBS)} Me {rng.choice(_MOMENTS)}",
    lambda rng: f"{_pair(rng)} {rng.choice(_MOMENTS)}",
)
_ALBUM_PATTERNS: Final[tuple[Pattern, ...]] = (
    _pair,
    lambda rng: _plural(_pair(rng)),
    lambda rng: f"Songs {rng.choice(_MOMENTS)}",
    lambda rng: f"{_plural(rng.choice(_NOUNS))} and {_plural(rng.choice(_NOUNS))}",
)
