"""What can go wrong when we ask Spotify, and who has to act.

SpotifyError                 a sentence for the listener, and what to do
├── NotAuthorized            a person has to look; asking again does not help
│   ├── LoginNeeded          no consent, or it has ended: `longplay login`
│   ├── TokenRefused         401: the access token is over; one refresh may heal it
│   ├── NotOnTheList         the app's owner has to add this account to the app
│   ├── OwnerNeedsPremium    the app's owner has to have Premium
│   ├── WrongApp             the client id or secret is not one that Spotify knows
│   └── OtherAccount         this listener is tied to another account
├── LoginFailed              one attempt to sign in came to nothing: try again
│   ├── ConsentRefused       the listener said no
│   ├── StateWrong           the redirect belongs to another attempt
│   └── PortTaken            nobody can listen for the redirect
├── NotAvailable             403: closed to this app; do without
│   └── NotThere             404: Spotify does not have it
├── WrongQuestion            400 and other answers that only a change of ours can mend
├── RateLimited              429: Spotify says how many seconds to wait, and that is soon
├── Blocked                  nobody may call before an instant; it is written down
│   └── BudgetSpent          the block is our own: the budget of a day is used up
└── SpotifyDown              5xx, no network, an answer cut off: worth another try
"""

from datetime import datetime

from longplay.errors import LongplayError

LOGIN = "Run `longplay login`."
SPOTIFY = "Spotify"  # others are asked in the same manner, and fail in it


class SpotifyError(LongplayError):
    """Spotify did not give what was asked for."""


class NotAuthorized(SpotifyError):
    """A person has to look; asking again does not help."""


class LoginNeeded(NotAuthorized):
    """There is no consent, or it has ended."""


class TokenRefused(NotAuthorized):
    """The access token is not, or no longer, good."""


class NotOnTheList(NotAuthorized):
    """The account is not among those that may use the app."""


class OwnerNeedsPremium(NotAuthorized):
    """The app is closed while its owner has no Premium."""


class WrongApp(NotAuthorized):
    """Spotify does not know the client id, or its secret is another."""


class OtherAccount(NotAuthorized):
    """The listener is tied to another account."""


class LoginFailed(SpotifyError):
    """One attempt to sign in came to nothing."""


class ConsentRefused(LoginFailed):
    """The listener said no."""


class StateWrong(LoginFailed):
    """The redirect does not belong to this attempt."""


class PortTaken(LoginFailed):
    """Nobody can listen for the redirect."""


class NotAvailable(SpotifyError):
    """Closed to this app."""


class NotThere(NotAvailable):
    """Spotify does not have it."""


class WrongQuestion(SpotifyError):
    """What was asked makes no sense to Spotify."""


class RateLimited(SpotifyError):
    """Too many calls for the moment; `retry_after` in seconds, none if Spotify did not say."""

    def __init__(self, retry_after: float | None, *, is_quota: bool = False, who: str = SPOTIFY) -> None:
        """Keep how long to wait, and whether a quota is used up."""
        super().__init__(f"{who} is being asked too often.", "Wait a few minutes; the next run continues.")
        self.retry_after = retry_after
        self.is_quota = is_quota


class Blocked(SpotifyError):
    """Nobody may call an endpoint of this bucket before `until` (UTC)."""

    def __init__(self, bucket: str, until: datetime, who: str = SPOTIFY) -> None:
        """Keep what is blocked, and until when."""
        super().__init__(
            f"{who} allows no more calls ({bucket}) before {until:%Y-%m-%d %H:%M} UTC.",
            "Nothing is to be done: runs after that continue by themselves.",
        )
        self.bucket = bucket
        self.until = until


class BudgetSpent(Blocked):
    """The budget that we gave ourselves for a day is used up."""

    def __init__(self, bucket: str, until: datetime, setting: str = "SPOTIFY_BUDGETS") -> None:
        """Keep what is spent, and when there is some again."""
        SpotifyError.__init__(
            self,
            f"The budget of a day ({bucket}) is used up; there is more at {until:%Y-%m-%d %H:%M} UTC.",
            f"Nothing is to be done; {setting} allows more.",
        )
        self.bucket = bucket
        self.until = until


class SpotifyDown(SpotifyError):
    """Spotify, or the way to it, is out of order for the moment."""
