"""What a firm pays every month whether it sells or not: rent, energy, freight, and the wear of its machines.

They are sized by what each company sells in a usual month, so a larger sample has a larger firm.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.accounts import (
    AGENCY,
    BANK,
    DEPRECIATION,
    DEVELOPMENT,
    ENERGY,
    FREIGHT,
    INCOME_TAX,
    INSURANCE,
    INTEREST,
    MACHINES,
    MARKETING,
    OFFICE,
    RENT,
    REPAIRS,
    SALES_OF,
    Account,
)
from sample_data.places import COMPANIES, month_starts
from sample_data.postings import Books, numbered, posted

DEARER_A_YEAR = 0.025
MONTHS_OF_WEAR, YEARLY_INTEREST = 96, 0.045


@dataclass(frozen=True)
class Overhead:
    """One kind of cost: its share of a usual month's sales and the day of the month on which it comes.

    ``varies``: how much it does so at random; ``winter``: how much more than on average it is in January; ``rises``:
    whether it gets dearer with the years; ``pays``: the account that it is taken from.
    """

    account: Account
    share: float
    day: int
    varies: float = 0.0
    winter: float = 0.0
    rises: bool = True
    pays: Account = BANK


OVERHEADS = (
    Overhead(RENT, 0.022, 3),
    Overhead(INSURANCE, 0.006, 5),
    Overhead(OFFICE, 0.014, 12, 0.12),
    Overhead(INCOME_TAX, 0.028, 15),
    Overhead(ENERGY, 0.03, 18, 0.06, 0.28),
    Overhead(MARKETING, 0.024, 20, 0.25),
    Overhead(DEVELOPMENT, 0.026, 22, 0.15),
    Overhead(REPAIRS, 0.027, 25, 0.3),
    Overhead(AGENCY, 0.034, 27, 0.12),
    Overhead(FREIGHT, 0.036, 28, 0.08),
    Overhead(DEPRECIATION, 0.038, 31, rises=False, pays=MACHINES),
    Overhead(INTEREST, 0.003, 31, rises=False),
)


@dataclass(frozen=True)
class Overheads:
    """The overheads of both companies; ``living`` are the postings of what they sold."""

    books: Books
    living: pl.DataFrame

    @cached_property
    def usual(self) -> pl.DataFrame:
        """By company: the sales of a usual month, in cents."""
        sales = sorted({account.code for account in SALES_OF.values()})
        sold = self.living.filter(pl.col("account").is_in(sales)).group_by("company_id").agg(-pl.col("cents").sum())
        months = self.books.plan.days / 30.44
        every = pl.DataFrame({"company_id": list(COMPANIES)}).join(sold, on="company_id", how="left", validate="1:1")
        return every.select("company_id", usual=pl.col("cents").fill_null(0) / months)

    @cached_property
    def fixed(self) -> pl.DataFrame:
        """By company: what the machines are worth and what is owed to the bank before the first day, in cents."""
        wear, interest = (
            next(o.share for o in OVERHEADS if o.account is account) for account in (DEPRECIATION, INTEREST)
        )
        return self.usual.select(
            "company_id",
            machines=(pl.col("usual") * wear * MONTHS_OF_WEAR).cast(pl.Int64),
            loan=(pl.col("usual") * interest * 12 / YEARLY_INTEREST).cast(pl.Int64),
        )

    def postings(self) -> pl.DataFrame:
        """One document for each month, company and kind, up to the last day."""
        parts = [part for overhead in OVERHEADS for part in self._of(overhead)]
        return pl.concat(parts)

    def _of(self, overhead: Overhead) -> tuple[pl.DataFrame, pl.DataFrame]:
        rows = self._due(overhead).with_columns(document_number=numbered(f"OVH-{overhead.account.code}"))
        text = (overhead.account.english, overhead.account.chinese)
        return (
            posted(rows, overhead.account, pl.col("cents"), text),
            posted(rows, overhead.pays, -pl.col("cents"), text),
        )

    def _due(self, overhead: Overhead) -> pl.DataFrame:
        """By company and month: the day, and the amount in cents."""
        plan = self.books.plan
        days = [_in_month(plan.date(first), overhead.day) for first in month_starts(plan)]
        chance = plan.random(f"overhead {overhead.account.code}").normal(0, 1, len(days))
        sizes = [_size(overhead, at, day, float(draw)) for at, (day, draw) in enumerate(zip(days, chance, strict=True))]
        months = pl.DataFrame({"posted_on": days, "size": sizes}).filter(pl.col("posted_on") <= plan.until)
        both = self.usual.join(months, how="cross")
        return both.select("company_id", "posted_on", cents=(pl.col("usual") * pl.col("size")).round(0).cast(pl.Int64))


def _in_month(first: date, day: int) -> date:
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))


def _size(overhead: Overhead, month: int, day: date, draw: float) -> float:
    """The share of a usual month's sales in one month of the story."""
    season = 1 + overhead.winter * np.cos((day.month - 1) / 12 * 2 * np.pi)
    years = month // 12 if overhead.rises else 0
    return float(overhead.share * season * (1 + DEARER_A_YEAR) ** years * max(0.3, 1 + overhead.varies * draw))
