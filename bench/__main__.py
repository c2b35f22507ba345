"""`python -m bench --plays 1M`: measure, print a table, renew the section of that size in `docs/performance.md`."""

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from bench import growing, looking, modelling, reading, whole
from bench.figures import Figure, renewed, section
from bench.places import PAGE

SIZES: Final = {"100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}
ROUNDS: Final = {"100k": 5, "1M": 5, "10M": 3}
Part = Callable[[int, int], Iterator[Figure]]
PARTS: Final[dict[str, Part]] = {
    "reading": reading.figures,
    "modelling": modelling.figures,
    "growing": growing.figures,
    "whole": whole.figures,
    "page": looking.figures,
    "small": modelling.small_objects,
}
LARGE_PARTS: Final[dict[str, Part]] = {"memory": whole.memory}


def main() -> None:
    """Measure what was asked for; the page is renewed by a whole run only."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--plays", choices=SIZES, default="100k")
    parser.add_argument("--only", choices=PARTS | LARGE_PARTS, help="one part; the page stays as it is")
    parser.add_argument("--rounds", type=int)
    asked = parser.parse_args()
    rounds = asked.rounds or ROUNDS[asked.plays]
    whole = LARGE_PARTS if asked.plays == "10M" else PARTS
    parts = [(PARTS | LARGE_PARTS)[asked.only]] if asked.only else whole.values()
    figures = [figure for part in parts for figure in part(SIZES[asked.plays], rounds)]
    told = section(asked.plays, rounds, figures, datetime.now(UTC).date())
    print(told)
    if not asked.only:
        renewed(PAGE, asked.plays, told)


if __name__ == "__main__":
    main()
