"""From a ZIP to Parquet: beside the floor, beside json and pandas, and with bad rows."""

from collections.abc import Iterator

from bench.archives import archive, columns
from bench.figures import Figure
from bench.measuring import interleaved, into_scratch
from bench.places import peer, step


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
    yield Figure("ZIP to raw and typed Parquet, beside the floor", both / floor, 3, seen=f"{both:.2f} s, floor {floor:.2f} s")
    yield Figure("… beside json+pandas", both / pandas, 0.5, seen=f"json+pandas {pandas:.2f} s")
    typed = cpu["typed alone"]
    yield Figure("ZIP to typed Parquet alone, beside the floor", typed / floor, 2.5, seen=f"{typed:.2f} s")
    yield Figure("… beside json+pandas", typed / pandas, 0.4)
    for name in ("bad values", "bad elements"):
        yield Figure(f"0.1 % {name}, beside none", cpu[name] / both, 1.1, seen=f"{cpu[name]:.2f} s")
    peaks = {name: costs[name].peak / 1e6 for name in ("raw and typed", "json+pandas")}
    seen = f"json+pandas {peaks['json+pandas']:.0f} MB"
    yield Figure("peak memory of ZIP to raw and typed Parquet", peaks["raw and typed"], 450, "MB", seen)
