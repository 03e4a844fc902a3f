"""What unknown tables and columns mean: proposed by names, values, keys and references together."""

import polars as pl
import pytest

from analytics import column_meanings, column_vocabulary, column_words
from analytics.column_meanings import DATED, GIVEN, TableMeaning, meanings
from analytics.tables import DELIVERED, TABLES, fields

COUNTRIES = {"germany": "DE", "france": "FR", "china": "CN", "de": "DE", "fr": "FR", "cn": "CN"}
SHOP = {
    "kunden": pl.DataFrame(
        {
            "Kundennr": ["K1", "K2", "K3", "K4"],
            "Firma": ["Alt GmbH", "Neu AG", "Rot KG", "Blau"],
            "Ort": ["Kiel", "Ulm", "Trier", "Jena"],
            "Land": ["Germany", "Germany", "France", "China"],
            "E-Mail": ["a@alt.de", "b@neu.de", "c@rot.fr", "d@blau.cn"],
        }
    ),
    "auftraege": pl.DataFrame(
        {
            "Auftragsnummer": ["A1", "A2", "A3", "A4", "A5"],
            "Kundennr": ["K1", "K2", "K3", "K3", "K1"],
            "Bestelldatum": ["13.01.2024", "02.02.2024", "03.02.2024", "04.02.2024", "05.03.2024"],
            "Liefertermin": ["20.01.2024", "09.02.2024", "10.02.2024", "11.02.2024", "15.03.2024"],
            "Status": ["offen", "erledigt", "storniert", "erledigt", "offen"],
            "Nettobetrag": ["1.200,50", "30,00", "7,25", "99,90", "1.000,00"],
        }
    ),
}
CHINESE = {
    "库存": pl.DataFrame(
        {
            "物料编码": ["M1", "M2", "M3"],
            "仓库": ["一号", "一号", "二号"],
            "库存数量": ["5", "0", "12.5"],
            "日期": ["2024年3月5日", "2024年3月5日", "2024年3月5日"],
        }
    )
}
FLAT = {
    "report": pl.DataFrame(
        {
            "order_no": ["1", "1", "2", "3"],
            "order_date": ["2024-01-05", "2024-01-05", "2024-01-06", "2024-01-09"],
            "customer_name": ["Ann", "Ann", "Bob", "Cleo"],
            "sku": ["P-1", "P-2", "P-1", "P-3"],
            "qty": ["2", "1", "5", "1"],
            "unit_price": ["9.50", "20", "9.50", "3.25"],
        }
    )
}


def _said(tables: dict[str, pl.DataFrame]) -> dict[str, str]:
    """From each column to the unified field that is proposed first."""
    told = meanings(tables, COUNTRIES)
    pairs = [
        (column, f"{each.table}.{each.field}") for table in told for each in table.fields for column in each.columns
    ]
    return dict(reversed(pairs))


def test_german_tables_are_understood() -> None:
    said = _said(SHOP)
    assert said == {
        "Kundennr": "customers.customer_id",
        "Firma": "customers.name",
        "Ort": "customers.city",
        "Land": "customers.country",
        "E-Mail": "customers.email",
        "Auftragsnummer": "sales_orders.sales_order_id",
        "Bestelldatum": "sales_orders.ordered_at",
        "Liefertermin": "sales_orders.promised_on",
        "Status": "sales_orders.status",
        "Nettobetrag": "sales_orders.amount_untaxed",
    }


def test_how_days_numbers_and_words_are_written_is_told() -> None:
    orders = {each.field: each for each in meanings(SHOP, COUNTRIES)[1].fields}
    assert orders["ordered_at"].dates == "day first"
    assert orders["amount_untaxed"].decimals == "comma"
    assert orders["status"].words == {"offen": "confirmed", "erledigt": "done", "storniert": "cancelled"}
    assert orders["customer_id"].reason == "its values are keys of customers"


def test_chinese_headings_are_understood() -> None:
    assert _said(CHINESE) == {
        "物料编码": "inventory_levels.product_id",
        "仓库": "inventory_levels.site_id",
        "库存数量": "inventory_levels.on_hand",
        "日期": "inventory_levels.as_of_on",
    }


def test_a_flat_report_is_order_lines_with_their_order_and_customer_beside() -> None:
    said = _said(FLAT)
    assert said["order_date"] == "sales_orders.ordered_at"
    assert said["customer_name"] == "customers.name"
    assert {said[name] for name in ("qty", "unit_price")} == {
        "sales_order_lines.quantity",
        "sales_order_lines.unit_price",
    }
    (report,) = meanings(FLAT, COUNTRIES)
    assert report.to == "sales_order_lines"


def test_what_must_be_known_and_is_not_is_said() -> None:
    orders = meanings(SHOP, COUNTRIES)[1]
    assert orders.missing == ("sales_orders.currency",)


