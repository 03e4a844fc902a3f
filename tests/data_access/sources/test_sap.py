"""SAP's traps, one by one, on a miniature of its tables: what each becomes in the unified tables."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.tables import TABLES
from data_access.exports import Export
from data_access.home import firm_home
from data_access.mapping import Reading, SourceRefused
from data_access.readers.headers import normalised
from data_access.sap_headings import labels
from data_access.sources import sap
from refresh.run import Report, Request, refresh
from tests.data_access.sources.exported import only, rows, written
from tests.data_access.sources.loaded import Loaded, loaded
from tests.data_access.sources.sap_firm import FILES

PUMP, STEEL = "000000000000000011", "000000000000000012"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What Tandem makes of the miniature."""
    return loaded(sap.read(written(tmp_path_factory.mktemp("sap"), FILES)))


def _read(folder: Path, files: dict[str, str], **style: str) -> Loaded:
    return loaded(sap.read(written(folder / "export", files, **style)))


def _values(firm: Loaded, table: str, key: str, *columns: str) -> tuple[Any, ...]:
    row = firm.row(table, key)
    return tuple(row[column] for column in columns)


def _of(series: pl.Series, notation: str | None = None) -> list[str | None]:
    return pl.DataFrame({"a": series}).select(sap.numeral(pl.col("a"), notation)).to_series().to_list()


# Values.


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1234.50-", "-1234.50"),
        ("1.234,50-", "-1234.50"),
        ("-12", "-12"),
        ("1.234.567", "1234567"),
        ("1,234,567-", "-1234567"),
        ("0,5", "0.5"),
        (",500", ".500"),
        ("1 234,5", "1234.5"),
        ("12.000", "12.000"),
        ("12,000", None),
        ("12a", None),
        ("-", None),
    ],
)
def test_a_number_is_read_in_any_notation_that_it_tells(written_as: str, meant: str | None) -> None:
    assert _of(pl.Series([written_as])) == [meant]


@pytest.mark.parametrize(("notation", "meant"), [("comma", "12.000"), ("point", "12000"), (None, None)])
def test_where_a_number_does_not_tell_its_file_does(notation: str | None, meant: str | None) -> None:
    assert _of(pl.Series(["12,000"]), notation) == [meant]


def test_a_point_before_three_digits_is_of_thousands_where_the_comma_is_the_decimal_one() -> None:
    assert (_of(pl.Series(["12.000"]), "comma"), _of(pl.Series(["12.000"]), "point")) == (["12000"], ["12.000"])


def test_the_notation_of_a_file_is_told_by_any_of_its_numbers_unless_they_contradict() -> None:
    telling, silent = pl.Series(["12,000", "0,50"]), pl.Series(["12,000", "7"])
    assert (sap.notation_of([silent, telling]), sap.notation_of([silent])) == ("comma", None)
    assert sap.notation_of([pl.Series(["0,50"]), pl.Series(["0.50"])]) is None


@pytest.mark.parametrize("text", ["20250131", "2025-01-31", "2025/01/31", "2025.01.31", "31.01.2025"])
def test_a_day_is_read_as_it_is_kept_and_as_it_is_shown(text: str) -> None:
    assert pl.DataFrame({"a": [text]}).select(sap.day(pl.col("a"))).item() == date(2025, 1, 31)


@pytest.mark.parametrize("text", ["00000000", "01/31/2025", "20250231", ""])
def test_no_day_is_none(text: str) -> None:
    assert pl.DataFrame({"a": [text]}).select(sap.day(pl.col("a"))).item() is None


def test_a_key_without_its_zeros_is_the_same_key() -> None:
    keys = pl.DataFrame({"a": ["11", PUMP, "0A12", "0" * 38 + "11"]}).select(sap.MATERIAL.of("a", None))
    assert keys.to_series().to_list() == [PUMP, PUMP, "0A12", PUMP]


# Every table.


