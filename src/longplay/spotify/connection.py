"""One listener's connection to Spotify: everything of this package behind one door.

connection = Connection(memory, "me", App("<client id>"), clock)
with open_door() as door:
    attempt = connection.begin(door.address)
    ...  # somebody opens attempt.address and agrees
    consent = connection.finish(attempt, door.wait(300))
page = connection.spotify.get("/me/player/recently-played", limit=50)
"""

from datetime import datetime
from functools import cached_property

from msgspec import Struct

from longplay.spotify import auth, client
from longplay.spotify.account import tie, untie
from longplay.spotify.auth import Accounts, App, Attempt
from longplay.spotify.bearer import JustSignedIn, Kept
from longplay.spotify.client import Spotify
from longplay.spotify.line import Line
from longplay.spotify.memory import Memory
from longplay.spotify.profile import Found, Profile, Profiles
from longplay.spotify.quota import Clock, Manners, Quota
from longplay.spotify.tokens import Consent, TokenFile, Tokens


class Origins(Struct, frozen=True):
    """Where Spotify is."""

    accounts: str = auth.ORIGIN
    api: str = client.ORIGIN


class Connection:
    """One listener, one app. Nothing is asked before something is wanted."""

    def __init__(  # noqa: PLR0913
        self,
        memory: Memory,
        user: str,
        app: App,
        clock: Clock,
        *,
        origins: Origins | None = None,
        manners: Manners | None = None,
    ) -> None:
        """Know who, by which app, and where to remember."""
        self.user = user
        self.app = app
        self._memory = memory
        self._clock = clock
        self._origins = origins or Origins()
        self._manners = manners or Manners()
        self._file = TokenFile(memory, user)

    # signing in and out

    def begin(self, redirect_uri: str) -> Attempt:
        """Prepare to sign in; raises `WrongCall` without a client id."""
        return self._accounts.begin(redirect_uri)

    def finish(self, attempt: Attempt, redirect: str) -> Consent:
        """Sign in with the redirect that came back; nothing is kept unless all of it goes well. Raises `SpotifyError`."""
        authorized_at = self._clock()
        grant = self._accounts.exchange(attempt, attempt.code_in(redirect))
        me = Spotify(self._line, JustSignedIn(grant.access_token), self._origins.api).get("/me")
        tokens = Tokens(
            client_id=self.app.client_id,
            authorized_at=authorized_at,
            scopes=tuple((grant.scope or "").split()) or auth.SCOPES,
            access=grant.access_token,
            ends_at=grant.ends_at(authorized_at),
            refresh=grant.refresh_token,
        )
        with self._memory.lease(self._file.name):
            tie(self._memory, self.user, me)
            self._file.write(tokens)
        return tokens.consent()

    def disconnect(self, *, untied: bool = False) -> bool:
        """Forget the tokens, and tell whether there were any; `untied` also forgets which account it was."""
        with self._memory.lease(self._file.name):
            there_were = self._file.read() is not None
            self._file.forget()
            if untied:
                untie(self._memory, self.user)
        return there_were

    # what is known without a call

    def consent(self) -> Consent | None:
        """Tell about the consent; nothing, if nobody has signed in."""
        tokens = self._file.read()
        return tokens.consent() if tokens else None

    def blocks(self) -> dict[str, datetime]:
        """Tell which buckets are blocked, and until when (UTC)."""
        return self.quota.blocks()

    def calls(self) -> dict[str, int]:
        """Tell how many calls the last 24 hours saw in each bucket."""
        return self.quota.calls()

    def profile_known(self) -> Found | None:
        """Tell which profile was found out last, and when."""
        return self._profiles.known()

    def remarks(self) -> list[str]:
        """Say what a person should know: a consent that ends, a clock that is wrong."""
        consent = self.consent()
        sentences = [consent.warning(self._clock()) if consent else None, self._line.remark()]
        return [sentence for sentence in sentences if sentence]

    # asking

    @cached_property
    def spotify(self) -> Spotify:
        """The Web API for this listener."""
        return Spotify(self._line, Kept(self._file, self._accounts, self._memory, self._clock), self._origins.api)

    def profile(self) -> Profile:
        """Tell the app's profile; asks, if it is unknown or a month old."""
        return self._profiles.find(self.spotify)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    @cached_property
    def quota(self) -> Quota:
        """What the app may ask for, and how often."""
        return Quota(self._memory, self.app.client_id, self._clock, self._manners)

    @cached_property
    def _line(self) -> Line:
        return Line(self.quota, self._clock, self._manners)

    @cached_property
    def _accounts(self) -> Accounts:
        return Accounts(self.app, self._line, self._clock, self._origins.accounts)

    @cached_property
    def _profiles(self) -> Profiles:
        return Profiles(self._memory, self.app.client_id, self._clock)
