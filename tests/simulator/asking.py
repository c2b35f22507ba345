"""Asking the simulated Spotify by hand, as no client of ours does."""

from collections.abc import Iterable
from typing import Any

import httpx2

from longplay.simulator.web.apps import SCOPES
from longplay.simulator.web.spotify import SimulatedSpotify

HTTP = httpx2.Client(verify=False)


def ask(
    spotify: SimulatedSpotify,
    path: str,
    profile: str = "restricted_dev",
    scopes: Iterable[str] = SCOPES,
    token: str = "",
    **query: Any,
) -> httpx2.Response:
    """One call with a token of an app of that profile."""
    token = token or spotify.consents(spotify.apps[profile], scopes)["access_token"]
    return HTTP.get(f"{spotify.api}{path}", params=query or None, headers={"Authorization": f"Bearer {token}"})


def error(answer: httpx2.Response) -> tuple[int, str | None]:
    """Status and message of an error."""
    said = answer.json()["error"]
    assert said["status"] == answer.status_code
    return answer.status_code, said.get("message")


def titles(answer: httpx2.Response) -> list[str]:
    """What a page of plays names."""
    return [item["track"]["name"] for item in answer.json()["items"]]
