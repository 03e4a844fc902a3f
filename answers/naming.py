"""What the members of a dimension are called, as far as the viewer may know it."""

import polars as pl

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot
from answers.asked import Asked, asked

NAMES = {"member": pl.String, "name": pl.String, "name_zh": pl.String}


def named_members(
    viewer: Viewer, scope: Scope, metric: str, dimension: str, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """What the members of a dimension are called, for a viewer who may see the number; see ``names``."""
    return names(asked(viewer, scope, metric, version), dimension)


def names(question: Asked, dimension: str) -> pl.DataFrame:
    """One row per member that has a name: member (its key), name, name_zh (null where it has none).

    The name of a private person, and that of an employee, needs personal_data.
    """
    return {
        "product": _products,
        "category": _categories,
        "customer": _customers,
        "company": _companies,
        "site": _sites,
        "supplier": _suppliers,
        "salesperson": _employees,
    }.get(dimension, _unnamed)(question)


def _named(rows: pl.LazyFrame, key: str, name: pl.Expr, name_zh: pl.Expr | None = None) -> pl.DataFrame:
    zh = pl.lit(None, dtype=pl.String) if name_zh is None else name_zh
    return rows.select(member=pl.col(key), name=name, name_zh=zh).drop_nulls("member").collect()


def _unnamed(_question: Asked) -> pl.DataFrame:
    return pl.DataFrame(schema=NAMES)


def _products(question: Asked) -> pl.DataFrame:
    rows = question.version.aggregate("members", question.viewer)
    called = [pl.concat_str(["sku", name], separator=" · ", ignore_nulls=True) for name in ("name", "name_zh")]
    return _named(rows, "product_id", called[0], pl.when(pl.col("name_zh").is_not_null()).then(called[1]))


def _categories(question: Asked) -> pl.DataFrame:
    return _named(_table(question, "product_categories"), "category_id", pl.col("name"))


def _customers(question: Asked) -> pl.DataFrame:
    is_hidden = pl.col("is_company").eq(other=False).fill_null(False) & (not question.viewer.may("personal_data"))
    return _named(_table(question, "customers"), "customer_id", pl.when(~is_hidden).then("name"))


def _companies(question: Asked) -> pl.DataFrame:
    return _named(_table(question, "companies"), "company_id", pl.col("name"))


def _sites(question: Asked) -> pl.DataFrame:
    return _named(question.version.aggregate("places", question.viewer), "site_id", pl.col("site"))


def _suppliers(question: Asked) -> pl.DataFrame:
    return _named(_table(question, "suppliers"), "supplier_id", pl.col("name"))


def _employees(question: Asked) -> pl.DataFrame:
    return _named(_table(question, "employees"), "employee_id", pl.col("name"))


def _table(question: Asked, name: str) -> pl.LazyFrame:
    return question.version.table(name, question.viewer)
