"""Targets and budgets come in as files do; a target for what cannot have one is set aside."""

from decimal import Decimal

import pytest

from analytics.tables.own import TARGETED
from tests.refresh.deliveries import Firm, table
from tests.servers import HOUSE

TARGETS = "target_id,metric,period_starts_on,period_ends_on,region,value,currency"
BUDGETS = "budget_id,ledger_account_id,period_starts_on,period_ends_on,amount,currency"
ACCOUNTS = "ledger_account_id,name,kind"


def target(key: str, metric: str, value: str, currency: str = "", *, ends: str = "2026-03-31") -> str:
    return f"{key},{metric},2026-03-01,{ends},,{value},{currency}"


@pytest.mark.parametrize("metric", TARGETED)
def test_every_metric_that_can_have_a_target_is_taken(firm: Firm, metric: str) -> None:
    firm.send(targets=table(TARGETS, target("T1", metric, "0.95")))
    assert firm.stored("targets", "metric", "value") == [(metric, Decimal("0.95"))]


def test_a_target_for_an_unknown_metric_waits_in_quarantine_and_the_others_load(firm: Firm) -> None:
    firm.send(targets=table(TARGETS, target("T1", "revenue", "1000", "EUR"), target("T2", "turnover", "1000", "EUR")))
    assert firm.stored("targets", "metric", "currency") == [("revenue", "EUR")]
    assert firm.stored("quarantine", "rule") == ["metric_has_targets"]
    firm.send(
        targets=table(TARGETS, target("T1", "revenue", "1000", "EUR"), target("T2", "gross_margin", "300", "EUR"))
    )
    assert firm.stored("targets", "metric") == ["revenue", "gross_margin"]
    assert firm.stored("quarantine", "rule") == []


def test_a_target_that_ends_before_it_starts_waits_in_quarantine(firm: Firm) -> None:
    firm.send(targets=table(TARGETS, target("T1", "revenue", "1000", "EUR", ends="2026-02-28")))
    assert firm.stored("targets", "metric") == []
    assert firm.stored("quarantine", "rule") == ["target_ends_after_start"]


def test_a_budget_needs_its_account(firm: Firm) -> None:
    rows = ("B1,4400,2026-03-01,2026-03-31,250000,EUR", "B2,9999,2026-03-01,2026-03-31,1,EUR")
    firm.send(ledger_accounts=table(ACCOUNTS, "4400,Sales,income"), budgets=table(BUDGETS, *rows))
    assert firm.stored("budgets", "ledger_account_id", "amount") == [("4400", Decimal(250_000))]
    assert firm.stored("quarantine", "rule") == ["missing_reference"]


def test_the_guide_names_every_metric_that_can_have_a_target() -> None:
    guide = (HOUSE / "docs" / "sources" / "files.md").read_text(encoding="utf-8")
    [section] = [part for part in guide.split("\n## ") if part.startswith("Targets and budgets")]
    assert [metric for metric in TARGETED if f"`{metric}`" not in section] == []
