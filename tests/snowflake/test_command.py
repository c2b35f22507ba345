"""The command line, where the warehouse is Snowflake."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("longplay"))]


def longplay(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("LONGPLAY_", "SNOWFLAKE_"))}
    return subprocess.run(
        [*COMMAND, "--home", str(folder / "home"), *arguments],
        capture_output=True, text=True, check=False, timeout=60, cwd=folder, env=plain | environment,
    )  # fmt: skip


def test_a_missing_setting_is_named_before_anything_starts(tmp_path):
    refused = longplay(tmp_path, "load", "--target", "snowflake", SNOWFLAKE_ACCOUNT="myorg-me", SNOWFLAKE_USER="kim")

    assert refused.returncode == 2
    assert "SNOWFLAKE_PRIVATE_KEY_PATH is not set" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_what_works_in_the_home_alone_says_so(tmp_path):
    refused = longplay(tmp_path, "import", "a.zip", LONGPLAY_TARGET="snowflake")

    assert refused.returncode == 2
    assert "works with the tables of this home" in refused.stderr
    assert "LONGPLAY_TARGET" in refused.stderr


def test_the_set_up_is_printed_without_an_account(tmp_path):
    printed = longplay(tmp_path, "warehouse", "setup", "--credits", "3", SNOWFLAKE_DATABASE="music")

    assert printed.returncode == 0
    assert "create database if not exists music;" in printed.stdout
    assert "credit_quota = 3" in printed.stdout


def test_nothing_gets_into_the_set_up_that_ends_a_name(tmp_path):
    bad = longplay(tmp_path, "warehouse", "setup", "--bucket", "x'; drop", "--aws-role", "arn:aws:iam::123456789012:role/r")

    assert bad.returncode == 2


def test_snowflake_that_is_not_there_is_told_in_a_sentence(tmp_path):
    refused = longplay(
        tmp_path, "query", "select 1", "--target", "snowflake", SNOWFLAKE_ACCOUNT="a", SNOWFLAKE_USER="kim",
        SNOWFLAKE_PRIVATE_KEY_PATH=str(tmp_path / "no-key"),
    )  # fmt: skip

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "does not let kim in" in refused.stderr


LOOK = """
import sys, longplay.entrypoints.cli, longplay.stages, longplay.warehouse.snowflake.warehouse
print([name for name in sys.modules if name.startswith(("snowflake", "dbt.", "sqlglot", "boto3", "fakesnow"))])
"""


def test_the_start_of_a_laptop_needs_no_snowflake():
    told = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True, timeout=60)

    assert told.stdout.strip() == "[]"
