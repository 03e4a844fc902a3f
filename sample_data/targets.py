"""The targets of this year and the last: by metric, company and month, revenue by region too, set as the year began."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sample_data.accounts import STOCK_OF
from sample_data.exact import millionths, table
from sample_data.places import COMPANIES, CURRENCY
from sample_data.plan import Plan
from sample_data.planning import Plans, ended_months
from sample_data.postings import Papers, cents, local_day

YEARS_BACK, ROUND_SUM = 1, 100
MORE_SALES, MORE_MARGIN, MORE_STOCK, LESS_COVER, LESS_OVERDUE = 0.03, 0.005, 0.02, -0.05, -0.1
MORE_ON_TIME, BEST = 0.02, 0.98
MONEY = ("orders_taken", "revenue", "gross_margin", "stock_value", "overdue_receivables")
COMPANY = ("company_id",)


@dataclass(frozen=True)
class Targets:
    """All targets; ``postings`` are those of the books, ``working`` as from ``working_days``."""

    plan: Plan
    papers: Papers
    postings: pl.DataFrame
    working: pl.DataFrame

    def rows(self) -> pl.DataFrame:
        """One row per metric, company, region (null for the whole company) and month: ``value``."""
        by_region, whole = self.revenue
        margin = whole.join(self.margin_rate, on=["company_id", "month"], suffix="_rate", validate="1:1")
        parts = {
            "orders_taken": self._orders_taken(),
            "gross_margin_rate": self.margin_rate,
            "gross_margin": margin.with_columns(value=pl.col("value") * pl.col("value_rate")).drop("value_rate"),
            "on_time_in_full": self._on_time(self._promised_lines()),
            "supplier_on_time": self._on_time(self._purchased_lines()),
            "stock_value": _round(self._plans("stock").of_months(self._stock, MORE_STOCK)),
            "days_of_stock": self._days_of_stock(),
            "overdue_receivables": self._overdue(),
        }
        named = [rows.with_columns(metric=pl.lit(name)) for name, rows in parts.items()]
        sold = [rows.with_columns(metric=pl.lit("revenue")) for rows in (by_region, whole)]
        return pl.concat([*named, *sold], how="diagonal").sort("metric", "company_id", "region", "month")

    def _plans(self, subject: str, by: tuple[str, ...] = COMPANY) -> Plans:
        years = range(self.plan.until.year - YEARS_BACK, self.plan.until.year + 1)
        return Plans(self.plan, subject, by, years, self.working)

    def _of_ended(self, rows: pl.DataFrame, day: str) -> pl.DataFrame:
        """The rows of months that have ended, with their month."""
        month, is_over = ended_months(day, self.plan)
        return rows.filter(is_over).with_columns(month=month)

    @cached_property
    def _invoiced(self) -> pl.DataFrame:
        """By company, region and ended month: revenue and what it cost."""
        heads = self.papers["invoices"].select("invoice_id", "customer_id", "invoiced_on")
        regions = self.papers["customers"].select("customer_id", "region")
        dated = self.papers["invoice_lines"].join(heads, on="invoice_id", how="inner", validate="m:1")
        placed = dated.join(regions, on="customer_id", how="left", validate="m:1")
        sums = pl.col("amount_untaxed", "cost_amount").sum().cast(pl.Float64)
        return self._of_ended(placed, "invoiced_on").group_by("company_id", "region", "month").agg(sums)

    @cached_property
    def revenue(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """By region, and of the whole company: the sum of its regions."""
        actual = self._invoiced.select("company_id", "region", "month", value="amount_untaxed")
        by_region = _round(
            self._plans("revenue", ("company_id", "region")).of_months(actual, MORE_SALES, by_workdays=True)
        )
        return by_region, by_region.group_by("company_id", "month").agg(pl.col("value").sum())

    @cached_property
    def margin_rate(self) -> pl.DataFrame:
        """A share of revenue; the target of the margin is that of revenue times this."""
        earned = self._invoiced.select(
            *COMPANY, "month", over=pl.col("amount_untaxed") - pl.col("cost_amount"), under="amount_untaxed"
        )
        return self._plans("margin").of_years(earned, MORE_MARGIN).with_columns(pl.col("value").round(3))

    def _orders_taken(self) -> pl.DataFrame:
        taken = self.papers["sales_orders"].filter(pl.col("status").is_in(["confirmed", "done"]))
        dated = self._of_ended(taken.with_columns(day=local_day("ordered_at")), "day")
        actual = dated.group_by(*COMPANY, "month").agg(value=pl.col("amount_untaxed").sum().cast(pl.Float64))
        return _round(self._plans("orders").of_months(actual, MORE_SALES, by_workdays=True))

    def _on_time(self, lines: pl.DataFrame) -> pl.DataFrame:
        """``lines`` have the day they were due and the day they were complete, null where they never were."""
        kept = (pl.col("complete_on") <= pl.col("due_on")).fill_null(value=False)
        actual = self._of_ended(lines, "due_on").select(*COMPANY, "month", over=kept.cast(pl.Int64), under=1)
        better = self._plans("on time").of_years(actual, 0.0)
        return better.with_columns(value=(pl.col("value") + MORE_ON_TIME).round(2).clip(0, BEST))

    def _promised_lines(self) -> pl.DataFrame:
        left = (
            self.papers["shipments"]
            .filter(pl.col("status") == "done")
            .select("shipment_id", day=pl.coalesce("delivered_at", "shipped_at").dt.date())
        )
        parts = self.papers["shipment_lines"].join(left, on="shipment_id", how="inner", validate="m:1")
        came = parts.group_by("sales_order_line_id").agg(pl.col("shipped_quantity").sum(), pl.col("day").max())
        lines = self.papers["sales_order_lines"].filter(pl.col("first_promised_on").is_not_null())
        found = lines.join(came, on="sales_order_line_id", how="left", validate="1:1")
        whole = pl.when(pl.col("shipped_quantity") >= pl.col("quantity")).then(pl.col("day"))
        return found.select(*COMPANY, due_on="first_promised_on", complete_on=whole)

    def _purchased_lines(self) -> pl.DataFrame:
        whole = pl.when(pl.col("received_quantity") >= pl.col("quantity")).then(pl.col("received_on"))
        return self.papers["purchase_order_lines"].select(*COMPANY, due_on="first_due_on", complete_on=whole)

    @cached_property
    def _stock(self) -> pl.DataFrame:
        """By company and ended month: the worth of stock on the evening of its last day."""
        codes = [account.code for account in STOCK_OF.values()]
        changed = self.postings.filter(pl.col("account").is_in(codes)).with_columns(
            posted_on=pl.max_horizontal("posted_on", pl.lit(self.plan.start))
        )
        monthly = self._of_ended(changed, "posted_on").group_by(*COMPANY, "month").agg(pl.col("cents").sum())
        return monthly.sort("month").select(*COMPANY, "month", value=pl.col("cents").cum_sum().over(COMPANY) / 100)

    def _days_of_stock(self) -> pl.DataFrame:
        """Stock at the end of the month by the cost of what was sold on a day of it."""
        costs = self._invoiced.group_by(*COMPANY, "month").agg(pl.col("cost_amount").sum())
        both = self._stock.join(costs, on=[*COMPANY, "month"], validate="1:1")
        actual = both.select(
            *COMPANY, "month", over="value", under=pl.col("cost_amount") / pl.col("month").dt.days_in_month()
        )
        planned = self._plans("cover").of_years(actual, LESS_COVER)
        return planned.with_columns(pl.col("value").round(0))

    def _overdue(self) -> pl.DataFrame:
        """The mean of the month ends of the year before, and a tenth less."""
        invoices = self.papers["invoices"].select("company_id", "invoice_id", "due_on", "amount_total")
        paid = (
            self.papers["payments"]
            .filter(pl.col("direction") == "in")
            .join(invoices.select("invoice_id", "due_on"), on="invoice_id", how="inner", validate="m:1")
        )
        since = pl.max_horizontal("paid_on", "due_on")
        changes = pl.concat(
            [
                invoices.select(*COMPANY, day="due_on", amount="amount_total"),
                paid.select(*COMPANY, day=since, amount=-pl.col("amount")),
            ]
        )
        monthly = self._of_ended(changes, "day").group_by(*COMPANY, "month").agg(cents("amount").sum())
        overdue = monthly.sort("month").select(
            *COMPANY, "month", over=pl.col("amount").cum_sum().over(COMPANY).clip(0) / 100, under=pl.lit(1.0)
        )
        return _round(self._plans("overdue").of_years(overdue, LESS_OVERDUE))


def _round(rows: pl.DataFrame) -> pl.DataFrame:
    """In whole hundreds."""
    return rows.with_columns((pl.col("value") / ROUND_SUM).round(0) * ROUND_SUM)


def target_table(targets: Targets) -> pl.DataFrame:
    """The targets as the unified model has them; money in the company's currency, shares from 0 to 1, days as days."""
    rows = targets.rows()
    where = rows["region"].fill_null("all")
    parts = [rows["metric"], rows["company_id"], where, rows["month"].dt.strftime("%Y-%m")]
    currency = rows["company_id"].replace_strict(COMPANIES, CURRENCY)
    is_money = rows["metric"].is_in(MONEY)
    return table(
        "targets",
        company_id=rows["company_id"],
        target_id=pl.select(pl.concat_str(parts, separator="/")).to_series(),
        metric=rows["metric"],
        period_starts_on=rows["month"],
        period_ends_on=rows["month"].dt.month_end(),
        region=rows["region"],
        value=millionths((rows["value"] * 10**6).round(0).cast(pl.Int64).to_numpy()),
        currency=pl.select(pl.when(is_money).then(currency)).to_series(),
    )
