"""Postings: what a document changes on an account, in cents of the company's currency, debit positive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from sample_data.accounts import Account
from sample_data.exact import UNIT
from sample_data.places import COMPANIES, CURRENCY, PARENT
from sample_data.plan import Plan
from sample_data.prices import Prices

Papers = Mapping[str, pl.DataFrame]
HEAD = ("company_id", "document_number", "posted_on")
OPTIONAL: Mapping[str, type[pl.String | pl.Int64]] = {
    "foreign_cents": pl.Int64,
    "foreign_currency": pl.String,
    "customer_id": pl.String,
    "supplier_id": pl.String,
}
WORTH_OF_A_CENT = 10**5


@dataclass(frozen=True)
class Books:
    """What the books are made from: the papers of the firm, and what its goods cost on each day."""

    plan: Plan
    prices: Prices
    papers: Papers

    @property
    def products(self) -> pl.DataFrame:
        """One row per product: product_id, its number, its kind."""
        rows = self.prices.catalogue.products
        return pl.DataFrame(
            {"product_id": [p.key for p in rows], "product": [p.index for p in rows], "kind": [p.kind for p in rows]}
        )

    def accounts(self, of: Mapping[str, Account]) -> pl.DataFrame:
        """One row per product that has an account: product_id, account."""
        found = [(p.key, of[p.kind].code) for p in self.prices.catalogue.products if p.kind in of]
        return pl.DataFrame(found, schema=["product_id", "account"], orient="row")


def posted(
    rows: pl.DataFrame, account: Account | pl.Expr, cents: pl.Expr, text: tuple[str, str], **more: pl.Expr
) -> pl.DataFrame:
    """One posting per row that changes the account; ``rows`` have the document, its company and its day.

    ``text`` is English and Chinese; ``more`` are the optional columns.
    """
    code = pl.lit(account.code) if isinstance(account, Account) else account
    at_parent = pl.col("company_id") == COMPANIES[PARENT]
    said = pl.when(at_parent).then(pl.lit(text[0])).otherwise(pl.lit(text[1]))
    absent = {name: pl.lit(None, dtype=kind) for name, kind in OPTIONAL.items()}
    return rows.select(*HEAD, account=code, cents=cents, description=said, **absent | more).filter(pl.col("cents") != 0)


def the_rest(postings: pl.DataFrame, account: Account, text: tuple[str, str]) -> pl.DataFrame:
    """One posting for each document that does not balance, by which it does."""
    lacking = postings.group_by(HEAD).agg(pl.col("cents").sum())
    return posted(lacking, account, -pl.col("cents"), text)


def cents(amount: str) -> pl.Expr:
    """A decimal amount as cents."""
    return (pl.col(amount) * 100).cast(pl.Int64)


def thousandths(quantity: str) -> pl.Expr:
    """A decimal quantity as thousandths of the base unit."""
    return (pl.col(quantity) * UNIT).cast(pl.Int64)


def divided(value: pl.Expr, divisor: pl.Expr | int) -> pl.Expr:
    """Whole-number division, rounded to the nearest; halves go away from zero."""
    up = (value.abs() * 2 + divisor) // (divisor * 2)
    return pl.when(value < 0).then(-up).otherwise(up)


def numbered(prefix: str, day: str = "posted_on") -> pl.Expr:
    """The number of a company's document of one day that has no paper of its own: ``COS-TQ-DE-20260314``."""
    return pl.format(f"{prefix}-{{}}-{{}}", pl.col("company_id"), pl.col(day).dt.strftime("%Y%m%d"))


def local_day(instant: str) -> pl.Expr:
    """The calendar day at the company."""
    at_parent = pl.col("company_id") == COMPANIES[PARENT]
    west, east = (pl.col(instant).dt.convert_time_zone(zone).dt.date() for zone in ("Europe/Berlin", "Asia/Shanghai"))
    return pl.when(at_parent).then(west).otherwise(east)


def with_rates(rows: pl.DataFrame, rates: pl.DataFrame, day: str) -> pl.DataFrame:
    """With ``own`` and ``foreign``: so many units of the company's currency are worth so many of the row's, on the day.

    Millionths for one euro. The rate is the latest on or before the day; before the first, the first.
    """
    known = rates.select("currency", "valid_from_on", rate=(pl.col("rate") * 10**6).cast(pl.Int64))
    euros = pl.DataFrame({"currency": [CURRENCY[PARENT]], "valid_from_on": [date(1980, 1, 1)], "rate": [10**6]})
    dated = pl.concat([known, euros]).sort("currency", "valid_from_on")
    books = pl.DataFrame({"company_id": COMPANIES, "books": CURRENCY})
    found = rows.join(books, on="company_id", how="left", validate="m:1").with_row_index("row").sort(day)
    for name, by in (("own", "books"), ("foreign", "currency")):
        found = found.join_asof(
            dated.sort("valid_from_on").rename({"rate": name, "currency": by}),
            left_on=day, right_on="valid_from_on", by=by, strategy="backward", check_sortedness=False,
        ).drop("valid_from_on")  # fmt: skip
    return found.sort("row").drop("row")


def in_books(amount: pl.Expr) -> pl.Expr:
    """Cents of a row's currency as cents of the company's, at the row's rates."""
    return divided(amount * pl.col("own"), pl.col("foreign"))


def foreign(amount: pl.Expr) -> dict[str, pl.Expr]:
    """The amount in the document's currency, where that is not the company's."""
    differs = pl.col("currency") != pl.col("books")
    return {
        "foreign_cents": pl.when(differs).then(amount),
        "foreign_currency": pl.when(differs).then(pl.col("currency")),
    }