def test_every_row_of_the_miniature_fits_its_contract(firm: Loaded) -> None:
    assert firm.aside.rows() == []


@pytest.mark.parametrize("table", sorted({mapping.to for mapping in sap.MAPPINGS}))
def test_every_table_of_the_miniature_keeps_the_rules_of_its_schema(firm: Loaded, table: str) -> None:
    filled = firm[table].with_columns(pl.col("company_id").fill_null("*")).unique(TABLES[table].primary_key())
    assert filled.height > 0
    assert TABLES[table].filter(filled)[1].counts() == {}


@pytest.mark.parametrize("export", sap.EXPORTS, ids=lambda export: export.name)
def test_no_label_stands_for_two_columns_of_a_table(export: Export) -> None:
    said = [normalised(label) for labels_of in export.headings.values() for label in set(map(normalised, labels_of))]
    assert sorted(said) == sorted(set(said))


# Shared.


def test_plants_are_sites_and_storage_locations_lie_within(firm: Loaded) -> None:
    told = firm["sites"].unique("site_id", keep="first", maintain_order=True).sort("site_id")
    assert told.select("site_id", "name", "kind", "parent_site_id", "company_id").rows() == [
        ("sap:1010", "Hamburg", "plant", None, "sap:1000"),
        ("sap:1010/0001", "1010 / Main store", "location", "sap:1010", "sap:1000"),
        ("sap:2010", "Osaka", "plant", None, "sap:2000"),
        ("sap:2010/0001", "2010 / Store", "location", "sap:2010", "sap:2000"),
    ]


def test_sites_come_from_stock_where_their_own_tables_are_missing(tmp_path: Path) -> None:
    firm = _read(tmp_path, only(FILES, "MARD"))
    assert set(firm["sites"].get_column("site_id")) == {"sap:1010", "sap:2010", "sap:1010/0001", "sap:2010/0001"}


def test_a_plant_that_is_valued_with_its_company_belongs_to_it(tmp_path: Path) -> None:
    plants = rows("WERKS;NAME1;BWKEY;LAND1", "1010;Hamburg;1000;DE", "2010;Osaka;2010;JP")
    areas = rows("BWKEY;BUKRS", "1000;1000", "2010;2000")
    firm = _read(tmp_path, {**only(FILES, "T001"), "T001W.csv": plants, "T001K.csv": areas})
    assert firm["sites"].select("source_id", "company_id").rows() == [("1010", "sap:1000"), ("2010", "sap:2000")]


# Products.


def test_units_of_a_material_convert_into_its_base_unit(firm: Loaded) -> None:
    told = firm["unit_conversions"].select("product_id", "from_unit", "to_unit", "factor").rows()
    assert told == [(f"sap:{STEEL}", "G", "KG", Decimal("0.001"))]


def test_a_material_is_shown_without_zeros_and_named_in_two_languages(firm: Loaded) -> None:
    assert _values(firm, "products", PUMP, "sku", "name", "name_zh", "weight") == ("11", "Pump", "泵", Decimal("1.5"))
    assert _values(firm, "products", STEEL, "name", "name_zh") == ("Stahl", None)


def test_services_and_deleted_materials_are_known_as_such(firm: Loaded) -> None:
    assert _values(firm, "products", "0A12", "kind", "is_active") == ("service", False)
    assert _values(firm, "products", PUMP, "kind", "is_active") == ("storable", True)


def test_a_cost_is_that_of_the_price_control_for_one_unit_and_yen_have_no_decimals(firm: Loaded) -> None:
    assert _values(firm, "product_costs", f"{PUMP}/1010", "cost", "currency") == (Decimal("12.5"), "EUR")
    assert _values(firm, "product_costs", f"{STEEL}/2010", "cost", "currency") == (Decimal(500), "JPY")
    assert _values(firm, "products", PUMP, "cost", "currency") == (Decimal("12.5"), "EUR")


