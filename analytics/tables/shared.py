"""Companies, sites, currencies, calendars and units: what all subjects share."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record

SITE_KINDS = ("warehouse", "plant", "shop", "area", "location", "transit")


class Companies(Record):
    """One row per legal company."""

    company_id = c.key("The company")
    name = c.name("Name of the company")
    currency = c.currency("Currency in which the company keeps its books", nullable=True)
    country = c.country()
    parent_company_id = c.reference("companies", "The company that owns it")
    is_active = c.flag("False when the source has archived it")


class Sites(Record):
    """One row per place that holds stock: a warehouse, plant or shop, and the areas and locations inside."""

    site_id = c.key("The site")
    code = c.name("Short code", nullable=True)
    name = c.name("Name, with its path where the source gives one")
    kind = c.status(
        SITE_KINDS,
        "warehouse, plant, shop; area groups locations and holds nothing itself; location is inside another site;"
        " transit is on the way",
    )
    parent_site_id = c.reference("sites", "The site that contains it")
    main_site_id = c.reference("sites", "The warehouse, plant or shop that it belongs to; itself when it is one")
    country = c.country()
    region = c.name("Region of the site, by which rights cut stock", nullable=True)
    time_zone = c.name("IANA time zone", nullable=True)
    is_active = c.flag("False when the source has archived it; stock that is still there counts")


class Currencies(Record):
    """One row per currency."""

    currency_id = c.key("The currency")
    currency = c.loose_code("ISO 4217 code; the source may keep currencies that are no longer in use")
    name = c.name("Name", nullable=True)
    decimal_places = dy.Int64(
        nullable=True, min=0, max=6, description="Decimals of its smallest unit", metadata={"unit": "decimals"}
    )
    is_active = c.flag("False when the firm does not use it")


class ExchangeRates(Record):
    """One row per currency, base currency and first day of validity; it stands until the next one."""

    exchange_rate_id = c.key("The dated rate")
    currency = c.currency("The currency that is priced")
    base_currency = c.currency("The currency in which the source states its rates")
    valid_from_on = c.day("First day of validity", nullable=False)
    rate = c.rate("How many units of the currency one unit of the base currency buys")


class Calendars(Record):
    """One row per working calendar."""

    calendar_id = c.key("The calendar")
    name = c.name("Name")
    time_zone = c.name("IANA time zone of its hours", nullable=True)
    hours_per_day = c.hours("Working hours of a usual day")
    is_active = c.flag("False when archived")


class CalendarPeriods(Record):
    """One row per weekly recurring working period."""

    calendar_period_id = c.key("The period")
    calendar_id = c.reference("calendars", "Its calendar", nullable=False)
    weekday = dy.Int64(
        min=1, max=7, description="Day of the week, 1 is Monday (ISO 8601)", metadata={"unit": "ISO weekday"}
    )
    starts_at_minute = dy.Int64(
        min=0, max=1440, description="Start, minutes after midnight", metadata={"unit": "minutes"}
    )
    ends_at_minute = dy.Int64(min=0, max=1440, description="End, minutes after midnight", metadata={"unit": "minutes"})
    valid_from_on = c.day("First day it holds")
    valid_to_on = c.day("Last day it holds")

    @dy.rule()
    def period_ends_after_start(cls) -> pl.Expr:
        return cls.ends_at_minute.col >= cls.starts_at_minute.col


class CalendarExceptions(Record):
    """One row per holiday, closure or extra working day of a calendar."""

    calendar_exception_id = c.key("The exception")
    calendar_id = c.reference("calendars", "Its calendar; null for every calendar of the company")
    starts_at = c.instant("Start", nullable=False)
    ends_at = c.instant("End", nullable=False)
    is_working = c.flag("True for an extra working day, false for a day off")
    reason = c.name("Why", nullable=True)

    @dy.rule()
    def exception_ends_after_start(cls) -> pl.Expr:
        return cls.ends_at.col >= cls.starts_at.col


class Units(Record):
    """One row per unit of measure."""

    unit_id = c.key("The unit")
    name = c.name("Name, as product and order lines name it")
    category = c.name("Units of one category convert into each other", nullable=True)
    reference_quantity = c.positive(
        "How many reference units of its category one of this unit is: a dozen is 12",
        unit="reference units",
        nullable=True,
    )
    is_active = c.flag("False when archived")


class UnitConversions(Record):
    """One row per conversion between two units, for one product or for all."""

    unit_conversion_id = c.key("The conversion")
    product_id = c.reference("products", "The product it holds for; null for every product")
    from_unit = c.name("Name of the unit that is converted")
    to_unit = c.name("Name of the unit that it becomes")
    factor = c.positive("How many to_unit one from_unit is", unit="to_unit per from_unit")
