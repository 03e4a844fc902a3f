"""A kit is sold as one thing; its parts are set aside together, and leave together."""

from collections import Counter
from collections.abc import Mapping

import polars as pl
import pytest

from sample_data import Plan, Sample
from sample_data.exact import UNIT
from sample_data.firm import NONE, Firm, SalesLine


@pytest.fixture(scope="module")
def firm() -> Firm:
    return Sample(Plan(scale=0.1)).outcome.firm


def parts(firm: Firm, line: SalesLine) -> dict[int, int]:
    """By node, what a line of kits takes."""
    return {part: each * line.quantity // UNIT for part, each in firm.network.contents[line.node]}


def kit_lines(firm: Firm) -> list[SalesLine]:
    return [line for line in firm.record.sales.values() if line.node in firm.network.contents]


def test_kits_that_have_to_wait_leave_within_weeks(firm: Firm) -> None:
    assert len(kit_lines(firm)) > 20
    shipped = {line.index: shipment.day for shipment in firm.record.shipments for line, _ in shipment.lines}
    wanted = {line.index: max(int(firm.demand.day[line.order]), line.leaves_from) for line in kit_lines(firm)}
    longest = max(shipped[index] - day for index, day in wanted.items() if index in shipped)
    assert 7 < longest < 45


def test_a_kit_waits_only_while_one_of_its_parts_lacks(firm: Firm) -> None:
    first = [firm.waiting[kit][0] for kit in firm.network.contents if firm.waiting[kit]]
    able = [line for line in first if all(firm.free(part) >= needed for part, needed in parts(firm, line).items())]
    assert able == []


def test_parts_are_committed_to_kits_and_orders_that_wait_for_them(firm: Firm) -> None:
    needs: Counter[int] = Counter()
    for kit in firm.network.contents:
        for line in firm.waiting[kit]:
            needs.update(parts(firm, line))
    for order in firm.record.work_orders:
        if order.started == NONE and not order.is_cancelled:
            needs.update({part: each * order.quantity // UNIT for part, each in firm.network.parts[order.node.index]})
    assert {node: int(level) for node, level in enumerate(firm.committed) if level} == {
        n: q for n, q in needs.items() if q
    }


def test_a_kit_costs_and_contains_its_parts(small: Mapping[str, pl.DataFrame]) -> None:
    kits = small["boms"].filter(pl.col("kind") == "kit")
    assert kits.height > 0
    costs = small["products"].select("product_id", "cost")
    lines = small["bom_lines"].join(kits.select("bom_id"), on="bom_id", how="semi")
    below = lines.join(costs, left_on="component_id", right_on="product_id", validate="m:1")
    sums = below.group_by("product_id").agg(parts=(pl.col("cost") * pl.col("quantity_per")).sum())
    both = sums.join(costs, on="product_id", validate="1:1")
    assert both.filter((pl.col("cost") - pl.col("parts")).abs() > 0.001).is_empty()
