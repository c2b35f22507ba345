"""Which account a listener of ours is: a mark that tells accounts apart and names nobody."""

import hashlib
import secrets
from typing import Final

import msgspec
from msgspec import Struct

from longplay.spotify.answers import cut_off
from longplay.spotify.errors import OtherAccount
from longplay.spotify.memory import Memory, remember, remembered
from longplay.spotify.records import Account

_MARK: Final = 16  # bytes


class Tie(Struct, frozen=True):
    """Salted hashes of what Spotify calls the account, new name and old."""

    salt: str
    marks: tuple[str, ...]

    def holds(self, account: Account) -> bool:
        """Tell whether it is the same account: one name in common is enough, for older answers lack the new one."""
        return not set(self.marks).isdisjoint(_marks(self.salt, account))


def tie(memory: Memory, user: str, me: bytes) -> None:
    """Tie a listener to the account that `/me` speaks of; raises `OtherAccount` if it is tied to another."""
    name = f"account-{user}"
    account = _account(me)
    known = remembered(memory, name, Tie)
    if known and not known.holds(account):
        raise OtherAccount(
            f"The listener {user!r} is tied to another account.",
            "Sign in there with the account of before, or give this one a name of its own with --user.",
        )
    salt = known.salt if known else secrets.token_hex(_MARK)
    remember(memory, name, Tie(salt, tuple(_marks(salt, account))))


def untie(memory: Memory, user: str) -> None:
    """Forget which account a listener is."""
    memory.forget(f"account-{user}")


def _account(me: bytes) -> Account:
    try:
        account = msgspec.json.decode(me, type=Account)
    except msgspec.MsgspecError:
        account = Account()
    if not (account.account_id or account.id):
        raise cut_off()
    return account


def _marks(salt: str, account: Account) -> list[str]:
    names = [f"account_id:{account.account_id}"] * bool(account.account_id) + [f"id:{account.id}"] * bool(account.id)
    return [hashlib.blake2b(name.encode(), key=salt.encode(), digest_size=_MARK).hexdigest() for name in names]
