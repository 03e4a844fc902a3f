"""The firm's rules of promising: which of several holds, what cannot be, who steps back, which days are worked."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from analytics.promise_holidays import DAYS_AHEAD, is_country, open_days_of
from analytics.promise_rules import CLASSES, Rule, Rules, is_sound, standing, stepping_back

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
BY_CLASS = Rule("serving", value="class")
ORDERS = pl.DataFrame(
    {
        "document": ["promised", "open A", "open C", "open in segment"],
        "customer_id": ["c", "a", "c", "s"],
        "segment": [None, None, None, "OEM"],
        "promised_on": [date(2026, 4, 9), None, None, None],
    }
)


def test_without_rules_all_stays_as_it_was() -> None:
    rules = standing([])
    assert (rules.level, rules.by_class, rules.substitutes("bolt"), rules.passed(NOON, {})) == (90, False, (), ())
    assert rules.class_of("anybody", "any segment") == "C"


def test_a_later_rule_about_the_same_takes_the_place_of_the_earlier_one() -> None:
    rules = standing(
        [Rule("level", value="80"), Rule("cut_off", "site", "north", "", "9:00"), Rule("level", value="95")]
    )
    assert rules.level == 95
    assert rules.cut_off("site", "north") == "9:00"


def test_a_customers_own_class_counts_before_that_of_its_segment() -> None:
    rules = Rules((Rule("class", "segment", "OEM", "", "A"), Rule("class", "customer", "k1", "", "B")))
    assert [rules.class_of("k1", "OEM"), rules.class_of("k2", "OEM"), rules.class_of("k3", None)] == ["B", "A", "C"]


def test_a_cut_off_is_over_by_the_clock_of_its_site() -> None:
    rules = Rules((Rule("cut_off", "site", "east", "", "15:00"), Rule("cut_off", "site", "west", "", "15:00")))
    assert rules.passed(NOON, {"east": "Asia/Shanghai", "west": "Europe/Berlin"}) == (("site", "east"),)


def test_a_cut_off_of_noon_is_over_at_noon_and_not_a_minute_before() -> None:
    rules = Rules((Rule("cut_off", "carrier", "van", "", "12:00"),))
    assert rules.passed(NOON, {}) == (("carrier", "van"),)
    assert rules.passed(NOON.replace(hour=11, minute=59), {}) == ()


@pytest.mark.parametrize(
    "rule",
    [
        Rule("level", value="99"),
        Rule("serving", value="last"),
        Rule("class", "customer", "k1", "", "D"),
        Rule("class", "site", "north", "", "A"),
        Rule("cut_off", "site", "north", "", "25:00"),
        Rule("cut_off", "site", "", "", "14:00"),
        Rule("substitute", "product", "bolt", "bolt"),
        Rule("substitute", "product", "bolt"),
        Rule("holidays", "site", "north", "", "Atlantis"),
        Rule("transfer", "site", "north", "south", "-1"),
        Rule("transfer", "site", "north", "south", "366"),
        Rule("whim"),
    ],
)
def test_what_cannot_be_is_no_rule(rule: Rule) -> None:
    assert not is_sound(rule)


@pytest.mark.parametrize(("asking", "back"), [("A", ["open C"]), ("B", ["open C"]), ("C", [])])
def test_only_orders_of_a_lower_class_that_nobody_promised_a_day_step_back(asking: str, back: list[str]) -> None:
    rules = Rules((BY_CLASS, Rule("class", "customer", "a", "", "A"), Rule("class", "segment", "OEM", "", "B")))
    found = stepping_back(ORDERS, rules, asking)["document"].to_list()
    assert found == [*back, *(["open in segment"] if asking == "A" else [])]


def test_who_is_served_as_they_come_steps_back_for_nobody() -> None:
    assert stepping_back(ORDERS, Rules(), CLASSES[0]).is_empty()


def test_in_china_the_weekend_before_a_long_holiday_is_worked_and_the_holiday_is_not() -> None:
    opens = open_days_of("CN", date(2026, 2, 12))
    assert len(opens) == DAYS_AHEAD
    assert opens[2] == 2  # Saturday the 14th is worked
    assert opens[3] == opens[11] == 12  # from Sunday the 15th to Monday the 23rd nobody works


def test_a_country_is_known_by_its_short_code() -> None:
    assert [is_country(code) for code in ("DE", "CN", "de", "Germany", "")] == [True, True, False, False, False]
