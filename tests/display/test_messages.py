"""What a page says before anything else."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from analytics.inventory import OUTLOOK
from display.messages import health, inventory


def outlook(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = {"state": "healthy", "currency": "EUR", "at_stake": 0.0, "overdue_receipts": 0.0, "stock_value": 10.0}
    return pl.DataFrame([usual | row for row in rows], schema=OUTLOOK)


def short(**fields: Any) -> dict[str, Any]:
    return {"state": "runs_out", "at_stake": 100.0, "at_stake_is": "margin", "runs_out_on": date(2026, 11, 27)} | fields


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        ([], "Inventory and demand", "库存与需求"),
        ([{}], "Every item lasts until its next receipt", "所有物料都能维持到下次到货"),
        ([{"state": "low"}, {}], "Nothing runs out before its next receipt; 1 item is low", None),
        ([short()], "1 item runs out before its next receipt; €100 at stake", None),
        (
            [short(), short(state="out"), short(state="negative"), {"state": "low"}],
            "3 items run out before their next receipt; €300 at stake",
            "3种物料将在下次到货前缺货，涉及€300",
        ),
        ([short(at_stake=None)], "1 item runs out before its next receipt", None),
        (
            [short(), short(currency="CHF", at_stake=500.0)],
            "2 items run out before their next receipt; CHF500 + €100 at stake",
            None,
        ),
    ],
)
def test_the_title_says_the_message(rows: list[dict[str, Any]], english: str, chinese: str | None) -> None:
    assert inventory.title(outlook(*rows), "en") == english
    assert chinese is None or inventory.title(outlook(*rows), "zh") == chinese


def at_sites(**fields: Any) -> dict[str, Any]:
    return {"sites_short": 2, "at_stake_at_sites": 70.0} | fields


@pytest.mark.parametrize(
    ("rows", "english"),
    [
        ([at_sites()], "In total there is enough of every item, but 1 is short at a single site; €70 at stake there"),
        (
            [at_sites(), at_sites(at_stake_at_sites=None)],
            "In total there is enough of every item, but 2 are short at single sites; €70 at stake there",
        ),
        (
            [short(sites_short=1), at_sites(), at_sites()],
            "1 item runs out before its next receipt; €100 at stake; 2 more are short at single sites",
        ),
        ([at_sites(at_stake_at_sites=None)], "In total there is enough of every item, but 1 is short at a single site"),
    ],
)
def test_the_title_tells_what_a_sum_over_sites_hides(rows: list[dict[str, Any]], english: str) -> None:
    assert inventory.title(outlook(*rows), "en") == english


def test_what_is_at_stake_at_single_sites_is_told_beside_what_is_at_stake_in_all() -> None:
    assert cards(at_sites())["at_stake"][:2] == ("–", "+ €70 by site")


def cards(*rows: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    made = inventory.cards(outlook(*rows), 84, "en")
    assert len(made) == 6
    return {card.name: (card.value, card.note, card.tone) for card in made}


def test_cards_are_loud_only_where_a_threshold_is_crossed() -> None:
    assert {tone for _, _, tone in cards({}, {"state": "overstock"}).values()} == {"quiet"}
    loud = cards(short(), short(state="out"), {"overdue_receipts": 2.0})
    assert {name: tone for name, (_, _, tone) in loud.items() if tone != "quiet"} == {
        "out": "bad",
        "runs_out": "bad",
        "overdue": "warn",
    }


def test_cards_count_and_sum_what_they_name() -> None:
    made = cards(short(), short(state="out"), short(state="negative"), {"state": "low"}, {"state": "overstock"})
    assert made["out"][:2] == ("2", "of 5 items")
    assert made["runs_out"][:2] == ("1", "first on 27 Nov")
    assert made["low"][0] == "1"
    assert made["at_stake"][:2] == ("€300", "margin lost")
    assert made["value"][:2] == ("€50", "1 overstocked")


def test_without_a_right_to_costs_there_is_no_stock_value() -> None:
    made = cards({"stock_value": None, "state": "overstock"})
    assert "value" not in made
    assert made["overstock"][0] == "1"


def test_an_amount_in_a_second_currency_is_told_beside() -> None:
    assert cards(short(), short(currency="CHF", at_stake=20_500.0))["at_stake"][:2] == ("CHF20.5K", "+ €100")


def facts(**fields: Any) -> dict[str, str]:
    item = outlook({"unit": "kg", "on_hand": 5.0, "on_order": 0.0, "open_demand": 0.0, "in_transit": 0.0} | fields)
    return {fact.label: fact.value for fact in inventory.facts(item.row(0, named=True), "en")}


def test_what_is_not_known_is_said_to_be_unknown_and_not_zero() -> None:
    known = facts()
    assert known["On hand"] == "5 kg"
    assert known["Reserved"] == known["Lead time"] == known["Main supplier"] == "unknown"
    assert known["Cover"] == known["Demand per day"] == "no demand"
    assert known["Next receipt"] == "none due"
    assert not {"Short", "of which overdue", "On the way between sites"} & set(known)


def test_facts_tell_what_is_short_and_what_it_is_worth() -> None:
    known = facts(**short(short_quantity=2.5, days_of_cover=1.0, overdue_receipts=4.0, in_transit=1.0))
    assert known["Outcome"] == "Runs out 27 Nov"
    assert known["Short"] == "2.5 kg"
    assert known["At stake"] == "€100 in margin"
    assert known["Cover"] == "1 day"
    assert known["of which overdue"] == "4 kg"


AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
COUNTS = {"rows_read": 10, "rows_loaded": 10, "rows_quarantined": 0, "rows_duplicate": 0}
SCHEMA: dict[str, Any] = {
    "source": pl.String,
    "last_loaded_at": pl.Datetime("us", "UTC"),
    "age_minutes": pl.Int64,
    "last_attempt_at": pl.Datetime("us", "UTC"),
    "last_outcome": pl.String,
    "last_message": pl.String,
    **dict.fromkeys(COUNTS, pl.Int64),
}


def sources(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = {"source": "odoo", "last_loaded_at": AT, "age_minutes": 5, "last_attempt_at": AT, "last_outcome": "loaded"}
    return pl.DataFrame([usual | COUNTS | row for row in rows], schema=SCHEMA)


def tables(*balanced: bool) -> pl.DataFrame:
    return pl.DataFrame({"balanced": list(balanced)}, schema={"balanced": pl.Boolean})


FAILED = {"last_outcome": "failed", "last_message": "The host is unknown"}
NEVER = FAILED | {"last_loaded_at": None, "age_minutes": None} | dict.fromkeys(COUNTS)


@pytest.mark.parametrize(
    ("rows", "balanced", "english"),
    [
        ([], [], "No source has been loaded yet"),
        ([{}], [True], "All data is fresh, and every row is accounted for"),
        ([{"rows_quarantined": 1}], [True], "1 row is set aside; everything else is loaded"),
        ([{"age_minutes": 27 * 60}], [True], "Odoo is 27 hours old"),
        ([{"rows_quarantined": 3}], [True, False], "1 table does not add up"),
        ([{}, NEVER | {"source": "files"}], [True], "Files could not be loaded"),
        ([{"last_outcome": "busy"}], [True], "All data is fresh, and every row is accounted for"),
        (
            [FAILED, {"source": "files"}],
            [True],
            "The last refresh of Odoo failed; its data of 5 Jan 2026, 08:00 UTC still holds",
        ),
    ],
)
def test_the_worst_thing_that_is_true_is_the_title(
    rows: list[dict[str, Any]], balanced: list[bool], english: str
) -> None:
    assert health.title(sources(*rows), tables(*balanced), "en", None) == english


def test_a_failed_attempt_says_what_failed_and_what_still_holds() -> None:
    (told,) = health.troubles(sources(FAILED), "en", None)
    assert told == (
        "Odoo: The attempt of 5 Jan 2026, 08:00 UTC failed: The host is unknown. "
        "What was loaded on 5 Jan 2026, 08:00 UTC still holds."
    )
    (busy,) = health.troubles(sources({"last_outcome": "busy"}), "en", None)
    assert "another refresh was running" in busy
    (never,) = health.troubles(sources(NEVER), "en", None)
    assert never.endswith("Nothing of this source is loaded yet.")


def test_a_stale_source_says_how_to_refresh_it() -> None:
    (told,) = health.troubles(sources({"age_minutes": 3 * 24 * 60}), "en", None)
    assert "is 3 days old" in told
    assert told.endswith("python cli.py sync odoo")
    assert health.troubles(sources({}), "en", None) == []


def test_health_cards_add_up_over_all_sources() -> None:
    rows = sources(
        {"rows_loaded": 7, "rows_quarantined": 2, "rows_duplicate": 1}, {"source": "files", "age_minutes": 9}
    )
    made = {card.name: (card.value, card.note, card.tone) for card in health.cards(rows, tables(True, False), "en")}
    assert made["read"] == ("20", "from Odoo, Files", "quiet")
    assert made["loaded"] == ("17", "85.0% of all", "quiet")
    assert made["quarantined"] == ("2", "to be corrected", "warn")
    assert made["balance"][::2] == ("1 off", "bad")
    assert made["oldest"] == ("9 minutes", "Files", "quiet")


def test_without_rows_no_share_is_made_up() -> None:
    made = {card.name: card for card in health.cards(sources(NEVER), tables(), "en")}
    assert made["loaded"].note == "– of all"
    assert made["oldest"].value == "–"
