"""What sales and finance have to decide: late orders, money that is owed, customers that leave."""

from datetime import timedelta

import polars as pl

from analytics import unusual
from analytics.deciding.known import NOTHING, Known, counts, link, margin_rate, of_regions
from analytics.demand import known_sum

LATE_DAYS, OVERDUE_DAYS = 3, 30
LEAVING_WEEKS = 17
SEGMENT_TO, SEGMENT_USUAL = 0.7, 20
LARGE_SHARE, LARGE_TO, LARGE_USUAL = 0.01, 0.5, 8
SEGMENT = ("segment", "country")


def late_orders(known: Known) -> pl.DataFrame:
    """Customers whose open orders are past the first promise by more than three days; worth what lacks of them."""
    first = known.as_of - timedelta(days=LATE_DAYS)
    lines = known.of_chosen(known.aggregates["open_order_lines"]).filter(pl.col("first_promised_on") < first)
    found = (
        known.as_margin(known.converted(lines, "amount"), "amount")
        .group_by("customer_id")
        .agg(
            money=known_sum(pl.col("amount")),
            orders=pl.col("document").n_unique(),
            lines=pl.len(),
            since_on=pl.col("first_promised_on").min(),
            act_by_on=pl.col("promised_on").filter(pl.col("promised_on") >= known.as_of).min(),
            salesperson_id=pl.col("salesperson_id").drop_nulls().mode(maintain_order=True).first(),
        )
    )
    named = found.join(known.customers, on="customer_id", how="left", validate="1:1")
    return named.select(
        "money", "orders", "lines", "since_on", "act_by_on",
        subject_id="customer_id",
        subject="customer",
        currency=known.currency,
        money_is=pl.lit(known.money_is),
        days_now=(pl.lit(known.as_of) - pl.col("since_on")).dt.total_days(),
        owner_id=pl.coalesce("salesperson_id", "owner_id"),
        page=pl.lit("rows"),
        parameters=link(
            metric="on_time_in_full", dimension="customer", member=pl.col("customer_id"), period="days_91"
        ),
        rows=pl.col("lines"),
    )  # fmt: skip


def overdue_receivables(known: Known) -> pl.DataFrame:
    """Customers with an invoice more than 30 days overdue; worth all of theirs that is overdue, less credit notes."""
    is_owed = pl.col("is_owed")
    open_ones = known.aggregates["open_invoices"].with_columns(is_owed=pl.col("amount") > 0)
    invoices = known.converted(open_ones, "amount")
    overdue = invoices.filter((pl.col("due_on") < known.as_of).fill_null(value=False))
    found = overdue.group_by("customer_id").agg(
        money=known_sum(pl.col("amount")),
        invoices=is_owed.sum(),
        since_on=pl.col("due_on").filter(is_owed).min(),
        rows=pl.len(),
    )
    old = found.filter(pl.col("since_on") < known.as_of - timedelta(days=OVERDUE_DAYS))
    owing = old.filter((pl.col("money") > 0).fill_null(value=True))
    named = owing.join(known.customers, on="customer_id", how="left", validate="1:1")
    return named.select(
        "money", "invoices", "since_on", "owner_id", "rows",
        subject_id="customer_id",
        subject="customer",
        currency=known.currency,
        money_is=pl.lit("cash"),
        days_now=(pl.lit(known.as_of) - pl.col("since_on")).dt.total_days(),
        page=pl.lit("rows"),
        parameters=link(metric="overdue_receivables", dimension="customer", member=pl.col("customer_id")),
    )  # fmt: skip


def customers_leaving(known: Known) -> pl.DataFrame:
    """Segments of a country, and large customers outside them, that order much less than all others do.

    In the last 17 weeks against the year before, and against the same weeks a year ago: a segment fell to 70 % or less
    of 20 orders or more, a customer with a hundredth of the sales to half or less of eight. Worth what that is in a
    year.
    """
    people = known.customers.select("customer_id", "customer", *SEGMENT, "owner_id")
    sales = counts(known.aggregates["sales_by_customer"]).join(
        people.select("customer_id", *SEGMENT), on="customer_id", how="left", validate="m:1"
    )
    of_segments = sales.drop_nulls(SEGMENT)
    segments = _fallen(unusual.against_others(of_segments, SEGMENT, (), LEAVING_WEEKS), SEGMENT_USUAL, SEGMENT_TO)
    rest = sales.join(segments, on=SEGMENT, how="anti")
    each = unusual.against_others(sales, ("customer_id",), (), LEAVING_WEEKS)
    customers = _fallen(each.join(_large(known, rest), on="customer_id", how="semi"), LARGE_USUAL, LARGE_TO)
    described = customers.join(people, on="customer_id", how="left", validate="1:1")
    parts = [_worth(known, sales, segments, SEGMENT), _worth(known, sales, described, ("customer_id",))]
    kept = [part for part in parts if part.height]
    return _leaving(known, pl.concat(kept, how="diagonal")) if kept else NOTHING