def test_a_rule_has_the_reorder_point_or_else_the_safety_stock(firm: Loaded) -> None:
    levels = firm["reorder_rules"].select("source_id", "minimum_quantity", "maximum_quantity").rows()
    assert levels == [(f"{PUMP}/1010", 10, 100), (f"{STEEL}/1010", 3, None)]


def test_stock_is_what_may_be_used_and_may_be_below_zero(firm: Loaded) -> None:
    held = firm["inventory_levels"].sort("product_id", "site_id").get_column("on_hand").to_list()
    assert held == [20, Decimal("7.5"), -5]


# Sales.


def test_an_order_says_its_state_its_value_and_its_company(firm: Loaded) -> None:
    orders = firm["sales_orders"].select("number", "status", "amount_untaxed", "currency", "company_id").rows()
    assert orders == [
        ("501", "confirmed", 300, "EUR", "sap:1000"),
        ("502", "done", 1234, "JPY", "sap:2000"),
        ("503", "quoted", 50, "EUR", "sap:1000"),
        ("504", "cancelled", 0, "EUR", "sap:1000"),
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "meant"),
    [
        ("12,34", "EUR", "12.34"),
        ("12,34", "JPY", "1234"),
        ("1.234,00", "JPY", "123400"),
        ("1.234", "JPY", "1234"),
        ("12,34", "KWD", "1.234"),
        ("1,234", "KWD", "1.234"),
        ("12,34-", "JPY", "-1234"),
    ],
)
def test_tables_keep_two_decimals_whatever_the_currency(tmp_path: Path, amount: str, currency: str, meant: str) -> None:
    head = "VBELN;KUNNR;AUDAT;WAERK;NETWR"
    sold = rows(head, f"1;101;20250110;{currency};{amount}", "2;101;20250110;EUR;1.000,50")
    order = _read(tmp_path, {"VBAK.csv": sold}).row("sales_orders", "0000000001")
    assert order["amount_untaxed"] == Decimal(meant)


def test_a_line_in_dozens_is_twelve_pieces_at_the_price_of_one_dozen(firm: Loaded) -> None:
    line = _values(firm, "sales_order_lines", "0000000501/000010", "quantity", "source_quantity", "unit_price")
    assert line == (24, 2, 120)


def test_what_was_delivered_is_what_left_the_house(firm: Loaded) -> None:
    assert _values(firm, "sales_order_lines", "0000000501/000010", "delivered_quantity") == (12,)


def test_what_is_delivered_of_a_service_nobody_says(tmp_path: Path) -> None:
    sold = rows(
        "VBELN;POSNR;MATNR;KWMENG;VRKME;NETWR;WAERK", "1;10;0A12;1,000;H;50,00;EUR", "1;20;11;1,000;PC;9,00;EUR"
    )
    orders = rows("VBELN;KUNNR;AUDAT;WAERK;NETWR", "1;101;20250110;EUR;59,00")
    sources = only(FILES, "MARA", "LIPS", "LIKP")
    firm = _read(tmp_path, {**sources, "VBAK.csv": orders, "VBAP.csv": sold})
    assert firm["sales_order_lines"].get_column("delivered_quantity").to_list() == [None, 0]


def test_schedule_lines_say_what_was_asked_and_is_promised_now_and_not_what_was_promised_first(firm: Loaded) -> None:
    days = _values(firm, "sales_order_lines", "0000000501/000010", "requested_on", "first_promised_on", "promised_on")
    assert days == (date(2025, 1, 18), None, date(2025, 1, 30))
    assert _values(firm, "sales_orders", "0000000501", "first_promised_on", "promised_on") == days[1:]


def test_rejected_items_and_returns_are_no_lines(firm: Loaded) -> None:
    assert firm["sales_order_lines"].get_column("source_id").to_list() == [
        "0000000501/000010",
        "0000000501/000020",
        "0000000502/000010",
        "0000000503/000010",
    ]


