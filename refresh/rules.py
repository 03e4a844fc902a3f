"""Rules beyond one row's schema: keys, duplicates, references, currencies, units, bills of materials; and what
deserves a warning.

Each function takes rows that carry ``_row`` and gives back which of them break the rule, as (``_row``, rule,
column_name, value), or notices.
"""

from collections.abc import Callable, Mapping

import dataframely as dy
import polars as pl

from analytics.tables import BASE, Record, references, table_name
from analytics.tables.columns import LARGEST
from analytics.tables.currencies import in_use
from data_access.mapping import LINE, ROW, Notice

BROKEN = {ROW: pl.String, "rule": pl.String, "column_name": pl.String, "value": pl.String}
NAMES = {
    "nullability": "missing_value",
    "min": "out_of_range",
    "max": "out_of_range",
    "min_exclusive": "out_of_range",
    "max_exclusive": "out_of_range",
}
NAMES |= {
    "regex": "malformed",
    "max_length": "too_long",
    "min_length": "missing_value",
    "nan": "not_a_number",
    "inf": "not_a_number",
}
MANY_GONE = 0.2
JUMP = 5
FEW = 10
SPIKE = 1000


def nothing_broken() -> pl.DataFrame:
    """No row."""
    return pl.DataFrame(schema=BROKEN)


def _broken(rows: pl.DataFrame, rule: str, column: str | None) -> pl.DataFrame:
    value = pl.col(column).cast(pl.String) if column else pl.lit(None, pl.String)
    return rows.select(ROW, rule=pl.lit(rule), column_name=pl.lit(column, pl.String), value=value)


