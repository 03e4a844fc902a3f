"""What a decision says, in both languages, with and without what may be unknown."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from analytics.decisions import DECISIONS, EVIDENCE, KINDS
from display.messages.decisions import sentence
from display.tables import decisions as table
from display.words import LANGUAGES, PHRASES

DAY = date(2026, 7, 1)


def row(kind: str, *, told: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    usual = {"kind": kind, "subject": "Brno foundry", "money": 84_000.0, "currency": "EUR", "money_is": "margin"}
    owner = {"owner_kind": KINDS[kind].owner_kind, "owner": None}
    return dict.fromkeys(DECISIONS) | usual | owner | {"evidence": dict.fromkeys(EVIDENCE) | (told or {})} | fields


EXAMPLES: dict[str, tuple[dict[str, Any], tuple[str, str, str], str]] = {
    "item_runs_out": (
        row("item_runs_out", told={"state": "runs_out", "runs_out_on": DAY, "unit": "pcs", "supplier": "Vendor"},
            quantity=46.51, act_by_on=DAY),
        ("Brno foundry runs out on 1 Jul",
         "47 pcs short before more can come, it comes from Vendor, €84K of margin at stake", "Buyer · act by 1 Jul"),
        "Brno foundry将于7月1日缺货",
    ),
    "supplier_slipping": (
        row("supplier_slipping", told={"days_now": 19.2, "days_before": 1.2, "items": 12}, owner="Ada"),
        ("Brno foundry is 19 days late (1 day before)", "12 items wait, €84K of margin at stake", "Buyer: Ada"),
        "Brno foundry平均延误19天（此前1天）",
    ),
    "supplier_dearer": (
        row("supplier_dearer", told={"change": 0.14, "items": 7}, money_is="cost"),
        ("Brno foundry asks 14.0% more for the same goods", "7 items, €84K more a year", "Buyer"),
        "Brno foundry的同样物料涨价14.0%",
    ),
    "stock_too_much": (
        row("stock_too_much", told={"change": 0.46, "dead": 500.0, "top": ["Pump", "Valve"], "top_zh": ["泵", "阀"]},
            money_is="stock_value"),
        ("46.0% of the stock in Brno foundry is more than is needed",
         "€84K tied up, €500 of it is dead, mostly Pump, Valve", "Planner"),
        "Brno foundry有46.0%的库存超出需要",
    ),
    "late_orders": (
        row("late_orders", told={"orders": 1, "days_now": 12.0}),
        ("1 order of Brno foundry is late", "the oldest by 12 days, €84K of margin not delivered", "Sales"),
        "Brno foundry有1张订单逾期未交",
    ),
    "overdue_receivables": (
        row("overdue_receivables", told={"invoices": 3, "days_now": 40.0}, money_is="cash"),
        ("Brno foundry owes €84K past its day", "3 invoices overdue, the oldest by 40 days", "Finance"),
        "Brno foundry逾期欠款€8.4万",
    ),
    "customers_leaving": (
        row("customers_leaving", subject="Installer",
            told={"state": "segment", "country": "AT", "change": -0.776, "now": 21.0, "usual": 93.6}),
        ("Installer customers in Austria order 77.6% less",
         "21 orders in 17 weeks instead of 94, €84K of margin a year", "Sales"),
        "奥地利的Installer客户订单减少77.6%",
    ),
    "demand_surging": (
        row("demand_surging", told={"state": "short", "country": "DE", "now": 60.0, "usual": 24.0}, quantity=5.0),
        ("Brno foundry sells 2.5 times as often as usual in Germany",
         "sold 60 times in six weeks instead of 24, 5 more than stock can serve, €84K of margin at stake", "Planner"),
        "Brno foundry在德国的销售次数是往常的2.5倍",
    ),
    "complaints_rising": (
        row("complaints_rising", told={"state": "fell", "now": 81.0, "usual": 45.0, "change": -0.128, "top": ["Pump"],
                                       "top_zh": ["泵"]}, since_on=DAY),
        ("Complaints about Brno foundry are 1.8 times the usual",
         ("81 complaints, tickets and returns instead of 45 since 1 Jul 2026, mostly Pump, orders fell by 12.8%, "
          "€84K of margin lost in 13 weeks"),
         "Quality"),
        "Brno foundry的投诉是往常的1.8倍",
    ),
    "margin_squeezed": (
        row("margin_squeezed", told={"cost_change": 0.08, "price_change": -0.01, "items": 4}),
        ("Brno foundry cost 8.0% more, and their prices did not follow",
         "4 items, prices moved by -1.0%, €84K of margin a year", "Sales"),
        "Brno foundry成本上升8.0%，售价未跟上",
    ),
    "campaign_without_effect": (
        row("campaign_without_effect", told={"customers": 105, "now": 87.0, "usual": 106.4}, money_is="cost"),
        ("The campaign Brno foundry brought hardly any more orders",
         "105 customers bought 87 times, 106 were to be expected, it cost €84K", "Marketing"),
        "营销活动“Brno foundry”几乎未带来更多订单",
    ),
}  # fmt: skip


def test_every_kind_has_an_example_words_and_a_colour() -> None:
    assert set(EXAMPLES) == set(KINDS) == set(table.KINDS)
    assert {f"decisions.kind.{kind}" for kind in KINDS} <= set(PHRASES)
    assert {f"decisions.owner.{kind.owner_kind}" for kind in KINDS.values()} <= set(PHRASES)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_decision_says_what_why_and_who(kind: str) -> None:
    example, english, chinese = EXAMPLES[kind]
    assert tuple(sentence(example, "en")) == english
    assert sentence(example, "zh").headline == chinese


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_decision_without_money_or_name_is_still_a_sentence(kind: str, language: str) -> None:
    example, *_ = EXAMPLES[kind]
    told = sentence(example | {"money": None, "subject": None}, language)
    assert "None" not in "".join(told)
    assert told.headline
    assert told.who


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"state": "out"}, "Brno foundry is out of stock"),
        ({"state": "negative"}, "Brno foundry is below zero in the books"),
    ],
)
def test_an_item_without_stock_says_so(changes: dict[str, Any], headline: str) -> None:
    assert sentence(row("item_runs_out", told={"unit": "pcs"} | changes, quantity=2.5), "en").headline == headline


def test_a_supplier_that_was_on_time_is_said_to_have_been() -> None:
    told = sentence(row("supplier_slipping", told={"days_now": 8.0, "days_before": -0.4, "items": None}), "en")
    assert told[:2] == ("Brno foundry is 8 days late (on time before)", "nothing is on order there now")


def test_a_customer_that_stopped_is_said_to_have_stopped() -> None:
    gone = row("customers_leaving", told={"state": "customer", "change": -1.0, "now": 0.0, "usual": 20.0})
    assert sentence(gone, "en").headline == "Brno foundry has stopped ordering"
    assert sentence(gone, "zh").headline == "Brno foundry已停止下单"
    less = row("customers_leaving", told={"state": "customer", "change": -0.5, "now": 10.0, "usual": 20.0})
    assert sentence(less, "en").headline == "Brno foundry orders 50.0% less"


def test_a_chinese_reader_sees_chinese_names_where_there_are_any() -> None:
    example = row("item_runs_out", told={"state": "out", "subject_zh": "泵", "unit": "pcs"}, quantity=1.0)
    assert sentence(example, "zh").headline == "泵已缺货"
    assert sentence(example, "en").headline == "Brno foundry is out of stock"


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={**DECISIONS, "owner": pl.String})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_shows_every_kind_in_words(language: str) -> None:
    shown = table.decisions(frame(*(example for example, *_ in EXAMPLES.values())), language)
    assert len(shown.columns) <= 8
    assert set(shown.frame["kind"]) == set(shown.chips["kind"])
    assert shown.frame["headline"].null_count() == 0
    assert table.decisions(frame(), language).frame.is_empty()
