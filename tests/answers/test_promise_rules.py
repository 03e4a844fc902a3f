"""What the firm rules of its promises changes the answer, says so, and can be taken back."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer

from analytics.access import NotAllowed, Viewer
from analytics.promise_rules import Rule
from analytics.scope import Scope
from answers import delivery, promise_rules, promises
from answers.delivery import How, Promised
from answers.promise_rules import RuleRefused
from answers.promises import HOLD, Said
from commands.deliveries import answered
from data_access.snapshot import Snapshot
from tests.analytics.firm import COMPANIES, DAY, SITES, Row, firm, merged, noon, order
from tests.answers.served import MADE_AT, served

OWNER, SALES = Viewer(user="eve", role="owner"), Viewer(user="ada", role="sales")
TOMORROW = DAY + timedelta(days=1)
CUSTOMERS: list[Row] = [
    {"customer_id": "k1", "number": "100", "name": "Kim", "region": "N", "is_company": True, "segment": "OEM"},
    {"customer_id": "k2", "number": "200", "name": "Lee", "region": "N", "is_company": True},
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Five bolts in the north, of which Lee ordered four without a day; nine screws; five gears in the south; a van."""
    stock: list[Row] = [
        {"product_id": "bolt", "site_id": "north", "as_of_on": DAY, "on_hand": 5},
        {"product_id": "screw", "site_id": "north", "as_of_on": DAY, "on_hand": 9},
        {"product_id": "gear", "site_id": "south", "as_of_on": DAY, "on_hand": 5},
    ]
    products: list[Row] = [
        {"product_id": name, "sku": name[0].upper(), "name": name.title(), "kind": "storable"}
        for name in ("bolt", "screw", "gear")
    ]
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": [{**row, "time_zone": "Asia/Shanghai"} if row["site_id"] == "north" else row for row in SITES],
        "products": products,
        "carriers": [{"carrier_id": "v", "name": "Van"}],
        "customers": CUSTOMERS,
        "inventory_levels": stock,
    }
    lee = order("S1", "bolt", 4, site_id="north", ordered_at=noon(DAY), customer_id="k2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(tmp_path_factory.mktemp("rules")))
        return served(firm(**merged(known, lee)))


@pytest.fixture(autouse=True)
def _served(snapshot: Snapshot, home: Path) -> None:
    """The same firm, and nothing ruled, for each test."""
    shutil.copytree(snapshot.folder.parent.parent, home)


def rule(kind: str, about: str = "", key: str = "", other: str = "", value: str = "") -> int:
    return promise_rules.say(OWNER, Rule(kind, about, key, other, value))


def promised(code: str, quantity: str, *, hour: int = 6, **asked: Any) -> Promised:
    """The answer by the rules at an hour (UTC)."""
    passed = promise_rules.passed(SALES, at=MADE_AT.replace(hour=hour))
    how = replace(How(rules=promise_rules.rules(SALES), passed=passed), **asked)
    return delivery.promised(SALES, Scope(), ((code, quantity),), how)


def test_after_the_cut_off_of_a_site_goods_leave_on_the_next_day_and_the_answer_says_why() -> None:
    rule("cut_off", "site", "North", value="15:00")
    before, after = promised("S", "9", hour=6), promised("S", "9", hour=7)
    assert (before.last_on, after.last_on) == (DAY, TOMORROW)
    assert before.applied.is_empty()
    assert after.applied.select("kind", "about", "name", "value").rows() == [("cut_off", "site", "North", "15:00")]
    assert after.waits.filter("is_binding")["kind"].to_list() == ["cut_off"]


@pytest.mark.parametrize(
    ("about", "key", "asked"), [("carrier", "Van", "carrier_id"), ("customer", "100", "customer_id")]
)
def test_a_cut_off_of_a_carrier_or_a_customer_counts_for_those_alone(about: str, key: str, asked: str) -> None:
    rule("cut_off", about, key, value="9:30")
    mine = {"carrier_id": "v", "customer_id": "k1"}[asked]
    assert promised("S", "9", hour=12).last_on == DAY
    assert promised("S", "9", hour=12, **{asked: mine}).last_on == TOMORROW


def test_a_high_class_is_served_before_an_order_that_nobody_promised_a_day() -> None:
    assert promised("B", "3", customer_id="k1").last_on is None
    rule("serving", value="class")
    rule("class", "segment", "oem", value="A")
    answer = promised("B", "3", customer_id="k1")
    assert answer.last_on == DAY
    assert answer.applied.select("kind", "value", "count").rows() == [("serving", "A", 1)]
    assert promised("B", "3").last_on is None


def test_a_substitute_is_told_with_its_own_day() -> None:
    rule("substitute", "product", "B", "S")
    ways = promised("B", "3").others.filter(way="substitute")
    assert ways.select("sku", "instead_of", "last_on").rows() == [("S", "B", DAY)]


def test_a_substitute_of_another_company_is_told_to_nobody_who_does_not_see_it() -> None:
    products: list[Row] = [
        {"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable", "company_id": "*"},
        {"product_id": "screw", "sku": "S", "name": "Screw", "kind": "storable", "company_id": "c1"},
    ]
    served(firm(companies=COMPANIES, sites=SITES, products=products, customers=CUSTOMERS))
    rule("substitute", "product", "B", "S")
    some = Viewer(user="max", role="manager", companies=frozenset({"c2"}))
    for who, ways in ((OWNER, ["screw"]), (some, [])):
        how = How(rules=promise_rules.rules(who))
        told = delivery.promised(who, Scope(), (("B", "3"),), how).others.filter(way="substitute")
        assert told["product_id"].to_list() == ways


def test_goods_of_another_site_come_in_the_days_that_are_ruled() -> None:
    assert promised("G", "5", leaves_from="north").last_on == DAY + timedelta(days=7)
    rule("transfer", "site", "South", "North", "2")
    assert promised("G", "5", leaves_from="north").last_on == DAY + timedelta(days=2)


def test_what_is_held_can_leave_on_the_day_that_the_rules_gave_it() -> None:
    rule("transfer", "site", "South", "North", "2")
    how = How(leaves_from="north", rules=promise_rules.rules(SALES))
    promises.say(SALES, Scope(), Said(kind=HOLD, wishes=(("G", "5"),), customer_id="k1", how=how))
    held = promises.register(SALES, Scope()).select("promised_on", "can_leave_on").row(0)
    assert held == (DAY + timedelta(days=2), DAY + timedelta(days=2))


def test_a_site_keeps_the_public_holidays_that_are_ruled() -> None:
    rule("holidays", "site", "North", value="CN")
    answer = promised("S", "9")
    assert answer.last_on == DAY
    assert answer.applied.select("kind", "name", "value").rows() == [("holidays", "North", "CN")]


def test_the_usual_confidence_is_told_where_it_is_asked_for() -> None:
    rule("level", value="95")
    assert promise_rules.rules(SALES).level == 95
    assert promised("S", "9", level=95).applied["kind"].to_list() == ["level"]
    assert promised("S", "9", level=80).applied.is_empty()


def test_taking_back_brings_the_earlier_rule_again() -> None:
    rule("level", value="80")
    latest = rule("level", value="95")
    assert promise_rules.register(OWNER).select("number", "value").rows() == [(latest, "95")]
    promise_rules.withdraw(OWNER, latest)
    assert promise_rules.rules(SALES).level == 80
    with pytest.raises(RuleRefused) as refused:
        promise_rules.withdraw(OWNER, latest)
    assert refused.value.rule == "gone"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Rule("cut_off", "site", "Nowhere", "", "14:00"), "unknown"),
        (Rule("cut_off", "site", "North", "", "soon"), "unsound"),
        (Rule("substitute", "product", "B", ""), "unknown"),
        (Rule("whim"), "unsound"),
    ],
)
def test_what_nobody_can_mean_is_refused(said: Rule, why: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        promise_rules.say(OWNER, said)
    assert refused.value.rule == why


def test_ruling_takes_its_right_and_the_whole_firm_all_companies() -> None:
    with pytest.raises(NotAllowed):
        promise_rules.say(SALES, Rule("level", value="95"))
    some = Viewer(user="max", role="manager", companies=frozenset({"c2"}))
    with pytest.raises(RuleRefused) as refused:
        promise_rules.say(some, Rule("level", value="95"))
    assert refused.value.rule == "whole_firm"
    rule("cut_off", "site", "North", value="15:00")
    assert promise_rules.register(some).is_empty()
    number = rule("level", value="80")
    with pytest.raises(RuleRefused) as refused:
        promise_rules.withdraw(some, number)
    assert refused.value.rule == "whole_firm"
    assert promise_rules.rules(OWNER).level == 80


def test_the_terminal_gives_the_same_answer_by_the_same_rules(tmp_path: Path) -> None:
    rule("level", value="80")
    out = tmp_path / "parts.parquet"
    told = answered(["S*9", "gear*0"], "Kim", None, out)
    assert told[0] == "1 of 2 lines has no delivery date"
    assert "As sure as your firm usually promises: 80%." in told
    assert pl.read_parquet(out).select("sku", "quantity", "site").rows() == [("S", 9.0, "North")]
    with pytest.raises(typer.Exit):
        answered(["S*9"], "Nobody", None, None)
