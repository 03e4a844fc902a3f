"""What all clothes have in common: an outfit, the vendor's own keys, and values written as files write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

Tables = Mapping[str, pl.DataFrame]
Limits = Mapping[str, str]


@dataclass(frozen=True)
class Keys:
    """By unified table, the keys of the sample (``key``) and the vendor's for the same rows (``own``)."""

    pairs: dict[str, pl.DataFrame] = field(default_factory=dict)

    def give(self, table: str, rows: pl.DataFrame, key: str, own: pl.Expr) -> None:
        """Gives each row of a table the vendor's key."""
        self.pairs[table] = rows.select(key=pl.col(key), own=own.cast(pl.String))

    def of(self, table: str, column: str) -> pl.Expr:
        """A column of the sample's keys of a table as the vendor's; null where it has no such row."""
        pairs = self.pairs[table]
        own = pl.col(column).replace_strict(
            pairs["key"].implode().explode(), pairs["own"], default=None, return_dtype=pl.String
        )
        return own.alias(column)


@dataclass(frozen=True, kw_only=True)
class Outfit:
    """The firm as one vendor keeps it.

    ``files``: from the vendor's table to its rows, in the vendor's columns. ``held``: the unified tables as far as the
    vendor can hold them, with the sample's keys: a column or row that is not there, it has no place for. ``keys``: the
    vendor's own keys. ``limits``: why a table, its ``rows`` or a ``table.column`` is not as in the sample.
    """

    files: Tables
    held: Tables
    keys: Keys
    limits: Limits


def write(folder: Path, outfit: Outfit) -> Path:
    """Writes each of the vendor's tables as a CSV file into the folder, which is made where it lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in outfit.files.items():
        rows.write_csv(folder / f"{name}.csv", quote_style="necessary")
    return folder


def ending(key: str) -> pl.Expr:
    """The number at the end of the sample's keys: 17 of SO-000017."""
    return pl.col(key).str.extract(r"(\d+)$", 1).cast(pl.Int64)


def numbered(first: int = 1) -> pl.Expr:
    """Consecutive numbers, in the order of the rows."""
    return pl.int_range(first, first + pl.len(), dtype=pl.Int64)


def within(parent: str, step: int = 1) -> pl.Expr:
    """Consecutive numbers of the rows of each parent, in their order."""
    return (pl.int_range(1, 1 + pl.len(), dtype=pl.Int64) * step).over(parent)


def midnight(instant: str) -> pl.Expr:
    """The beginning of an instant's day in UTC: what is left of it where a vendor keeps days."""
    return pl.col(instant).dt.truncate("1d")


def differing(sample: pl.DataFrame, held: pl.DataFrame, key: Sequence[str], table: str) -> set[str]:
    """What a vendor's table says differently: ``table rows`` where it lacks rows, and each ``table.column``."""
    common = sample.join(held, on=key, how="semi", maintain_order="left")
    other = common.select(key).join(held, on=key, how="left", maintain_order="left", validate="1:1")
    columns = dict.fromkeys((*sample.columns, *held.columns))
    lacking = {f"{table} rows"} if common.height < sample.height else set()
    return lacking | {f"{table}.{name}" for name in columns if _differs(common, other, name)}


def _differs(one: pl.DataFrame, other: pl.DataFrame, name: str) -> bool:
    if name not in one.columns or name not in other.columns:
        return True
    return one.get_column(name).ne_missing(other.get_column(name).cast(one.schema[name])).any()


def shared(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as a vendor holds them that does not know the firm's companies."""
    return rows.with_columns(company_id=pl.lit("*"))


def iso(instant: str) -> pl.Expr:
    """An instant as ISO 8601, to the second."""
    return pl.col(instant).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def people(name: str) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last name of a person; a name of one word is a first name."""
    words = pl.col(name).str.splitn(" ", 2).struct
    return words.field("field_0").alias("firstname"), words.field("field_1").alias("lastname")


def users(tables: Tables) -> pl.DataFrame:
    """The employees who work in the CRM: they own customers, leads, deals or tickets, or spoke with customers."""
    owners = [tables[name]["owner_id"] for name in ("customers", "leads", "opportunities", "tickets")]
    busy = pl.concat([*owners, tables["interactions"]["employee_id"]]).unique()
    return tables["employees"].filter(pl.col("employee_id").is_in(busy.implode()))


COUNTRIES = {"DE": "Germany", "AT": "Austria", "CN": "China", "CZ": "Czechia", "IT": "Italy", "PL": "Poland"}
