"""Orders whose source states no amount: the sum of the lines that the tables hold, whatever part of them came."""

from decimal import Decimal

import pytest

from tests.refresh.deliveries import Firm, customers, lines, orders, products, small_firm, table


def amounts(firm: Firm) -> list[Decimal | None]:
    return firm.stored("sales_orders", "amount_untaxed")


def test_an_order_without_an_amount_has_the_sum_of_its_lines(firm: Firm) -> None:
    firm.send(small_firm())
    assert amounts(firm) == [Decimal(10), Decimal(4)]


def test_an_amount_that_the_source_states_stands(firm: Firm) -> None:
    stated = table(
        "order_id,customer_id,order_date,status,currency,amount_untaxed", "S1,C1,2026-01-05,confirmed,EUR,99.99"
    )
    firm.send(small_firm() | {"sales_orders": stated, "sales_order_lines": lines("L1,S1,P1,2,2.50")})
    firm.send(partial=True, sales_order_lines=lines("L2,S1,P1,1,1.00"))
    assert amounts(firm) == [Decimal("99.99")]


def test_a_line_that_comes_alone_is_added_to_its_order_and_no_other_order_moves(firm: Firm) -> None:
    firm.send(small_firm())
    firm.send(partial=True, sales_order_lines=lines("L4,S1,P1,1,1.00"))
    assert amounts(firm) == [Decimal(11), Decimal(4)]


def test_a_line_whose_product_arrives_late_is_added_to_its_order(firm: Firm) -> None:
    firm.send(small_firm() | {"products": products("P1")})
    assert amounts(firm) == [Decimal(5), Decimal(4)]
    firm.send(products=products("P1", "P2"))
    assert amounts(firm) == [Decimal(10), Decimal(4)]


def test_a_line_that_is_gone_is_taken_from_its_order(firm: Firm) -> None:
    firm.send(small_firm())
    firm.send(sales_order_lines=lines("L1,S1,P1,2,2.50", "L3,S2,P1,1,4.00"))
    assert amounts(firm) == [Decimal(5), Decimal(4)]
    firm.send(sales_order_lines=lines("L3,S2,P1,1,4.00"))
    assert amounts(firm) == [None, Decimal(4)]


def test_a_line_that_was_set_aside_still_counts_as_the_tables_hold_it(firm: Firm) -> None:
    firm.send(small_firm())
    firm.send(small_firm() | {"sales_order_lines": lines("L1,S1,P1,2,2.50", "L2,S1,P2,oops,5.00", "L3,S2,P1,1,4.00")})
    assert firm.stored("sales_order_lines", "amount_untaxed") == [Decimal(5), Decimal(5), Decimal(4)]
    assert amounts(firm) == [Decimal(10), Decimal(4)]


def test_lines_that_came_empty_leave_the_orders_as_they_are(firm: Firm) -> None:
    firm.send(small_firm())
    firm.send(sales_order_lines=lines())
    assert amounts(firm) == [Decimal(10), Decimal(4)]


def test_a_line_without_a_price_makes_the_sum_unknown(firm: Firm) -> None:
    firm.send(small_firm() | {"sales_order_lines": lines("L1,S1,P1,2,2.50", "L2,S1,P2,1,", "L3,S2,P1,1,4.00")})
    assert amounts(firm) == [None, Decimal(4)]


def test_a_purchase_has_the_sum_of_its_lines(firm: Firm) -> None:
    header = "po_id,supplier_id,product_id,qty,unit_price,currency,order_date,expected_date,received_date,status"
    row = "O1,V1,{},{},0.335,EUR,2026-01-06,2026-01-20,,open"
    firm.send(
        products=products("P1", "P2"), purchase_orders=table(header, row.format("P1", "1"), row.format("P2", "10"))
    )
    assert firm.stored("purchase_order_lines", "amount_untaxed") == [Decimal("0.34"), Decimal("3.35")]
    assert firm.stored("purchase_orders", "amount_untaxed") == [Decimal("3.69")]


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [
        ("0.5", "0.25", "0", "0.13"),
        ("-0.5", "0.25", "0", "-0.13"),
        ("3", "9.99", "33.3333", "19.98"),
        ("1", "0.124999", "0", "0.12"),
        ("0.000001", "0.000001", "0", "0"),
        ("999999", "999999.99", "0", "999998990000.01"),
        ("7", "1.10", "100", "0"),
    ],
)
def test_a_line_is_rounded_once_and_half_a_cent_counts_as_one(
    firm: Firm, quantity: str, price: str, discount: str, amount: str
) -> None:
    header = "line_id,order_id,product_id,qty,unit,unit_price,discount_pct"
    firm.send(
        products=products("P1"),
        customers=customers("C1"),
        sales_orders=orders("S1,C1"),
        sales_order_lines=table(header, f"L1,S1,P1,{quantity},pcs,{price},{discount}"),
    )
    assert firm.stored("sales_order_lines", "amount_untaxed") == [Decimal(amount)]


@pytest.mark.parametrize(("quantity", "price"), [("9" * 18, "9" * 18), ("1" + "0" * 11, "20"), ("-9000000", "9000000")])
def test_an_amount_that_is_larger_than_any_is_set_aside_and_never_null(firm: Firm, quantity: str, price: str) -> None:
    report = firm.send(small_firm() | {"sales_order_lines": lines(f"L1,S1,P1,{quantity},{price}", "L2,S1,P1,1,1.00")})
    assert report.tables["sales_order_lines"]["reasons"] == {"out_of_range": 1}
    assert amounts(firm)[0] == Decimal(1)
