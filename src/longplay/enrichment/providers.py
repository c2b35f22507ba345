"""Everybody who can be asked, in the order in which they are: the best first."""

from collections.abc import Callable, Mapping
from typing import Final

from longplay.enrichment.asking import LASTFM, MUSICBRAINZ, RECCOBEATS, SETTING, SOURCES, Door, Source
from longplay.enrichment.lastfm import LastFm
from longplay.enrichment.musicbrainz import MusicBrainzAddresses, MusicBrainzGenres, MusicBrainzNames
from longplay.enrichment.own_table import OwnTable
from longplay.enrichment.provider import Provider
from longplay.enrichment.reccobeats import ReccoBeats
from longplay.enrichment.spotify import SpotifyArtists, SpotifyFeatures, SpotifyTracks
from longplay.errors import WrongCall
from longplay.spotify.connection import Connection
from longplay.spotify.secret import Secret

# Who reads what is kept under a name: also what nobody asks for any more.
READERS: Final = {
    each.dataset: each
    for each in (
        SpotifyTracks, SpotifyFeatures, SpotifyArtists, ReccoBeats, MusicBrainzAddresses, MusicBrainzNames, MusicBrainzGenres,
        LastFm, OwnTable,
    )
}  # fmt: skip
OF_OTHERS: Final = frozenset(name for name, each in READERS.items() if each.source != "spotify")


def outside(open_door: Callable[[Source], Door], lastfm_key: Secret) -> list[Provider]:
    """Give those who need no account at Spotify; Last.fm wants a key."""
    musicbrainz = open_door(MUSICBRAINZ)
    providers = [
        ReccoBeats(open_door(RECCOBEATS)),
        MusicBrainzAddresses(musicbrainz),
        MusicBrainzNames(musicbrainz),
        MusicBrainzGenres(musicbrainz),
    ]
    return [*providers, LastFm(open_door(LASTFM), lastfm_key)] if lastfm_key else providers


def of_spotify(connection: Connection) -> list[Provider]:
    """Give what Spotify still tells this app; nothing where nobody has signed in. Raises `SpotifyError`."""
    if not connection.consent():
        return []
    features = [SpotifyFeatures(connection)] if connection.profile() == "extended" else []
    return [*features, SpotifyTracks(connection), SpotifyArtists(connection)]


def known_budgets(budgets: Mapping[str, int]) -> Mapping[str, int]:
    """Raise `WrongCall` for a budget of somebody whom we do not know."""
    if unknown := set(budgets) - set(SOURCES):
        raise WrongCall(f"No source is called {min(unknown)!r}.", f"{SETTING} knows {', '.join(SOURCES)}.")
    return budgets
