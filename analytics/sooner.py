"""What would be sooner: the same question answered again with one thing changed, so that the day is a real one.

Expedited: the goods for which a line waits come some days earlier, but never before tomorrow. Overtime: the work center
that a line waits for works longer on each of its days; the cost is that of the overtime that is really worked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import polars as pl

from analytics.making import DAY, Workshop
from analytics.promising import Answer, Supply, promise

EXPEDITED_DAYS = 7
OVERTIME_MINUTES = 120
MOST_CHANGES = 3
SUPPLIED = ("receipt", "buy")
Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """kind: expedite (a product) or overtime (a work center)."""

    kind: str
    product_id: str | None = None
    work_center_id: str | None = None


@dataclass(frozen=True)
class Sooner:
    """A change, the answer that it gives, and the minutes of overtime that it takes."""

    change: Change
    answer: Answer
    overtime: int = 0


def changes(answer: Answer) -> list[Change]:
    """What the lines wait for and somebody could change, the longest waiting first."""
    waits = answer.waits.with_columns(days=(pl.col("to_on") - pl.col("from_on")).dt.total_days())
    longest = waits.filter(pl.col("days") > 0).sort("days", "line", "step", descending=[True, False, False])
    found = [
        Change("expedite", row["product_id"])
        if row["kind"] in SUPPLIED
        else Change("overtime", work_center_id=row["work_center_id"])
        for row in longest.iter_rows(named=True)
        if row["kind"] in (*SUPPLIED, "work_center")
    ]
    return list(dict.fromkeys(found))[:MOST_CHANGES]


def sooner(supply: Supply, wishes: pl.DataFrame, answer: Answer, *, in_parts: bool) -> list[Sooner]:
    """Each change by which all of it would leave earlier. ``supply``: what the answer was made from."""
    found = []
    for change in changes(answer):
        again = promise(changed_by(supply, change), wishes, in_parts=in_parts)
        if again.last_on is not None and (answer.last_on is None or again.last_on < answer.last_on):
            found.append(Sooner(change, again, overtime_worked(supply.workshop, change, again)))
    return found


def changed_by(supply: Supply, change: Change) -> Supply:
    """The supply as it would be."""
    if change.kind == "overtime":
        shifts = _longer(supply.workshop.shifts, change.work_center_id or "")
        return replace(supply, workshop=replace(supply.workshop, shifts=shifts))
    sure = supply.likely.expedited(change.product_id or "", EXPEDITED_DAYS) if supply.likely else None
    receipts, new = _earlier(supply.receipts, change, supply), _earlier(supply.new, change, supply)
    return replace(supply, receipts=receipts, new=new, likely=sure)


def _earlier(rows: pl.DataFrame, change: Change, supply: Supply) -> pl.DataFrame:
    tomorrow = supply.today + timedelta(days=1)
    is_it = (pl.col("product_id") == change.product_id) & (pl.col("arrives_on") > supply.today)
    sooner_on = pl.max_horizontal(pl.col("arrives_on") - pl.duration(days=EXPEDITED_DAYS), pl.lit(tomorrow))
    return rows.with_columns(arrives_on=pl.when(is_it).then(sooner_on).otherwise("arrives_on"))


def _longer(shifts: pl.DataFrame, work_center_id: str) -> pl.DataFrame:
    """The shifts with their overtime, which ends at midnight."""
    midnight = (pl.col("ends_at") - 1) // DAY * DAY + DAY
    longer = pl.min_horizontal(pl.col("ends_at") + OVERTIME_MINUTES, midnight)
    is_it = pl.col("work_center_id") == work_center_id
    return shifts.with_columns(ends_at=pl.when(is_it).then(longer).otherwise("ends_at"))


def overtime_worked(workshop: Workshop, change: Change, answer: Answer) -> int:
    """How many minutes of the answer's work lie in the overtime of the changed work center."""
    if change.kind != "overtime":
        return 0
    usual = workshop.shifts.filter(pl.col("work_center_id") == change.work_center_id)
    extra = _longer(usual, change.work_center_id or "").select("ends_at").rename({"ends_at": "until"})
    spans = pl.concat([usual.select(since="ends_at"), extra], how="horizontal").rows()
    taken = [(starts, ends) for center, starts, ends in answer.worked if center == change.work_center_id]
    return sum(max(0, min(ends, until) - max(starts, since)) for since, until in spans for starts, ends in taken)


def cost(found: Sooner, hourly: Mapping[str, tuple[float | None, str | None]]) -> tuple[float | None, str | None]:
    """What a change costs, and in which currency; null where nobody states it. ``hourly``: by work center."""
    if found.change.kind != "overtime":
        return None, None
    each, currency = hourly.get(found.change.work_center_id or "", (None, None))
    return (None, None) if each is None else (each * found.overtime / 60, currency)
