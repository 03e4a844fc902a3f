"""Signs of sales, marketing and service: known only from their day on, used only where they told more than chance."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analytics.crm_gains import LEAST_TESTED, Signs, gain, moved, of_part, summed
from analytics.crm_signals import CAMPAIGNS, NAMED, SAID, SIGNS, WANTED, Crm, Seen, likely, nothing
from analytics.demand_forecast import told
from analytics.projection import Numbers
from analytics.win_chances import CHANGES, DEALS
from tests.analytics import demand_firm

AS_OF = date(2026, 3, 29)
WEEKS = 130
WORTH = pl.DataFrame({"product_id": ["p0", "p1"], "category_id": ["a", "b"], "worth": [2.0, 2.0]})


def day(weeks_ago: float) -> date:
    return AS_OF - timedelta(days=round(7 * weeks_ago))


def deals(rows: Sequence[tuple[str, float, float | None, bool | None]]) -> pl.DataFrame:
    """Deals: key, how many weeks ago it was entered and closed, and whether it was won."""
    made = [
        {"opportunity_id": key, "created_on": day(begun), "closed_on": None if over is None else day(over),
         "is_won": won, "company_id": "c", "region": "N"}
        for key, begun, over, won in rows
    ]  # fmt: skip
    return pl.DataFrame(made, schema={**DEALS, "company_id": pl.String})


def telling(seed: int = 1, *, tells: bool = True) -> tuple[Crm, Numbers]:
    """Two categories; four weeks after a deal of 50 units of p0 was entered it is won and asked for (if it tells), or
    demand comes and goes by itself."""
    dice = np.random.default_rng(seed)
    weekly = np.stack([dice.poisson(30, WEEKS), dice.poisson(30, WEEKS)]).astype(float) * 2
    rows, wanted = [], []
    for number, begun in enumerate(dice.choice(np.arange(6, WEEKS + 50), 60, replace=False)):
        rows.append((f"d{number}", float(begun), float(begun) - 5.0, True))
        wanted.append((f"d{number}", "p0", 50.0))
        asked = WEEKS - 1 - (int(begun) - 5 if tells else int(dice.integers(0, WEEKS)))
        if 0 <= asked < WEEKS:
            weekly[0, asked] += 100.0
    lines = pl.DataFrame(wanted, schema=WANTED, orient="row")
    return replace(nothing(), deals=deals(rows), wanted=lines), weekly


def signs(crm: Crm, weekly: Numbers) -> Signs:
    return of_part(crm, weekly, ["a", "b"], WORTH, AS_OF)


def test_signs_that_tell_are_used_where_they_tell_and_nowhere_else() -> None:
    found = signs(*telling())
    first, second = found.tested.gain(0, 0), found.tested.gain(1, 0)
    assert first is not None
    assert second is not None
    assert first.is_beyond
    assert first.gained > 0.2
    assert first.placebo < 0.05
    assert not second.is_beyond
    assert found.effects(AS_OF)["is_used"].to_list() == [True, False]


def test_signs_that_tell_nothing_are_not_used() -> None:
    found = [signs(*telling(seed, tells=False)).tested.gain(0, 0) for seed in range(2, 5)]
    assert [each.is_beyond for each in found if each is not None] == [False] * 3


def test_what_became_known_later_changes_no_sign() -> None:
    asked = deals([("open", 30, None, None), *((f"d{at}", 20 + at, 15 + at / 2, at % 2 == 0) for at in range(20))])
    lines = pl.DataFrame([(key, "p0", 3.0) for key in asked["opportunity_id"]], schema=WANTED, orient="row")
    said = pl.DataFrame(
        [("c", "N", "p0", day(ago), sign) for ago in (3, 9, 22, 23) for sign in SIGNS[2:]], schema=SAID, orient="row"
    )
    campaign = [("k", "c", "N", day(21), day(20), day(17), 0.4)]
    campaigns = pl.DataFrame(campaign, schema=CAMPAIGNS, orient="row")
    named = pl.DataFrame([("k", "p1", "o", day(18))], schema=NAMED, orient="row")
    whole = Crm(asked, pl.DataFrame(schema=CHANGES), lines, campaigns, named, said)
    then = Crm(
        asked.filter(pl.col("created_on") <= day(20)).with_columns(
            closed_on=pl.when(pl.col("closed_on") <= day(20)).then("closed_on"),
            is_won=pl.when(pl.col("closed_on") <= day(20)).then("is_won"),
        ),
        whole.changes, lines, campaigns, named.clear(), said.filter(pl.col("known_on") <= day(20)),
    )  # fmt: skip
    now, before = (Seen(crm, AS_OF, ["a", "b"], WORTH).signs([20]) for crm in (whole, then))
    assert np.array_equal(now, before)
    assert now[0, 0, SIGNS.index("complaints")] > 0


def test_a_campaign_counts_from_the_day_on_which_it_became_known() -> None:
    row = [("k", "c", "N", day(4), day(3), day(0), 0.5)]
    crm = replace(nothing(), campaigns=pl.DataFrame(row, schema=CAMPAIGNS, orient="row"))
    found = Seen(crm, AS_OF, ["a"], WORTH).signs([5, 4])[0, :, SIGNS.index("campaigns")]
    assert found[0] == 0
    assert found[1] == pytest.approx(0.5 * 22 / 28)


def test_a_deal_is_as_likely_as_others_of_its_age_were() -> None:
    """Of ten deals that were two weeks old at each of the six days, half were won within four weeks."""
    rows = [(f"d{back}-{at}", 4.0 * back + 2, 4.0 * back - 1, at % 2 == 0) for back in range(1, 7) for at in range(10)]
    found = likely(deals([("now", 2.0, None, None), *rows]), pl.DataFrame(schema=CHANGES), [AS_OF])
    assert found.row(0) == (AS_OF, "now", pytest.approx(0.5))


def test_signs_move_only_the_first_four_weeks_of_their_category() -> None:
    weekly, categories = demand_firm.weekly(), demand_firm.CATEGORIES
    factors = pl.DataFrame({"category_id": ["a", "b"], "factor": [1.5, 1.0]})
    plain = told(weekly, categories, demand_firm.NO_DAYS, demand_firm.AS_OF)
    signed = told(weekly, categories, demand_firm.NO_DAYS, demand_firm.AS_OF, factors)
    assert plain is not None
    assert signed is not None
    ratio = signed.expected / plain.expected
    is_first = plain.leaves.join(categories, on="product_id", maintain_order="left")["category_id"].to_numpy() == "a"
    assert ratio[is_first, :4] == pytest.approx(1.5)
    assert ratio[is_first, 4:] == pytest.approx(1.0)
    assert ratio[~is_first] == pytest.approx(1.0)


def test_what_belongs_to_another_region_is_not_known() -> None:
    crm, _ = telling()
    assert crm.of("c", "N").wanted.height == 60
    assert crm.of("c", "S").deals.is_empty()
    assert crm.of("c", "S").wanted.is_empty()


def test_a_firm_without_such_systems_gains_nothing_and_nothing_is_used() -> None:
    found = signs(nothing(), telling()[1])
    assert found.effects(AS_OF).select("is_used", "factor").rows() == [(False, 1.0)] * 2
    tests = found.tests()
    assert tests.height > 0
    assert (tests["missed"] == tests["missed_with"]).all()


@pytest.mark.parametrize("weeks", [0, 1, 41, 60])
def test_too_short_a_past_tests_nothing_and_uses_nothing(weeks: int) -> None:
    crm, weekly = telling()
    found = signs(crm, weekly[:, WEEKS - weeks :])
    assert found.tests().is_empty()
    assert found.effects(AS_OF)["factor"].to_list() == [1.0, 1.0]


def test_a_gain_has_bounds_and_few_days_are_none() -> None:
    missed = np.array([10.0] * LEAST_TESTED)
    halved = gain(missed, missed / 2, np.stack([missed] * 19, axis=1))
    assert halved is not None
    assert (halved.gained, halved.low, halved.high, halved.placebo_most) == pytest.approx((0.5, 0.5, 0.5, 0.0))
    assert halved.is_beyond
    few = gain(missed[:-1], missed[:-1] / 2, np.stack([missed[:-1]] * 19, axis=1))
    assert few is not None
    assert not few.is_beyond
    assert gain(np.zeros(9), np.zeros(9), np.zeros((9, 19))) is None


def test_signs_move_at_most_by_half() -> None:
    assert moved(np.array([[10.0], [-10.0]]), np.array([1.0])).tolist() == [0.5, -0.5]


def test_all_categories_together_come_first_and_add_up() -> None:
    tests = pl.DataFrame(
        [("a", day(at), 10.0, 2.0, 1.0, [2.0] * 19) for at in range(9)]
        + [("b", day(at), 30.0, 4.0, 5.0, [4.0] * 19) for at in range(9)],
        schema={"category_id": pl.String, "origin_on": pl.Date, "came": pl.Float64, "missed": pl.Float64,
                "missed_with": pl.Float64, "missed_placebos": pl.List(pl.Float64)},
        orient="row",
    )  # fmt: skip
    found = summed(tests, pl.lit(2.0))
    assert found["category_id"].to_list() == [None, "b", "a"]
    assert found["missed"].to_list() == pytest.approx([6 / 40, 4 / 30, 2 / 10])
    assert found["gained"].to_list() == pytest.approx([0.0, -0.25, 0.5])