def test_a_shipping_date_tells_what_is_done() -> None:
    orders = pl.DataFrame(
        {
            "order_id": ["1", "2"],
            "customer": ["a", "b"],
            "order_date": ["2024-01-01"] * 2,
            "shipped_date": ["2024-01-03", None],
        }
    )
    (told,) = meanings({"orders": orders}, COUNTRIES)
    assert told.given["sales_orders.status"] == "done where shipments.shipped_at, else confirmed"


def test_first_and_last_name_are_one_name() -> None:
    people = pl.DataFrame({"employee_id": ["1", "2"], "first_name": ["Ann", "Bo"], "last_name": ["Ray", "Lee"]})
    (told,) = meanings({"employees": people}, COUNTRIES)
    assert [each.columns for each in told.fields if each.field == "name"] == [("first_name", "last_name")]


def test_a_no_longer_active_flag_is_turned_round() -> None:
    goods = pl.DataFrame({"product_id": ["1", "2"], "product_name": ["Nut", "Bolt"], "discontinued": ["0", "1"]})
    (told,) = meanings({"products": goods}, COUNTRIES)
    assert [each.inverted for each in told.fields if each.field == "is_active"] == [True]


def test_a_lines_key_is_the_fewest_columns_that_tell_rows_apart() -> None:
    lines = pl.DataFrame({"order_id": ["1", "1", "2"], "product_id": ["a", "b", "a"], "quantity": ["1", "2", "2"]})
    (told,) = meanings({"order_lines": lines}, COUNTRIES)
    key = next(each for each in told.fields if each.field == "sales_order_line_id")
    assert key.columns == ("order_id", "product_id")


def test_a_table_of_nothing_that_we_know_is_not_read() -> None:
    (told,) = meanings({"planets": pl.DataFrame({"moons": ["1", "2"], "colour": ["red", "blue"]})}, COUNTRIES)
    assert (told.to, told.left_out) == (None, ("moons", "colour"))


@pytest.mark.parametrize("rows", [0, 1])
def test_an_empty_table_and_one_row_are_understood_by_their_names(rows: int) -> None:
    (told,) = meanings({"customers": SHOP["kunden"].head(rows)}, COUNTRIES)
    assert told.to in ("customers", None)


@pytest.fixture(scope="module")
def every_proposal() -> list[TableMeaning]:
    return [table for tables in (SHOP, CHINESE, FLAT) for table in meanings(tables, COUNTRIES)]


def test_no_field_has_two_sources_and_every_certainty_is_a_share(every_proposal: list[TableMeaning]) -> None:
    for table in every_proposal:
        said = [(each.table, each.field) for each in table.fields]
        assert len(set(said)) == len(said)
        assert all(0 < each.certainty < 1 and each.reason for each in table.fields)
        assert 0 <= table.certainty < 1


def test_every_column_has_a_field_or_is_left_out(every_proposal: list[TableMeaning]) -> None:
    frames = SHOP | CHINESE | FLAT
    for table in every_proposal:
        used = {column for each in table.fields for column in each.columns}
        assert used | {*table.left_out} == {*frames[table.table].columns}
        assert not used & {*table.left_out}


def test_every_name_in_the_vocabulary_is_one_of_the_unified_model() -> None:
    rows = {*column_vocabulary.ROWS, *column_vocabulary.BESIDE}
    rows |= {table for beside in column_vocabulary.BESIDE.values() for table in beside}
    every = {name for table in DELIVERED for name in fields(TABLES[table])}
    full = {f"{table}.{name}" for table in DELIVERED for name in fields(TABLES[table])}
    said = {*column_vocabulary.FIELDS, *column_vocabulary.REFERENCES, *column_words.LISTS}
    beside = {
        f"{to}.{name}" for each in column_vocabulary.BESIDE.values() for to, names in each.items() for name in names
    }
    dated = {date for _, _, dates in DATED.values() for date in dates}
    assert rows <= {*DELIVERED}
    assert said - every - full == set()
    assert ({*GIVEN, *DATED} | beside | dated) - full == set()
    assert column_meanings.DELIVERY_DAY in GIVEN.values()


def test_a_list_of_invoice_lines_is_order_lines_whatever_its_file_is_called() -> None:
    sold = pl.DataFrame(
        {
            "InvoiceNo": ["1", "1", "2"],
            "StockCode": ["A", "B", "A"],
            "Quantity": ["2", "1", "5"],
            "InvoiceDate": ["2024-01-05", "2024-01-05", "2024-01-06"],
            "UnitPrice": ["9.50", "20", "9.50"],
            "CustomerID": ["71", "71", "72"],
            "Country": ["Germany", "Germany", "France"],
        }
    )
    (told,) = meanings({"data": sold}, COUNTRIES)
    assert (told.to, told.left_out, told.missing) == ("sales_order_lines", (), ("sales_orders.currency",))
