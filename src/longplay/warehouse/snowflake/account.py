"""Where a Snowflake is and who goes there: what the environment says, and whether that is enough to begin."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec import Struct
from pydantic import SecretStr

from longplay.errors import WarehouseError, WrongCall

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

_TIMEOUT: Final = 60  # seconds a network call may take, so that nothing waits for ever
_INSTALL: Final = "Install it with `pip install longplay[snowflake]`."


class Account(Struct, frozen=True, kw_only=True):
    """One account of Snowflake, and the user that works there. `role` overrides the one that each kind of work has."""

    account: str
    user: str
    password: SecretStr = SecretStr("")
    private_key_path: str = ""
    private_key_passphrase: SecretStr = SecretStr("")
    role: str = ""
    warehouse: str = "LONGPLAY"
    database: str = "LONGPLAY"
    stage: str = "files"  # of the schema `lake`: `files` is Snowflake's own, `processed` looks into the lake in S3
    origin: str = ""  # where Snowflake is, if elsewhere

    def role_for(self, work: str) -> str:
        """Name the role of a kind of work: loader, transformer or reporter.

        >>> Account(account="a", user="u").role_for("loader")
        'LONGPLAY_LOADER'
        """
        return self.role or f"{self.database}_{work}".upper()

    def check(self) -> None:
        """Raise `WrongCall` that names the first setting which is missing."""
        needed = {
            "SNOWFLAKE_ACCOUNT": (self.account, "the account's name, such as myorg-myaccount"),
            "SNOWFLAKE_USER": (self.user, "the user that loads and builds"),
            "SNOWFLAKE_PRIVATE_KEY_PATH": (
                self.private_key_path or self.password.get_secret_value(),
                "the file with that user's private key (or SNOWFLAKE_PASSWORD to a programmatic access token)",
            ),
        }
        for name, (value, meaning) in needed.items():
            if not value:
                raise WrongCall(f"{name} is not set.", f"Set it to {meaning}; docs/running-on-snowflake.md tells how.")

    def environment(self, role: str) -> Mapping[str, str]:
        """Give what the output `snowflake` of `profiles.yml` reads. dbt hides what begins with DBT_ENV_SECRET."""
        where = urlsplit(self.origin)
        return {
            "SNOWFLAKE_ACCOUNT": self.account,
            "SNOWFLAKE_USER": self.user,
            "SNOWFLAKE_ROLE": role,
            "SNOWFLAKE_WAREHOUSE": self.warehouse,
            "SNOWFLAKE_DATABASE": self.database,
            "SNOWFLAKE_PRIVATE_KEY_PATH": self.private_key_path,
            "DBT_ENV_SECRET_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": self.private_key_passphrase.get_secret_value(),
            "DBT_ENV_SECRET_SNOWFLAKE_PASSWORD": "" if self.private_key_path else self.password.get_secret_value(),
            "LONGPLAY_SNOWFLAKE_PROTOCOL": where.scheme,
            "LONGPLAY_SNOWFLAKE_HOST": where.hostname or "",
            "LONGPLAY_SNOWFLAKE_PORT": str(where.port or 0),
        }

    def connect(self, role: str, *, database: str | None = None) -> "SnowflakeConnection":
        """Open a connection that speaks UTC; raises `WarehouseError` where Snowflake cannot be reached or refuses us."""
        self.check()
        try:
            from snowflake import connector  # noqa: PLC0415  the laptop's start needs none of it
        except ImportError as error:
            raise WarehouseError("What speaks to Snowflake is not installed.", _INSTALL) from error
        try:
            return connector.connect(**self._arguments(role, self.database if database is None else database))
        except (connector.errors.Error, OSError, ValueError, TypeError) as error:
            raise WarehouseError(
                f"Snowflake does not let {self.user} in as {role}: {_said(error)}.",
                "Check SNOWFLAKE_ACCOUNT, the user's key or token, and that `longplay warehouse setup` was run.",
            ) from error

    def _arguments(self, role: str, database: str) -> dict[str, Any]:
        where = urlsplit(self.origin)
        elsewhere = {"protocol": where.scheme, "host": where.hostname, "port": where.port} if self.origin else {}
        return {
            "account": self.account, "user": self.user, "role": role, "warehouse": self.warehouse,
            "login_timeout": _TIMEOUT, "network_timeout": _TIMEOUT, "paramstyle": "qmark", "autocommit": True,
            "application": "longplay",
            "session_parameters": {"TIMEZONE": "UTC", "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
                                   "CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False},
            **({"database": database, "schema": "LAKE"} if database else {}), **self._credentials(), **elsewhere,
        }  # fmt: skip

    def _credentials(self) -> dict[str, Any]:
        """Give the key where there is one, else the token, which stands where passwords stood."""
        if not self.private_key_path:
            return {"password": self.password.get_secret_value()}
        passphrase = self.private_key_passphrase.get_secret_value()
        return {
            "authenticator": "SNOWFLAKE_JWT",
            "private_key_file": self.private_key_path,
            **({"private_key_file_pwd": passphrase} if passphrase else {}),
        }


def _said(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
