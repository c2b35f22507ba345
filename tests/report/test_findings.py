"""What the page says of numbers: a table of rules, each near its thresholds."""

# ruff: noqa: E501  the table below reads best with a line for each

from itertools import groupby

import pytest

DAY = 20_000  # 4 October 2024

SAID = [
    ("plays", {"isOneDay": False, "day": DAY, "plays": 14, "usual": 10}, "No day stands out; the busiest was 4 October 2024: 14 plays"),
    ("plays", {"isOneDay": False, "day": DAY, "plays": 19, "usual": 10}, "Your busiest day was 4 October 2024: 19 plays"),
    ("plays", {"isOneDay": False, "day": DAY, "plays": 20, "usual": 10}, "Your busiest day was 4 October 2024: 20 plays, twice the usual"),
    ("hours", {"plays": 49, "most": 20, "peak": 8, "mostOfDay": 20, "peakOfDay": 8}, "Too few plays to name your hour of the week"),
    ("hours", {"plays": 1680, "most": 20, "peak": 104, "mostOfDay": 80, "peakOfDay": 8}, "Fridays at 8:00 are your busiest hour"),
    ("hours", {"plays": 1680, "most": 19, "peak": 104, "mostOfDay": 105, "peakOfDay": 8}, "You listen most around 8:00, on no weekday in particular"),
    ("hours", {"plays": 1680, "most": 19, "peak": 104, "mostOfDay": 104, "peakOfDay": 8}, "No hour of the week stands out"),
    ("top", {"first": {"name": "A"}, "second": {"name": "B"}, "lead": 1.04}, "A and B are almost level"),
    ("top", {"first": {"name": "A"}, "second": {"name": "B"}, "lead": 1.05}, "A came first, ahead of B"),
    ("top", {"first": {"name": "A"}, "second": {"name": "B"}, "lead": 1.5}, "A came first, by a distance"),
    ("newness", {"isSettled": False}, "In your first 90 days everything is new"),
    ("newness", {"isSettled": True, "plays": 49, "artist": 9, "track": 9}, "Too few plays to say how much of it was new"),
    ("newness", {"isSettled": True, "plays": 1000, "artist": 40, "track": 9}, "You stayed with what you knew: 5 % of plays were of anything new"),
    ("newness", {"isSettled": True, "plays": 1000, "artist": 40, "track": 10}, "4 % of plays went to artists you had just met, 1 % to new tracks by others"),
    ("channels", {"songs": 900, "known": 19}, "How you found a song is known of 19 of 900: too few to tell"),
    ("channels", {"songs": 900, "known": 100, "first": {"songs": 40, "words": "searches"}, "second": {"songs": 36, "words": "albums"}}, "You found songs by searches and by albums alike"),
    ("channels", {"songs": 900, "known": 100, "first": {"songs": 40, "words": "searches"}, "second": {"songs": 35, "words": "albums"}}, "Where it is known, you found songs mostly by searches: 40 %"),
    ("stayed", {"judged": 19, "stuck": 9}, "Too few discoveries are old enough to say how many stay"),
    ("stayed", {"judged": 20, "stuck": 9}, "45 % of the artists you discovered were still with you after 90 days"),
    ("returned", {"artists": 0}, "Nobody came back after a year of silence"),
    ("returned", {"artists": 9, "name": "Amber Choir", "days": 729}, "9 artists came back after a year of silence or more"),
    ("returned", {"artists": 9, "name": "Amber Choir", "days": 731}, "9 artists came back after a year of silence; Amber Choir after 2 years"),
    ("genres", {"coverage": 0.29, "most": "jazz"}, "The genres of 29 % of it are known: too little to tell"),
    ("genres", {"coverage": 0}, "Not one genre of it is known"),
    ("genres", {"coverage": 0.3, "most": "jazz", "share": 0.51}, "Jazz is most of it"),
    ("genres", {"coverage": 0.3, "most": "jazz", "share": 0.5}, "Jazz is the largest part: 50 %"),
    ("genres", {"coverage": 0.9, "most": "jazz", "rise": {"family": "electronic"}, "fall": {"family": "indie"}}, "Electronic moved in, indie moved out"),
    ("variety", {"months": 6, "monthsBefore": 5, "before": 17, "lately": 20, "effective": 30.2}, "A usual month is as varied as 30 artists played equally"),
    ("variety", {"months": 6, "monthsBefore": 6, "before": 20, "lately": 20.9, "effective": 30}, "As varied as ever: thirty plays hold 21 artists"),
    ("variety", {"months": 6, "monthsBefore": 6, "before": 20, "lately": 21.1, "effective": 30}, "It got wider: thirty plays hold 21.1 artists, 20.0 before"),
    ("mood", {"coverage": 0, "valence": None, "energy": None}, "How it sounds is not known"),
    ("mood", {"coverage": 0.29, "valence": 0.9, "energy": 0.9}, "How it sounds is known of 29 % of it: too little to tell"),
    ("mood", {"coverage": 0.8, "valence": 0.46, "energy": 0.54}, "On balance, your music is in the middle: neither cheerful nor sombre, neither intense nor calm"),
    ("mood", {"coverage": 0.8, "valence": 0.44, "energy": 0.54}, "On balance, your music is rather sombre"),
    ("mood", {"coverage": 0.8, "valence": 0.56, "energy": 0.44}, "On balance, your music is rather cheerful and calm"),
    ("mood-hours", {"coverage": 0.8, "hours": 2, "most": {"hour": 7, "energy": 0.54}, "least": {"hour": 23, "energy": 0.5}}, "Energy hardly changes with the hour"),
    ("mood-hours", {"coverage": 0.8, "hours": 2, "most": {"hour": 7, "energy": 0.56}, "least": {"hour": 23, "energy": 0.5}}, "Most intense at 7:00, calmest at 23:00"),
    ("skip-hours", {"plays": 49, "skips": 20}, "Too few plays tell whether they were skipped"),
    ("skip-hours", {"plays": 100, "skips": 20, "most": {"hour": 7, "value": 0.24}, "least": {"hour": 9, "value": 0.15}}, "You skip 20 % of what starts, at all hours alike"),
    ("skip-newness", {"first": 0.2, "last": 0.24}, "New songs fare like old ones: 20 % and 24 % are skipped"),
    ("skip-newness", {"first": 0.3, "last": 0.24}, "New songs have it harder: 30 % of first plays are skipped, 24 % of old friends"),
    ("calendar", {"days": 365, "loud": 365, "silent": 0, "gap": 0}, "Not one silent day in 365"),
    ("calendar", {"days": 365, "loud": 300, "silent": 65, "gap": 14}, "Music on 300 of 365 days; the longest silence was 14 days"),
    ("versus", {"now": 3_600_000, "then": 0}, "Nothing to compare with: no plays in the other period"),
    ("versus", {"now": 104 * 3_600_000, "then": 100 * 3_600_000, "words": "2023"}, "About as much as 2023: 104 hours"),
    ("versus", {"now": 90 * 3_600_000, "then": 100 * 3_600_000, "words": "2023"}, "90 hours, 10 % less than 2023"),
    ("coverage", {"days": 100, "gap": 1, "partial": 0}, "1 day of 100 is told by no source"),
    ("coverage", {"days": 100, "gap": 0, "partial": 0}, "All 100 days are told by an archive or by Spotify"),
    ("enriched", {"genres": 0, "sound": 0}, "Nobody was asked yet how it sounds or which genre it is"),
]  # fmt: skip


def test_every_finding_is_said_from_its_threshold_on(visit, report):
    page = visit(report).open().page

    said = page.evaluate(
        "asked => asked.map(([name, facts]) => findingOf(name, facts).replaceAll('\\u00a0', ' '))",
        [[name, facts] for name, facts, _ in SAID],
    )

    assert said == [sentence for *_, sentence in SAID]


def test_every_figure_has_rules_and_the_last_one_always_speaks(visit, report):
    page = visit(report).open().page

    figures = page.evaluate("[...document.querySelectorAll('figure[id^=figure-]')].map(one => one.id.slice(7))")
    always = page.evaluate(
        "Object.entries(FINDINGS).filter(([, rules]) => rules.at(-1)[0] === otherwise).map(([name]) => name)"
    )

    assert sorted(figures) == sorted(always)


@pytest.mark.parametrize("name", sorted({name for name, *_ in groupby(SAID, key=lambda one: one[0])}))
def test_a_sentence_is_short_and_exact(name):
    for sentence in (said for of, _, said in SAID if of == name):
        assert not sentence.endswith((".", "!")), "a title has no full stop"
        assert len(sentence) < 110
