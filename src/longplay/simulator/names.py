"""Invented names: of artists, albums, songs, podcasts and books, and the ids Spotify would give them."""

from collections.abc import Callable
from random import Random
from typing import Final

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_ADJECTIVES: Final = tuple(
    "Paper Hollow Amber Quiet Velvet Northern Salted Crooked Gentle Distant Copper Sleeping Wandering Tidal Borrowed Lesser Minor "
    "Second Winter Slow Faded Folded Hidden Lunar Mossy Painted Patient Pale Restless Rusted Scarlet Shallow Silent Sunken "
    "Tangled Thirsty Unsent Weathered Wooden Woollen Yonder Drifting Foggy Gilded Harvest Inland Juniper Lemon Marbled Nocturnal "
    "Ochre Pebbled Quilted Roaming Saffron Tinned Umber Vanilla Whispering Ashen".split()
)
_NOUNS: Final = tuple(
    "Lantern Harbour Cinema Ferry Orchard Almanac Umbrella Postcard Tramline Lighthouse Meadow Bicycle Kettle Staircase Compass "
    "Balcony Carousel Departure Embankment Footbridge Greenhouse Haystack Inkwell Jetty Kiosk Lagoon Mantelpiece Notebook "
    "Observatory Pavilion Quarry Raincoat Satellite Telegram Upland Verandah Windmill Archive Barometer Causeway Driftwood "
    "Estuary Fountain Gramophone Hillside Island Jukebox Keyhole Library Monsoon Nightbus Outpost Parasol Quay Reservoir "
    "Sandbank Terrace Viaduct Waterwheel Atlas Boathouse Cabin Dovecote Escalator Fjord Gazebo Hammock Icehouse".split()
)
_BANDS: Final = ("Club", "Society", "Orchestra", "Ensemble", "Department", "Choir", "Assembly", "Quartet")
_ACCENTED: Final = ("Café", "Señora", "Été", "Mañana", "Über", "Brønn", "Søndag", "Naïve", "Pâtisserie", "Crème")
_JAPANESE: Final = (
    ("静かな", "夜明けの", "青い", "遠い", "小さな", "雨上がりの", "真夜中の"),
    ("灯台", "港", "図書館", "風車", "自転車", "手紙", "階段", "温室"),
)
_ARABIC: Final = (("قمر", "ظل", "حديقة", "نافذة", "صوت", "رسالة"), ("الميناء", "الشتاء", "الجزيرة", "المطر", "الفجر", "البستان"))
_MOMENTS: Final = (
    "at Midnight", "in the Rain", "Before Breakfast", "After the Storm", "on Sunday", "by the Window", "Without You", "Again",
    "from Memory", "in Colour", "for Two", "Until Morning", "Across the Water", "in Reverse", "at Low Tide", "Tomorrow",
)  # fmt: skip
_VERBS: Final = tuple(
    "Follow Remember Forget Borrow Carry Paint Circle Leave Miss Count Find Call Keep Cross Wait Open Lose Draw".split()
)
_ADDITIONS: Final = (" - Live", " - Remastered 2011", " (Interlude)", " - Acoustic", " (feat. {guest})")

Pattern = Callable[[Random], str]


def spotify_id(rng: Random) -> str:
    """Twenty-two characters of base 62, as Spotify counts; a first one above 7 would not fit into 128 bits."""
    return rng.choice("01234567") + "".join(rng.choices(_BASE62, k=21))


def artist_name(rng: Random) -> str:
    """Somebody who does not exist; now and then in another script."""
    pattern = rng.choices(_ARTIST_PATTERNS, _ARTIST_WEIGHTS)[0]
    return pattern(rng)


def song_name(rng: Random) -> str:
    """A title; now and then with the additions that labels love."""
    name = rng.choice(_SONG_PATTERNS)(rng)
    if rng.random() < 0.07:
        name += rng.choice(_ADDITIONS).format(guest=_pair(rng))
    return name


def album_name(rng: Random) -> str:
    """The name of an album."""
    return rng.choice(_ALBUM_PATTERNS)(rng)


def show_name(rng: Random) -> str:
    """The name of a podcast."""
    return f"{rng.choice(('The', 'Another', 'Notes from the', 'Letters to the'))} {_pair(rng)} {rng.choice(('Hour', 'Podcast', 'Talks'))}"


def episode_name(rng: Random, number: int) -> str:
    """The name of the n-th episode."""
    return f"#{number}: {rng.choice(_VERBS)} the {_pair(rng)}"


def book_name(rng: Random) -> str:
    """The title of a book."""
    return f"The {rng.choice(_NOUNS)} Keeper's {rng.choice(_NOUNS)}"


def _pair(rng: Random) -> str:
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"


def _of(words: tuple[tuple[str, ...], tuple[str, ...]], between: str) -> Pattern:
    return lambda rng: rng.choice(words[0]) + between + rng.choice(words[1])


_ARTIST_PATTERNS: Final[tuple[Pattern, ...]] = (
    lambda rng: f"{_pair(rng)}s",
    _pair,
    lambda rng: f"The {_pair(rng)} {rng.choice(_BANDS)}",
    lambda rng: f"{rng.choice(_NOUNS)} & {rng.choice(_NOUNS)}",
    lambda rng: f"{rng.choice(_NOUNS)} {rng.choice(_NOUNS)}s",
    lambda rng: f"{rng.choice(_ACCENTED)} {rng.choice(_NOUNS)}",
    _of(_JAPANESE, ""),
    _of(_ARABIC, " "),
)
_ARTIST_WEIGHTS: Final = (30, 20, 15, 12, 16, 4, 2, 1)

_SONG_PATTERNS: Final[tuple[Pattern, ...]] = (
    _pair,
    lambda rng: f"{rng.choice(_VERBS)} the {rng.choice(_NOUNS)}",
    lambda rng: f"{rng.choice(_NOUNS)} {rng.choice(_MOMENTS)}",
    lambda rng: f"{rng.choice(_VERBS)} Me {rng.choice(_MOMENTS)}",
    lambda rng: f"{_pair(rng)} {rng.choice(_MOMENTS)}",
)
_ALBUM_PATTERNS: Final[tuple[Pattern, ...]] = (
    _pair,
    lambda rng: f"{_pair(rng)}s",
    lambda rng: f"Songs {rng.choice(_MOMENTS)}",
    lambda rng: f"{rng.choice(_NOUNS)}s and {rng.choice(_NOUNS)}s",
)
