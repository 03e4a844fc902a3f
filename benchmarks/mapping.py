"""How many columns of unknown deliveries are proposed right: public data sets that no mapping was written for.

``python -m benchmarks.mapping [SET ...] [--wrong]`` prints, for each set in ``../shared/data``, how many of the columns
that have a unified field are proposed as that field, and how many that have none are given one; ``--wrong`` lists them.
``mapping_truth.csv`` says what each column is (``a|b`` where either is right). It was written before any proposal.
"""

import sys
import time
from pathlib import Path

import polars as pl

from analytics.column_meanings import TableMeaning, meanings
from data_access import countries
from data_access.mapping_files import raw_tables

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data"
SETS = {
    "northwind": ("northwind", "*.parquet"),
    "maven": ("crm", "maven_*.parquet"),
    "olist": ("olist", "*.parquet"),
    "adventureworks": ("adventureworks", "*.parquet"),
}
AIM = 0.95


def truth() -> pl.DataFrame:
    """One row per column of the sets: ``set``, ``table``, ``column``, ``field`` (null where it has none)."""
    return pl.read_csv(HERE / "mapping_truth.csv").with_columns(
        pl.col("table", "column").str.to_lowercase(), field=pl.when(pl.col("field") != "").then("field")
    )


def proposed(name: str) -> tuple[TableMeaning, ...] | None:
    """The proposal for a set; None where the set is not there."""
    folder, pattern = SETS[name]
    files = sorted((DATA / folder).glob(pattern))
    tables = {table.name: table.frame for file in files for table in raw_tables(file).tables}
    return meanings(tables, countries.codes()) if tables else None


def judged(name: str, told: tuple[TableMeaning, ...]) -> pl.DataFrame:
    """One row per column of the set, with what was proposed and whether that is right."""
    rows = [
        (table.table, column, f"{each.table}.{each.field}")
        for table in told
        for each in table.fields
        for column in each.columns
    ]
    said = pl.DataFrame(rows, schema=["table", "column", "said"], orient="row").group_by("table", "column").agg("said")
    known = truth().filter(pl.col("set") == name)
    right = pl.col("field").str.split("|").list.set_intersection("said").list.len() > 0
    both = known.join(said, on=("table", "column"), how="left", validate="1:1", maintain_order="left")
    return both.with_columns(is_right=right.fill_null(value=False))


def run(names: list[str], *, wrong: bool) -> None:
    """Prints the figures of each set."""
    for name in names:
        started = time.process_time()
        told = proposed(name)
        spent = time.process_time() - started
        if told is None:
            print(f"{name}: not there")
            continue
        columns = judged(name, told)
        fielded = columns.filter(pl.col("field").is_not_null())
        right, others = int(fielded["is_right"].sum()), columns.filter(pl.col("field").is_null())
        invented = others.filter(pl.col("said").is_not_null())
        share = right / fielded.height
        print(
            f"{name:15} {share:6.1%} right: {right} of {fielded.height} columns with a field (aim {AIM:.0%});"
            f" {invented.height} of {others.height} without one were given one; {spent:.1f} s CPU"
        )
        for row in pl.concat([fielded.filter(~pl.col("is_right")), invented]).rows(named=True) if wrong else []:
            print(f"    {row['table']}.{row['column']}: {row['field']}, proposed {', '.join(row['said'] or ['none'])}")


if __name__ == "__main__":
    chosen = [name for name in sys.argv[1:] if name in SETS] or list(SETS)
    run(chosen, wrong="--wrong" in sys.argv)
