"""Commands that answer from anybody's files: stock-outs, forecasts, promises, customers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from commands.terminal import refusing, usage
from data_access.given import as_given, handed_back, named, taken
from data_access.given_orders import past_and_asked

commands = typer.Typer()

LONGEST_AHEAD = 366
YEARS = (1900, 2200)
LONGEST_SUM = 1000


@commands.command()
def stockouts(
    stock: Annotated[Path, typer.Option(help="Parquet: series_id, date, on_hand; the latest day is now.")],
    history: Annotated[Path, typer.Option(help="Parquet: series_id, date, quantity; what was asked for.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    within: Annotated[str, typer.Option(help="Days ahead, with commas between.")] = "7,14,28",
    receipts: Annotated[
        Path | None, typer.Option(help="Parquet: series_id, due_on, quantity; what is to come.")
    ] = None,
) -> None:
    """Says how likely each series is out of stock on any of the next days, learned from the files themselves."""
    from analytics.stock_panels import NotAPanel
    from analytics.stock_warnings import stock_warnings

    days = sorted(set(_days("--within", within, LONGEST_AHEAD)))
    with refusing(NotAPanel):
        positions = named(stock, "series_id", {"date": pl.Date(), "on_hand": pl.Float64()})
        demand = named(history, "series_id", {"date": pl.Date(), "quantity": pl.Float64()})
        due = {"due_on": pl.Date(), "quantity": pl.Float64()}
        coming = None if receipts is None else named(receipts, "series_id", due)
        chances = stock_warnings(positions, demand, coming, days)
        handed_back(as_given(chances, "series_id", stock).sort("series_id"), out)
    typer.echo(f"{out}: {chances.height} series, the chance to be out of stock within {within} days")


def _days(option: str, written: str, longest: int) -> list[int]:
    """Numbers of days with commas between, in their order."""
    parts = [part.strip() for part in written.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= longest for part in parts):
        usage(f"{option} is {written!r}. Write whole days from 1 to {longest} with commas between, as 7,14,28.")
    return [int(part) for part in parts]


@commands.command()
def forecast(
    history: Annotated[Path, typer.Option(help="Demand: series_id, date, quantity, and attributes of the series.")],
    horizon: Annotated[int, typer.Option(min=0, max=1_000, help="How many days, weeks or months, as the dates are.")],
    out: Annotated[Path, typer.Option(help="Where mean and quantiles by date go.")],
    group_history: Annotated[Path | None, typer.Option(help="A longer history by some of the attributes.")] = None,
    known: Annotated[
        list[Path] | None, typer.Option(help="What is known in advance, by date; may be repeated.")
    ] = None,
    sums: Annotated[str, typer.Option(help="Over how many days to sum up, 1 to 1000, as 7,14,28.")] = "",
    sums_out: Annotated[Path | None, typer.Option(help="Where the sums go.")] = None,
) -> None:
    """Forecasts the demand of every series of a Parquet file: mean, quantiles, and sums over intervals.

    Exit codes: 0 done, 3 a file that cannot be used, 2 usage, 1 our fault.
    """
    from analytics.forecast import forecast as foretold
    from analytics.forecast_series import NotForecastable

    intervals = _days("--sums", sums, LONGEST_SUM) if sums.strip() else []
    if bool(intervals) != (sums_out is not None):
        usage("--sums says over how many days and --sums-out where to: give both or neither.")
    demand = {"date": pl.Date(), "quantity": pl.Float64()}
    with refusing(NotForecastable):
        tables = [taken(path, {"date": pl.Date()}) for path in known or ()]
        groups = None if group_history is None else taken(group_history, demand)
        told = foretold(taken(history, demand), horizon, group_history=groups, known=tables, sums=intervals)
        handed_back(told.days, out)
        if sums_out is not None:
            handed_back(told.sums, sums_out)
    for sentence in told.unused:
        typer.echo(sentence)
    for reason, many in told.reasons.group_by("reason").len().sort("reason").iter_rows():
        typer.echo(f"{many:,} series: {reason}")


@commands.command()
def promise(
    history: Annotated[
        Path | None, typer.Option(help="Parquet: order_id, placed_at and/or planned_at, delivered_at, attributes.")
    ] = None,
    orders: Annotated[
        Path | None, typer.Option(help="Parquet: the same of the orders to promise, without delivered_at.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Now; else the latest instant of the history."),
    ] = None,
    line: Annotated[
        list[str] | None, typer.Option(help="Instead of files: of this firm, a product and how many, as CP-001*40.")
    ] = None,
    customer: Annotated[str, typer.Option(help="With --line: to whom, by key or name.")] = "",
    sure: Annotated[int | None, typer.Option(help="With --line: 50, 80, 90 or 95; else as the firm rules.")] = None,
) -> None:
    """Says by which day each order is delivered, and how sure that is, learned from earlier orders; or, with --line,
    when this firm can deliver, by its stock, parts, machines and rules.

    Exit codes: 0 done, 3 a file that cannot be used or no data, 2 usage, 1 our fault.
    """
    from analytics.promise_dates import promises

    if line:
        from commands.deliveries import answered

        for sentence in answered(line, customer, sure, out):
            typer.echo(sentence)
        return
    if history is None or orders is None or out is None:
        usage("Give --history, --orders and --out, or --line for a date of this firm.")
    _known_year(as_of)
    with refusing():
        past, asked = past_and_asked(history, orders)
        handed_back(as_given(promises(past, asked, as_of), "order_id", orders), out)
    typer.echo(f"{out}: {asked.height} orders, each with the days that 50, 80, 90 and 95 of 100 keep")


def _known_year(as_of: datetime | None) -> None:
    if as_of is not None and not YEARS[0] <= as_of.year <= YEARS[1]:
        usage(f"--as-of is {as_of.date()}. Name a day from {YEARS[0]} to {YEARS[1]}.")


@commands.command()
def customers(
    orders: Annotated[Path, typer.Option(help="Parquet: customer_id, ordered_on, amount; below zero is a return.")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Today; later rows are not known.")],
    days: Annotated[int, typer.Option(min=1, max=1_000, help="How many days ahead.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
) -> None:
    """Says who buys in the next days, how often and for how much, learned from earlier orders."""
    from analytics.customer_value import NotAnOrderBook, customer_value

    _known_year(as_of)
    with refusing(NotAnOrderBook):
        rows = named(orders, "customer_id", {"ordered_on": pl.Date(), "amount": pl.Float64()})
        value = customer_value(rows, as_of.date(), days)
        handed_back(as_given(value, "customer_id", orders).sort("customer_id"), out)
    typer.echo(f"{out}: {value.height} customers and the {days} days after {as_of:%Y-%m-%d}")
