"""Tables that follow from other tables: stock of past days, and which records are one and the same."""

from dataclasses import dataclass

import polars as pl

from analytics import inventory
from analytics.decided_identities import memberships
from analytics.tables import SHARED
from data_access.mapping import Reading
from data_access.store import Load

OWN_SOURCE = "tandem"
PARTIES = {
    "customer": ("customers", ("tax_number", "email", "name", "phone", "country", "city")),
    "supplier": ("suppliers", ("tax_number", "email", "name", "phone", "country", "city")),
    "product": ("products", ("barcode", "sku", "name")),
}


@dataclass(frozen=True)
class Derived:
    """All rows of a table that one source is named for."""

    source: str
    frame: pl.DataFrame


def derived_tables(
    load: Load, reading: Reading, levels: pl.DataFrame | None, decided: pl.DataFrame
) -> tuple[dict[str, Derived], pl.DataFrame | None]:
    """The derived tables after a load, and the stock (product_id, site_id, unexplained) that a rewound source's
    movements do not explain.

    ``levels``: the stock levels that this reading brought. ``decided``: what people said of identities.
    """
    tables = {"identities": Derived(OWN_SOURCE, _identities(load, decided))}
    if not reading.rewinds_stock or levels is None:
        return tables, None
    past, unexplained = _past_stock(load, reading, levels)
    return tables | {"inventory_levels": Derived(reading.source, past)}, unexplained


def _past_stock(load: Load, reading: Reading, brought: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every level of the source: today's as its balance says, earlier days rewound from the movements that were
    done."""
    as_of = brought.get_column("as_of_on").max() or reading.as_of.date()
    columns = ("product_id", "from_site_id", "to_site_id", "quantity", "moved_at")
    moves = load.read(
        "stock_moves",
        columns,
        where="source = :source AND status = 'done' AND deleted_at IS NULL",
        source=reading.source,
    )
    levels, unexplained = inventory.rewound(brought.select("product_id", "site_id", "on_hand"), moves, as_of)  # type: ignore[arg-type]
    earlier = levels.join(brought, on=("product_id", "site_id", "as_of_on"), how="anti")
    return pl.concat([brought, _as_rows(load, earlier, reading.source, as_of)], how="diagonal_relaxed"), unexplained


def _as_rows(load: Load, levels: pl.DataFrame, source: str, as_of: object) -> pl.DataFrame:
    companies = load.read("sites", ("site_id", "company_id"))
    own = [pl.col(name).str.strip_prefix(f"{source}:") for name in ("product_id", "site_id")]
    today = pl.col("as_of_on") == pl.lit(as_of)
    return levels.join(companies, on="site_id", how="left", validate="m:1", maintain_order="left").with_columns(
        reserved=pl.when(today).then(pl.lit("0").cast(pl.Decimal(24, 6))),
        source=pl.lit(source),
        source_id=pl.concat_str([*own, pl.col("as_of_on").cast(pl.String)], separator="/"),
        company_id=pl.col("company_id").fill_null(SHARED),
    )


def _identities(load: Load, decided: pl.DataFrame) -> pl.DataFrame:
    made = [_identities_of(load, entity, decided.filter(pl.col("entity") == entity)) for entity in PARTIES]
    return pl.concat(made)


def _identities_of(load: Load, entity: str, decided: pl.DataFrame) -> pl.DataFrame:
    table, columns = PARTIES[entity]
    key = f"{entity}_id"
    records = load.read(table, (key, "source", *columns), where="deleted_at IS NULL").rename({key: "record_id"})
    of_several = records if records.get_column("source").n_unique() > 1 else records.clear()
    return _memberships(memberships(of_several, entity, decided), entity)


def _memberships(found: pl.DataFrame, entity: str) -> pl.DataFrame:
    """The memberships as rows: a record belongs to one group for sure, and may be suggested for others, or parted."""
    others = pl.when(pl.col("state") != "joined").then(pl.concat_str(pl.lit("/"), "group_id")).otherwise(pl.lit(""))
    member = pl.concat_str(pl.lit(f"{entity}/"), "record_id", others)
    return found.with_columns(
        identity_id=member,
        entity=pl.lit(entity),
        certainty=pl.col("certainty").cast(pl.Decimal(24, 6)),
        company_id=pl.lit(SHARED),
        source=pl.lit(OWN_SOURCE),
        source_id=member,
    )
