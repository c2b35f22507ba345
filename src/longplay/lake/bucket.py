"""Objects of a bucket in S3: each is put whole, once, and an object that is there already refuses another."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, PreconditionError, UnauthenticatedError
from obstore.store import MemoryStore, S3Store

from longplay.errors import LakeError
from longplay.lake.folder import Folder

_AT_ONCE: Final = 16  # transfers
_MANY: Final = 1000  # keys of one answer, and of one deletion
_LONGEST_REASON: Final = 120


def s3(name: str, region: str, *, has_keys_at_hand: bool) -> S3Store:
    """Open a bucket. Without keys in the environment, where a function has them, those of an AWS profile are used."""
    return S3Store(
        name,
        region=region,
        client_options={"allow_http": True},  # only an endpoint that was set to plain HTTP is asked over it
        retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=30)},
        credential_provider=None if has_keys_at_hand else _of_profile(),
    )


def _of_profile() -> Any:
    """Take credentials as the AWS command line does: from a profile, or from a sign-in."""
    from obstore.auth.boto3 import Boto3CredentialProvider  # noqa: PLC0415  boto3 takes half a second

    return Boto3CredentialProvider()


def _batched(keys: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (keys[first : first + most] for first in range(0, len(keys), most))


class S3Bucket:
    """A bucket whose objects are named like the files of a lake in a folder."""

    def __init__(self, store: S3Store | MemoryStore, name: str) -> None:
        """Know the bucket; nothing is asked yet."""
        self.store = store
        self.name = name

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """List every object below a prefix that ends with a slash, in no order; only those whose keys sort after one."""
        with self.told():
            for some in obstore.list(self.store, prefix, offset=after or None, chunk_size=_MANY):
                yield from (str(each["path"]) for each in some)

    def folders(self, prefix: str) -> list[str]:
        """Name what stands between a prefix that ends with a slash and the next slash."""
        with self.told():
            found = obstore.list_with_delimiter(self.store, prefix)["common_prefixes"]
        return sorted(folder.rstrip("/").rpartition("/")[2] for folder in found)

    def has(self, key: str) -> bool:
        """Say whether an object is there."""
        try:
            with self.told():
                obstore.head(self.store, key)
        except FileNotFoundError:
            return False
        return True

    def read(self, key: str) -> bytes:
        """Give the content of an object; raises `FileNotFoundError`."""
        with self.told():
            return bytes(obstore.get(self.store, key).bytes())

    def receive(self, content: bytes, key: str, user: str) -> bool:
        """Keep a content and tell whether it is new."""
        del user  # nothing is written aside here
        return self._put(content, key)

    def send(self, file: Path, key: str) -> None:
        """Keep the content of a file; one that is there already stays as it is."""
        self._put(file, key)

    def _put(self, content: bytes | Path, key: str) -> bool:
        try:
            with self.told():
                obstore.put(self.store, key, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        return True

    def bring(self, keys: Sequence[str], folder: Folder, staging: Path) -> None:
        """Let a folder hold these objects as well, each written into `staging` first."""

        def bring(number: int, key: str) -> None:
            self.download(key, staging / f"{number}")
            folder.keep(staging / f"{number}", key)

        with ThreadPoolExecutor(_AT_ONCE) as several:
            list(several.map(bring, range(len(keys)), keys))

    def download(self, key: str, path: Path) -> None:
        """Write the content of an object into a file, a little at a time; raises `FileNotFoundError`."""
        with self.told(), path.open("wb") as file:
            for chunk in obstore.get(self.store, key).stream():
                file.write(chunk)

    def move(self, key: str, to: str) -> None:
        """Give an object another name."""
        with self.told():
            obstore.copy(self.store, key, to)
        self.delete([key])

    def delete(self, keys: Sequence[str]) -> None:
        """Take objects out; the first is gone before any other is."""
        with self.told():
            for some in filter(None, (keys[:1], *_batched(keys[1:], _MANY))):
                obstore.delete(self.store, list(some))

    def refusal(self, why: str) -> LakeError:
        """Put into words that the bucket cannot be used."""
        return LakeError(
            f"The bucket {self.name} cannot be used ({why}).",
            "Look at LONGPLAY_LAKE_BUCKET, AWS_REGION, and who you are to AWS (`aws sts get-caller-identity`).",
        )

    @contextmanager
    def told(self) -> Iterator[None]:
        """Put into words what S3 says; that an object is there, is not, or has changed, the caller has to know."""
        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise self.refusal("access is denied") from error
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise self.refusal("there is no such bucket") from error
            raise
        except BaseError as error:
            raise self.refusal(str(error).partition("\n")[0][:_LONGEST_REASON]) from error
