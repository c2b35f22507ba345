"""The listeners: what each has played and saved, and what Spotify shows of it at an instant."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from longplay.simulator.catalogue import Track
from longplay.simulator.plays import Play
from longplay.simulator.private import EMAIL, REAL_NAME, USERNAME
from longplay.simulator.saved import saved_tracks
from longplay.simulator.web.discography import ArtistFacts, Discography, TrackFacts
from longplay.simulator.web.ids import spotify_id
from longplay.simulator.web.listings import EXACT, HEARD_MS, Listing, Manners, listings
from longplay.simulator.web.objects import API

WINDOW: Final = 50
RANGES: Final = {"short_term": timedelta(days=28), "medium_term": timedelta(days=182), "long_term": timedelta(days=365)}
_TOP: Final = 99


class Listener:
    """One account of Spotify's and its listening."""

    def __init__(self, name: str, plays: Iterable[Play], known: Discography, manners: Manners = EXACT) -> None:
        """Begin with a play log; plays after the clock's instant are not known to anybody yet."""
        self.name = name
        self.manners = manners
        self._known = known
        self._hours: list[datetime] = []
        self.plays: list[Play] = []
        self.listings: list[Listing] = []
        self.saved: list[tuple[datetime, Track]] = []
        self._tops: dict[tuple[str, datetime], Counter[Any]] = {}
        self.plays_more(plays)

    def plays_more(self, plays: Iterable[Play]) -> None:
        """Add plays to the log."""
        new = list(plays)
        for play in new:
            if isinstance(play.what, Track):
                self._known.add(play.what)
        self.plays = sorted([*self.plays, *new], key=attrgetter("ended_at"))
        saved = {track for _, track in self.saved}
        self.saved += [(at, track) for at, track in saved_tracks(self.plays) if track not in saved]
        self.lists(listings(new, self.manners, self.name))

    def lists(self, more: Iterable[Listing]) -> None:
        """Put entries into the list of recent plays."""
        self.listings = sorted([*self.listings, *more], key=attrgetter("played_at"))
        self._hours = [listing.played_at for listing in self.listings]
        self._tops.clear()

    def change(self, play: Play, *, kind: str = "track", listed_at: datetime | None = None) -> None:
        """List a play as something else than a track, or later than at once."""
        self.listings = [
            replace(one, kind=kind, listed_at=listed_at or one.listed_at) if one.play is play else one for one in self.listings
        ]

    def recent(self, at: datetime) -> list[Listing]:
        """Show the list as it is at an instant: newest first, fifty places in all, of which lost plays keep theirs empty."""
        return list(self._recent(at))

    def _recent(self, at: datetime) -> Iterator[Listing]:
        places = WINDOW
        for place in reversed(range(bisect_right(self._hours, at))):
            listing = self.listings[place]
            if listing.listed_at > at and listing.gone_at != listing.listed_at:
                continue  # not heard of yet
            for _ in range(min(places, listing.times)):
                places -= 1
                if at < listing.gone_at:
                    yield listing
            if not places:
                return

    def playing(self, at: datetime) -> Play | None:
        """Tell what plays at an instant, if it is no secret."""
        return next((play for play in self.plays if play.started_at <= at < play.ended_at and not play.is_incognito), None)

    def saved_by(self, at: datetime) -> list[tuple[datetime, TrackFacts]]:
        """List what was saved until then, newest first."""
        saved = sorted((pair for pair in self.saved if pair[0] <= at), key=lambda pair: pair[0], reverse=True)
        return [(added_at, self._known.add(track)) for added_at, track in saved]

    def top_tracks(self, span: str, at: datetime) -> list[TrackFacts]:
        """Rank tracks as Spotify did at the beginning of that day."""
        return [self._known.add(track) for track, _ in self._heard(span, at).most_common(_TOP)]

    def top_artists(self, span: str, at: datetime) -> list[ArtistFacts]:
        """Rank artists as Spotify did at the beginning of that day."""
        counts: Counter[ArtistFacts] = Counter()
        for track, heard in self._heard(span, at).items():
            for artist in self._known.add(track).artists:
                counts[artist] += heard
        return [artist for artist, _ in counts.most_common(_TOP)]

    def _heard(self, span: str, at: datetime) -> Counter[Any]:
        """Count what was heard in the days before the day of `at`."""
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        if (span, day) not in self._tops:
            self._tops[span, day] = Counter(
                play.what
                for play in self.plays
                if day - RANGES[span] <= play.reported_at < day and play.ms_played >= HEARD_MS and isinstance(play.what, Track)
            )
        return self._tops[span, day]

    def account(self) -> dict[str, Any]:
        """Write what Spotify knows of the person."""
        return {
            "account_id": spotify_id("account", self.name)[:8],
            "country": "NO",
            "display_name": REAL_NAME if self.name == USERNAME else self.name,
            "email": EMAIL,
            "explicit_content": {"filter_enabled": False, "filter_locked": False},
            "external_urls": {"spotify": f"https://open.spotify.com/user/{self.name}"},
            "followers": {"href": None, "total": 3},
            "href": f"{API}/users/{self.name}",
            "id": self.name,
            "images": [],
            "product": "premium",
            "type": "user",
            "uri": f"spotify:user:{self.name}",
        }
