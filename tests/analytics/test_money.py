"""In which currency money is reported, and at which rate it is converted."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from analytics.money import Rates, factors, reporting_currency, worths
from tests.analytics.firm import COMPANIES, table

ON = date(2026, 3, 31)


def rate(
    currency: str, value: float, since: date = date(2026, 1, 1), base: str = "EUR", key: str = ""
) -> dict[str, Any]:
    stated = {"currency": currency, "rate": value, "valid_from_on": since, "base_currency": base}
    return stated | {"exchange_rate_id": key or f"{base}{currency}{since}"}


def worth(*rates: dict[str, Any], to: str | None = "EUR") -> dict[str, float]:
    return dict(factors(table("exchange_rates", *rates), to, ON).iter_rows())


def test_the_first_company_that_no_other_owns_says_the_currency() -> None:
    assert reporting_currency(table("companies", *reversed(COMPANIES))) == "EUR"


def test_a_company_that_another_owns_comes_after_its_owner_whatever_their_keys() -> None:
    owner = {"company_id": "z", "currency": "USD"}
    owned = {"company_id": "a", "currency": "CNY", "parent_company_id": "z"}
    assert reporting_currency(table("companies", owned, owner)) == "USD"


def test_the_first_chosen_company_says_the_currency() -> None:
    assert reporting_currency(table("companies", *COMPANIES), ("c2",)) == "CHF"


def test_a_company_without_a_currency_or_archived_says_none() -> None:
    silent = {"company_id": "c0", "currency": None}
    gone = {"company_id": "c3", "currency": "USD", "is_active": False}
    assert reporting_currency(table("companies", silent, gone)) is None


def test_a_currency_is_worth_one_of_itself() -> None:
    assert worth() == {"EUR": 1.0}


def test_the_latest_rate_on_or_before_the_day_counts() -> None:
    rates = (rate("CHF", 1, date(2026, 1, 1)), rate("CHF", 2, ON), rate("CHF", 9, date(2026, 4, 1)))
    assert worth(*rates) == {"EUR": 1.0, "CHF": 0.5}


def test_a_currency_without_a_rate_by_then_is_not_converted() -> None:
    assert worth(rate("CHF", 2, date(2026, 4, 1))) == {"EUR": 1.0}


def test_currencies_of_one_base_convert_through_it() -> None:
    assert worth(rate("CHF", 2), rate("USD", 4), to="CHF") == {"CHF": 1.0, "EUR": 2.0, "USD": 0.5}


def test_rates_stated_in_the_reporting_currency_come_before_those_of_another_base() -> None:
    rates = (rate("USD", 4), rate("EUR", 3, base="CNY"), rate("USD", 3, base="CNY"))
    assert worth(*rates) == {"EUR": 1.0, "USD": 0.25, "CNY": 3.0}


def test_a_base_that_never_meets_the_reporting_currency_does_not_help() -> None:
    assert worth(rate("USD", 3, base="CNY")) == {"EUR": 1.0}


def test_without_a_reporting_currency_nothing_is_converted() -> None:
    assert worth(rate("CHF", 2), to=None) == {}


@pytest.mark.parametrize("amount", [0.0, 10.0])
def test_an_amount_is_restated_where_it_is_known_how(amount: float) -> None:
    rates = Rates("EUR", factors(table("exchange_rates", rate("CHF", 2)), "EUR", ON))
    rows = pl.DataFrame({"currency": ["EUR", "EUR", "XXX", "XXX", "EUR"], "of": ["EUR", "CHF", "XXX", "CHF", "XXX"]})
    restated = rates.restated(rows.with_columns(amount=amount), "amount", stated="of")
    assert restated["amount"].to_list() == [amount, amount / 2, amount, None, None]


RATES_BY_DAY = table(
    "exchange_rates",
    rate("CNY", 7.8), rate("CNY", 8.0, date(2026, 1, 11)), rate("USD", 1.1, date(2026, 1, 5)),
    rate("GBP", 0.8, date(2026, 1, 3), base="USD"),
)  # fmt: skip


def test_what_currencies_are_worth_by_day_is_what_single_days_say() -> None:
    until = date(2026, 1, 20)
    known = worths(RATES_BY_DAY, ("EUR", "CNY"), until)
    assert known["day_on"].min() == RATES_BY_DAY["valid_from_on"].min()
    assert known["day_on"].max() == until
    for (into, day_on), rows in known.group_by("into", "day_on"):
        assert isinstance(day_on, date)
        told = factors(RATES_BY_DAY, str(into), day_on)
        assert dict(rows.select("currency", "factor").iter_rows()) == dict(told.iter_rows())


def test_without_rates_nothing_is_worth_anything_but_itself() -> None:
    assert worths(RATES_BY_DAY.clear(), ("EUR",), date(2026, 1, 20)).is_empty()
