"""Every day: bring in all plays, model them, check them, publish the page.

The state machine in the cloud fetches and processes, or this machine does where LONGPLAY_STATE_MACHINE is not set. Every step
may be repeated: clear the one that failed, and the run goes on from there. What to do when: `docs/orchestration.md`.
"""

from datetime import UTC, datetime

from airflow.sdk import chain, dag
from longplay_steps import CARE, DAY, bring_in, build, check, deadline, load, publish


@dag(
    schedule="15 4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,  # a later run brings in all that an earlier one has missed
    max_active_runs=1,
    dagrun_timeout=DAY,
    deadline=deadline(),
    default_args=CARE,
    tags=["longplay"],
    doc_md=__doc__,
)
def longplay_daily() -> None:
    """Say the sentence."""
    chain(*bring_in(), load(), build("staging"), build("intermediate"), build("marts"), check(), publish())


longplay_daily()
