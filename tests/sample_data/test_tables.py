"""Each table of the sample is what the unified model says, and names only what exists."""

from collections.abc import Mapping

import polars as pl
import pytest

from analytics.tables import BASE, DELIVERED, TABLES, fields, references
from analytics.tables.columns import DECIMAL, INSTANT
from analytics.tables.record import SHARED

BROUGHT = {*DELIVERED, "targets"}


def complete(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The table as the ``files`` source would load it."""
    schema = TABLES[name]
    empty = schema.create_empty()
    keys = [pl.col(key).cast(pl.String) for key in schema.primary_key()]
    based = rows.with_columns(source=pl.lit("files"), source_id=pl.concat_str(keys, separator="/"))
    missing = [pl.lit(None).alias(column) for column in empty.columns if column not in based.columns]
    return based.with_columns(missing).select(pl.col(column).cast(kind) for column, kind in empty.schema.items())


def test_every_table_that_a_source_delivers_is_there(small: Mapping[str, pl.DataFrame]) -> None:
    assert set(small) == BROUGHT


@pytest.mark.parametrize("name", sorted(BROUGHT))
def test_every_row_obeys_its_schema(small: Mapping[str, pl.DataFrame], name: str) -> None:
    _, failure = TABLES[name].filter(complete(name, small[name]))
    assert failure.counts() == {}
    assert small[name].height > 0


@pytest.mark.parametrize("name", sorted(BROUGHT))
def test_every_reference_names_a_row(small: Mapping[str, pl.DataFrame], name: str) -> None:
    for column, target in references(TABLES[name]).items():
        if column in small[name].columns:
            key = TABLES[target].primary_key()[0]
            named = small[name].select(pl.col(column).alias("key")).drop_nulls().unique()
            dangling = named.join(small[target].select(pl.col(key).alias("key")), on="key", how="anti")
            assert dangling.is_empty(), f"{name}.{column}"


@pytest.mark.parametrize("name", sorted(BROUGHT))
def test_columns_have_the_names_the_order_and_the_types_of_the_schema(
    small: Mapping[str, pl.DataFrame], name: str
) -> None:
    allowed = list(dict.fromkeys(("company_id", *fields(TABLES[name]))))
    assert small[name].columns == [column for column in allowed if column in small[name].columns]
    expected = {
        column: pl.String() if isinstance(kind, pl.Enum) else kind
        for column, kind in TABLES[name].create_empty().schema.items()
    }
    assert {column: kind for column, kind in small[name].schema.items() if kind != expected[column]} == {}


@pytest.mark.parametrize("name", sorted(BROUGHT))
def test_keys_are_the_vendors_own(small: Mapping[str, pl.DataFrame], name: str) -> None:
    keys = small[name].select(pl.col(TABLES[name].primary_key()).cast(pl.String))
    assert keys.filter(pl.any_horizontal(pl.all().str.starts_with("files:"))).is_empty()
    assert set(BASE) & set(small[name].columns) <= {"company_id"}


@pytest.mark.parametrize("name", sorted(BROUGHT))
def test_rows_belong_to_one_of_the_companies_or_are_shared(small: Mapping[str, pl.DataFrame], name: str) -> None:
    companies = set(small["companies"]["company_id"])
    assert set(small[name]["company_id"]) <= companies | {SHARED}


def test_papers_of_a_company_name_only_its_own_papers(small: Mapping[str, pl.DataFrame]) -> None:
    for name, rows in small.items():
        for column, target in references(TABLES[name]).items():
            if column in rows.columns and target not in {"companies", name}:
                key = TABLES[target].primary_key()[0]
                owners = small[target].select(pl.col(key).alias(column), owner="company_id").unique(column)
                pairs = rows.filter(pl.col(column).is_not_null()).join(owners, on=column, how="left", validate="m:1")
                own = (
                    pl.col("owner").is_in([SHARED])
                    | (pl.col("company_id") == SHARED)
                    | (pl.col("owner") == pl.col("company_id"))
                )
                assert pairs.filter(~own).is_empty(), f"{name}.{column}"


def test_the_firm_has_two_companies_two_plants_and_four_warehouses(small: Mapping[str, pl.DataFrame]) -> None:
    kinds = small["sites"]["kind"].value_counts()
    counted = dict(kinds.iter_rows())
    assert small["companies"]["currency"].to_list() == ["EUR", "CNY"]
    assert (counted["plant"], counted["warehouse"]) == (2, 4)
    assert set(small["customers"]["country"]) == {"DE", "AT", "CN"}


def test_names_are_in_english_and_chinese(small: Mapping[str, pl.DataFrame]) -> None:
    products, talks = small["products"], small["interactions"]
    chinese = pl.col("name_zh").str.contains(r"\p{Han}")
    assert products.filter(chinese).height == products.height
    assert products["name"].is_unique().all()
    assert set(talks["language"]) == {"en", "zh"}
    assert talks.filter((pl.col("language") == "zh") & ~pl.col("body").str.contains(r"\p{Han}")).is_empty()


def test_types_are_the_models_own(small: Mapping[str, pl.DataFrame]) -> None:
    lines = small["sales_order_lines"].schema
    assert lines["quantity"] == DECIMAL
    assert small["sales_orders"].schema["ordered_at"] == INSTANT