def _breaking(rows: pl.DataFrame, rule: str, breaks: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """The rows that break a rule in one of the columns; ``breaks`` says of each when a row does."""
    if not breaks:
        return nothing_broken()
    found = rows.select(when.any().alias(column) for column, when in breaks.items()).row(0, named=True)
    broken = [_broken(rows.filter(when), rule, column) for column, when in breaks.items() if found[column]]
    return pl.concat([nothing_broken(), *broken])


def missing_keys(rows: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """Rows whose key is missing."""
    return _breaking(rows, "missing_key", {key: pl.col(key).is_null() for key in schema.primary_key()})


def exact_duplicates(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that say the same as an earlier row of the same key."""
    compared = [name for name in rows.columns if name not in (ROW, LINE)]
    return rows.filter(~pl.struct(compared).is_first_distinct()).select(ROW)


def conflicting_keys(rows: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """Rows that share a key and differ: nobody can say which of them is right, so all are set aside."""
    key = schema.primary_key()
    return _broken(rows.filter(pl.struct(key).is_duplicated()), "conflicting_key", key[0])


def schema_rules(rows: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """Rows that break a rule of the schema: bounds, patterns, required values, and its named rules."""
    _, failure = schema.filter(rows.lazy().select(schema.column_names()), cast=False)
    details = failure.details()
    if details.is_empty():
        return nothing_broken()
    rules = [name for name in details.columns if name not in schema.column_names()]
    first = pl.coalesce(pl.when(pl.col(name).cast(pl.String) == "invalid").then(pl.lit(name)) for name in rules)
    key = schema.primary_key()
    found = details.select(*key, broken=first).with_columns(pl.col("broken").str.split("|").alias("parts"))
    joined = rows.join(found, on=key, how="inner", validate="1:1")
    return _named(joined, schema)


def _named(joined: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    is_column = pl.col("parts").list.len() > 1
    column = pl.when(is_column).then(pl.col("parts").list.first())
    rule = pl.col("parts").list.last()
    values = [pl.when(column == name).then(pl.col(name).cast(pl.String)) for name in schema.column_names()]
    return joined.select(ROW, rule=rule.replace(NAMES), column_name=column, value=pl.coalesce(values))


def unknown_currencies(rows: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """Rows with a currency code that is not in use anywhere."""
    coded = [
        name
        for name, column in schema.columns().items()
        if (column.metadata or {}).get("unit") == "ISO 4217" and name in rows.columns
    ]
    used = list(in_use())
    unknown = {name: pl.col(name).is_not_null() & ~pl.col(name).is_in(used) for name in coded}
    return _breaking(rows, "unknown_currency", unknown)


def null_characters(rows: pl.DataFrame, schema: type[Record]) -> pl.DataFrame:
    """Rows with a NUL character in a text, which databases refuse."""
    texts = [name for name, column in schema.columns().items() if isinstance(column, dy.String) and name not in BASE]
    return _breaking(rows, "null_character", {name: pl.col(name).str.contains("\x00", literal=True) for name in texts})


def missing_references(rows: pl.DataFrame, schema: type[Record], keys_of: Callable[[str], pl.Series]) -> pl.DataFrame:
    """Rows that refer to a record that neither this delivery nor the tables have."""
    missing = {}
    for column, parent in references(schema).items():
        known = keys_of(parent)
        if parent == table_name(schema):
            known = pl.concat([known, rows.get_column(schema.primary_key()[0])])
        missing[column] = pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode())
    return _breaking(rows, "missing_reference", missing)


def cyclic_components(lines: pl.DataFrame) -> list[str]:
    """The products of a circle in bills of materials, in order; empty when there is none.

    Peels off products that nothing waits for (Kahn 1962).
    """
    edges = lines.select(parent="product_id", child="component_id").drop_nulls().unique().sort("parent", "child")
    while True:
        inner = edges.filter(
            pl.col("parent").is_in(edges.get_column("child").implode())
            & pl.col("child").is_in(edges.get_column("parent").implode())
        )
        if inner.height == edges.height:
            break
        edges = inner
    return _one_circle(dict(edges.iter_rows())) if edges.height else []


def _one_circle(follows: dict[str, str]) -> list[str]:
    seen: list[str] = []
    node = next(iter(sorted(follows)))
    while node not in seen:
        seen.append(node)
        node = follows[node]
    return [*seen[seen.index(node) :], node]


def in_base_units(
    rows: pl.DataFrame, products: pl.DataFrame, conversions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with ``quantity`` turned from ``source_unit`` into the product's base unit, and those for which no factor
    is known or the quantity becomes larger than any can be.

    ``products``: product_id, unit. ``conversions``: product_id (null for every product), from_unit, to_unit, factor.
    A missing unit counts as the base unit.
    """
    with_unit = rows.join(
        products.select("product_id", base_unit="unit"), on="product_id", how="left", maintain_order="left"
    )
    own = conversions.filter(pl.col("product_id").is_not_null()).select(
        "product_id", source_unit="from_unit", base_unit="to_unit", own_factor="factor"
    )
    common = conversions.filter(pl.col("product_id").is_null()).select(
        source_unit="from_unit", base_unit="to_unit", common_factor="factor"
    )
    factored = with_unit.join(
        own.unique(["product_id", "source_unit", "base_unit"], keep="first", maintain_order=True),
        on=["product_id", "source_unit", "base_unit"],
        how="left",
        maintain_order="left",
    )
    factored = factored.join(
        common.unique(["source_unit", "base_unit"], keep="first", maintain_order=True),
        on=["source_unit", "base_unit"],
        how="left",
        maintain_order="left",
    )
    same = (
        pl.col("source_unit").is_null() | pl.col("base_unit").is_null() | (pl.col("source_unit") == pl.col("base_unit"))
    )
    factor = pl.when(same).then(pl.lit(1).cast(pl.Decimal(24, 6))).otherwise(pl.coalesce("own_factor", "common_factor"))
    factored = factored.with_columns(_product=pl.col("quantity") * factor, _factor=factor)
    unknown = factored.filter(pl.col("_factor").is_null())
    large = factored.filter(pl.col("_product").abs() > LARGEST)
    good = factored.filter(pl.col("_product").abs() <= LARGEST)
    converted = good.with_columns(quantity=pl.col("_product").cast(pl.Decimal(24, 6))).select(rows.columns)
    too_large = _broken(large, "out_of_range", "quantity")
    return converted, pl.concat([_broken(unknown, "unit_without_conversion", "source_unit"), too_large])


def volume(table: str, delivered: int, stored: int, gone: int, *, doubtful: bool) -> list[Notice]:
    """Whether much more, much less, or nothing at all came, against what is stored."""
    if doubtful and stored and not delivered:
        kept = f"{table} came with no rows, and {stored} are stored. They stay as they are"
        return [Notice("volume_drop", f"{kept}; confirm with --confirm {table} if they are really gone.")]
    notices = []
    if stored >= FEW and delivered >= JUMP * stored:
        jump = f"{table} came with {delivered} rows, {delivered / stored:.0f} times the {stored} that were stored."
        notices.append(Notice("volume_jump", jump))
    if stored >= FEW and gone > MANY_GONE * stored:
        sentence = f"{gone} of {stored} rows of {table} are gone from the source and were removed or marked deleted."
        notices.append(Notice("many_gone", sentence))
    return notices


def removals_withheld(table: str, unreadable: int) -> Notice:
    """Why nothing of a table was taken away although records seem to be gone."""
    why = f"{unreadable} rows of {table} have a key that cannot be trusted, so nobody can say which records are gone"
    return Notice("removals_withheld", f"{why}: none was removed. Correct them and send the table again.")


def changed_key_format(delivered: pl.Series, stored: pl.Series) -> bool:
    """Whether the keys look like those that are stored, written differently (P001 as 1): loading them would double
    every record."""
    if stored.len() < FEW or not delivered.len() or delivered.is_in(stored.implode()).mean() >= 0.5:  # type: ignore[operator]
        return False
    digits = pl.Series(stored).str.extract(r"(\d+)\D*$").str.strip_chars_start("0")
    new = delivered.str.extract(r"(\d+)\D*$").str.strip_chars_start("0")
    plain = delivered.str.contains(r"^\d+$").mean() != stored.str.contains(r"^\d+$").mean()
    return bool(plain and new.is_in(digits.implode()).mean() > 0.5)  # type: ignore[operator]


PERSONAL = (
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b",
    r"\b(?:\d[ -]?){13,19}\b",
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    r"\+\d[\d ()/-]{7,}\d",
)


def _personal_data(rows: pl.DataFrame) -> Notice | None:
    found = rows.filter(pl.any_horizontal(pl.col("body").str.contains(pattern) for pattern in PERSONAL)).height
    return (
        Notice(
            "personal_data_in_text",
            f"{found} rows hold what looks like personal data in free text; it is masked for roles without that right.",
        )
        if found
        else None
    )


def _negative_stock(rows: pl.DataFrame) -> Notice | None:
    found = rows.filter(pl.col("on_hand") < 0).height
    return (
        Notice("negative_stock", f"{found} stock levels are below zero. They are kept as the source says them.")
        if found
        else None
    )


def _reserved_above_stock(rows: pl.DataFrame) -> Notice | None:
    found = rows.filter(pl.col("reserved") > pl.max_horizontal(pl.col("on_hand"), pl.lit(0))).height
    return Notice("reserved_above_on_hand", f"{found} stock levels have more reserved than on hand.") if found else None


def _quantity_spike(rows: pl.DataFrame) -> Notice | None:
    sizes = pl.col("quantity").cast(pl.Float64).abs()
    if rows.height < FEW or rows.filter((sizes.median() > 0) & (sizes >= SPIKE * sizes.median())).is_empty():
        return None
    largest = rows.sort(sizes, descending=True).get_column("quantity")[0]
    sentence = f"One line orders {largest.normalize():f}, more than {SPIKE} times the usual quantity."
    return Notice("quantity_spike", sentence)


def _overlapping_validity(rows: pl.DataFrame) -> Notice | None:
    ordered = rows.sort("bom_id", "component_id", "valid_from_on")
    earlier_ends = pl.col("valid_to_on").shift().over("bom_id", "component_id")
    has_earlier = pl.col("component_id").cum_count().over("bom_id", "component_id") > 1
    found = ordered.filter(has_earlier & (earlier_ends.is_null() | (earlier_ends >= pl.col("valid_from_on")))).height
    return (
        Notice(
            "overlapping_validity",
            f"{found} components are valid twice at the same time; the one that starts later counts.",
        )
        if found
        else None
    )


def _overdue_receipts(rows: pl.DataFrame) -> Notice | None:
    latest = rows.get_column("due_on").max()
    is_open = pl.col("received_quantity").is_null() | (pl.col("received_quantity") < pl.col("quantity"))
    found = rows.filter(is_open & ((pl.lit(latest) - pl.col("due_on")).dt.total_days() > 90)).height if latest else 0
    return (
        Notice(
            "stale_purchase",
            f"{found} open purchase lines are overdue by more than 90 days; they do not count as arriving.",
        )
        if found
        else None
    )


def _received_in_part(rows: pl.DataFrame) -> Notice | None:
    found = rows.filter(pl.col("received_on").is_not_null() & pl.col("received_quantity").is_null()).height
    return (
        Notice(
            "received_in_part",
            f"{found} open purchase lines have a date of receipt and no quantity: how much came is unknown.",
        )
        if found
        else None
    )


NOTICED: dict[str, tuple[Callable[[pl.DataFrame], Notice | None], ...]] = {
    "tickets": (_personal_data,),
    "interactions": (_personal_data,),
    "inventory_levels": (_negative_stock, _reserved_above_stock),
    "sales_order_lines": (_quantity_spike,),
    "bom_lines": (_overlapping_validity,),
    "purchase_order_lines": (_overdue_receipts, _received_in_part),
}


def notices(table: str, rows: pl.DataFrame) -> list[Notice]:
    """What deserves a warning in rows that are otherwise good."""
    if rows.is_empty():
        return []
    return [notice for look in NOTICED.get(table, ()) if (notice := look(rows)) is not None]
