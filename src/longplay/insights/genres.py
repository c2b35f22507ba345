"""How genres move."""

from collections.abc import Iterator
from typing import Final

from longplay.insights.insight import TO_KNOW_MORE, Ask, Insight, Row, ends
from longplay.thresholds import CLOSE, KNOWN
from longplay.wording import listed, percent

ALL_TIME: Final = """
select family, share_of_known, coverage
from rpt_genre_evolution
where user_id = $user and period = 'all' and counted_ms > 0
order by rank nulls last, family
"""

# Shares of what is known, of the last twelve whole months and of all before: told if enough of both is known.
MOVES: Final = """
with months as (
    select *, dense_rank() over (order by period_start desc) as age
    from rpt_genre_evolution
    where user_id = $user and period = 'month' and not is_unfinished
),
families as (
    select family,
           coalesce(sum(case when age <= 12 and is_known then counted_ms end), 0) as lately,
           coalesce(sum(case when age > 12 and is_known then counted_ms end), 0) as before,
           coalesce(sum(case when age <= 12 then counted_ms end), 0) as all_lately,
           coalesce(sum(case when age > 12 then counted_ms end), 0) as all_before
    from months
    group by family
)
select family,
       lately / nullif(sum(lately) over (), 0) - before / nullif(sum(before) over (), 0) as moved,
       sum(lately) over () / nullif(sum(all_lately) over (), 0) as coverage_lately,
       sum(before) over () / nullif(sum(all_before) over (), 0) as coverage_before
from families
qualify lately + before > 0
order by moved desc, family
"""


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell the genres that are most of the listening, and which moved in or out."""
    rows = ask(ALL_TIME)
    yield mostly(rows)
    if _coverage(rows) >= KNOWN:
        yield from moved(ask(MOVES))


def mostly(rows: list[Row]) -> Insight:
    """Name the genres that lead, where enough is known."""
    known = [row for row in rows if row["family"] not in {"unknown", "other"}]
    coverage = _coverage(rows)
    numbers = {"coverage": coverage} | {row["family"]: row["share_of_known"] for row in known[:3]}
    if not coverage:
        return Insight("genres", "Spotify's archives name no genres; `longplay enrich` asks others for them.", numbers)
    if coverage < KNOWN or not known:
        return Insight(
            "genres",
            f"The genres of {percent(coverage)} of your listening are known: too little to tell. {TO_KNOW_MORE}",
            numbers,
        )
    led = [f"{row['family']} ({percent(row['share_of_known'])})" for row in known[:3]]
    says = f"You listen to {listed(led)} most; genres are known for {percent(coverage)} of your listening."
    return Insight("genres", says, numbers)


def moved(rows: list[Row]) -> Iterator[Insight]:
    """Name what moved in and what moved out in the last twelve whole months, against all that was before."""
    found = ends((row for row in rows if row["moved"] is not None), "moved")
    if found is None or min(found[0]["coverage_lately"], found[0]["coverage_before"]) < KNOWN:
        return
    comes, goes = found
    numbers = {row["family"]: row["moved"] for row in (comes, goes)}
    if max(comes["moved"], -goes["moved"]) < CLOSE:
        yield Insight("genres", "No genre moved by a twentieth of your listening in the last twelve months.", numbers)
        return
    parts = []
    if comes["moved"] >= CLOSE:
        parts.append(f"{comes['family']} moved in (+{100 * comes['moved']:.0f} points)")
    if goes["moved"] <= -CLOSE:
        parts.append(f"{goes['family']} moved out (-{100 * -goes['moved']:.0f} points)")
    says = ", ".join(parts) + " in the last twelve months."
    yield Insight("genres", says[0].upper() + says[1:], numbers)


def _coverage(rows: list[Row]) -> float:
    return rows[0]["coverage"] or 0.0 if rows else 0.0
