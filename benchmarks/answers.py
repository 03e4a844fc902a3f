"""What each answer that the screens ask costs: CPU milliseconds from aggregates, beside the same from the facts.

``python -m benchmarks.answers HOME [--help]`` asks a firm of ``benchmarks.scale``, every answer warm and many times;
numbers of the registry once more from the facts, in the same run: the table tells the ratio, and it ends with 1 where
the two differ. ``python -m benchmarks.answers --growth HOME HOME...`` asks the same of firms of more and more days.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from analytics.access import Viewer
from analytics.metrics import METRICS
from analytics.scope import GROUPINGS, Scope
from answers import Snapshot, changes, choices, customers, decisions, inventory, metrics, orders, stock, stock_outs
from answers.asked import Member, asked
from answers.evidence import evidence
from answers.kept import facts_only
from answers.metrics import Reading
from data_access.home import Home
from data_access.snapshot import current

OWNER = Viewer(user="owner", role="owner")
RUNS, LEAST_RUNS, PATIENCE = 25, 2, 1.0
AIM_MS, AIM_RATIO, AIM_GROWTH = 25, 100, 1.5
ROUNDING = 1e-9


@dataclass(frozen=True)
class Question:
    """One answer: what it is called, how it is asked; ``is_number``: whether the facts can be asked for it too."""

    name: str
    ask: Callable[[], object]
    is_number: bool = False


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds of an answer: the first time, the median and the 95th percentile of warm runs; once from the
    facts."""

    name: str
    first: float
    median: float
    p95: float
    facts: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times more the facts cost."""
        return None if self.facts is None else self.facts / self.median


class Differs(AssertionError):
    """Aggregates and facts do not give the same."""


def p95(values: Sequence[float]) -> float:
    """The value that nineteen of twenty do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def cpu_ms(ask: Callable[[], object]) -> tuple[float, Any]:
    """CPU milliseconds of all threads, and the answer."""
    started = time.process_time()
    answer = ask()
    return 1000 * (time.process_time() - started), answer


def questions(version: Snapshot, scope: Scope) -> Iterator[Question]:
    """Every answer that a screen asks of the firm, about the numbers that it has."""
    known = [name for name in METRICS if metrics.value(OWNER, scope, name, version=version).value is not None]
    for name in known:
        yield from _of_number(version, scope, name)
    yield Question("choices", partial(choices.choices, OWNER, version=version))
    yield Question("decisions", partial(decisions.decisions, OWNER, scope, version=version))
    if version.rows("aggregates/stock_by_item"):
        yield from _of_stock(version, scope)
    yield from _of_customers(version, scope)


def _of_number(version: Snapshot, scope: Scope, name: str) -> Iterator[Question]:
    is_kept = METRICS[name].time != "now"
    yield Question(f"{name}: value", partial(metrics.value, OWNER, scope, name, version=version), is_kept)
    if not is_kept:
        return
    yield Question(f"{name}: months", partial(metrics.series, OWNER, scope, name, version=version), is_number=True)
    for dimension in changes.dimensions(OWNER, name, version=version):
        ask = partial(changes.contributions, OWNER, scope, name, dimension, version=version)
        yield Question(f"{name}: by {dimension}", ask, is_number=True)
    yield Question(f"{name}: effects", partial(changes.effects, OWNER, scope, name, version=version))
    yield Question(f"{name}: drivers", partial(changes.drivers, OWNER, scope, name, version=version))
    narrow = _narrow(version, scope, name)
    yield Question(f"{name}: of one member", partial(metrics.value, OWNER, scope, name, member=narrow, version=version))
    yield Question(f"{name}: rows of one member", partial(evidence, OWNER, scope, name, member=narrow, version=version))


def _narrow(version: Snapshot, scope: Scope, name: str) -> Member:
    """A product, where the number knows them, else a customer."""
    dimension = "product" if "product" in metrics.knows(METRICS[name]) else "customer"
    key = {"product": ("products", "product_id"), "customer": ("customers", "customer_id")}[dimension]
    question = asked(OWNER, scope, name, version)
    first = version.table(key[0], question.viewer).select(pl.col(key[1]).first()).collect().item()
    return Member(dimension=dimension, key=first)


def _of_stock(version: Snapshot, scope: Scope) -> Iterator[Question]:
    item = inventory.outlook(OWNER, scope, version=version).row(0, named=True)["product_id"]
    yield Question("inventory: outlook", partial(inventory.outlook, OWNER, scope, version=version))
    for grouping in GROUPINGS[1:]:
        ask = partial(inventory.groups, OWNER, Scope(grouping=grouping), version=version)
        yield Question(f"inventory: groups by {grouping}", ask)
    for name, answer in {
        "by site": inventory.by_site,
        "history": inventory.history,
        "projection": inventory.projection,
        "events": inventory.events,
    }.items():
        yield Question(f"inventory: {name} of one item", partial(answer, OWNER, scope, item, version=version))
    yield Question("stock: positions", partial(stock.positions, OWNER, scope, version=version))
    yield Question("stock: ages", partial(stock.ages, OWNER, scope, version=version))
    yield Question("stock-outs: risks", partial(stock_outs.risks, OWNER, scope, version=version))
    yield Question("stock-outs: without opinion", partial(stock_outs.without_opinion, OWNER, scope, version=version))


