"""Secrets in AWS Parameter Store: each a SecureString under a path."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from longplay.errors import LakeError


class Parameters:
    """What lies below one path. `client` is boto3's for SSM."""

    def __init__(self, client: Any, path: str) -> None:
        """Know where; nothing is asked yet."""
        self._client = client
        self._path = path.rstrip("/")

    def read(self, name: str) -> str | None:
        """Give a value; nothing, if there is none."""
        with self._told():
            try:
                answer = self._client.get_parameter(Name=self._whole(name), WithDecryption=True)
            except self._client.exceptions.ParameterNotFound:
                return None
        return answer["Parameter"]["Value"]

    def write(self, name: str, value: str) -> None:
        """Replace a value."""
        with self._told():
            self._client.put_parameter(Name=self._whole(name), Value=value, Type="SecureString", Overwrite=True)

    def names(self, below: str) -> list[str]:
        """Name everything below a path of ours, without a look at the values."""
        path = self._whole(below)
        with self._told():
            pages = self._client.get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
            found = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
        return sorted(name.removeprefix(f"{path}/") for name in found)

    def forget(self, name: str) -> None:
        """Remove a value and all that it was before; nothing happens if it is not there."""
        with self._told():
            try:
                self._client.delete_parameter(Name=self._whole(name))
            except self._client.exceptions.ParameterNotFound:
                return

    def _whole(self, name: str) -> str:
        return f"{self._path}/{name}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Put into words what AWS says; its own words may hold what was sent."""
        try:
            yield
        except ClientError as error:
            raise self._refusal(error.response["Error"]["Code"]) from None
        except BotoCoreError as error:
            raise self._refusal(type(error).__name__) from None

    def _refusal(self, why: str) -> LakeError:
        return LakeError(
            f"The parameters below {self._path} cannot be used ({why}).",
            "Look at LONGPLAY_PARAMETERS, AWS_REGION, and who you are to AWS (`aws sts get-caller-identity`).",
        )
