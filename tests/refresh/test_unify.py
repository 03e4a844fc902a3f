"""What a delivery becomes: each table after those that it refers to, held to every rule, completed from its parents."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.refresh.deliveries import (
    BOMS,
    CUSTOMERS,
    LINES,
    ORDERS,
    PRODUCTS,
    STOCK,
    TICKETS,
    Firm,
    counts,
    customers,
    lines,
    orders,
    products,
    small_firm,
    table,
    warned,
)


def test_rows_of_one_key_that_differ_are_all_set_aside(firm: Firm) -> None:
    report = firm.send(customers=table(CUSTOMERS, "C1,A,DE", "C1,B,DE", "C2,C,DE"))
    assert counts(report, "customers") == (3, 1, 2, 0)
    assert report.tables["customers"]["reasons"] == {"conflicting_key": 2}
    assert firm.stored("customers", "customer_id") == ["C2"]


def test_a_row_that_comes_twice_counts_once(firm: Firm) -> None:
    report = firm.send(customers=table(CUSTOMERS, "C1,A,DE", "C1,A,DE", "C1,A,DE"))
    assert counts(report, "customers") == (3, 1, 0, 2)
    assert report.tables["customers"]["outcome"] == "accept_warn"


def test_a_record_that_was_set_aside_keeps_its_earlier_good_state(firm: Firm) -> None:
    firm.send(small_firm())
    report = firm.send(products=products("P1", "P2", "P3").replace("P2,Part P2,pcs,1.00", "P2,Part P2,pcs,oops"))
    assert counts(report, "products") == (3, 2, 1, 0)
    assert report.tables["products"]["deleted"] == 0
    assert firm.stored("products", "product_id", "cost")[1] == ("P2", Decimal(1))


def test_a_line_takes_currency_and_company_from_its_order(firm: Firm) -> None:
    companies = table("company_id,name", "DE,Werk", "CN,厂")
    sold = orders("S1,C1").replace("currency\n", "currency,company_id\n").replace("EUR\n", "CNY,CN\n")
    firm.send(small_firm() | {"companies": companies, "sales_orders": sold, "sales_order_lines": lines("L1,S1,P1,1,2")})
    assert firm.stored("sales_order_lines", "currency", "company_id") == [("CNY", "CN")]


def test_rows_without_a_company_belong_to_the_only_one(firm: Firm) -> None:
    firm.send(customers=customers("C1"))
    assert firm.stored("customers", "company_id") == ["main"]
    assert firm.stored("companies", "company_id") == ["main"]


def test_where_there_are_several_companies_a_row_that_names_none_is_shared(firm: Firm) -> None:
    firm.send(customers=customers("C1"), companies=table("company_id,name", "A,A", "B,B"))
    assert firm.stored("customers", "company_id") == ["*"]


def test_a_box_of_twelve_is_twelve_pieces(firm: Firm) -> None:
    units = table("unit_conversion_id,product_id,from_unit,to_unit,factor", "U1,,box,pcs,12", "U2,P2,box,pcs,10")
    sold = table(LINES, "L1,S1,P1,2,box,24.00", "L2,S1,P2,2,box,24.00", "L3,S1,P3,2,pcs,2.00", "L4,S1,P3,1,pallet,2.00")
    report = firm.send(small_firm() | {"unit_conversions": units, "sales_order_lines": sold})
    assert firm.stored("sales_order_lines", "quantity", "source_quantity", "source_unit") == [
        (Decimal(24), Decimal(2), "box"),
        (Decimal(20), Decimal(2), "box"),
        (Decimal(2), Decimal(2), "pcs"),
    ]
    assert report.tables["sales_order_lines"]["reasons"] == {"unit_without_conversion": 1}


def test_a_conversion_that_is_corrected_counts_at_once(firm: Firm) -> None:
    header = "unit_conversion_id,product_id,from_unit,to_unit,factor"
    delivery = small_firm() | {"sales_order_lines": table(LINES, "L1,S1,P1,2,box,24.00")}
    for factor in ("12", "10", "11"):
        firm.send(delivery | {"unit_conversions": table(header, f"U1,,box,pcs,{factor}")})
        assert firm.stored("sales_order_lines", "quantity") == [2 * Decimal(factor)]


def test_a_quantity_that_no_unit_can_hold_is_set_aside(firm: Firm) -> None:
    units = table("unit_conversion_id,product_id,from_unit,to_unit,factor", "U1,,ship,pcs,900000000000")
    sold = table(LINES, "L1,S1,P1,900000000000,ship,1.00")
    report = firm.send(small_firm() | {"unit_conversions": units, "sales_order_lines": sold})
    assert report.tables["sales_order_lines"]["reasons"] == {"out_of_range": 1}


def test_a_row_waits_for_its_parent_and_is_admitted_once(either_firm: Firm) -> None:
    firm = either_firm
    late = small_firm() | {"sales_orders": orders("S1,C1", "S2,C2", "S9,C9")}
    report = firm.send(late)
    assert report.tables["sales_orders"]["reasons"] == {"missing_reference": 1}
    assert firm.stored("quarantine", "rule", "column_name", "value") == [("missing_reference", "customer_id", "C9")]
    firm.send(customers=customers("C1", "C2", "C9"))
    assert firm.stored("sales_orders", "sales_order_id") == ["S1", "S2", "S9"]
    assert firm.stored("quarantine", "rule") == []
    firm.send(late | {"customers": customers("C1", "C2", "C9")})
    assert firm.stored("sales_orders", "sales_order_id") == ["S1", "S2", "S9"]


def test_a_child_and_its_parent_that_both_wait_are_admitted_together(firm: Firm) -> None:
    sold = {"sales_orders": orders("S1,C1", "S9,C9"), "sales_order_lines": lines("L1,S1,P1,1,2", "L9,S9,P1,3,2")}
    report = firm.send(small_firm() | sold)
    assert [report.tables[name]["quarantined"] for name in sold] == [1, 1]
    firm.send(customers=customers("C1", "C2", "C9"))
    assert firm.stored("sales_orders", "sales_order_id", "amount_untaxed") == [("S1", Decimal(2)), ("S9", Decimal(6))]


def test_what_refers_to_a_row_set_aside_goes_aside_with_it(either_firm: Firm) -> None:
    sites = table(
        "site_id,name,kind,parent_site_id", "W,W,warehouse,", "A,A,area,GONE", "B,B,location,A", "C,C,location,B"
    )
    report = either_firm.send(sites=sites)
    assert report.outcome == "loaded"
    assert counts(report, "sites") == (4, 1, 3, 0)
    either_firm.send(partial=True, sites=table("site_id,name,kind", "GONE,G,warehouse"))
    assert either_firm.stored("sites", "site_id") == ["A", "B", "C", "GONE", "W"]


def test_a_row_that_waits_is_not_lost_when_other_rows_of_its_table_come(firm: Firm) -> None:
    firm.send(customers=customers("C1"), sales_orders=orders("S9,C9"))
    firm.send(partial=True, sales_orders=orders("S1,C1"))
    firm.send(partial=True, sales_orders=orders("S8,C8"))
    assert firm.stored("quarantine", "value") == ["C9", "C8"]
    firm.send(partial=True, customers=customers("C8", "C9"))
    assert firm.stored("sales_orders", "sales_order_id") == ["S1", "S8", "S9"]


def test_a_row_that_waits_never_replaces_a_newer_state_of_its_record(firm: Firm) -> None:
    firm.send(customers=customers("C1"), sales_orders=orders("S9,C9"))
    firm.send(partial=True, sales_orders=orders("S9,C1"))
    assert firm.stored("quarantine", "rule") == []
    firm.send(partial=True, customers=customers("C9"))
    assert firm.stored("sales_orders", "sales_order_id", "customer_id") == [("S9", "C1")]


def test_what_is_gone_from_a_full_delivery_is_deleted_and_what_others_need_is_marked(firm: Firm) -> None:
    firm.send(small_firm())
    report = firm.send(products=products("P1"), customers=customers("C1"))
    assert (report.tables["products"]["deleted"], report.tables["customers"]["deleted"]) == (2, 1)
    assert firm.stored("products", "product_id", "is_active") == [("P1", True), ("P2", False)]
    assert firm.stored("customers", "customer_id", "is_active") == [("C1", True), ("C2", False)]


def test_a_partial_delivery_deletes_nothing(firm: Firm) -> None:
    firm.send(small_firm())
    report = firm.send(partial=True, products=products("P1"))
    assert report.tables["products"]["deleted"] == 0
    assert firm.stored("products", "product_id") == ["P1", "P2", "P3"]


def test_stock_of_another_day_leaves_earlier_days_alone(firm: Firm) -> None:
    firm.send(
        products=products("P1", "P2"), inventory_levels=table(STOCK, "P1,W,2026-02-01,5,0", "P2,W,2026-02-01,6,0")
    )
    firm.send(inventory_levels=table(STOCK, "P1,W,2026-02-02,4,0"))
    assert firm.stored("inventory_levels", "on_hand") == [5, 4, 6]
    firm.send(inventory_levels=table(STOCK, "P1,W,2026-02-01,7,0"))
    assert firm.stored("inventory_levels", "on_hand") == [7, 4]


def test_a_table_that_came_empty_stays_until_a_person_confirms(firm: Firm) -> None:
    firm.send(small_firm())
    report = firm.send(sales_order_lines=table(LINES))
    assert (report.tables["sales_order_lines"]["outcome"], report.exit_code) == ("accept_warn", 0)
    assert warned(report, "sales_order_lines") == ["volume_drop"]
    assert firm.stored("sales_order_lines", "sales_order_line_id") == ["L1", "L2", "L3"]
    report = firm.send(sales_order_lines=table(LINES), confirmed=("sales_order_lines",))
    assert report.tables["sales_order_lines"]["deleted"] == 3
    assert firm.stored("sales_order_lines", "sales_order_line_id") == []


def test_a_price_column_that_came_in_cents_loads_with_a_warning(firm: Firm) -> None:
    firm.send(products=products(*TWENTY))
    report = firm.send(products=products(*TWENTY).replace(",2.00,", ",200,"))
    assert (report.tables["products"]["outcome"], warned(report, "products")) == ("accept_warn", ["other_sizes"])
    assert warned(firm.send(products=products(*TWENTY[:19])), "products") == []


TWENTY = [f"P{number:03}" for number in range(1, 21)]


@pytest.mark.parametrize("partial", [False, True])
def test_keys_that_lost_their_letters_are_refused_until_confirmed(firm: Firm, partial: bool) -> None:
    firm.send(products=products(*TWENTY))
    drifted = products(*(str(number) for number in range(1, 21)))
    report = firm.send(partial=partial, products=drifted)
    assert (report.tables["products"]["outcome"], report.exit_code) == ("reject_table", 3)
    assert firm.stored("products", "product_id") == TWENTY
    detail = report.tables["products"]["warnings"][0]["detail"]
    assert "1 where P001 is stored" in detail
    assert "--confirm products" in detail
    report = firm.send(partial=partial, products=drifted, confirmed=("products",))
    assert report.tables["products"]["loaded"] == 20


def test_stock_of_numbered_products_is_no_change_of_keys(firm: Firm) -> None:
    keys = [str(number) for number in range(1, 31)]
    firm.send(products=products(*keys), inventory_levels=table(STOCK, *(f"{key},W,2026-02-20,5,0" for key in keys)))
    report = firm.send(inventory_levels=table(STOCK, *(f"{key},W,2026-02-21,5,0" for key in keys)))
    assert counts(report, "inventory_levels") == (30, 30, 0, 0)


def test_a_refused_table_changes_nothing_while_the_others_load(firm: Firm) -> None:
    firm.send(small_firm())
    renamed = small_firm() | {
        "products": products("P1", "P4").replace("product_id", "item_no"),
        "customers": customers("C3"),
    }
    report = firm.send(renamed, partial=True)
    assert (report.outcome, report.exit_code) == ("loaded", 3)
    assert report.tables["products"]["outcome"] == "reject_table"
    assert report.tables["products"]["loaded"] == 0
    assert firm.stored("products", "product_id") == ["P1", "P2", "P3"]
    assert firm.stored("customers", "customer_id") == ["C1", "C2", "C3"]


def test_bills_of_materials_that_go_in_a_circle_are_refused_by_name(firm: Firm) -> None:
    good = table(BOMS, "P1,P2,1,2025-01-01,")
    firm.send(products=products("P1", "P2", "P3"), boms=good)
    report = firm.send(boms=table(BOMS, "P1,P2,1,2025-01-01,", "P2,P3,2,2025-01-01,", "P3,P1,1,2025-01-01,"))
    assert report.tables["boms"]["reasons"] == {"bom_cycle": 3}
    assert "P1 -> P2 -> P3 -> P1" in report.tables["boms"]["warnings"][0]["detail"]
    assert firm.stored("bom_lines", "product_id", "component_id") == [("P1", "P2")]


def test_a_circle_that_only_closes_with_stored_lines_is_refused_too(firm: Firm) -> None:
    firm.send(products=products("P1", "P2"), boms=table(BOMS, "P1,P2,1,2025-01-01,"))
    report = firm.send(partial=True, boms=table(BOMS, "P2,P1,1,2025-01-01,"))
    assert report.tables["boms"]["reasons"] == {"bom_cycle": 1}
    report = firm.send(boms=table(BOMS, "P2,P1,1,2025-01-01,"))
    assert report.tables["boms"]["outcome"] == "accept"


def test_a_bill_of_a_product_that_nobody_knows_goes_aside_with_its_lines(either_firm: Firm) -> None:
    bills = table(BOMS, "P1,P2,1,2025-01-01,", "P9,P2,1,2025-01-01,")
    report = either_firm.send(products=products("P1", "P2"), boms=bills)
    assert counts(report, "boms") == (2, 1, 1, 0)
    assert report.tables["boms"]["reasons"] == {"missing_reference": 1}
    assert either_firm.stored("boms", "bom_id") == ["P1"]


def test_a_bad_row_that_comes_again_in_part_is_kept_once(firm: Firm) -> None:
    bad = products("P1") + "P2,Two,pcs,oops,2.00,EUR\n"
    for _ in range(3):
        firm.send(partial=True, products=bad)
    assert firm.stored("quarantine", "value") == ["oops"]


def test_consents_of_customers_survive_a_file_of_consents(firm: Firm) -> None:
    people = table("customer_id,name,marketing_consent", "C1,A,true", "C2,B,false")
    given = table("consent_id,customer_id,purpose,is_granted", "X1,C1,profiling,true")
    firm.send(customers=people, consents=given)
    firm.send(customers=people, consents=given)
    assert firm.stored("consents", "consent_id", "is_granted") == [("C1", True), ("C2", False), ("X1", True)]


ORDERED_LATER = f"{datetime.now(UTC).year + 1}-01-05"


def promised(firm: Firm, *rows: str) -> list[tuple[str, str]]:
    """The first and the present promise after a delivery of these orders."""
    firm.send(small_firm() | {"sales_orders": orders(*rows), "sales_order_lines": table(LINES)})
    return [(str(first), str(now)) for first, now in firm.stored("sales_orders", "first_promised_on", "promised_on")]


def test_the_first_promise_over_three_deliveries(either_firm: Firm) -> None:
    before = "S1,C1,2026-01-05,2026-02-01"
    assert promised(either_firm, before) == [("None", "2026-02-01")]
    new = f"S2,C1,{ORDERED_LATER},2099-02-01"
    assert promised(either_firm, before, new) == [("None", "2026-02-01"), ("2099-02-01", "2099-02-01")]
    moved = ("S1,C1,2026-01-05,2026-03-09", f"S2,C1,{ORDERED_LATER},2099-03-09")
    assert promised(either_firm, *moved) == [("None", "2026-03-09"), ("2099-02-01", "2099-03-09")]


def test_an_order_of_before_the_first_load_that_comes_late_has_no_known_first_promise(firm: Firm) -> None:
    promised(firm, "S1,C1,2026-01-05,2026-02-01")
    assert promised(firm, "S1,C1,2026-01-05,2026-02-01", "S2,C1,2026-01-06,2026-02-02")[1] == ("None", "2026-02-02")


def test_a_promise_that_was_withdrawn_and_made_anew_is_not_the_first(either_firm: Firm) -> None:
    for day, first in (("2026-02-01", "None"), ("", "None"), ("2026-03-01", "None")):
        assert promised(either_firm, f"S1,C1,2026-01-05,{day}")[0] == (first, day or "None")


def test_an_order_that_comes_back_still_has_its_first_promise(either_firm: Firm) -> None:
    promised(either_firm, "S1,C1,2026-01-05,2026-02-01")
    both = ("S1,C1,2026-01-05,2026-02-01", f"S2,C1,{ORDERED_LATER},2099-02-01")
    promised(either_firm, *both)
    assert len(promised(either_firm, f"S3,C1,{ORDERED_LATER},2099-05-01")) == 1
    back = promised(either_firm, "S1,C1,2026-01-05,2026-04-01", f"S2,C1,{ORDERED_LATER},2099-04-01")
    assert back == [("None", "2026-04-01"), ("2099-02-01", "2099-04-01")]


def line_promises(firm: Firm, *rows: str) -> list[str]:
    firm.send(sales_order_lines=table("line_id,order_id,product_id,qty,unit_price,promised_on", *rows))
    return [str(first) for first in firm.stored("sales_order_lines", "first_promised_on")]


def test_lines_that_first_come_after_their_old_order_have_no_known_first_promise(firm: Firm) -> None:
    old_and_new = orders("S1,C1", f"S2,C2,{ORDERED_LATER}")
    firm.send(products=products("P1"), customers=customers("C1", "C2"), sales_orders=old_and_new)
    first = ("L1,S1,P1,1,2,2026-02-09",)
    assert line_promises(firm, *first) == ["None"]
    assert line_promises(firm, *first, "L2,S1,P1,1,2,2026-02-09", "L3,S2,P1,1,2,2099-02-09") == [
        "None",
        "None",
        "2099-02-09",
    ]


FLAT = {
    "boms": "parent_product_id,component_product_id,qty_per,valid_from,valid_to",
    "purchase_orders": (
        "po_id,supplier_id,product_id,qty,unit_price,currency,order_date,expected_date,received_date,status"
    ),
    "products": PRODUCTS,
    "customers": CUSTOMERS,
    "sales_orders": ORDERS,
    "sales_order_lines": LINES,
    "inventory_levels": STOCK,
    "tickets": TICKETS,
}


@pytest.mark.parametrize("name", FLAT)
def test_a_table_without_any_one_of_its_columns_is_taken_or_refused_by_a_sentence(firm: Firm, name: str) -> None:
    for missing in FLAT[name].split(","):
        header = ",".join(column for column in FLAT[name].split(",") if column != missing)
        entry = firm.send({name: table(header)}).tables[name]
        assert entry["outcome"] in {"accept", "accept_warn", "reject_table"}
        assert entry["outcome"] == "accept" or missing in entry["warnings"][0]["detail"]


@pytest.mark.parametrize("odd", ["*", "^.*$", "_line", "", "a,a", "'", "x" * 5000])
def test_a_column_of_any_name_is_no_fault(firm: Firm, odd: str) -> None:
    entry = firm.send(customers=table(f"{CUSTOMERS},{odd}", "C1,A,DE,7")).tables["customers"]
    assert entry["outcome"] in {"accept", "accept_warn", "quarantine_rows", "reject_table"}


def test_purchases_without_a_column_of_receipt_do_not_say_what_was_received(firm: Firm) -> None:
    header = FLAT["purchase_orders"].replace(",received_date", "")
    open_and_done = [
        f"O{n},V1,P1,5,1.00,EUR,2026-01-06,2026-01-20,{status}" for n, status in enumerate(("open", "done"))
    ]
    firm.send(products=products("P1"), purchase_orders=table(header, *open_and_done))
    assert firm.stored("purchase_order_lines", "received_quantity") == [None, Decimal(5)]
