"""Which currencies are in use."""

import pytest

from analytics.tables.currencies import in_use


@pytest.mark.parametrize("code", ["EUR", "USD", "CNY", "CHF", "JPY", "GBP", "INR", "BRL"])
def test_tender_of_today_is_in_use(code: str) -> None:
    assert code in in_use()


@pytest.mark.parametrize("code", ["DEM", "FRF", "XXX", "XTS", "XAU", "HRK", "€", ""])
def test_withdrawn_currencies_metals_and_test_codes_are_not(code: str) -> None:
    assert code not in in_use()
