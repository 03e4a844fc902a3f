"""Orders, invoices, deals and tickets that were carried over from one ERP to the next: found by number, and one."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analytics import business_keys as keys
from analytics.tables import TABLES


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document that lives on: ``number``, by which people know it; ``party``, whom it is for; ``day``, by which it
    counts; ``named_by``: where the new system notes the old one's number; ``kept``: what holds as the old system wrote
    it; ``is_open``: whether it is not over."""

    number: str
    party: str
    day: str
    named_by: str | None = None
    kept: tuple[str, ...]
    is_open: pl.Expr


_STATUS = pl.col("status").cast(pl.String)
_ORDER = _STATUS == "confirmed"
_OWED = (_STATUS == "posted") & (pl.col("amount_open").fill_null(0) != 0)
_AMOUNTS = ("currency", "amount_untaxed", "amount_tax", "amount_total")

PAPERS: Mapping[str, Paper] = {
    "sales_orders": Paper(
        number="number",
        party="customer_id",
        day="ordered_at",
        named_by="customer_reference",
        kept=("ordered_at", "requested_on", "first_promised_on", "company_rate", *_AMOUNTS),
        is_open=_ORDER,
    ),
    "purchase_orders": Paper(
        number="number",
        party="supplier_id",
        day="ordered_at",
        named_by="supplier_reference",
        kept=("ordered_at", "currency", "amount_untaxed"),
        is_open=_ORDER,
    ),
    "invoices": Paper(
        number="number",
        party="customer_id",
        day="invoiced_on",
        kept=("invoiced_on", "due_on", *_AMOUNTS),
        is_open=_OWED,
    ),
    "supplier_bills": Paper(
        number="number", party="supplier_id", day="billed_on", kept=("billed_on", "due_on", *_AMOUNTS), is_open=_OWED
    ),
    "opportunities": Paper(
        number="name", party="customer_id", day="created_at", kept=("created_at",), is_open=_STATUS == "open"
    ),
    "leads": Paper(number="name", party="email", day="created_at", kept=("created_at",), is_open=_STATUS == "open"),
    "tickets": Paper(
        number="number",
        party="customer_id",
        day="opened_at",
        kept=("opened_at", "first_response_at"),
        is_open=_STATUS.is_in(["open", "pending"]),
    ),
}

PARTS: Mapping[str, tuple[str, ...]] = {
    "sales_order_lines": ("delivered_quantity", "invoiced_quantity"),
    "purchase_order_lines": ("received_quantity", "invoiced_quantity"),
    "invoice_lines": (),
    "supplier_bill_lines": (),
}
"""By table of lines how far they were carried out; lines of what was invoiced are not carried out any further."""

STATES: Mapping[str, tuple[str, ...]] = {
    "sales_order_lines": ("promised_on",),
    "purchase_order_lines": ("due_on", "received_on"),
}
"""What of an order's line stands as the new system says, besides how far it was carried out."""


def carried_papers(rows: pl.DataFrame, table: str, before: str, after: str, is_before: pl.Expr) -> pl.DataFrame:
    """The documents of before the day that the new system has as well: ``old`` and ``new`` key, one row each.
    ``is_before``: whether a document is of before the day; null where it has none.

    Both name the same party, and the same number; or the new one notes the old one's number where a customer's or
    supplier's own number stands. What is not clear is not joined.
    """
    paper, key = PAPERS[table], TABLES[table].primary_key()[0]
    told = rows.select(
        *("source", paper.party),
        key=pl.col(key),
        word=keys.plain(paper.number),
        noted=keys.plain(paper.named_by) if paper.named_by else pl.lit(None, pl.String),
        is_before=is_before,
    )
    old = _clear(told.filter((pl.col("source") == before) & pl.col("is_before")), paper.party, "word")
    new = told.filter(pl.col("source") == after)
    found = [_joined(old, _clear(new, paper.party, word), paper.party, word) for word in ("word", "noted")]
    return pl.concat(found).unique("old", keep="first", maintain_order=True).unique("new", keep="none").sort("old")


def _clear(rows: pl.DataFrame, party: str, word: str) -> pl.DataFrame:
    return rows.drop_nulls([party, word]).filter(pl.len().over(party, word) == 1)


def _joined(old: pl.DataFrame, new: pl.DataFrame, party: str, word: str) -> pl.DataFrame:
    told = new.select(party, word=pl.col(word), new="key")
    return old.select(party, "word", old="key").join(told, on=(party, "word"), how="inner").select("old", "new")


