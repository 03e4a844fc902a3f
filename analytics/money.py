"""Money in several currencies: in which one it is reported, and at which rate it is converted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl


def reporting_currency(companies: pl.DataFrame, chosen: Sequence[str] = ()) -> str | None:
    """The currency of the first chosen company; without a choice, of the first company that no other owns.

    Null when no such company states a currency: then nothing is converted.
    """
    stated = companies.filter(pl.col("currency").is_not_null() & pl.col("is_active"))
    if chosen:
        stated = stated.filter(pl.col("company_id").is_in(list(chosen)))
    first = stated.sort(pl.col("parent_company_id").is_not_null(), "company_id").head(1)
    return first["currency"].item() if first.height else None


def factors(rates: pl.DataFrame, to: str | None, on: date) -> pl.DataFrame:
    """One row per currency that can be converted: currency, factor: units of ``to`` that one unit of it is worth.

    ``rates`` as in exchange_rates: the rate that is valid on the day counts, the latest one on or before it. Currencies
    priced in the same base convert through that base; where several bases could serve, ``to`` itself comes first. A
    currency without a rate on or before the day is not in the answer: it is never taken for 1.
    """
    if to is None:
        return pl.DataFrame(schema={"currency": pl.String, "factor": pl.Float64})
    quoted = _quotes(rates.filter(pl.col("valid_from_on") <= on))
    target = quoted.filter(pl.col("currency") == to).select("base_currency", target="rate")
    crossed = quoted.join(target, on="base_currency", how="inner", validate="m:1")
    worth = crossed.select("base_currency", "currency", factor=pl.col("target") / pl.col("rate"))
    itself = pl.DataFrame({"base_currency": [""], "currency": [to], "factor": [1.0]})
    ranked = pl.concat([itself, worth]).sort(pl.col("base_currency").is_in(["", to]).not_(), "base_currency")
    return ranked.unique("currency", keep="first", maintain_order=True).select("currency", "factor")


def _quotes(valid: pl.DataFrame) -> pl.DataFrame:
    """One row per base currency and currency, the latest; a base is worth 1 of itself."""
    pair = ("base_currency", "currency")
    latest = valid.sort("valid_from_on", "exchange_rate_id", descending=[True, False]).unique(pair, keep="first")
    bases = valid.select("base_currency", currency="base_currency", rate=pl.lit(1.0)).unique()
    stated = latest.select(*pair, pl.col("rate").cast(pl.Float64)).filter(pl.col("currency") != pl.col("base_currency"))
    return pl.concat([stated, bases])


def daily_factors(rates: pl.DataFrame, to: str | None, needed: pl.DataFrame) -> pl.DataFrame:
    """One row per currency and day of ``needed`` that can be converted: currency, day_on, factor, as in ``factors``."""
    if to is None:
        return pl.DataFrame(schema={"currency": pl.String, "day_on": pl.Date, "factor": pl.Float64})
    wanted = needed.select("currency", "day_on").drop_nulls().unique().sort("day_on", "currency")
    itself = wanted.filter(pl.col("currency") == to).with_columns(factor=pl.lit(1.0), order=pl.lit(0))
    if itself.height == wanted.height:
        return itself.drop("order")
    bases = rates.get_column("base_currency").unique().sort().to_list()
    ranked = sorted(bases, key=lambda base: (base != to, base))
    crossed = [_crossed(rates, base, to, wanted).with_columns(order=pl.lit(at + 1)) for at, base in enumerate(ranked)]
    known = pl.concat([itself, *crossed]).drop_nulls("factor").sort("order", "day_on", "currency")
    return known.unique(("currency", "day_on"), keep="first", maintain_order=True).drop("order")


def worths(rates: pl.DataFrame, currencies: Sequence[str], until: date) -> pl.DataFrame:
    """What each currency is worth in each of ``currencies``, on every day from the first rate up to ``until``: one row
    per into, currency and day_on that can be converted, with factor, as in ``factors``."""
    first = rates["valid_from_on"].min()
    since = first if isinstance(first, date) and first <= until else until + timedelta(days=1)
    days = pl.DataFrame({"day_on": pl.date_ranges(since, until, eager=True).explode()})
    known = pl.concat([rates["currency"], rates["base_currency"]]).drop_nulls().unique().sort()
    needed = known.to_frame("currency").join(days.drop_nulls(), how="cross")
    parts = [daily_factors(rates, into, needed).select(pl.lit(into).alias("into"), "*") for into in currencies]
    nothing = daily_factors(rates, None, needed).select(pl.lit("").alias("into"), "*")
    return pl.concat([nothing, *parts]).sort("into", "currency", "day_on")


def _crossed(rates: pl.DataFrame, base: str, to: str, wanted: pl.DataFrame) -> pl.DataFrame:
    """With factor: the rate of ``to`` over that of the currency, both in one base, each the latest on the day."""
    priced = rates.filter(pl.col("base_currency") == base).sort("valid_from_on", "exchange_rate_id")
    dated = priced.select("currency", day_on="valid_from_on", rate=pl.col("rate").cast(pl.Float64)).unique(
        ("currency", "day_on"), keep="last", maintain_order=True
    )
    target = dated.filter(pl.col("currency") == to).select("day_on", target="rate")
    own = wanted.join_asof(dated, on="day_on", by="currency", check_sortedness=False)
    both = own.join_asof(target, on="day_on", check_sortedness=False)
    one = pl.lit(1.0)
    rate = pl.when(pl.col("currency") == base).then(one).otherwise("rate")
    over = one if to == base else pl.col("target")
    return both.select("currency", "day_on", factor=over / rate)


@dataclass(frozen=True)
class Rates:
    """The reporting currency, null when none is known, and what one unit of each other one is worth in it."""

    currency: str | None
    factors: pl.DataFrame

    def restated(self, rows: pl.DataFrame, amount: str, *, stated: str) -> pl.DataFrame:
        """The rows with ``amount``, stated in the currency that column ``stated`` names, in the row's ``currency``.

        Null where the row is not in the reporting currency and the amount is in yet another, or where no rate is known.
        """
        factor = self.factors.select(pl.col("currency").alias(stated), rate_to_reporting="factor")
        joined = rows.join(factor, on=stated, how="left", validate="m:1", maintain_order="left")
        is_reported = pl.col("currency") == pl.lit(self.currency, dtype=pl.String)
        same = pl.col(stated).eq_missing(pl.col("currency"))
        crossed = pl.when(is_reported).then(pl.col(amount) * pl.col("rate_to_reporting"))
        return joined.with_columns(pl.when(same).then(amount).otherwise(crossed).alias(amount)).drop(
            "rate_to_reporting"
        )
