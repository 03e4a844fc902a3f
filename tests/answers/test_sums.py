"""Sums from cubes are those from the facts, whatever is asked and whoever asks."""

from itertools import product
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.access import Viewer
from analytics.metrics import METRICS
from analytics.periods import Period, compared, months_until
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import COLUMN_OF, Asked, Member, asked, knows, may_see
from answers.evidence import evidence
from answers.kept import facts_only, levels
from answers.sums import sums
from tests.answers.test_metrics import LIMITED, OWNER, scopes

KEPT = [metric for metric in METRICS.values() if metric.time != "now"]
VIEWERS = {"owner": OWNER, **LIMITED}
FILTERED = {"a site": "site", "a category": "category", "a supplier": "supplier"}
CASES = 41


@pytest.fixture(autouse=True)
def of_cubes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample is small: its cubes are used however little they save."""
    monkeypatch.setattr("answers.kept.WORTHWHILE", float("inf"))


def spans_of(question: Asked) -> list[Period]:
    """The period, what it is compared with, and the months behind it."""
    earlier = (compared(question.period, kind) for kind in ("last_year", "before"))
    return [question.period, *earlier, *months_until(question.period, 5)]


def both(question: Asked, by: list[str], member: Member | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """From cubes, and from the facts."""
    spans = spans_of(question)
    quick = sums(question, spans, by, member)
    with facts_only():
        return quick, sums(question, spans, by, member)


@pytest.mark.parametrize("metric", [metric.name for metric in KEPT])
def test_by_every_dimension_and_in_every_scope_cubes_and_facts_agree(metric: str, sample: Snapshot) -> None:
    known, told = knows(METRICS[metric]), dict.fromkeys(VIEWERS, 0)
    asked_of = [(name, scope) for name, scope in scopes(sample).items() if FILTERED.get(name, "region") in known]
    cases = list(product(VIEWERS, asked_of, known))
    for who, (_, scope), dimension in [*cases[:: max(1, len(cases) // CASES)], *cases[: len(known)]]:
        if may_see(VIEWERS[who], metric):
            question = asked(VIEWERS[who], scope, metric, sample)
            quick, slow = both(question, list(dict.fromkeys([COLUMN_OF[dimension], "company_id"])))
            assert_frame_equal(quick, slow, rel_tol=1e-9, abs_tol=1e-6)
            told[who] += quick.height
    assert all(told.values())


@pytest.mark.parametrize("metric", ["revenue", "on_time_in_full", "receivables", "complaints"])
def test_sums_of_own_customers_are_those_of_their_facts(metric: str, sample: Snapshot) -> None:
    own = frozenset(sample.table("customers", OWNER).collect()["customer_id"].sort().to_list()[::7])
    question = asked(Viewer(user="u", role="sales", customers=own), Scope(period="year"), metric, sample)
    quick, slow = both(question, ["company_id"])
    _, by_customer = both(asked(OWNER, Scope(period="year"), metric, sample), ["company_id", "customer_id"])
    theirs = by_customer.filter(pl.col("customer_id").is_in(own)).group_by("span", "company_id")
    summed = theirs.agg(pl.col("numerator", "rows").sum()).sort("span", "company_id")
    assert quick.height > 0
    assert_frame_equal(quick, slow, rel_tol=1e-9, abs_tol=1e-6)
    assert_frame_equal(quick.select(summed.columns), summed, rel_tol=1e-9, abs_tol=1e-6, check_dtypes=False)


@pytest.mark.parametrize("dimension", ["product", "customer", "segment", "category", "site", "salesperson"])
def test_a_members_share_is_the_same_from_both(dimension: str, sample: Snapshot) -> None:
    question = asked(OWNER, Scope(period="year"), "revenue", sample)
    found, _ = both(question, [COLUMN_OF[dimension], "company_id"])
    for key in found[COLUMN_OF[dimension]].unique().sort().to_list()[:4]:
        quick, slow = both(question, ["company_id", "product_id"], Member(dimension=dimension, key=key))
        assert_frame_equal(quick, slow, rel_tol=1e-9, abs_tol=1e-6)


def test_a_snapshot_of_another_day_than_asked_is_answered_from_the_facts(sample: Snapshot) -> None:
    day = asked(OWNER, Scope(), "revenue", sample).as_of
    question = asked(OWNER, Scope(as_of=day.replace(day=3)), "revenue", sample)
    quick, slow = both(question, ["company_id"])
    assert quick.height > 0
    assert_frame_equal(quick, slow)


def test_a_cube_that_saves_little_is_not_read(sample: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    aggregate = Snapshot.aggregate

    def noted(version: Snapshot, name: str, viewer: Viewer, **masked: Any) -> pl.LazyFrame:
        read.append(name)
        return aggregate(version, name, viewer, **masked)

    monkeypatch.setattr(Snapshot, "aggregate", noted)
    question = asked(OWNER, Scope(period="last_year"), "revenue", sample)
    quick = sums(question, [question.period], ["customer_id"])
    assert ("cube_invoice_lines_customers" in read, "fact_invoice_lines" in read) == (True, False)
    monkeypatch.setattr("answers.kept.WORTHWHILE", 0.0)
    assert_frame_equal(sums(question, [question.period], ["customer_id"]), quick, rel_tol=1e-9)
    assert "fact_invoice_lines" in read


@pytest.mark.parametrize("metric", ["stock_value", "days_of_stock"])
def test_the_rows_behind_a_level_are_the_same_from_cubes_and_facts(metric: str, sample: Snapshot) -> None:
    told = 0
    for who in (name for name, viewer in VIEWERS.items() if may_see(viewer, metric)):
        for scope in [*scopes(sample).values(), Scope(period="quarter"), Scope(period="2025-09")]:
            quick = evidence(VIEWERS[who], scope, metric, version=sample)
            with facts_only():
                slow = evidence(VIEWERS[who], scope, metric, version=sample)
            assert_frame_equal(quick, slow, check_row_order=False, rel_tol=1e-9, abs_tol=1e-6)
            told += quick.height
    assert told


def test_the_rows_behind_a_level_of_one_item_come_from_a_cube(sample: Snapshot) -> None:
    question = asked(OWNER, Scope(), "stock_value", sample)
    measure = question.metric.numerator
    assert levels(question, measure, ["product_id", "site_id"]) is not None
    with facts_only():
        assert levels(question, measure, ["product_id", "site_id"]) is None
