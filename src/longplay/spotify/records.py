"""What Spotify sends, as far as we use it, for those who read pages.

Apps get different fields: a field may be absent, or null, and both are normal. What makes an item what it is must be there.
Items are kept raw inside their page, so that a bad one costs that item.
"""

from datetime import datetime

from msgspec import Raw, Struct, field


class Named(Struct, frozen=True, kw_only=True):
    """Something with an address of Spotify's; local files have no id, and what was removed may have neither."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None


class Artist(Named, frozen=True, kw_only=True):
    """An artist; genres are often empty or absent, and only whole artists have them."""

    genres: list[str] | None = None
    popularity: int | None = None


class Followers(Struct, frozen=True):
    """How many follow an artist."""

    total: int | None = None


class WholeArtist(Artist, frozen=True, kw_only=True):
    """An artist as rankings and look-ups show it."""

    followers: Followers | None = None


class ExternalIds(Struct, frozen=True):
    """The industry's names for a recording (`isrc`) or a release (`upc`)."""

    isrc: str | None = None
    upc: str | None = None


class Album(Named, frozen=True, kw_only=True):
    """An album; `release_date` is a year, a month or a day."""

    album_type: str | None = None
    artists: list[Artist] | None = None
    release_date: str | None = None
    total_tracks: int | None = None
    external_ids: ExternalIds | None = None


class Track(Named, frozen=True, kw_only=True):
    """A track, or what stands in its place: `type` tells episodes, `is_local` files of the listener's own."""

    type: str | None = None
    album: Album | None = None
    artists: list[Artist] | None = None
    duration_ms: int | None = None
    explicit: bool | None = None
    is_local: bool | None = None
    popularity: int | None = None
    external_ids: ExternalIds | None = None


class Context(Struct, frozen=True):
    """From where something was played."""

    type: str | None = None
    uri: str | None = None


class Play(Struct, frozen=True):
    """One entry of the recently played: the track ended at `played_at` (UTC)."""

    played_at: datetime
    track: Track
    context: Context | None = None


class Saved(Struct, frozen=True):
    """One saved track."""

    added_at: datetime
    track: Track


class Page(Struct, frozen=True):
    """One page of a listing; a null list of items is an empty one."""

    items: list[Raw] | None = field(default_factory=list)
    next: str | None = None
    total: int | None = None


class Account(Struct, frozen=True):
    """Who has signed in. Only used to tell accounts apart; never kept."""

    account_id: str | None = None
    id: str | None = None

    def __repr__(self) -> str:
        """Show nothing."""
        return "Account(…)"


class Link(Struct, frozen=True):
    """Where a listing goes on."""

    next: str | None = None
