"""Tries everything in an AWS account of yours: deploys, polls once, imports an archive, destroys. `make smoke-cloud` runs it.

It uses names of its own (`longplay-smoke`), so it disturbs no installation, and costs a few cents.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import boto3

from longplay.simulator.web.spotify import SimulatedSpotify

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "longplay-smoke"
LISTENER: Final = "smoke"
_PATIENCE: Final = 600  # seconds
_LONGPLAY: Final = Path(sys.executable).with_name("longplay")


def main() -> None:
    """Ask, deploy, try, and destroy in any case."""
    region = os.environ.get("AWS_REGION", "eu-west-1")
    who = boto3.client("sts", region_name=region).get_caller_identity()
    print(f"In account {who['Account']}, region {region}, as {who['Arn']}: deploy, poll, import, destroy.")
    email = os.environ.get("SMOKE_EMAIL") or input("Your e-mail address, to go on: ").strip()
    with TemporaryDirectory() as folder:
        roots = Path(folder) / "infra"
        shutil.copytree(ROOT / "infra", roots, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars"))
        asked = {"region": region, "name": NAME, "listeners": [LISTENER]}
        _write(roots / "storage", {**asked, "empties_on_destroy": True})
        _write(roots / "pipeline", {**asked, "alarm_email": email, "package": str(_package()), **_extra()})
        try:
            told = {**_applied(roots / "storage"), **_applied(roots / "pipeline")}
            _try(told, region, Path(folder))
        finally:
            for root in ("pipeline", "storage"):
                _terraform(roots / root, "destroy", "-auto-approve")
    print("Deployed, polled, imported, destroyed: everything works.")


def _extra() -> dict[str, Any]:
    """Give what the functions are told besides, as JSON in SMOKE_VARIABLES: a simulated Spotify, for one."""
    return json.loads(os.environ.get("SMOKE_VARIABLES", "{}"))


def _package() -> Path:
    architecture = _extra().get("architecture", "arm64")
    subprocess.run(["make", "package", f"ARCH={architecture}"], cwd=ROOT, check=True)
    return ROOT / "dist" / f"functions-{architecture}.zip"


def _write(root: Path, variables: dict[str, Any]) -> None:
    (root / "terraform.tfvars.json").write_text(json.dumps(variables), encoding="utf-8")


def _terraform(root: Path, *words: str) -> str:
    return subprocess.run(["terraform", *words], cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout


def _applied(root: Path) -> dict[str, Any]:
    _terraform(root, "init", "-input=false")
    _terraform(root, "apply", "-auto-approve", "-input=false")
    return {name: output["value"] for name, output in json.loads(_terraform(root, "output", "-json")).items()}


def _try(told: dict[str, Any], region: str, folder: Path) -> None:
    """Sign in and poll; send an archive of an invented listener and see it imported."""
    environment = {
        **os.environ, "LONGPLAY_STORE": "aws", "LONGPLAY_LAKE_BUCKET": told["lake"], "LONGPLAY_PARAMETERS": told["parameters"],
        "LONGPLAY_HOME": str(folder / "home"), "AWS_REGION": region,
    }  # fmt: skip
    subprocess.run([str(_LONGPLAY), "login", "--user", LISTENER], env=environment, check=True)
    machine = boto3.client("stepfunctions", region_name=region)
    given = json.dumps({"mode": "recent", "listeners": [LISTENER]})
    started = machine.start_execution(stateMachineArn=told["state_machine"], input=given)["executionArn"]
    _until("the poll", lambda: machine.describe_execution(executionArn=started)["status"] == "SUCCEEDED")

    s3, archive = boto3.client("s3", region_name=region), folder / "archive.zip"
    spotify = SimulatedSpotify()
    spotify.has_played("Alright", at="07:40")
    spotify.sends_archive(archive)
    s3.upload_file(str(archive), told["inbox"], f"{LISTENER}/archive.zip")
    whole = f"processed/v1/archives/user={LISTENER}/"
    _until("the import", lambda: s3.list_objects_v2(Bucket=told["lake"], Prefix=whole)["KeyCount"] == 1)


def _until(what: str, is_so: Any) -> None:
    ends = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > ends:
            raise SystemExit(
                f"{what} did not succeed within {_PATIENCE // 60} minutes; the state machine's last execution says why."
            )
        time.sleep(2)
    print(f"{what.capitalize()} succeeded.")


if __name__ == "__main__":
    main()
