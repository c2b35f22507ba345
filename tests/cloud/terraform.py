"""Terraform as a user runs it, in a copy of the two roots, with the provider that lies on this machine."""

import json
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine().lower()]
PACKAGE = ROOT / "dist" / f"functions-{ARCHITECTURE}.zip"
REGION = "eu-west-1"
LISTENERS = ["me", "anna"]
_MIRROR = """provider_installation {{
  filesystem_mirror {{
    path = {path}
  }}
}}
"""


class Terraform:
    """One root in a folder of its own."""

    def __init__(self, root: str, folder: Path, environment: dict[str, str]) -> None:
        """Copy the roots, as one names the other's neighbours, and fetch the provider."""
        self.folder = folder / root
        self.environment = {**os.environ, **environment, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
        if not self.folder.exists():
            shutil.copytree(
                ROOT / "infra", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*")
            )
        self.says("init", "-no-color")

    def says(self, *words: str, timeout: float = 600) -> str:
        """Run a command to its end and give what it says."""
        done = subprocess.run(
            ["terraform", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"terraform {' '.join(words)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def applies(self, **variables: Any) -> None:
        self._remember(variables)
        self.says("apply", "-no-color", "-auto-approve")

    def destroys(self) -> None:
        self.says("destroy", "-no-color", "-auto-approve")

    def plan(self, **variables: Any) -> dict[str, Any]:
        """Plan, and give the plan as data."""
        self._remember(variables)
        self.says("plan", "-no-color", "-out=it.tfplan")
        return json.loads(self.says("show", "-json", "it.tfplan"))

    def outputs(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in json.loads(self.says("output", "-json")).items()}

    def _remember(self, variables: dict[str, Any]) -> None:
        """Write down what a user is asked for; what was written before holds on."""
        if variables:
            (self.folder / "terraform.tfvars.json").write_text(json.dumps(variables), encoding="utf-8")


def mirrored(mirror: Path, folder: Path) -> dict[str, str]:
    """Say where Terraform finds the provider without a network."""
    config = folder / "terraform.rc"
    config.write_text(_MIRROR.format(path=json.dumps(str(mirror))), encoding="utf-8")
    return {"TF_CLI_CONFIG_FILE": str(config)}


def changes(plan: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Tell what a plan would change."""
    return [
        (change["address"], change["change"]["actions"])
        for change in plan.get("resource_changes", [])
        if change["change"]["actions"] not in (["no-op"], ["read"])
    ]