def test_a_delivery_is_done_when_its_goods_have_left(firm: Loaded) -> None:
    assert firm["shipments"].select("number", "status").rows() == [("80000001", "done"), ("80000002", "planned")]
    assert firm["shipment_lines"].select("quantity", "shipped_quantity").rows() == [(12, 12), (12, 0)]


def test_an_overall_status_of_an_older_release_comes_from_its_own_table(tmp_path: Path) -> None:
    older = {"VBAK.csv": FILES["VBAK.csv"].replace("GBSTK", "ELSEWHERE")}
    older["VBUK.csv"] = rows("MANDT;VBELN;GBSTK", "100;0000000501;C", "100;0000000502;A")
    orders = _read(tmp_path, older)
    assert orders.row("sales_orders", "0000000501")["status"] == "done"
    assert orders.row("sales_orders", "0000000502")["status"] == "confirmed"


def test_a_delivery_leaves_the_plant_of_its_items_and_an_order_goes_to_it(firm: Loaded) -> None:
    assert firm["shipments"].get_column("site_id").to_list() == ["sap:1010", "sap:1010"]
    bought = firm.row("purchase_orders", "4500000001")
    assert bought["amount_untaxed"] == firm["purchase_order_lines"].get_column("amount_untaxed").sum()


def test_an_amount_of_the_document_is_told_where_it_is_in_another_currency(tmp_path: Path) -> None:
    heads = rows("BUKRS;BELNR;GJAHR;BUDAT;WAERS;HWAER", "1000;1;2025;20250131;EUR;EUR", "1000;2;2025;20250131;USD;EUR")
    lines = rows(
        "BUKRS;BELNR;GJAHR;BUZEI;HKONT;SHKZG;DMBTR;WRBTR", "1000;1;2025;1;4;S;9,50;9,50", "1000;2;2025;1;4;H;9,50;10,50"
    )
    entries = _read(tmp_path, {**only(FILES, "T001"), "BKPF.csv": heads, "BSEG.csv": lines})["ledger_entries"]
    assert entries.select("foreign_amount", "foreign_currency").rows() == [(None, None), (Decimal("-10.5"), "USD")]


def test_credit_notes_are_negative_and_cancelled_invoices_say_so(firm: Loaded) -> None:
    bills = firm["invoices"].select("number", "kind", "status", "amount_untaxed", "amount_tax").rows()
    assert bills == [
        ("90000001", "invoice", "posted", 120, Decimal("22.8")),
        ("90000002", "credit_note", "posted", -10, Decimal("-1.9")),
        ("90000003", "invoice", "cancelled", 1234, 123),
    ]


def test_an_invoiced_item_knows_its_order_line_and_what_it_cost(firm: Loaded) -> None:
    lines = firm["invoice_lines"].select("quantity", "amount_untaxed", "cost_amount").rows()
    assert lines == [(12, 120, 90), (-1, -10, Decimal("-7.5")), (1, 1234, 500)]
    assert _values(firm, "invoice_lines", "0090000001/000010", "sales_order_line_id") == ("sap:0000000501/000010",)
    assert _values(firm, "sales_order_lines", "0000000501/000010", "invoiced_quantity") == (11,)
    assert _values(firm, "sales_order_lines", "0000000502/000010", "invoiced_quantity") == (0,)


# Purchases.


def test_receipts_add_up_and_reversals_take_away(firm: Loaded) -> None:
    line = firm.row("purchase_order_lines", "4500000001/00010")
    assert (line["quantity"], line["received_quantity"], line["invoiced_quantity"]) == (3000, 2000, 2000)
    assert (line["due_on"], line["first_due_on"]) == (date(2025, 1, 31), date(2025, 1, 28))
    assert firm["receipt_lines"].get_column("received_quantity").to_list() == [2000, -1000, 1000]


def test_deleted_orders_are_cancelled_and_requests_are_no_orders(firm: Loaded) -> None:
    orders = firm["purchase_orders"].select("number", "status").rows()
    assert orders == [("4500000001", "confirmed"), ("4500000002", "cancelled")]
    assert firm["purchase_order_lines"].height == 1