def _fallen(rows: pl.DataFrame, least: float, to: float) -> pl.DataFrame:
    """The groups that fell, against the lower of what the year and the season let expect."""
    tested = rows.filter(pl.col("usual") >= least)
    usual = pl.min_horizontal("usual", "usual_then")
    is_down = (pl.col("now") <= usual * to) & (pl.col("score") <= -unusual.bound(tested.height))
    is_no_season = pl.col("score_then").fill_null(-unusual.SEASONAL) <= -unusual.SEASONAL
    return tested.filter(is_down & is_no_season).with_columns(usual=usual, change=pl.col("now") / usual - 1)


def _year_before(sales: pl.DataFrame) -> pl.DataFrame:
    return sales.filter(pl.col("weeks_ago").is_between(LEAVING_WEEKS, LEAVING_WEEKS + unusual.YEAR - 1))


def _large(known: Known, sales: pl.DataFrame) -> pl.DataFrame:
    """The customers with a hundredth or more of the sales of the year before."""
    sums = known.converted(_year_before(sales), "amount").group_by("customer_id").agg(pl.col("amount").sum())
    return sums.filter(pl.col("amount") >= pl.col("amount").sum() * LARGE_SHARE).select("customer_id")


def _worth(known: Known, sales: pl.DataFrame, found: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """With lost, what the missing orders would be worth in a year, and the groups' customers and regions."""
    if found.is_empty():
        return found
    past = _year_before(sales).join(found, on=by, how="semi")
    told = (
        _margin_of_customers(known, known.converted(past, "amount"))
        .group_by(by)
        .agg(
            each=pl.col("amount").sum() / pl.col("count").sum(),
            customers=pl.col("customer_id").n_unique(),
            regions=pl.col("region").drop_nulls().unique().sort(),
        )
    )
    joined = found.join(told, on=by, how="left", validate="1:1")
    missing = (pl.col("usual") - pl.col("now")) * unusual.YEAR / LEAVING_WEEKS
    return joined.with_columns(lost=missing * pl.col("each"))


def _margin_of_customers(known: Known, rows: pl.DataFrame) -> pl.DataFrame:
    """The amounts as margin, by what the customer's own invoices left, where margins are known and may be seen."""
    if known.margin_rate is None:
        return rows
    invoiced = known.converted(known.aggregates["margins_by_customer"], "amount", "cost").drop_nulls(["amount", "cost"])
    rates = invoiced.group_by("customer_id").agg(rate=margin_rate())
    rated = rows.join(rates, on="customer_id", how="left", validate="m:1")
    return rated.with_columns(pl.col("amount") * pl.col("rate").fill_null(known.margin_rate)).drop("rate")


def _leaving(known: Known, found: pl.DataFrame) -> pl.DataFrame:
    names = ("customer_id", "customer", "owner_id")
    filled = found.with_columns(pl.lit(None, pl.String).alias(name) for name in names if name not in found.columns)
    is_customer = pl.col("customer_id").is_not_null()
    dimension = pl.when(is_customer).then(pl.lit("customer")).otherwise(pl.lit("segment"))
    group = pl.concat_str(SEGMENT, separator="/")
    return filled.select(
        "country", "customers", "now", "usual", "change", "owner_id",
        subject_id=pl.when(is_customer).then("customer_id").otherwise(group),
        subject=pl.when(is_customer).then("customer").otherwise("segment"),
        state=dimension,
        money="lost",
        currency=known.currency,
        money_is=pl.lit(known.money_is),
        since_on=pl.lit(known.ago(LEAVING_WEEKS)),
        page=pl.lit("metric"),
        parameters=of_regions(
            link(
                metric="orders_taken", dimension=dimension, member=pl.coalesce("customer_id", "segment"),
                period=known.days(LEAVING_WEEKS),
            )
        ),
        rows=pl.col("now"),
    )  # fmt: skip
