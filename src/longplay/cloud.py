"""What stands in AWS: the bucket of the lake, the state beside it, the parameters, and how each is reached."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longplay.errors import WrongCall
from longplay.lake.store import Lake
from longplay.settings import Settings
from longplay.spotify.auth import App
from longplay.spotify.secret import Secret

if TYPE_CHECKING:
    from longplay.lake.bucket import S3Bucket
    from longplay.lake.parameters import Parameters
    from longplay.lake.remote_state import RemoteState

_CLIENT_ID = "app/spotify_client_id"
_CLIENT_SECRET = "app/spotify_client_secret"  # noqa: S105  where it is, not what
_LASTFM_KEY = "app/lastfm_api_key"


class Cloud:
    """One installation in AWS. Each part is made when it is first needed, and once."""

    def __init__(self, settings: Settings) -> None:
        """Know the settings; nothing is asked yet. Raises `WrongCall` where what speaks with AWS is not installed."""
        if not (find_spec("boto3") and find_spec("obstore")):
            raise WrongCall("What speaks with AWS is not installed.", "Install it: pip install 'longplay[aws]'.")
        self.settings = settings
        self._found: dict[str, str] = {}

    def lake(self, folder: Path) -> Lake:
        """Give the lake; what is read here is kept in a folder."""
        return Lake(folder, self.bucket)

    def state(self, clock: Callable[[], datetime], *, lasts: timedelta | None = None) -> RemoteState:
        """Give the state; a lease that nobody gives back `lasts` so long."""
        from longplay.lake.remote_state import LONGEST, RemoteState  # noqa: PLC0415

        return RemoteState(self.bucket, self.parameters, clock, patience=self.settings.patience, lasts=lasts or LONGEST)

    def app(self) -> App:
        """Give the registered app: that of the settings, else the one a sign-in has left for all machines."""
        given = self.settings.spotify_client_id
        if given:
            return App(given, Secret(self.settings.spotify_client_secret.get_secret_value()))
        return App(self._parameter(_CLIENT_ID), Secret(self._parameter(_CLIENT_SECRET)))

    def share(self, app: App) -> None:
        """Leave the registered app for all machines."""
        self.parameters.write(_CLIENT_ID, app.client_id)
        if app.secret:
            self.parameters.write(_CLIENT_SECRET, app.secret.reveal())

    def lastfm_key(self) -> Secret:
        """Give the key for Last.fm, if there is one."""
        return Secret(self.settings.lastfm_api_key.get_secret_value() or self._parameter(_LASTFM_KEY))

    def _parameter(self, name: str) -> str:
        """Read a value once; one that is missing may come later."""
        if name not in self._found and (value := self.parameters.read(name)):
            self._found[name] = value
        return self._found.get(name, "")

    @cached_property
    def bucket(self) -> S3Bucket:
        """The bucket of the lake; raises `WrongCall` where the settings name none."""
        if not self.settings.lake_bucket:
            raise WrongCall(
                "LONGPLAY_LAKE_BUCKET is not set.", "Put the names that `terraform output` of infra/storage says into `.env`."
            )
        return self.bucket_of(self.settings.lake_bucket)

    def bucket_of(self, name: str) -> S3Bucket:
        """Give any bucket of the region."""
        from longplay.lake.bucket import S3Bucket, s3  # noqa: PLC0415  only here anybody needs it

        return S3Bucket(s3(name, self.settings.aws_region, has_keys_at_hand="AWS_ACCESS_KEY_ID" in os.environ), name)

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters of the installation."""
        from longplay.lake.parameters import Parameters  # noqa: PLC0415

        return Parameters(self.client("ssm"), self.settings.parameters)

    def client(self, service: str) -> Any:
        """Give boto3's client for a service."""
        import boto3  # noqa: PLC0415  half a second that nobody on a laptop should wait for

        return boto3.client(service, region_name=self.settings.aws_region)
