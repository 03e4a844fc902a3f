"""What a viewer is told needs a decision: rights and scope first; and every fact planted in the sample company."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from analytics.access import RIGHTS, NotAllowed, Viewer
from analytics.aggregates import RECIPES
from analytics.decisions import DECISIONS, KINDS
from analytics.scope import Scope
from analytics.tables import TABLES, ordered_columns
from answers import decisions
from data_access.home import Home
from data_access.snapshot import Part, Snapshot, publish
from refresh.publication import Tables
from sample_data import Fact, company, truth
from tests.analytics.firm import firm, random_firm
from tests.answers.served import served

SCALE = 0.3
OWNER = Viewer(user="ada", role="owner")
ALL = Scope()


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


class Delivered:
    """The sample's tables, as the database would give them back."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self.tables = tables

    def read(self, name: str) -> pl.DataFrame:
        schema = TABLES[name].columns()
        columns = {column: schema[column].dtype for column in ordered_columns(TABLES[name])}
        rows = self.tables.get(name, pl.DataFrame(schema=columns))
        usual = {"source": "sample", "source_id": "1", "company_id": "*"}
        filled = rows.with_columns(pl.lit(usual.get(name)).alias(name) for name in columns if name not in rows.columns)
        return filled.select(pl.col(name).cast(dtype) for name, dtype in columns.items())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A sample that is large enough for its story to stand out from chance."""
    read = Tables(Delivered(company(scale=SCALE)))  # type: ignore[arg-type]
    needed = {name for recipe in RECIPES for name in recipe.needs}
    tables = {name: read.frame(name) for name in sorted(needed | {"exchange_rates", "employees"})}
    made = {name: rows for recipe in RECIPES for name, rows in recipe.make(tables).items()}
    frames = {f"tables/{name}": rows for name, rows in tables.items()}
    frames |= {f"aggregates/{name}": rows for name, rows in made.items()}
    home = Home(tmp_path_factory.mktemp("sample")).made()
    parts = [Part(name, "", rows.clone) for name, rows in frames.items()]
    return publish(home, parts, at=datetime(2026, 7, 1, tzinfo=UTC), facts={}, continues=lambda _earlier: False)


@pytest.fixture(scope="module")
def told(sample: Snapshot) -> pl.DataFrame:
    return decisions.decisions(OWNER, ALL, version=sample)


@pytest.fixture(scope="module")
def facts() -> tuple[Fact, ...]:
    return truth(scale=SCALE)


def of(facts: tuple[Fact, ...], kind: str) -> tuple[Fact, ...]:
    found = tuple(fact for fact in facts if fact.kind == kind)
    assert found, kind
    return found


def subjects(told: pl.DataFrame, kind: str) -> set[str]:
    return set(told.filter(pl.col("kind") == kind)["subject_id"])


PLANTED = {
    "supplier_slips": ("supplier_slipping", "supplier_id"),
    "supplier_raises_price": ("supplier_dearer", "supplier_id"),
    "site_overstocked": ("stock_too_much", "site_id"),
    "product_surges": ("demand_surging", "product_id"),
    "campaign_fails": ("campaign_without_effect", "campaign_id"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_the_sample_is_told(told: pl.DataFrame, facts: tuple[Fact, ...], planted: str) -> None:
    kind, key = PLANTED[planted]
    assert {getattr(fact, key) for fact in of(facts, planted)} <= subjects(told, kind)


@pytest.mark.parametrize("kind", ["supplier_slipping", "supplier_dearer", "demand_surging", "customers_leaving"])
def test_and_of_these_kinds_nothing_that_is_not_planted(told: pl.DataFrame, kind: str) -> None:
    assert len(subjects(told, kind)) == 1


def test_the_segment_that_leaves_is_told_with_its_country(told: pl.DataFrame, facts: tuple[Fact, ...]) -> None:
    (fact,) = of(facts, "segment_leaves")
    assert subjects(told, "customers_leaving") == {f"{fact.segment}/{fact.country}"}


def test_the_complaint_wave_is_told_by_its_category_and_its_products(
    told: pl.DataFrame, facts: tuple[Fact, ...], sample: Snapshot
) -> None:
    (fact,) = of(facts, "complaint_wave")
    products = sample.table("products", OWNER).filter(pl.col("product_id").is_in(fact.product_ids)).collect()
    (row,) = told.filter(pl.col("kind") == "complaints_rising").iter_rows(named=True)
    assert row["subject_id"] in set(products["category_id"])
    assert set(row["evidence"]["top"]) <= set(products["name"])
    assert row["evidence"]["state"] == "fell"


def test_the_campaign_that_worked_is_not_accused(told: pl.DataFrame, facts: tuple[Fact, ...]) -> None:
    (fact,) = of(facts, "campaign_works")
    assert fact.campaign_id not in subjects(told, "campaign_without_effect")


def test_what_a_company_runs_out_of_is_told_unless_it_lies_at_another_of_its_sites(
    told: pl.DataFrame, facts: tuple[Fact, ...], sample: Snapshot
) -> None:
    stock = sample.aggregate("stock_by_item", OWNER).filter(pl.col("on_hand") > 0).collect()
    runs_out = set(told.filter(pl.col("kind") == "item_runs_out").select("subject_id", "company_id").rows())
    planted = of(facts, "product_runs_out")
    for fact in planted:
        here = (pl.col("product_id") == fact.product_id) & (pl.col("company_id") == fact.company_id)
        elsewhere = stock.filter(here & (pl.col("site_id") != fact.site_id))
        assert (fact.product_id, fact.company_id) in runs_out or elsewhere.height
    assert len({(fact.product_id, fact.company_id) for fact in planted} & runs_out) >= len(planted) / 2


def test_every_decision_says_where_its_evidence_is_and_who_should_act(told: pl.DataFrame) -> None:
    assert set(told["page"]) <= {"inventory", "stock", "rows", "metric"}
    assert told["owner_kind"].null_count() == 0
    assert told.select(pl.col("parameters").list.len().min()).item() >= 1
    assert dict(told.drop("owner", "company").schema) == DECISIONS
    assert told["currency"].unique().to_list() == ["EUR"]
    assert set(told["kind"]) <= set(KINDS)


def test_what_is_owed_is_the_metrics_own_sum_by_customer(told: pl.DataFrame, sample: Snapshot) -> None:
    rows = sample.aggregate("fact_receivables", OWNER).filter(pl.col("due_on") < pl.date(2026, 6, 30)).collect()
    euros = rows.filter(pl.col("currency") == "EUR").group_by("customer_id").agg(pl.col("amount").sum())
    owed = dict(euros.filter(pl.col("amount") != 0).iter_rows())
    overdue = told.filter(pl.col("kind") == "overdue_receivables", pl.col("subject_id").is_in(list(owed)))
    assert overdue.height > 3
    for row in overdue.iter_rows(named=True):
        assert row["money"] == pytest.approx(float(owed[row["subject_id"]]))


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_is_told_the_kinds_that_it_has_the_rights_for(sample: Snapshot, role: str) -> None:
    who = viewer(role)
    if not who.may(decisions.RIGHT):
        with pytest.raises(NotAllowed):
            decisions.decisions(who, ALL, version=sample)
        return
    kinds = set(decisions.decisions(who, ALL, version=sample)["kind"])
    assert kinds
    assert {kind for kind in kinds if not KINDS[kind].needs <= who.capabilities} == set()


def test_who_may_not_see_margins_is_told_sales_and_who_may_not_see_personal_data_no_names(sample: Snapshot) -> None:
    sales = decisions.decisions(viewer("sales"), ALL, version=sample)
    assert "margin" not in set(sales["money_is"])
    assert sales["owner"].drop_nulls().len() > 0
    executive = decisions.decisions(viewer("executive"), ALL, version=sample)
    assert executive["owner"].null_count() == executive.height
    assert "margin" in set(executive["money_is"])


def test_a_viewer_of_one_company_is_told_of_that_company_alone(sample: Snapshot) -> None:
    mine = decisions.decisions(viewer(companies=frozenset({"TQ-CN"})), ALL, version=sample)
    assert set(mine["company_id"].drop_nulls()) == {"TQ-CN"}
    assert set(mine["currency"]) == {"CNY"}
    assert "Installer/AT" not in set(mine["subject_id"])
    assert "LNZ" not in set(mine["subject_id"])


def test_a_kind_that_the_filter_cannot_narrow_is_left_out(sample: Snapshot) -> None:
    narrowed = decisions.decisions(OWNER, Scope(categories=("CAT-finished",)), version=sample)
    assert "complaints_rising" in set(narrowed["kind"])
    assert set(narrowed["kind"]).isdisjoint({"overdue_receivables", "customers_leaving", "campaign_without_effect"})
    at_site = decisions.decisions(OWNER, Scope(sites=("LNZ",)), version=sample)
    assert subjects(at_site, "stock_too_much") == {"LNZ"}
    assert {kind for kind in at_site["kind"] if "sites" not in KINDS[kind].narrowed_by} == set()


def test_categories_and_suppliers_choose_the_items(sample: Snapshot) -> None:
    told = decisions.decisions(OWNER, Scope(categories=("CAT-raw",)), version=sample)
    products = sample.aggregate("members", OWNER).filter(pl.col("product_id").is_in(told["subject_id"])).collect()
    assert products.height > 0
    assert all("CAT-raw" in categories for categories in products["category_ids"])
    assert subjects(told, "complaints_rising") == set()
    nothing = decisions.decisions(OWNER, Scope(search="no such thing"), version=sample)
    assert nothing.is_empty()


@pytest.mark.parametrize("seed", range(3))
def test_a_random_firm_is_answered(seed: int) -> None:
    served(random_firm(seed))
    told = decisions.decisions(OWNER, Scope(history_days=30, horizon_days=40))
    assert set(told["kind"]) <= {"item_runs_out", "stock_too_much", "late_orders"}


def test_a_firm_without_anything_has_nothing_to_decide() -> None:
    served(firm())
    assert decisions.decisions(OWNER, ALL).is_empty()
