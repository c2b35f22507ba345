"""From a ZIP to Parquet: beside the floor, beside json and pandas, and with bad rows."""

from collections.abc import Iterator
from typing import Final

from bench.archives import archive, columns
from bench.figures import Figure
from bench.measuring import interleaved, into_scratch
from bench.places import peer, step

# What a million plays cost at the least with the parts we have, in seconds of CPU where the floor takes 1.8 and json+pandas 9.
LIMITS: Final = {
    "both": "a million plays: two Parquet writes 2.4 s, DuckDB's JSON 1.0 s, planning two questions for each of 65 files "
    "0.5 s, raw rows read again 0.3 s, unpacking 0.3 s, counting 0.3 s, the hash 0.1 s; looking for what is odd and masking "
    "cost 3 to 5 % each, writing without compression would save 5 %",
    "typed": "a million plays: a Parquet write 1.2 s, DuckDB's JSON 1.0 s, hash and unpacking 0.4 s",
}


def figures(plays: int, rounds: int) -> Iterator[Figure]:
    """Measure what `longplay import` does without the warehouse."""
    good, layout = archive(plays), columns(plays)
    jobs = {
        "floor": into_scratch(lambda out: peer("peers/floor.py", good, layout, out / "floor.parquet")),
        "json+pandas": into_scratch(lambda out: peer("peers/json_pandas.py", good, out / "pandas.parquet")),
        "raw and typed": into_scratch(lambda out: step("raw_and_typed", good, out)),
        "typed alone": into_scratch(lambda out: step("typed_alone", good, out)),
        "bad values": into_scratch(lambda out: step("raw_and_typed", archive(plays, "values"), out)),
        "bad elements": into_scratch(lambda out: step("raw_and_typed", archive(plays, "no-rows"), out)),
    }
    for fault in ("values", "no-rows"):
        archive(plays, fault)  # made before anything is measured
    costs = interleaved(jobs, rounds)
    cpu = {name: cost.cpu for name, cost in costs.items()}
    both, floor, pandas = cpu["raw and typed"], cpu["floor"], cpu["json+pandas"]
    seen, limit = f"{both:.2f} s, floor {floor:.2f} s", LIMITS["both"]
    yield Figure("ZIP to raw and typed Parquet, beside the floor", both / floor, 3, seen=seen, limit=limit)
    yield Figure("… beside json+pandas", both / pandas, 0.5, seen=f"json+pandas {pandas:.2f} s", limit=limit)
    typed, limit = cpu["typed alone"], LIMITS["typed"]
    yield Figure("ZIP to typed Parquet alone, beside the floor", typed / floor, 2.5, seen=f"{typed:.2f} s", limit=limit)
    yield Figure("… beside json+pandas", typed / pandas, 0.4, limit=limit)
    for name in ("bad values", "bad elements"):
        yield Figure(f"0.1 % {name}, beside none", cpu[name] / both, 1.1, seen=f"{cpu[name]:.2f} s")
    peaks = {name: costs[name].peak / 1e6 for name in ("raw and typed", "json+pandas")}
    seen = f"json+pandas {peaks['json+pandas']:.0f} MB"
    yield Figure("peak memory of ZIP to raw and typed Parquet", peaks["raw and typed"], 450, "MB", seen)
