"""The truth of a sample is a list of dated facts that name what is in its tables, and is kept as JSON."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sample_data import Fact, Plan, Sample, truth, write_truth
from sample_data.wishes import CAUSES, NO_CAMPAIGN, ORDERED, Wishes

LAST = date(2026, 6, 30)
KEYS = {
    "supplier_id": "suppliers",
    "product_id": "products",
    "category_id": "product_categories",
    "site_id": "sites",
    "company_id": "companies",
    "campaign_id": "campaigns",
}


@pytest.fixture(scope="module")
def facts() -> tuple[Fact, ...]:
    return truth(scale=0.05)


@pytest.fixture(scope="module")
def wishes() -> Wishes:
    return Sample(Plan(scale=0.05)).demand.wishes


def test_facts_begin_within_the_story_and_end_after_they_begin(facts: tuple[Fact, ...]) -> None:
    start = Plan().start
    assert [fact for fact in facts if not start <= fact.from_on <= (fact.until_on or LAST) <= LAST] == []


def test_facts_name_what_the_tables_have(small: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]) -> None:
    for column, table in KEYS.items():
        named = {getattr(fact, column) for fact in facts} - {None}
        assert named <= set(small[table][column]), column
        assert named, column
    products = {key for fact in facts for key in fact.product_ids}
    assert products <= set(small["products"]["product_id"])


def test_a_short_story_keeps_only_the_facts_that_fit() -> None:
    short = Sample(Plan(scale=0.05, months=6)).truth.facts
    assert {"list_raised", "shelf_empty"} - {fact.kind for fact in short} == {"list_raised"}
    assert min(fact.from_on for fact in short) >= Plan(months=6).start


def test_the_truth_is_written_as_one_object_for_each_fact(facts: tuple[Fact, ...], tmp_path: Path) -> None:
    path = tmp_path / "beside" / "truth.json"
    write_truth(path, scale=0.05)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert [row["kind"] for row in rows] == [fact.kind for fact in facts]
    (leaves,) = (row for row in rows if row["kind"] == "segment_leaves")
    assert leaves.keys() == {"kind", "from_on", "size", "units", "lines", "country", "segment"}
    assert date.fromisoformat(leaves["from_on"]) == date(2026, 1, 31)


def test_what_never_came_is_counted_in_the_facts(facts: tuple[Fact, ...], wishes: Wishes) -> None:
    kinds = ("segment_leaves", "demand_falls", "demand_recovers", "list_raised", "shelf_empty")
    told = sum(fact.lines or 0 for fact in facts if fact.kind in kinds)
    assert told == (wishes.fate != ORDERED).sum() > 0
    assert set(wishes.fate) <= set(range(len(CAUSES) + 1))


def test_what_a_campaign_brings_comes_from_those_whom_it_addressed(wishes: Wishes) -> None:
    brought = np.flatnonzero(wishes.campaign != NO_CAMPAIGN)
    assert len(brought) > 0
    for order in brought.tolist():
        at = int(wishes.campaign[order])
        assert wishes.customer[order] in wishes.campaigns.addressed[at]
        lines = wishes.order == order
        assert wishes.campaigns.advertises(at)[wishes.product[lines]].all()
