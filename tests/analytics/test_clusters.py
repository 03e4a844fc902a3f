"""Groups of customers: planted ones are found, and where there are none, none are told."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analytics import clusters
from analytics.clusters import CHECK, CLUSTERS, Numbers
from analytics.segments import STABLE

TODAY = date(2026, 3, 31)


def planted(*middles: tuple[float, float, float], each: int = 60, spread: float = 0.1) -> Numbers:
    """Customers around some middles, by days of silence, order days and money."""
    dice = np.random.default_rng(1)
    return np.concatenate([np.array(middle) * dice.lognormal(0.0, spread, (each, 3)) for middle in middles])


def test_groups_that_are_planted_are_found_and_stable() -> None:
    found = clusters.groups(planted((5, 40, 9_000), (60, 6, 700), (300, 1, 50)))
    assert found.many >= 3
    assert found.stability >= STABLE
    parts = [set(found.groups[at : at + 60]) for at in (0, 60, 120)]
    assert not parts[0] & parts[1]
    assert not parts[1] & parts[2]


def test_what_forms_no_groups_is_said_to_form_none() -> None:
    dice = np.random.default_rng(3)
    even = np.exp(dice.normal(0.0, 1.0, (150, 3)) + 3.0)
    found = clusters.groups(even)
    assert (found.many, set(found.groups)) == (0, {0})
    assert 0.0 < found.stability < STABLE


@pytest.mark.parametrize("signs", [np.zeros((0, 3)), np.ones((1, 3)), np.ones((49, 3))], ids=["none", "one", "few"])
def test_few_customers_form_no_groups(signs: Numbers) -> None:
    assert clusters.groups(signs).many == 0


def test_customers_that_are_all_alike_form_no_groups_of_their_own() -> None:
    found = clusters.groups(np.ones((80, 3)))
    assert np.isfinite(found.stability)
    assert set(found.groups) == {0}


def test_a_firm_is_studied_by_company_and_region_the_most_money_first() -> None:
    rows = [
        (f"{kind}{at}", TODAY - timedelta(days=last + 7 * step), amount)
        for kind, last, days, amount in (("big", 2, 20, 900.0), ("small", 400, 1, 5.0))
        for at in range(40)
        for step in range(days)
    ]
    lines = pl.DataFrame(rows, ["customer_id", "day_on", "amount"], orient="row")
    found = clusters.studied(lines.with_columns(company_id=pl.lit("a"), region=pl.lit("N")), TODAY)
    assert found["clusters"].columns == list(CLUSTERS)
    assert found["clusters_check_by_region"].select("company_id", "region", "customers").rows() == [("a", "N", 80)]
    numbered = dict(found["clusters"].select("customer_id", "cluster").iter_rows())
    assert (numbered["big0"], numbered["small0"] > 1) == (1, True)
    assert dict(found["clusters_check"].schema) == dict(CHECK)
