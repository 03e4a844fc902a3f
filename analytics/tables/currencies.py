"""Which currency codes are in use: those that are tender somewhere today, after the Unicode CLDR."""

import functools

from babel.core import get_global


@functools.cache
def in_use() -> frozenset[str]:
    """ISO 4217 codes of currencies that are legal tender in some territory now.

    Withdrawn ones (DEM), funds and test codes (XXX) are not.
    """
    territories = get_global("territory_currencies")
    return frozenset(
        code for entries in territories.values() for code, _, ends, tender in entries if ends is None and tender
    )