def _of_customers(version: Snapshot, scope: Scope) -> Iterator[Question]:
    who = version.table("customers", OWNER).select(pl.col("customer_id").first()).collect().item()
    yield Question("customers: segments", partial(customers.customers, OWNER, scope, version=version))
    for name, answer in {
        "numbers": customers.numbers,
        "events": customers.events,
        "next step": customers.next_step,
        "contacts": customers.contacts,
    }.items():
        yield Question(f"customers: {name} of one customer", partial(answer, OWNER, scope, who, version=version))
    yield Question("orders: numbers of all", partial(orders.orders, OWNER, scope, version=version))


def cost(question: Question, *, with_facts: bool) -> Cost:
    """What one answer costs: of many warm runs, of few where each takes long. Raises ``Differs``."""
    first, answer = cpu_ms(question.ask)
    runs = max(LEAST_RUNS, min(RUNS, int(1000 * PATIENCE / max(first, 1.0))))
    taken = [cpu_ms(question.ask)[0] for _ in range(runs)]
    facts = None
    if with_facts and question.is_number:
        with facts_only():
            facts, slowly = cpu_ms(question.ask)
        compare(question.name, answer, slowly)
    return Cost(question.name, first, median(taken), p95(taken), facts)


def compare(name: str, quick: object, slow: object) -> None:
    """Raises ``Differs`` where two answers are not the same, but for the rounding of sums."""
    try:
        assert_frame_equal(_frame(quick), _frame(slow), check_row_order=False, rel_tol=ROUNDING, abs_tol=ROUNDING)
    except AssertionError as reason:
        raise Differs(f"{name} from aggregates is not what it is from the facts: {reason}") from reason


def _frame(answer: object) -> pl.DataFrame:
    if isinstance(answer, Reading):
        row = {name: value for name, value in asdict(answer).items() if isinstance(value, float | int | str | None)}
        return pl.DataFrame([row])
    assert isinstance(answer, pl.DataFrame)
    return answer


HEADING = f"{'CPU ms':48}{'first':>9}{'median':>9}{'p95':>9}{'facts':>11}{'ratio':>9}"


def line(one: Cost) -> str:
    """One answer in the table."""
    facts = "" if one.facts is None else f"{one.facts:11,.0f}{one.ratio:9,.0f}"
    return f"{one.name:48}{one.first:9.1f}{one.median:9.1f}{one.p95:9.1f}{facts}"


def summary(costs: Sequence[Cost]) -> Iterator[str]:
    """What the table comes to."""
    medians = [one.median for one in costs]
    above = sum(each > AIM_MS for each in medians)
    yield f"{len(costs)} answers: median {median(medians):.1f} ms, p95 {p95(medians):.1f}, {above} above {AIM_MS}"
    firsts = [one.first for one in costs]
    slow = sum(each > AIM_MS for each in firsts)
    yield f"The first time: median {median(firsts):.1f} ms, p95 {p95(firsts):.1f}, {slow} above {AIM_MS}"
    ratios = [one.ratio for one in costs if one.ratio is not None]
    if ratios:
        least, usual = min(ratios), median(ratios)
        yield f"facts cost {usual:,.0f} times as much at the median, {least:,.0f} at least (aim: {AIM_RATIO})"


def measured(home: Path, scope: Scope, *, with_facts: bool, only: str) -> Iterator[Cost]:
    """The costs of all answers, or of those with the text in their name."""
    version = current(Home(home))
    for question in questions(version, scope):
        if only in question.name:
            yield cost(question, with_facts=with_facts)


def grown(homes: Sequence[Path], only: str) -> Iterator[str]:
    """What the same answers cost of firms of more and more days, each compared with the month before."""
    scope = Scope(comparison="before")
    by_home = [{one.name: one.median for one in measured(home, scope, with_facts=False, only=only)} for home in homes]
    shared = [name for name in by_home[0] if all(name in costs for costs in by_home)]
    ratios = {name: by_home[-1][name] / by_home[0][name] for name in shared}
    yield f"{'median CPU ms':48}" + "".join(f"{home.name:>12}" for home in homes) + f"{'ratio':>9}"
    for name in sorted(shared, key=lambda name: -by_home[-1][name]):
        yield f"{name:48}" + "".join(f"{costs[name]:12.1f}" for costs in by_home) + f"{ratios[name]:9.2f}"
    first, *_, last = [sum(costs[name] for name in shared) for costs in by_home]
    half = median(ratios.values())
    yield f"together they grow {last / first:.2f} times, half of them less than {half:.2f} (aim: {AIM_GROWTH})"


def main() -> None:
    """Prints the table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("homes", nargs="+", type=Path, help="homes made by benchmarks.scale")
    wanted.add_argument("--growth", action="store_true", help="compare the homes with each other")
    wanted.add_argument("--without-facts", action="store_true", help="do not ask the facts, which takes minutes")
    wanted.add_argument("--period", default="month", help="what is asked about, as in an address: month, year, 2025")
    wanted.add_argument("--only", default="", help="answers with this text in their name")
    told_by = wanted.parse_args()
    if told_by.growth:
        print(*grown(told_by.homes, told_by.only), sep="\n")
        return
    try:
        for home in told_by.homes:
            table(home, Scope(period=told_by.period), with_facts=not told_by.without_facts, only=told_by.only)
    except Differs as difference:
        sys.exit(str(difference))


def table(home: Path, scope: Scope, *, with_facts: bool, only: str) -> None:
    """Prints each answer as soon as it is measured, then what they come to."""
    print(home.name, HEADING, sep="\n")
    costs = []
    for one in measured(home, scope, with_facts=with_facts, only=only):
        costs.append(one)
        print(line(one), flush=True)
    print(*summary(costs), sep="\n")


if __name__ == "__main__":
    main()
