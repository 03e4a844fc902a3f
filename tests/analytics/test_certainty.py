"""How sure a promise is: by each delivery's past, by what is made of them, and in the long run."""

import random
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from analytics.certainty import BOUGHT, MADE, PUT_TOGETHER, Likely, Relied, days_to_add, likely
from analytics.lateness import DELIVERIES, PURCHASE, RECEIPTS, WORK_ORDER, dated, lateness
from tests.analytics.firm import DAY

STEP = np.array([0.0, 0.5, 1.0])
A, B = (BOUGHT, "a"), (BOUGHT, "b")


def first(likely_by: Likely, *relied: Relied, confidence: float = 0.9) -> int | None:
    return days_to_add(likely_by.all_of(relied), confidence)


def test_one_delivery_is_there_when_its_past_says() -> None:
    sure = Likely({A: STEP})
    assert first(sure, Relied(A, by=0)) == 2
    assert first(sure, Relied(A, by=1)) == 1
    assert first(sure, Relied(A, by=5)) == 0
    assert first(sure, Relied(A, by=0), confidence=0.5) == 1


def test_all_have_to_be_there_and_the_same_one_counts_once() -> None:
    sure = Likely({A: STEP, B: STEP})
    assert sure.all_of([Relied(A, by=1), Relied(B, by=1)])[0] == pytest.approx(0.25)
    assert sure.all_of([Relied(A, by=1), Relied(A, by=4)])[0] == pytest.approx(0.5)
    assert sure.all_of([])[0] == 1.0


def test_what_is_made_is_late_by_its_parts_and_by_ourselves() -> None:
    sure = Likely({A: np.array([0.0, 0.8, 1.0])}, made=np.array([0.5, 1.0]))
    made = Relied((MADE, "p"), by=3, ends=3, parts=(Relied(A, by=1),))
    assert sure.all_of([made])[:3].tolist() == pytest.approx([0.8 * 0.5, 0.8 + 0.2 * 0.5, 1.0])
    kit = Relied((PUT_TOGETHER, "p"), by=3, ends=3, parts=(Relied(A, by=1),))
    assert sure.all_of([kit])[0] == pytest.approx(0.8)
    assert sure.all_of([Relied((MADE, "p"), by=4, ends=3, parts=(Relied(A, by=1),))])[0] == pytest.approx(0.9)


def test_what_comes_earlier_is_sure_earlier_and_what_may_never_come_never_is() -> None:
    sure = Likely({A: STEP})
    assert first(sure.expedited("a", 2), Relied(A, by=0)) == 0
    assert first(sure.expedited("b", 2), Relied(A, by=0)) == 2
    assert first(Likely({A: np.full(9, 0.6)}), Relied(A, by=0)) is None


def past(dice: random.Random, orders: int) -> pl.DataFrame:
    """Orders of a year; half of them come by the day, the others some days late."""
    rows = []
    for at in range(orders):
        due = DAY - timedelta(days=dice.randint(1, 365))
        late = dice.choice((0, dice.randint(1, 20)))
        rows.append(
            {"kind": PURCHASE, "supplier_id": f"v{at % 2}", "order_id": f"P{at}", "company_id": "c1", "region": "N"}
            | {"due_on": due, "arrived_on": due + timedelta(days=late), "weight": 1.0}
        )
    known = pl.DataFrame(rows, schema=DELIVERIES)
    return known.with_columns(arrived_on=pl.when(pl.col("arrived_on") <= DAY).then("arrived_on"))


def test_a_single_receipt_is_promised_for_the_day_that_its_supplier_keeps() -> None:
    late = lateness(past(random.Random(3), 400), DAY)  # noqa: S311 - a past for tests, no secret
    receipt = {"kind": PURCHASE, "number": "P1", "supplier_id": "v1", "party": "Vendor", "product_id": "a"}
    rows = pl.DataFrame([receipt | {"due_on": DAY + timedelta(days=9)}], schema=RECEIPTS)
    known = likely(rows, rows.clear(), late, DAY)
    ((key, _),) = known.arrivals.items()
    for level in (50, 80, 90, 95):
        on = dated(rows, late, DAY)[f"arrives_{level}_on"][0]
        assert first(known, Relied(key, by=0), confidence=level / 100) == (on - DAY).days


def test_what_we_make_is_late_as_our_work_orders_were() -> None:
    row = {"kind": WORK_ORDER, "order_id": "w1", "company_id": "c1", "weight": 1.0}
    done = [row | {"due_on": DAY - timedelta(days=9), "arrived_on": DAY - timedelta(days=at)} for at in (9, 5, 3)]
    nothing = pl.DataFrame(schema=RECEIPTS)
    known = likely(nothing, nothing, lateness(pl.DataFrame(done, schema=DELIVERIES), DAY), DAY)
    assert known.made is not None
    assert 0 < known.made[0] < known.made[6] <= 1.0


def test_ninety_of_a_hundred_promises_are_kept_whatever_they_wait_for() -> None:
    dice = random.Random(5)  # noqa: S311 - draws for tests, no secret
    late = lateness(past(dice, 2_000), DAY)
    kept = []
    for _ in range(400):
        dues = [DAY + timedelta(days=dice.randint(1, 20)) for _ in range(dice.randint(1, 3))]
        rows = pl.DataFrame(
            [{"kind": PURCHASE, "supplier_id": f"v{dice.randint(0, 1)}", "due_on": due} for due in dues],
            schema={name: RECEIPTS[name] for name in ("kind", "supplier_id", "due_on")},
        )
        arrivals = {(BOUGHT, at): chances for at, chances in enumerate(late.arrived_by(rows, DAY, 200))}
        after = first(Likely(arrivals), *(Relied(key, by=0) for key in arrivals))
        came = max(due + timedelta(days=dice.choice((0, dice.randint(1, 20)))) for due in dues)
        assert after is not None
        kept.append((came - DAY).days <= after)
    assert 0.86 <= sum(kept) / len(kept) <= 0.94