def merged_papers(
    rows: pl.DataFrame, table: str, pairs: pl.DataFrame, before: str, after: str, is_before: pl.Expr
) -> pl.DataFrame:
    """The documents that count: the old system's of before the day, the new one's from the day on.

    What was carried over is one, under the new key, as the old one wrote it and as far as the new one says.
    """
    paper, key = PAPERS[table], TABLES[table].primary_key()[0]
    is_carried = pl.col(key).is_in(pairs["new"].implode())
    in_use = pl.when(pl.col("source") == before).then(is_before).when(pl.col("source") == after)
    counted = rows.filter(in_use.then(~is_before | is_carried).otherwise(pl.lit(value=True)).fill_null(value=True))
    kept = [name for name in paper.kept if name in rows.columns]
    written = counted.select(pl.col(key).alias("old"), *(pl.col(name).alias(f"_{name}") for name in kept))
    as_written = pairs.join(written, on="old", how="inner", validate="1:1").select(pl.exclude("old", "new"), new="new")
    both = counted.join(as_written, left_on=key, right_on="new", how="left", validate="1:1", maintain_order="left")
    one = both.with_columns(pl.coalesce(f"_{name}", name).alias(name) for name in kept).select(counted.columns)
    return one.filter(~pl.col(key).is_in(pairs["old"].implode()))


def carried_lines(rows: pl.DataFrame, table: str, before: str, after: str, of_papers: pl.DataFrame) -> pl.DataFrame:
    """The lines of documents that were carried over, ``old`` and ``new`` key: those of one product, in their order."""
    key, [paper] = TABLES[table].primary_key()[0], of_papers.columns
    lines = rows.join(of_papers.unique(), on=paper, how="semi")
    order = ("line_number",) if "line_number" in rows.columns else ()
    text = pl.when(pl.col("product_id").is_null()).then("description")
    told = lines.sort(*order, key, nulls_last=True).with_columns(
        word=pl.concat_str(pl.col("product_id").fill_null("-"), text.fill_null("-"), separator="/")
    )
    place = pl.int_range(pl.len()).over("source", paper, "word")
    numbered = told.with_columns(place=place).select("source", paper, "word", "place", key=pl.col(key))
    old, new = (numbered.filter(pl.col("source") == source) for source in (before, after))
    on = (paper, "word", "place")
    both = old.join(new, on=on, how="inner", validate="1:1", suffix="_new")
    return both.select(old="key", new="key_new").sort("old")


def merged_lines(
    rows: pl.DataFrame, table: str, pairs: pl.DataFrame, of_papers: pl.DataFrame, after: str
) -> pl.DataFrame:
    """The lines, each that was carried over once: as the old system wrote it, under the new key, as far as both carried
    it out. Of an invoice only the old lines count: what the new system lists there was invoiced already."""
    key, [paper] = TABLES[table].primary_key()[0], of_papers.columns
    told = [name for name in (*PARTS[table], *STATES.get(table, ())) if name in rows.columns]
    as_told = [pl.col(name).alias(f"_{name}") for name in ("quantity", *told)]
    states = rows.select(pl.col(key).alias("new"), *as_told)
    stood = pairs.join(states, on="new", how="inner", validate="1:1").rename({"old": key})
    both = rows.join(stood, on=key, how="left", validate="1:1", maintain_order="left")
    carried = pl.col("new").is_not_null()
    done = [pl.when(carried).then(_as_far(name)).otherwise(name).alias(name) for name in PARTS[table]]
    states_of = [pl.coalesce(f"_{name}", name).alias(name) for name in STATES.get(table, ()) if name in rows.columns]
    one = both.with_columns(*done, *states_of).with_columns(pl.coalesce("new", key).alias("_key"))
    is_replaced = pl.col(key).is_in(pairs["new"].implode())
    if not PARTS[table]:
        is_replaced = is_replaced | ((pl.col("source") == after) & pl.col(paper).is_in(of_papers[paper].implode()))
    return one.filter(~is_replaced).with_columns(pl.col("_key").alias(key)).select(rows.columns)


def _as_far(name: str) -> pl.Expr:
    """How far a line was carried out in both: where only the rest was carried over, that of both systems together."""
    rest = pl.col("quantity") - pl.col("_quantity")
    both = pl.col(f"_{name}").fill_null(0) + pl.min_horizontal(rest, name).fill_null(0)
    whole = pl.max_horizontal(name, f"_{name}")
    return pl.when(rest > 0).then(both).otherwise(whole).cast(pl.Decimal(24, 6))