# Production.


def test_a_component_is_counted_in_its_own_unit_for_one_piece(firm: Loaded) -> None:
    line = firm.row("bom_lines", "00000077/00000001")
    assert (line["product_id"], line["component_id"]) == (f"sap:{PUMP}", f"sap:{STEEL}")
    assert (line["quantity_per"], line["source_quantity"]) == (Decimal("0.5"), 5000)


def test_a_production_order_is_done_when_technically_complete(firm: Loaded) -> None:
    made = firm["work_orders"].select("number", "status", "quantity", "produced_quantity").rows()
    assert made == [("1000001", "done", 10, 9), ("1000002", "draft", 4, 0), ("1000003", "cancelled", 6, 0)]
    assert firm.row("work_orders", "000001000001")["sales_order_line_id"] == "sap:0000000501/000010"


# Money.


def test_debit_and_credit_balance_in_the_currency_of_the_books(firm: Loaded) -> None:
    books = firm["ledger_entries"].group_by("currency").agg(pl.col("debit").sum(), pl.col("credit").sum())
    assert sorted(books.rows()) == [("EUR", 100, 100), ("JPY", 1234, 1234)]
    assert firm["ledger_entries"].get_column("foreign_amount").sum() == 0


def test_the_universal_journal_replaces_the_older_tables(tmp_path: Path) -> None:
    journal = rows(
        "RLDNR;RBUKRS;GJAHR;BELNR;DOCLN;RACCT;BUDAT;HSL;RHCUR;WSL;RWCUR",
        "0L;1000;2025;0100000001;000001;0000140000;20250131;100,00;EUR;110,00;USD",
        "0L;1000;2025;0100000001;000002;0000800000;20250131;100,00-;EUR;110,00-;USD",
        "2L;1000;2025;0100000001;000001;0000140000;20250131;100,00;EUR;110,00;USD",
    )
    entries = _read(tmp_path, {**only(FILES, "BSEG", "BKPF"), "ACDOCA.csv": journal})["ledger_entries"]
    assert entries.select("debit", "credit", "foreign_amount").rows() == [(100, 0, 110), (0, 100, -110)]


# The files themselves.


def test_localised_headings_in_gb18030_with_tabs_are_the_same_tables(tmp_path: Path) -> None:
    table = rows("客户端;物料;语言;物料描述", f"100;{PUMP};1;离心水泵机械元件", f"100;{STEEL};1;结构钢材料")
    firm = _read(tmp_path, {**only(FILES, "MARA"), "MAKT.txt": table}, encoding="gb18030", delimiter="\t")
    assert _values(firm, "products", PUMP, "name_zh") == ("离心水泵机械元件",)


def test_a_number_of_a_workbook_is_a_number_whatever_the_texts_beside_it_write(tmp_path: Path) -> None:
    folder = written(tmp_path / "export", only(FILES, "MARA", "MBEW", "T001", "T001K"))
    stock = {"MATNR": [PUMP], "WERKS": ["1010"], "LGORT": ["0001"], "LABST": [1.234]}
    pl.DataFrame(stock).write_excel(folder / "MARD.xlsx", worksheet="MARD")
    assert loaded(sap.read(folder))["inventory_levels"].get_column("on_hand").to_list() == [Decimal("1.234")]


def test_the_other_files_tell_how_a_file_writes_its_numbers(tmp_path: Path) -> None:
    stock = rows("MATNR;WERKS;LGORT;LABST", f"{PUMP};1010;0001;1,234")
    german = _read(tmp_path / "german", {"MARD.csv": stock, **only(FILES, "MBEW")})
    alone = _read(tmp_path / "alone", {"MARD.csv": stock})
    assert german["inventory_levels"].get_column("on_hand").to_list() == [Decimal("1.234")]
    assert alone.aside.select("rule", "column_name", "value").rows() == [("not_a_number", "labst", "1,234")]


