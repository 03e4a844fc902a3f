"""Of the columns of a public data set that no mapping was written for, at least 95 % are proposed right. Skips where
the set is not there."""

import polars as pl
import pytest

from analytics.tables import DELIVERED, TABLES, fields
from benchmarks import mapping


@pytest.mark.parametrize("name", ["northwind", "maven"])
def test_nearly_every_column_that_has_a_field_is_proposed_as_it(name: str) -> None:
    told = mapping.proposed(name)
    if told is None:
        pytest.skip(f"The data set {name} is not there (../shared/data).")
    columns = mapping.judged(name, told).filter(pl.col("field").is_not_null())
    assert columns["is_right"].mean() >= mapping.AIM  # type: ignore[operator]


def test_the_truth_names_fields_that_there_are() -> None:
    known = {f"{table}.{name}" for table in DELIVERED for name in fields(TABLES[table])}
    said = mapping.truth().get_column("field").drop_nulls().str.split("|").explode()
    assert set(said) <= known
