"""An unknown delivery, read by its mapping file: every notation understood, no row lost, none invented."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data_access import mapped_files
from data_access.mapping import Reading, SourceRefused
from tests.data_access.sources.loaded import Loaded, loaded

Extracts = Callable[..., Reading]
Read = Callable[..., Loaded]


@pytest.fixture
def extracts(tmp_path: Path) -> Extracts:
    """Reads tables (name to lines of CSV) by a mapping."""

    def reading(mapping: list[dict[str, Any]], *, partial: bool = False, **tables: str) -> Reading:
        folder = tmp_path / "delivery"
        folder.mkdir()
        for name, lines in tables.items():
            (folder / f"{name}.csv").write_text(lines, encoding="utf-8")
        path = tmp_path / "m.json"
        path.write_text(json.dumps({"tandem_mapping": 1, "tables": mapping}), encoding="utf-8")
        return mapped_files.read(folder, path, partial=partial)

    return reading


@pytest.fixture
def read(extracts: Extracts) -> Read:
    """The same as unified rows."""
    return lambda mapping, **rest: loaded(extracts(mapping, **rest))


def _table(table: str, to: str, given: dict[str, str] | None = None, **sources: Any) -> dict[str, Any]:
    """An entry of a mapping file; ``a__b`` is the field a.b."""
    named = {name.replace("__", "."): source for name, source in sources.items()}
    full = {name if "." in name else f"{to}.{name}": source for name, source in named.items()}
    said = {name: source if isinstance(source, dict) else {"columns": [source]} for name, source in full.items()}
    return {"table": table, "to": to, "fields": said, "given": given or {}}


ORDERS = _table(
    "o",
    "sales_orders",
    {"sales_orders.currency": "EUR", "sales_orders.status": "done where shipments.shipped_at, else confirmed"},
    sales_order_id="nr",
    customer_id="kunde",
    ordered_at={"columns": ["am"], "dates": "day first"},
    amount_untaxed={"columns": ["netto"], "decimals": "comma"},
    shipments__shipped_at={"columns": ["weg"], "dates": "day first"},
)
ORDERS["given"]["shipments.status"] = "done"
ROWS = "nr;kunde;am;netto;weg\n1;K1;31.01.2024;1.200,50;2.2.2024\n2;K2;1.2.2024;7;\n"


def test_days_and_numbers_are_read_in_their_notation(read: Read) -> None:
    orders = read([ORDERS], o=ROWS)["sales_orders"]
    assert orders.select("sales_order_id", "ordered_at", "amount_untaxed").rows() == [
        ("files:1", datetime(2024, 1, 31, tzinfo=UTC), Decimal("1200.5")),
        ("files:2", datetime(2024, 2, 1, tzinfo=UTC), Decimal(7)),
    ]


def test_what_a_row_holds_besides_is_a_row_of_its_own_where_it_is_said(read: Read) -> None:
    unified = read([ORDERS], o=ROWS)
    shipped = unified["shipments"].select("shipment_id", "sales_order_id", "shipped_at").rows()
    assert shipped == [("files:1", "files:1", datetime(2024, 2, 2, tzinfo=UTC))]
    assert unified["sales_orders"]["status"].to_list() == ["done", "confirmed"]


def test_parties_that_are_only_named_are_rows(read: Read) -> None:
    customers = read([ORDERS], o=ROWS)["customers"]
    assert customers.select("customer_id", "name").rows() == [("files:K1", "K1"), ("files:K2", "K2")]


def test_a_value_that_fits_no_notation_is_set_aside_as_it_came(read: Read) -> None:
    unified = read([ORDERS], o=ROWS + "3;K1;02/2024;1;\n4;K1;1.2.2024;x;\n")
    assert unified["sales_orders"].height == 2
    set_aside = unified.aside.select("rule", "column_name", "value").unique(maintain_order=True).rows()
    assert set_aside == [("not_an_instant", "ordered_at", "02/2024"), ("not_a_number", "amount_untaxed", "x")]


def test_names_are_joined_flags_turned_round_and_numbers_scaled(read: Read) -> None:
    people = _table("p", "employees", employee_id="id", name={"columns": ["first", "last"]})
    goods = _table(
        "g",
        "products",
        {"products.kind": "storable"},
        product_id="id",
        name="name",
        is_active={"columns": ["gone"], "inverted": True},
        weight={"columns": ["grams"], "scale": "0.001"},
    )
    unified = read(
        [people, goods], p="id,first,last\n1,Ann,Ray\n2,,Lee\n", g="id,name,gone,grams\n1,Nut,1,250\n2,Bolt,0,\n"
    )
    assert unified["employees"]["name"].to_list() == ["Ann Ray", "Lee"]
    assert unified["products"].select("is_active", "weight").rows() == [(False, Decimal("0.25")), (True, None)]


def test_a_line_without_amount_is_quantity_times_price_less_discount(read: Read) -> None:
    lines = _table(
        "l",
        "sales_order_lines",
        sales_order_line_id={"columns": ["o", "p"]},
        sales_order_id="o",
        product_id="p",
        quantity="q",
        unit_price="price",
        discount={"columns": ["off"], "scale": "0.01"},
    )
    (row,) = read([lines], l="o,p,q,price,off\n7,A,3,2.00,50\n")["sales_order_lines"].to_dicts()
    assert (row["source_id"], row["amount_untaxed"]) == ("7/A", Decimal(3))


def test_a_word_that_is_neither_yes_nor_no_is_set_aside_though_it_is_turned_round(read: Read) -> None:
    active = {"columns": ["gone"], "inverted": True}
    goods = _table("g", "products", {"products.kind": "storable"}, product_id="id", name="id", is_active=active)
    unified = read([goods], g="id,gone\n1,maybe\n2,no\n3,\n")
    assert unified["products"].select("source_id", "is_active").rows() == [("2", True), ("3", True)]
    assert unified.aside.select("rule", "value").rows() == [("not_true_or_false", "maybe")]


def test_a_country_that_is_none_hides_no_customer(read: Read) -> None:
    mapping = _table("c", "customers", customer_id="id", name="id", country="land")
    customers = read([mapping], c="id,land\n1,Germany\n2,Germny\n")["customers"]
    assert customers.select("country", "region").rows() == [("DE", "Germany"), (None, "Germny")]


def test_stock_beside_a_product_is_of_the_day_of_the_delivery(read: Read) -> None:
    given = {
        "products.kind": "storable",
        "inventory_levels.site_id": "main",
        "inventory_levels.as_of_on": "day of the delivery",
    }
    mapping = _table("g", "products", given, product_id="id", name="id", inventory_levels__on_hand="stock")
    levels = read([mapping], g="id,stock\nA,5\n")["inventory_levels"]
    assert levels.select("product_id", "site_id", "on_hand").rows() == [("files:A", "files:main", Decimal(5))]
    assert (datetime.now(UTC).date() - levels["as_of_on"].item()).days <= 1


def test_a_manager_who_is_no_row_is_left_empty_and_told(read: Read) -> None:
    mapping = _table("p", "employees", employee_id="id", name="id", manager_id="boss")
    unified = read([mapping], p="id,boss\n1,2\n2,9\n")
    assert unified["employees"]["manager_id"].to_list() == ["files:2", None]
    assert [notice.rule for notice in unified.extracts["employees", "p"].notices] == ["unknown_parent"]


def test_a_part_of_a_delivery_keeps_managers_who_may_have_come_before(read: Read) -> None:
    mapping = _table("p", "employees", employee_id="id", name="id", manager_id="boss")
    unified = read([mapping], partial=True, p="id,boss\n1,9\n")
    assert unified["employees"]["manager_id"].to_list() == ["files:9"]
    assert unified.extracts["employees", "p"].notices == ()


def test_a_column_that_is_gone_refuses_its_table_and_no_other(extracts: Extracts) -> None:
    people = _table("p", "employees", employee_id="id", name="name")
    carriers = _table("c", "carriers", carrier_id="id", name="name")
    reading = extracts([people, carriers], p="id,nome\n1,Ann\n", c="id,name\n1,Van\n")
    refused = {extract.mapping.to: extract.refused for extract in reading.extracts}
    assert refused["carriers"] is None
    assert refused["employees"] is not None
    assert "p.csv has no column name, which the mapping file names" in refused["employees"].detail


def test_a_part_of_a_delivery_tells_nothing_of_what_is_gone(read: Read) -> None:
    unified = read([ORDERS], partial=True, o=ROWS)
    assert all(extract.keys is None for extract in unified.extracts.values())


def test_a_delivery_without_any_of_its_tables_is_refused(read: Read) -> None:
    with pytest.raises(SourceRefused, match="holds no table that we know"):
        read([ORDERS], other="a,b\n1,2\n")


def test_a_customer_beside_an_order_is_called_by_its_key_where_no_name_is_said(read: Read) -> None:
    given = {"sales_orders.currency": "EUR", "sales_orders.status": "confirmed"}
    orders = _table(
        "o", "sales_orders", given, sales_order_id="nr", customer_id="kunde", ordered_at="am", customers__country="land"
    )
    customers = read([orders], o="nr,kunde,am,land\n1,K1,2024-01-31,France\n2,K1,2024-02-01,France\n")["customers"]
    assert customers.select("customer_id", "name", "country").rows() == [("files:K1", "K1", "FR")]


CONFIRMED = {"sales_orders.currency": "EUR", "sales_orders.status": "confirmed"}


def test_a_customer_who_is_given_for_all_orders_is_a_row(read: Read) -> None:
    given = CONFIRMED | {"sales_orders.customer_id": "SHOP"}
    orders = _table("o", "sales_orders", given, sales_order_id="nr", ordered_at="am", customers__country="land")
    unified = read([orders], o="nr,am,land\n1,2024-01-31,France\n2,2024-02-01,\n")
    assert unified["customers"].select("customer_id", "name", "country").rows() == [("files:SHOP", "SHOP", "FR")]
    assert unified["sales_orders"]["customer_id"].to_list() == ["files:SHOP", "files:SHOP"]


def test_a_customer_of_whom_only_the_key_is_said_is_a_row_too(read: Read) -> None:
    sources = {"sales_order_id": "nr", "customer_id": "kunde", "ordered_at": "am", "customers__country": "land"}
    orders = _table("o", "sales_orders", CONFIRMED, **sources)
    customers = read([orders], o="nr,kunde,am,land\n1,K1,2024-01-31,\n2,K1,2024-02-01,France\n3,K2,2024-02-01,\n")
    told = customers["customers"].select("customer_id", "country").rows()
    assert told == [("files:K1", "FR"), ("files:K2", None)]


def test_an_invoice_beside_an_order_has_the_key_of_the_order_and_not_of_the_customer(read: Read) -> None:
    given = CONFIRMED | {"invoices.currency": "EUR", "invoices.status": "posted"}
    sources = {"sales_order_id": "nr", "customer_id": "kunde", "ordered_at": "am", "invoices__invoiced_on": "am"}
    orders = _table("o", "sales_orders", given, **sources)
    invoices = read([orders], o="nr,kunde,am\n1,K1,2024-01-31\n2,K1,2024-02-01\n")["invoices"]
    assert invoices["invoice_id"].to_list() == ["files:1", "files:2"]


def test_a_constant_tells_no_rows_apart(extracts: Extracts) -> None:
    given = {"products.kind": "storable", "inventory_levels.site_id": "main", "inventory_levels.as_of_on": "2024-01-31"}
    sources = {"product_id": "id", "name": "id", "inventory_levels__on_hand": "stock", "work_centers__name": "place"}
    reading = extracts([_table("g", "products", given, **sources)], g="id,stock,place\nA,5,saw\n")
    assert "work_centers" not in {extract.mapping.to for extract in reading.extracts}


def test_what_is_beside_other_rows_is_never_all_there_is(read: Read) -> None:
    unified = read([ORDERS], o=ROWS)
    assert {to: extract.keys is None for (to, _), extract in unified.extracts.items()} == {
        "sales_orders": False,
        "shipments": True,
        "customers": True,
        "companies": True,
    }


def test_an_order_that_says_nothing_of_a_shipment_is_no_shipment_with_an_unreadable_key(read: Read) -> None:
    sources = {"sales_order_id": "nr", "customer_id": "kunde", "ordered_at": "am"}
    beside = {"shipments__shipment_id": "ls", "shipments__shipped_at": "weg"}
    orders = _table("o", "sales_orders", CONFIRMED | {"shipments.status": "done"}, **sources, **beside)
    lines = "nr,kunde,am,ls,weg\n1,K1,2024-01-31,L1,2024-02-02\n2,K1,2024-01-31,,\n3,K1,2024-01-31,,2024-02-02\n"
    assert read([orders], o=lines).extracts["shipments", "o"].unreadable_keys == 1


def test_stock_of_a_day_leaves_that_of_other_days(extracts: Extracts) -> None:
    given = {"inventory_levels.site_id": "main", "inventory_levels.as_of_on": "day of the delivery"}
    mapping = _table("l", "inventory_levels", given, product_id="id", on_hand="stock")
    levels = next(extract for extract in extracts([mapping], l="id,stock\nA,5\n").extracts)
    assert levels.mapping.full_within == "as_of_on"
