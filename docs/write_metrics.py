"""Writes docs/reference/metrics.md from what the functions measure and what Terraform watches: `make docs`."""

import re
from collections.abc import Iterator
from typing import Final

from tables import ROOT, code, table, write

PAGE: Final = "reference/metrics.md"
MEASURED: Final = re.compile(r"(?:add_metric|_counted)\(\"(\w+)\"")
RESOURCE: Final = re.compile(r'^resource "aws_cloudwatch_metric_alarm" "\w+" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
ATTRIBUTE: Final = re.compile(r"^  (\w+) += (.+)$", re.MULTILINE)
SPELLED: Final = {
    "var.name": "longplay",
    "module.fetch.name": "longplay-fetch",
    "aws_sqs_queue.dead_letters.name": "longplay-dead-letters",
}
OF_EACH: Final = {"local.of_listener": ["<listener>"], "local.functions": ["<function>"]}
SIGNS: Final = {"LessThanThreshold": "under", "GreaterThanOrEqualToThreshold": "at least"}
MEANINGS: Final = {
    "PollEnded": (
        "1 for a poll that came to an end, also where Spotify blocks the app or the consent is over (that is told at once)",
        "none for two hours: see the alarm `longplay-no-poll-<listener>`",
    ),
    "PollSucceeded": (
        "1 for a poll that Spotify answered",
        "fewer than polls that ended: the letter about it says why, and until when",
    ),
    "PlaysFetched": ("plays that no poll had shown before", "none for days, though there was music: `longplay check`"),
    "Gaps": (
        "1 where plays between the last poll and this one may be missing",
        "often: look whether polls run every 30 minutes; an archive fills the gap",
    ),
    "NewestPlayAge": ("seconds since the newest play that Spotify has ever shown", "it grows for days: as PlaysFetched"),
    "ConsentDaysLeft": ("days until the consent ends", "`longplay login --store aws --user <listener>` before it is 0"),
    "BudgetUsed": (
        "calls of a day that are used of our own budget, in percent, of the group that used most",
        "near 100: nothing is asked until tomorrow; SPOTIFY_BUDGETS allows more",
    ),
}
INTRODUCTION: Final = """# Metrics and alarms

Written by `make docs` from `src/longplay/entrypoints/lambdas.py` and `infra/pipeline/alarms.tf`. They are of the [cloud's
part](../running-on-aws.md): on a machine of your own `longplay check` looks at the same, and cron or
[Airflow](../orchestration.md) tells what it finds.

## Metrics

The function `fetch` writes them with each poll, into the namespace `Longplay` of CloudWatch, with the dimensions `service`
(always `longplay`) and `listener`. The dashboard `longplay` shows them beside AWS's own: failures and seconds of functions,
what waits in the queue, executions.
"""
ALARMS: Final = """## Alarms

Each but `longplay-errors-fetch` writes an e-mail to the address that `alarm_email` names, when it begins and often when it is
over. Names begin with the variable `name`, which is `longplay`. What the state machine tells at once (blocks, pages and
archives that cannot be read) needs no alarm: [what a letter means](../running-on-aws.md#what-a-letter-means) lists all
letters.
"""


def metrics() -> str:
    """Give the whole page; what is measured without a meaning, or the other way round, is an error."""
    if measured() != set(MEANINGS):
        raise ValueError(f"measured or explained alone: {sorted(measured() ^ set(MEANINGS))}")
    explained = ((code(name), *meaning) for name, meaning in MEANINGS.items())
    watched = ((code(name), when, meaning) for name, when, meaning in alarms())
    return "\n".join(
        [
            INTRODUCTION,
            table(("metric", "what it is", "what to do"), explained),
            ALARMS,
            table(("alarm", "goes off", "what happened, and what to do"), watched),
        ]
    )


def measured() -> set[str]:
    """Name what the functions measure."""
    return set(MEASURED.findall((ROOT / "src/longplay/entrypoints/lambdas.py").read_text(encoding="utf-8")))


def alarms() -> Iterator[tuple[str, str, str]]:
    """Give each alarm's name, when it goes off, and what it says."""
    for body in RESOURCE.findall((ROOT / "infra/pipeline/alarms.tf").read_text(encoding="utf-8")):
        found = {name: value.strip('"') for name, value in ATTRIBUTE.findall(body)}
        for each in _of_each(found.get("for_each", "")):
            yield _filled(found["alarm_name"], each), _when(found, each), _filled(found["alarm_description"], each)


def _of_each(spelled: str) -> list[str]:
    return OF_EACH.get(spelled) or re.findall(r'"(\w+)"', spelled) or [""]


def _filled(text: str, each: str) -> str:
    """Put names where Terraform puts values."""
    text = text.replace("${lower(each.key)}", each.lower()).replace("${each.value}", f"longplay-{each}")
    return re.sub(r"\$\{([^}]+)\}", lambda found: SPELLED.get(found[1], each), text)


def _when(found: dict[str, str], each: str) -> str:
    metric = each if found["metric_name"] == "each.key" else found["metric_name"]
    times, hours = int(found["evaluation_periods"]), int(found["period"]) / 3600
    most = f" in {found['datapoints_to_alarm']} of" if "datapoints_to_alarm" in found else " in"
    span = f"{times} periods of {hours:g} h" if times > 1 else f"{hours:g} h"
    return f"{found['statistic'].lower()} of `{metric}` {SIGNS[found['comparison_operator']]} {found['threshold']}{most} {span}"


if __name__ == "__main__":
    write(PAGE, metrics())
