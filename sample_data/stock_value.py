"""What stock is worth at standard cost: each movement on its day, and the whole anew when costs are set."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sample_data.accounts import STOCK_OF
from sample_data.places import COMPANIES
from sample_data.postings import Books, local_day, thousandths

ITEM = ("company_id", "product_id")


@dataclass(frozen=True)
class StockValue:
    """The value of all stock, in ten-millionths of the company's currency: thousandths of a unit times ten-thousandths
    of money."""

    books: Books

    @cached_property
    def flows(self) -> pl.DataFrame:
        """One row per done movement into or out of our places: what it is, its papers, its account, quantity and worth.

        What comes in is positive.
        """
        moves = self.books.papers["stock_moves"].filter(pl.col("status") == "done")
        comes, goes = pl.col("from_site_id").is_null(), pl.col("to_site_id").is_null()
        across = moves.filter(comes != goes).select(
            *ITEM,
            "kind",
            "work_order_id",
            document_number="number",
            posted_on=local_day("moved_at"),
            quantity=pl.when(comes).then(thousandths("quantity")).otherwise(-thousandths("quantity")),
        )
        dated = across.with_columns(day=(pl.col("posted_on") - self.books.plan.start).dt.total_days())
        accounts = self.books.accounts(STOCK_OF)
        return self._valued(dated).join(accounts, on="product_id", how="left", validate="m:1")

    def _valued(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(worth=pl.col("quantity") * self._cost(rows, rows["day"]))

    def _cost(self, rows: pl.DataFrame, day: pl.Series) -> pl.Series:
        """Ten-thousandths of the company's currency for one base unit."""
        products = self.books.products.select("product_id", "product")
        numbers = rows.select(ITEM).join(products, on="product_id", how="left", validate="m:1", maintain_order="left")
        company = numbers["company_id"].replace_strict(COMPANIES, range(len(COMPANIES)), return_dtype=pl.Int64)
        found = self.books.prices.unit_cost(company.to_numpy(), numbers["product"].to_numpy(), day.to_numpy())
        return pl.Series("cost", found)

    @cached_property
    def revaluations(self) -> pl.DataFrame:
        """One row per product whose standard cost was set anew while there was stock: what that added to its worth."""
        plan = self.books.plan
        days = [day for day in self.books.prices.cost_days.tolist() if 0 <= day <= plan.last]
        return pl.concat([self._revalued(day) for day in days] or [self._revalued(0).clear()])

    def _revalued(self, day: int) -> pl.DataFrame:
        held = self.flows.filter(pl.col("day") < day).group_by(*ITEM, "account").agg(pl.col("quantity").sum())
        new, old = (self._cost(held, pl.repeat(at, held.height, eager=True, dtype=pl.Int64)) for at in (day, day - 1))
        posted_on = pl.lit(self.books.plan.date(day))
        return held.with_columns(worth=pl.col("quantity") * (new - old), day=pl.lit(day, pl.Int64), posted_on=posted_on)

    @cached_property
    def changes(self) -> pl.DataFrame:
        """By company, account and day: what was added to the worth of stock."""
        columns = ("company_id", "account", "posted_on", "worth")
        every = pl.concat([self.flows.select(columns), self.revaluations.select(columns)])
        return every.group_by("company_id", "account", "posted_on").agg(pl.col("worth").sum())
