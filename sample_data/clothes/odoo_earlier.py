"""The same dump as Odoo 17 and Odoo 16 would write it: what their tables have otherwise than those of Odoo 18."""

from dataclasses import replace

import polars as pl

from sample_data.clothes.odoo import dressed
from sample_data.clothes.tailor import Outfit, Tables


def as_odoo_17(tables: Tables) -> Outfit:
    """Values by company are properties, payments belong to a ledger document, and storable is a type of product."""
    outfit = dressed(tables)
    files = dict(outfit.files)
    properties = [_costs(files), _currencies(files), _valuation(files)]
    files["ir_property"] = pl.concat(properties, how="diagonal")
    files["product_product"] = files["product_product"].drop("standard_price")
    files["res_partner"] = files["res_partner"].drop("property_purchase_currency_id")
    files["product_category"] = files["product_category"].drop("property_stock_valuation_account_id")
    storable = pl.when("is_storable").then(pl.lit("product")).otherwise("type")
    files["product_template"] = files["product_template"].with_columns(type=storable).drop("is_storable")
    files |= _accounts(files) | _payments(files)
    del files["account_move__account_payment"]
    return replace(outfit, files=_of_version(files, "17.0.1.3"))


def as_odoo_16(tables: Tables) -> Outfit:
    """Besides: done quantities have names of their own, and so have planned dates; names of accounts are plain."""
    outfit = as_odoo_17(tables)
    files = dict(outfit.files)
    moves, handled = files["stock_move"], files["stock_move_line"]
    units = moves.select("product_id", product_uom_id="product_uom", move_id="id")
    files["stock_move"] = moves.rename({"quantity": "quantity_done"})
    files["stock_move_line"] = (
        handled.drop("quantity_product_uom")
        .rename({"quantity": "qty_done"})
        .join(units, on="move_id", validate="1:1", maintain_order="left")
        .with_columns(reserved_uom_qty=pl.lit(0, pl.Int64))
    )
    for table in ("mrp_production", "mrp_workorder"):
        files[table] = files[table].with_columns(
            date_planned_start="date_start",
            date_planned_finished="date_finished",
            date_start=pl.when(pl.col("state").is_in(["progress", "to_close", "done"])).then("date_start"),
        )
    for table in ("account_account", "hr_department"):
        english = pl.col("name").str.json_path_match("$.en_US")
        files[table] = files[table].with_columns(name=english)
    return replace(outfit, files=_of_version(files, "16.0.1.3"))


def _of_version(files: dict[str, pl.DataFrame], version: str) -> dict[str, pl.DataFrame]:
    module = files["ir_module_module"].with_columns(latest_version=pl.lit(version))
    return files | {"ir_module_module": module}


def _costs(files: Tables) -> pl.DataFrame:
    products = files["product_product"]
    kept = [
        products.select(
            name=pl.lit("standard_price"),
            res_id=pl.lit("product.product,") + pl.col("id").cast(pl.String),
            company_id=pl.lit(company, pl.Int64),
            value_float=pl.col("standard_price").str.json_path_match(f"$['{company}']").cast(pl.Float64),
        )
        for company in files["res_company"]["id"]
    ]
    return pl.concat(kept).drop_nulls("value_float")


def _currencies(files: Tables) -> pl.DataFrame:
    value = pl.col("property_purchase_currency_id").str.json_path_match("$['1']")
    return (
        files["res_partner"]
        .filter(value.is_not_null())
        .select(
            name=pl.lit("property_purchase_currency_id"),
            res_id=pl.lit("res.partner,") + pl.col("id").cast(pl.String),
            company_id=pl.lit(1, pl.Int64),
            value_reference=pl.lit("res.currency,") + value,
        )
    )


def _valuation(files: Tables) -> pl.DataFrame:
    accounts = files["account_account"].filter(pl.col("account_type") == "asset_current")
    return accounts.select(
        name=pl.lit("property_stock_valuation_account_id"),
        res_id=pl.lit("product.category,") + pl.col("id").cast(pl.String),
        company_id=pl.lit(1, pl.Int64),
        value_reference=pl.lit("account.account,") + pl.col("id").cast(pl.String),
    )


def _accounts(files: Tables) -> dict[str, pl.DataFrame]:
    """An account has one code and one company."""
    owners = files["account_account_res_company_rel"].select(id="account_account_id", company_id="res_company_id")
    code = pl.col("code_store").str.extract(r': "([^"]*)"')
    accounts = files["account_account"].with_columns(code=code).drop("code_store")
    return {
        "account_account": accounts.join(owners, on="id", validate="1:1", maintain_order="left"),
        "account_account_res_company_rel": pl.DataFrame(schema={"account_id": pl.Int64}),
    }


def _payments(files: Tables) -> dict[str, pl.DataFrame]:
    """A payment is a document of the ledger, which has its day, state and company."""
    payments = files["account_payment"].with_columns(move_id=pl.col("id") + 90_000_000)
    posted = payments.select("date", "company_id", id="move_id", state=pl.lit("posted"), move_type=pl.lit("entry"))
    return {
        "account_payment": payments.drop("date", "company_id", "state"),
        "account_move": pl.concat([files["account_move"], posted], how="diagonal"),
    }
