"""What the benchmark of answers says of two answers: equal but for the rounding of sums, or different."""

import polars as pl
import pytest

from benchmarks.answers import Cost, Differs, compare, cpu_ms, p95


def test_sums_that_differ_by_their_rounding_are_equal() -> None:
    quick = pl.DataFrame({"member": ["a", "b"], "value": [0.1 + 0.2, 4.0]})
    slow = pl.DataFrame({"member": ["b", "a"], "value": [4.0, 0.3]})
    compare("revenue", quick, slow)


@pytest.mark.parametrize("value", [4.00001, None])
def test_another_number_is_a_difference(value: float | None) -> None:
    quick, slow = (pl.DataFrame({"value": [number]}, schema={"value": pl.Float64}) for number in (4.0, value))
    with pytest.raises(Differs, match="revenue from aggregates is not what it is from the facts"):
        compare("revenue", quick, slow)


def test_nineteen_of_twenty_do_not_exceed_the_p95() -> None:
    assert p95([float(number) for number in range(21)]) == 19.0
    assert p95([7.0]) == 7.0


def test_the_ratio_says_how_many_times_more_the_facts_cost() -> None:
    assert Cost("revenue", first=9.0, median=2.0, p95=3.0, facts=500.0).ratio == 250
    assert Cost("revenue", first=9.0, median=2.0, p95=3.0).ratio is None


def test_cpu_time_comes_with_the_answer() -> None:
    taken, answer = cpu_ms(lambda: sum(range(10_000)))
    assert answer == 49_995_000
    assert taken >= 0
