"""From what is chosen to rows of the landing table `choices`.

For each listener that is named, and for everybody else, they say all that holds: so nobody who reads the table has to know how
everybody's choices and one listener's go together.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from longplay.choices.shape import RULES, Choices, Chosen, Exclude, Zone, hours_in

Row = dict[str, Any]
Span = tuple[date, date]  # first and last day


def choice_rows(choices: Choices, version: str, chosen_at: datetime) -> list[Row]:
    """Give the rows of one version of the file. `user_id` is none in those of everybody whom it does not name."""
    whole: Mapping[str | None, Chosen] = {None: choices.everybody} | {
        name: Chosen(
            one.play_rule or choices.everybody.play_rule,
            [*choices.everybody.exclude, *one.exclude],
            one.zone or choices.everybody.zone,
        )
        for name, one in choices.listeners.items()
    }
    told = {"version": version, "chosen_at": chosen_at.astimezone(UTC).replace(tzinfo=None)}
    return [{"user_id": user, **told, **row} for user, chosen in whole.items() for row in _rows(chosen)]


def _rows(chosen: Chosen) -> Iterator[Row]:
    yield {"kind": "play_rule", "name": chosen.play_rule or RULES[0]}
    yield from _zones(chosen.zone)
    for each in chosen.exclude:
        if each.kind != "hours":
            yield {"kind": each.kind, "name": each.name, "artist_name": each.artist if each.kind == "track" else None}
    yield from _hours([each for each in chosen.exclude if each.kind == "hours"])


def _zones(zones: Sequence[Zone]) -> Iterator[Row]:
    """Give where somebody lived. A zone holds from its own midnight until the next one's; no two hold at one instant."""
    following: tuple[date, datetime] | None = None
    for zone in sorted(zones, key=lambda zone: zone.since or date.min, reverse=True):
        begins = zone.since and datetime.combine(zone.since, time.min, ZoneInfo(zone.zone)).astimezone(UTC).replace(tzinfo=None)
        yield {
            "kind": "zone", "name": zone.zone, "since_on": zone.since, "from_at": begins,
            "until_on": following and following[0] - timedelta(days=1), "until_at": following and following[1],
        }  # fmt: skip
        if zone.since and begins:
            following = zone.since, min(begins, following[1] if following else begins)


def _hours(excluded: Sequence[Exclude]) -> Iterator[Row]:
    """Give the hours that are left out, one by one, with first and last day; no day stands in two rows of an hour."""
    spans: dict[int, list[Span]] = {}
    for each in excluded:
        for hour in hours_in(each.hours or ""):
            spans.setdefault(hour, []).append((each.since or date.min, each.until or date.max))
    for hour in sorted(spans):
        for since, until in merged(spans[hour]):
            yield {
                "kind": "hours", "hour": hour,
                "since_on": None if since == date.min else since, "until_on": None if until == date.max else until,
            }  # fmt: skip


def merged(spans: Sequence[Span]) -> list[Span]:
    """Join spans of days that share a day.

    >>> merged([(date(2024, 1, 5), date(2024, 1, 9)), (date(2024, 1, 1), date(2024, 1, 5))])
    [(datetime.date(2024, 1, 1), datetime.date(2024, 1, 9))]
    """
    joined: list[Span] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(until, joined[-1][1])
        else:
            joined.append((since, until))
    return joined