def test_a_printed_list_is_its_rows_without_lines_and_padding(tmp_path: Path) -> None:
    rule, head = "-" * 40, "|MANDT|MATNR             |SPRAS|MAKTX     |"
    body = (f"|100  |{PUMP}|E    |Pump      |", f"|100  |{STEEL}|E    |Steel     |")
    printed = rows("Table: MAKT", "", rule, head, rule, *body, rule)
    firm = _read(tmp_path, {**only(FILES, "MARA"), "MAKT.txt": printed})
    assert firm["products"].get_column("name").to_list() == ["Pump", "Steel", "0A12"]
    assert firm.aside.height == 0


def test_what_two_files_bring_alike_is_added_up_once(tmp_path: Path) -> None:
    twice = {**only(FILES, "VBAP", "LIPS", "LIKP"), "LIPS_2.csv": FILES["LIPS.csv"], "LIKP_2.csv": FILES["LIKP.csv"]}
    firm = _read(tmp_path, twice)
    assert _values(firm, "sales_order_lines", "0000000501/000010", "delivered_quantity") == (12,)
    assert firm["shipment_lines"].height == 4


def test_keys_that_a_spreadsheet_cut_are_the_same_keys(tmp_path: Path) -> None:
    some = only(FILES, "MARA", "VBAK", "VBAP").items()
    cut = {name: text.replace(PUMP, "11").replace("0000000501", "501") for name, text in some}
    firm = _read(tmp_path, cut)
    assert firm.aside.height == 0
    assert firm.row("sales_order_lines", "0000000501/000010")["product_id"] == f"sap:{PUMP}"


def test_several_clients_in_one_export_are_refused(tmp_path: Path) -> None:
    mixed = {**only(FILES, "KNA1"), "LFA1.csv": FILES["LFA1.csv"] + "200;0000000901;Other;DE;20240101;\n"}
    with pytest.raises(SourceRefused, match="The export of SAP holds the clients 100 and 200: export one of them"):
        _read(tmp_path, mixed)


def _refreshed(read: Callable[[], Reading]) -> Report:
    return refresh(firm_home(), Request(source="sap", read=lambda _since: read()))


def test_a_loaded_export_balances_its_books_and_counts_every_row_once(firm: Loaded) -> None:
    report = _refreshed(lambda: firm.reading)
    assert (report.outcome, report.message) == ("loaded", None)
    assert {name: table["reasons"] for name, table in report.tables.items() if table["quarantined"]} == {}
    counted = {name: (table["read"], table["loaded"], table["left_out"]) for name, table in report.tables.items()}
    assert (counted["VBAP"], counted["VBEP"], counted["T001L"]) == ((4, 4, 3), (6, 6, 0), (2, 2, 0))


def test_a_repeated_row_is_a_duplicate_a_short_one_is_set_aside_and_an_order_that_is_gone_is_taken_away(
    tmp_path: Path,
) -> None:
    sold = only(FILES, "KNA1", "VBAK")
    head, order, *_ = sold["VBAK.csv"].splitlines()
    repeated = {**sold, "VBAK_2.csv": rows(head, "100;0000000599", order)}
    fewer = {**sold, "VBAK.csv": rows(*(line for line in sold["VBAK.csv"].splitlines() if "0503" not in line))}
    first, later = (written(tmp_path / name, files) for name, files in (("first", repeated), ("later", fewer)))
    came, left = _refreshed(lambda: sap.read(first)), _refreshed(lambda: sap.read(later))
    assert [came.tables["VBAK"][name] for name in ("read", "loaded", "duplicates", "quarantined")] == [6, 4, 1, 1]
    assert [left.tables["VBAK"][name] for name in ("read", "loaded", "deleted")] == [3, 3, 1]


def test_labels_are_only_of_the_columns_that_a_table_has() -> None:
    assert labels(["vbeln"], "delivery")["vbeln"][0] == "Delivery"
    assert labels(["vbeln"]) == {}
