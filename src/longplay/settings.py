"""What can be set, read once at the door: from the environment, or from a file `.env` in the working folder."""

from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from tzlocal import get_localzone_name

USER_PATTERN = r"^[a-z0-9_-]{1,32}$"
ORIGIN_PATTERN = r"^(https://|http://127\.0\.0\.1[:/]|$)"  # tokens go there: not over a network in the open

NAME_PATTERN = r"^([A-Za-z_]\w{0,127})?$"  # of something in Snowflake, so that it needs no quotes in SQL
PATH_PATTERN = r"^(/[\w.-]+)+$"

# How each is told to a person.
IN_WORDS = {
    USER_PATTERN: "a listener's name has small letters, digits, - and _, at most 32 of them",
    ORIGIN_PATTERN: "it has to begin with https://, or with http://127.0.0.1",
    NAME_PATTERN: "a name in Snowflake has letters, digits and _, and begins with no digit",
    PATH_PATTERN: "a path looks like /longplay",
}


def system_time_zone() -> str:
    """Name the zone of this machine, UTC where it does not say."""
    try:
        name = get_localzone_name()
    except ZoneInfoNotFoundError:
        return "UTC"
    return name if name and name != "local" else "UTC"


def _expanded(path: object) -> object:
    return Path(str(path)).expanduser().absolute() if path else user_data_path("longplay")


class Settings(BaseSettings):
    """One field for each setting; `.env.example` has a sentence for every one."""

    # Names of fields are no names of settings: HOME and USER are the system's words, and say something else.
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", validate_default=True)

    home: Annotated[Path, BeforeValidator(_expanded)] = Field(default=None, alias="LONGPLAY_HOME")  # type: ignore[assignment]
    user: str = Field(default="me", alias="LONGPLAY_USER", pattern=USER_PATTERN)
    time_zone: str = Field(default="", alias="LONGPLAY_TIMEZONE")
    target: Literal["duckdb", "snowflake"] = Field(default="duckdb", alias="LONGPLAY_TARGET")
    patience: float = Field(default=30, alias="LONGPLAY_PATIENCE", ge=0)
    spotify_client_id: str = Field(default="", alias="SPOTIFY_CLIENT_ID")
    spotify_client_secret: SecretStr = Field(default=SecretStr(""), alias="SPOTIFY_CLIENT_SECRET")
    spotify_redirect_uri: str = Field(default="http://127.0.0.1/callback", alias="SPOTIFY_REDIRECT_URI")
    spotify_patience: float = Field(default=120, alias="SPOTIFY_PATIENCE", ge=0)
    spotify_pace: float = Field(default=0.6, alias="SPOTIFY_PACE", ge=0)
    spotify_budgets: dict[str, int] = Field(default_factory=dict, alias="SPOTIFY_BUDGETS")
    spotify_accounts_origin: str = Field(default="", alias="SPOTIFY_ACCOUNTS_ORIGIN", pattern=ORIGIN_PATTERN)
    spotify_api_origin: str = Field(default="", alias="SPOTIFY_API_ORIGIN", pattern=ORIGIN_PATTERN)
    enrich: bool = Field(default=False, alias="LONGPLAY_ENRICH")
    enrich_budgets: dict[str, int] = Field(default_factory=dict, alias="ENRICH_BUDGETS")
    lastfm_api_key: SecretStr = Field(default=SecretStr(""), alias="LASTFM_API_KEY")
    reccobeats_origin: str = Field(default="", alias="RECCOBEATS_ORIGIN", pattern=ORIGIN_PATTERN)
    musicbrainz_origin: str = Field(default="", alias="MUSICBRAINZ_ORIGIN", pattern=ORIGIN_PATTERN)
    lastfm_origin: str = Field(default="", alias="LASTFM_ORIGIN", pattern=ORIGIN_PATTERN)
    store: Literal["folder", "aws"] = Field(default="folder", alias="LONGPLAY_STORE")
    lake_bucket: str = Field(default="", alias="LONGPLAY_LAKE_BUCKET")
    inbox_bucket: str = Field(default="", alias="LONGPLAY_INBOX_BUCKET")
    parameters: str = Field(default="/longplay", alias="LONGPLAY_PARAMETERS", pattern=PATH_PATTERN)
    dead_letters: str = Field(default="", alias="LONGPLAY_DEAD_LETTERS")
    state_machine: str = Field(default="", alias="LONGPLAY_STATE_MACHINE")
    check_poll_hours: float = Field(default=24, alias="LONGPLAY_CHECK_POLL_HOURS", ge=0)
    check_play_days: float = Field(default=30, alias="LONGPLAY_CHECK_PLAY_DAYS", ge=0)
    check_gap_hours: float = Field(default=6, alias="LONGPLAY_CHECK_GAP_HOURS", ge=0)
    aws_region: str = Field(default="eu-west-1", alias="AWS_REGION")
    snowflake_account: str = Field(default="", alias="SNOWFLAKE_ACCOUNT")
    snowflake_user: str = Field(default="", alias="SNOWFLAKE_USER")
    snowflake_private_key_path: str = Field(default="", alias="SNOWFLAKE_PRIVATE_KEY_PATH")
    snowflake_private_key_passphrase: SecretStr = Field(default=SecretStr(""), alias="SNOWFLAKE_PRIVATE_KEY_PASSPHRASE")
    snowflake_password: SecretStr = Field(default=SecretStr(""), alias="SNOWFLAKE_PASSWORD")
    snowflake_role: str = Field(default="", alias="SNOWFLAKE_ROLE", pattern=NAME_PATTERN)
    snowflake_warehouse: str = Field(default="LONGPLAY", alias="SNOWFLAKE_WAREHOUSE", pattern=NAME_PATTERN)
    snowflake_database: str = Field(default="LONGPLAY", alias="SNOWFLAKE_DATABASE", pattern=NAME_PATTERN)
    snowflake_stage: Literal["files", "processed"] = Field(default="files", alias="SNOWFLAKE_STAGE")
    snowflake_origin: str = Field(default="", alias="SNOWFLAKE_ORIGIN", pattern=ORIGIN_PATTERN)

    @property
    def is_zone_given(self) -> bool:
        """Say whether somebody chose the time zone; else it is that of this machine."""
        return "time_zone" in self.model_fields_set

    @model_validator(mode="after")
    def home_of_the_cloud(self) -> Self:
        """Mirror a bucket beside the usual home, not in it, where no home is named."""
        if self.store == "aws" and "home" not in self.model_fields_set:
            self.home = self.home.with_name(f"{self.home.name}-aws")
        return self

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        """Fall back to the system's zone; refuse a name that no time zone has."""
        name = name or system_time_zone()
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            msg = f"no time zone is called {name!r}; a name looks like Europe/Berlin"
            raise ValueError(msg) from error
        return name
