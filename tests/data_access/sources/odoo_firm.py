"""A firm in the miniature Odoo: two companies, two currencies, and a row for every trap that Odoo's data hold."""

from typing import Any

from tests.data_access.sources.odoo_writer import Odoo

EN, ZH, FR = "en_US", "zh_CN", "fr_FR"


def write_firm(odoo: Odoo) -> Odoo:
    """All rows, parents first."""
    for part in (_money, _places, _units, _parties, _people, _products, _building, _crm, _orders, _deliveries):
        part(odoo)
    for part in (_returns, _stock, _invoices, _purchases, _production, _ledger, _time, _conversations, _campaigns):
        part(odoo)
    return odoo


def _money(odoo: Odoo) -> None:
    add = odoo.add
    add("res_country", "Germany", code="DE")
    add("res_currency", "USD", name="USD", full_name="United States dollar", decimal_places=2)
    add("res_currency", "EUR", name="EUR", full_name="Euro", decimal_places=2)
    add("res_currency", "GBP", name="GBP", full_name="Pound sterling", decimal_places=2, active=False)
    add("res_partner", "Maker Inc", name="Maker Inc", is_company=True, commercial_partner_id=1, tz="America/Chicago")
    add("res_partner", "Trader GmbH", name="Trader GmbH", is_company=True, commercial_partner_id=2)
    add("res_company", "Maker", name="Maker Inc", partner_id=1, currency_id=odoo["USD"])
    add("res_company", "Trader", name="Trader GmbH", partner_id=2, currency_id=odoo["EUR"], parent_id=odoo["Maker"])
    rates = (
        ("USD", "Maker", "2026-01-01", "1.0"),
        ("EUR", "Maker", "2026-01-01", "0.87654321"),
        ("EUR", "Trader", "2026-01-01", "2.0"),
        ("USD", "Trader", "2026-02-01", "2.2"),
        ("GBP", "Maker", "2026-01-01", "0.7"),
    )
    for currency, company, day, rate in rates:
        nickname = f"{currency} at {company}"
        row = {"currency_id": odoo[currency], "company_id": odoo[company], "name": day, "rate": rate}
        add("res_currency_rate", nickname, **row)


def _location(odoo: Odoo, nickname: str, usage: str, parent: str | None = None, company: str | None = "Maker") -> None:
    above = (odoo[parent], f"{odoo.paths[parent]}/") if parent else (None, "")
    key = odoo.add(
        "stock_location",
        nickname,
        name=nickname,
        complete_name=nickname,
        usage=usage,
        location_id=above[0],
        company_id=odoo[company] if company else None,
        scrap_location=nickname == "Scrap",
    )
    odoo.paths[nickname] = f"{above[1]}{key}"
    odoo.change(f"update stock_location set parent_path = '{odoo.paths[nickname]}/' where id = {key}")


def _places(odoo: Odoo) -> None:
    _location(odoo, "Physical", "view", company=None)
    _location(odoo, "WH", "view", "Physical")
    _location(odoo, "WH/Zone", "view", "WH")
    _location(odoo, "WH/Stock", "internal", "WH/Zone")
    _location(odoo, "WH/Stock/Shelf 1", "internal", "WH/Stock")
    _location(odoo, "WH/Stock/Shelf 2", "internal", "WH/Stock")
    _location(odoo, "WH/Output", "internal", "WH")
    _location(odoo, "TR", "view", "Physical", "Trader")
    _location(odoo, "TR/Stock", "internal", "TR", "Trader")
    _location(odoo, "Customers", "customer", company=None)
    _location(odoo, "Vendors", "supplier", company=None)
    _location(odoo, "Between companies", "transit", company=None)
    _location(odoo, "Between warehouses", "transit", "Physical")
    _location(odoo, "Losses", "inventory")
    _location(odoo, "Production", "production")
    _location(odoo, "Scrap", "inventory")
    warehouse = {"name": "Main house", "code": "WH", "view_location_id": odoo["WH"]}
    address = odoo.add("res_partner", name="Yard", commercial_partner_id=1, country_id=odoo["Germany"])
    odoo.add("stock_warehouse", "Main house", partner_id=address, **warehouse)
    odoo.add("stock_warehouse", "Trading house", name="Trading house", code="TR", view_location_id=odoo["TR"])
    odoo.change(f"update stock_location set active = false where id = {odoo['WH/Stock/Shelf 2']}")
    for code in ("incoming", "outgoing", "internal"):
        odoo.add("stock_picking_type", code, code=code, warehouse_id=odoo["Main house"])


def _units(odoo: Odoo) -> None:
    odoo.add("uom_category", "Unit", name={EN: "Unit"})
    odoo.add("uom_category", "Working time", name={EN: "Working Time"})
    odoo.add("uom_category", "Weight", name={EN: "Weight"})
    factors = (
        ("Units", "Unit", "1.0"),
        ("Dozens", "Unit", "0.08333333333333333"),
        ("Days", "Working time", "1.0"),
        ("Hours", "Working time", "8.0"),
        ("kg", "Weight", "1.0"),
        ("g", "Weight", "1000.0"),
    )
    for unit, category, factor in factors:
        odoo.add("uom_uom", unit, name={EN: unit}, category_id=odoo[category], factor=factor)
    odoo.add("ir_model_data", module="uom", name="product_uom_hour", model="uom.uom", res_id=odoo["Hours"])


def _parties(odoo: Odoo) -> None:
    odoo.add("res_partner_industry", "Trade", name={EN: "Trade"})
    firms = ("Buyer AG", "Askers Ltd", "Seller SA", "Nobody's", "Payer KG", "Doubters")
    for firm in firms:
        key = odoo.add("res_partner", firm, name=firm, is_company=True, country_id=odoo["Germany"])
        odoo.change(f"update res_partner set commercial_partner_id = id where id = {key}")
    odoo.change(f"update res_partner set industry_id = 1, user_id = 7 where id = {odoo['Buyer AG']}")
    _contact(odoo, "Ann at Buyer", "Buyer AG", name="Ann", email_normalized="ann@buyer.example")
    _contact(odoo, "Buyer's yard", "Buyer AG", name=None, type="delivery")
    _contact(odoo, "Sam at Seller", "Seller SA", name="Sam")
    _contact(odoo, "Zoe at Nobody's", "Nobody's", name="Zoe")


def _contact(odoo: Odoo, nickname: str, firm: str, **values: Any) -> None:
    usual = {"type": "contact", "parent_id": odoo[firm], "commercial_partner_id": odoo[firm], "partner_share": True}
    odoo.add("res_partner", nickname, **(usual | values))


def _people(odoo: Odoo) -> None:
    odoo.add("hr_department", "Sales", name={EN: "Sales"}, company_id=odoo["Maker"])
    odoo.add("hr_job", "Seller", name={EN: "Sales representative"})
    odoo.add("res_partner", "Kim herself", name="Kim", partner_share=False)
    kim = {"name": "Kim", "user_id": 7, "department_id": odoo["Sales"], "job_id": odoo["Seller"]}
    odoo.add("hr_employee", "Kim at Trader", company_id=odoo["Trader"], **kim)
    odoo.add("hr_employee", "Kim", company_id=odoo["Maker"], work_contact_id=odoo["Kim herself"], **kim)
    odoo.add("hr_employee", "Lee", company_id=odoo["Maker"], name="Lee", active=False, hourly_cost="35.50")


def _product(odoo: Odoo, nickname: str, *, unit: str = "Units", **values: Any) -> None:
    template = {"name": {EN: nickname}, "type": "consu", "is_storable": True, "uom_id": odoo[unit], "categ_id": 1}
    own = {name: values.pop(name) for name in ("standard_price", "default_code") if name in values}
    odoo.add("product_template", f"{nickname} (template)", **(template | values))
    odoo.add("product_product", nickname, product_tmpl_id=odoo[f"{nickname} (template)"], **own)


def _products(odoo: Odoo) -> None:
    odoo.add("product_category", "All", name="All", complete_name="All")
    _product(odoo, "Desk", standard_price={"1": 80.125, "2": 75}, list_price="150.00", default_code="DESK")
    _product(odoo, "Chair", name={ZH: "椅子", EN: "Chair"}, standard_price={"2": 9.5}, list_price="20.00")
    _product(odoo, "Lamp", name={FR: "Lampe"}, active=False, company_id=odoo["Trader"], standard_price={"1": 1, "2": 7})
    _product(odoo, "Flour", unit="kg")
    _product(odoo, "Box of eggs", unit="Dozens")
    _product(odoo, "Advice", type="service", is_storable=None)
    _product(odoo, "Screws", is_storable=False)
    _product(odoo, "Bundle", type="combo", is_storable=False)
    _product(odoo, "Kit")
    _product(odoo, "Shirt red", list_price="-5.00")
    red = odoo["Shirt red (template)"]
    odoo.add("product_product", "Shirt blue", product_tmpl_id=red)


def _building(odoo: Odoo) -> None:
    desk = {"product_tmpl_id": odoo["Desk (template)"], "company_id": odoo["Maker"], "type": "normal"}
    odoo.add("mrp_bom", "Desks by the dozen", product_qty="2", product_uom_id=odoo["Dozens"], produce_delay=3, **desk)
    line = {"bom_id": odoo["Desks by the dozen"], "product_id": odoo["Flour"], "product_uom_id": odoo["g"]}
    odoo.add("mrp_bom_line", "glue", product_qty="6000", **line)
    kit = {"product_tmpl_id": odoo["Kit (template)"], "type": "phantom", "product_uom_id": odoo["Units"]}
    odoo.add("mrp_bom", "Kit of chairs", product_qty="1", product_id=odoo["Kit"], **kit)
    shirts = {"product_tmpl_id": odoo["Shirt red (template)"], "type": "normal", "product_uom_id": odoo["Units"]}
    odoo.add("mrp_bom", "Any shirt", product_qty="1", **shirts)
    odoo.add(
        "mrp_workcenter",
        "Saw",
        name="Saw",
        company_id=odoo["Maker"],
        time_efficiency=90,
        default_capacity=4,
        time_start=5,
    )
    odoo.add(
        "mrp_routing_workcenter", "Sawing", name="Sawing", bom_id=1, workcenter_id=odoo["Saw"], time_cycle_manual=60
    )


def _crm(odoo: Odoo) -> None:
    odoo.add("crm_stage", "New", name={EN: "New"}, sequence=1)
    odoo.add("crm_stage", "Won", name={EN: "Won"}, sequence=70, is_won=True)
    odoo.add("crm_lost_reason", "Too dear", name={EN: "Too dear"})
    deal: dict[str, Any] = {
        "type": "opportunity",
        "company_id": odoo["Trader"],
        "partner_id": odoo["Askers Ltd"],
        "probability": 30,
    }
    odoo.add("crm_lead", "open deal", name="Open", stage_id=odoo["New"], expected_revenue="40000.50", **deal)
    odoo.add("crm_lead", "won deal", name="Won", stage_id=odoo["Won"], expected_revenue="100", **deal)
    lost = deal | {"active": False, "probability": 0, "lost_reason_id": odoo["Too dear"]}
    odoo.add("crm_lead", "lost deal", name="Lost", stage_id=odoo["New"], date_closed="2026-11-01 00:00:00", **lost)
    odoo.add("crm_lead", "lead", name="Lead", type="lead", email_from="x@y.example", user_id=8)
    odoo.add("crm_lead", "lost lead", name="Lost", type="lead", active=False, probability=0)
    field = odoo.add("ir_model_fields", name="stage_id", model="crm.lead")
    other = odoo.add("ir_model_fields", name="name", model="crm.lead")
    message = {"model": "crm.lead", "res_id": odoo["won deal"], "message_type": "notification"}
    told = odoo.add("mail_message", date="2026-11-03 12:00:00", **message)
    change = {"mail_message_id": told, "old_value_char": "New", "new_value_char": "Won"}
    odoo.add("mail_tracking_value", "stage change", field_id=field, **change)
    odoo.add("mail_tracking_value", field_id=other, **change)


def _order(odoo: Odoo, nickname: str, state: str, **values: Any) -> None:
    usual = {
        "partner_id": odoo["Buyer AG"],
        "company_id": odoo["Maker"],
        "currency_id": odoo["USD"],
        "date_order": "2026-11-05 10:00:00",
        "amount_untaxed": "10.00",
        "warehouse_id": odoo["Main house"],
    }
    odoo.add("sale_order", nickname, name=nickname, state=state, **(usual | values))


def _order_line(odoo: Odoo, nickname: str, order: str, **values: Any) -> None:
    usual = {
        "product_id": odoo["Desk"],
        "product_uom": odoo["Units"],
        "product_uom_qty": "1",
        "price_unit": "10.00",
        "price_subtotal": "10.00",
        "company_id": odoo["Maker"],
        "currency_id": odoo["USD"],
        "name": nickname,
    }
    odoo.add("sale_order_line", nickname, order_id=odoo[order], **(usual | values))


def _orders(odoo: Odoo) -> None:
    for nickname, state in (("draft", "draft"), ("sent", "sent"), ("sold", "sale"), ("cancelled", "cancel")):
        _order(odoo, nickname, state)
    euro = {"company_id": odoo["Trader"], "currency_id": odoo["EUR"]}
    _order(
        odoo, "contact's order", "sale", partner_id=odoo["Ann at Buyer"], user_id=7, amount_untaxed="1234.56", **euro
    )
    late = {"commitment_date": "2026-12-02 03:30:00", "opportunity_id": odoo["won deal"], "user_id": 99}
    _order(odoo, "promised", "sale", **late)
    _order_line(odoo, "desks by the dozen", "sold", product_uom=odoo["Dozens"], product_uom_qty="2", qty_delivered="1")
    _order_line(odoo, "heading", "sold", display_type="line_section", product_id=None, product_uom=None)
    _order_line(odoo, "note", "sold", display_type="line_note", product_id=None, product_uom=None)
    _order_line(odoo, "down payment", "sold", is_downpayment=True, price_subtotal="500.00")
    _order_line(odoo, "rebate", "sold", product_id=odoo["Advice"], price_unit="-3.00", price_subtotal="-3.00")
    _order_line(odoo, "flour in grams", "sold", product_id=odoo["Flour"], product_uom=odoo["g"], product_uom_qty="1250")
    _order_line(odoo, "promised line", "promised", discount="12.5", price_subtotal="8.75")


def _transfer(
    odoo: Odoo, nickname: str, kind: str, way: tuple[str, str], state: str = "assigned", **values: Any
) -> None:
    places = {"location_id": odoo[way[0]], "location_dest_id": odoo[way[1]]}
    usual = {"company_id": odoo["Maker"], "partner_id": odoo["Buyer AG"], "scheduled_date": "2026-11-20 09:00:00"}
    odoo.add("stock_picking", nickname, picking_type_id=odoo[kind], state=state, **(usual | places | values))


def _move(odoo: Odoo, nickname: str, way: tuple[str, str], state: str, moved: str, **values: Any) -> None:
    usual = {
        "product_id": odoo["Desk"],
        "product_uom": odoo["Units"],
        "product_uom_qty": moved,
        "product_qty": moved,
        "quantity": moved if state == "done" else "0",
        "company_id": odoo["Maker"],
        "date": "2026-11-10 09:00:00",
        "location_id": odoo[way[0]],
        "location_dest_id": odoo[way[1]],
        "state": state,
        "scrapped": way[1] == "Scrap",
        "reference": nickname,
    }
    odoo.add("stock_move", nickname, **(usual | values))


def _deliveries(odoo: Odoo) -> None:
    out = ("WH/Output", "Customers")
    shipped = {"date_done": "2026-11-10 09:00:00", "sale_id": odoo["sold"]}
    _transfer(odoo, "shipped", "outgoing", out, "done", partner_id=odoo["Buyer's yard"], **shipped)
    _transfer(odoo, "backorder", "outgoing", out, backorder_id=odoo["shipped"], sale_id=odoo["sold"], partner_id=None)
    _transfer(odoo, "picking step", "internal", ("WH/Stock", "WH/Output"))
    _transfer(odoo, "to the sister", "outgoing", ("WH/Stock", "Between companies"), partner_id=odoo["Trader GmbH"])
    _transfer(odoo, "to our other house", "outgoing", ("WH/Stock", "Between warehouses"), partner_id=odoo["Maker Inc"])
    _transfer(odoo, "cancelled delivery", "outgoing", out, "cancel", partner_id=odoo["Doubters"])
    sold = {"picking_type_id": odoo["outgoing"], "sale_line_id": odoo["desks by the dozen"]}
    dozens = {"product_uom": odoo["Dozens"], "product_uom_qty": "2", "quantity": "2"}
    _move(odoo, "shipped desks", out, "done", "24", picking_id=odoo["shipped"], **(sold | dozens))
    _move(odoo, "scrapped on the way", ("WH/Output", "Scrap"), "done", "1", picking_id=odoo["shipped"])
    _move(odoo, "waiting desks", out, "confirmed", "6", picking_id=odoo["backorder"], **sold)
    _move(odoo, "dropped desks", out, "cancel", "3", picking_id=odoo["backorder"], **sold)
    _move(odoo, "picked desks", ("WH/Stock", "WH/Output"), "assigned", "6", picking_id=odoo["picking step"])
    for nickname, goal in (("to the sister", "Between companies"), ("to our other house", "Between warehouses")):
        way = ("WH/Stock", goal)
        _move(
            odoo, f"desk {nickname}", way, "assigned", "5", picking_id=odoo[nickname], picking_type_id=odoo["outgoing"]
        )


def _returns(odoo: Odoo) -> None:
    back = ("Customers", "WH/Stock")
    _transfer(odoo, "came back", "incoming", back, "done", partner_id=odoo["Payer KG"])
    _transfer(odoo, "will come back", "incoming", back)
    line = {"sale_line_id": odoo["desks by the dozen"], "picking_type_id": odoo["incoming"]}
    _move(odoo, "desks came back", back, "done", "2", picking_id=odoo["came back"], **line)
    _move(odoo, "desks will come back", back, "assigned", "1", picking_id=odoo["will come back"], **line)


def _stock(odoo: Odoo) -> None:
    quants = (
        ("Desk", "WH/Stock/Shelf 1", "5", "2"),
        ("Desk", "WH/Stock/Shelf 1", "6.5", "0"),
        ("Desk", "WH/Stock/Shelf 2", "-4", "0"),
        ("Desk", "Customers", "24", "0"),
        ("Desk", "Losses", "-30", "0"),
        ("Desk", "Between companies", "3", "0"),
        ("Flour", "WH/Stock", None, None),
        ("Chair", "TR/Stock", "7", "1"),
    )
    for product, place, quantity, reserved in quants:
        row = {"product_id": odoo[product], "location_id": odoo[place], "quantity": quantity}
        odoo.add("stock_quant", reserved_quantity=reserved, **row)
    _move(odoo, "counted", ("Losses", "WH/Stock"), "done", "10")
    _move(odoo, "dropship", ("Vendors", "Customers"), "done", "1", company_id=None)
    _move(odoo, "put on two shelves", ("Vendors", "WH/Stock"), "done", "12")
    for shelf, quantity in (("WH/Stock/Shelf 1", "5"), ("WH/Stock/Shelf 2", "7")):
        way = {"location_id": odoo["Vendors"], "location_dest_id": odoo[shelf]}
        part = way | {"move_id": odoo["put on two shelves"]}
        odoo.add("stock_move_line", quantity=quantity, quantity_product_uom=quantity, **part)
    rule = {"product_id": odoo["Desk"], "location_id": odoo["WH/Stock"], "company_id": odoo["Maker"]}
    odoo.add("stock_warehouse_orderpoint", "rule", product_min_qty="5", product_max_qty="20", qty_multiple="-1", **rule)
    odoo.add("stock_scrap_reason_tag", "Broken", name={EN: "Broken"})
    scrap = {"product_id": odoo["Desk"], "product_uom_id": odoo["Dozens"], "location_id": odoo["WH/Stock"]}
    odoo.add("stock_scrap", "scrap", state="done", scrap_qty="1", company_id=odoo["Maker"], **scrap)
    tag = {"stock_scrap_id": odoo["scrap"], "stock_scrap_reason_tag_id": odoo["Broken"]}
    odoo.add("stock_scrap_stock_scrap_reason_tag_rel", **tag)


def _document(odoo: Odoo, nickname: str, kind: str, amount: str, **values: Any) -> None:
    usual = {
        "name": nickname,
        "state": "posted",
        "payment_state": "not_paid",
        "company_id": odoo["Maker"],
        "currency_id": odoo["USD"],
        "partner_id": odoo["Payer KG" if kind.startswith("out") else "Seller SA"],
        "invoice_date": "2026-11-12",
        "amount_untaxed": amount,
        "amount_tax": "1.00",
        "amount_total": amount,
        "amount_residual": amount,
    }
    odoo.add("account_move", nickname, move_type=kind, **(usual | values))


def _entry(odoo: Odoo, nickname: str, document: str, account: str | None, **values: Any) -> None:
    usual = {
        "company_id": odoo["Maker"],
        "company_currency_id": odoo["USD"],
        "currency_id": odoo["USD"],
        "account_id": odoo[account] if account else None,
        "parent_state": "posted",
        "date": "2026-11-12",
        "display_type": "product",
        "product_uom_id": odoo["Units"],
        "name": nickname,
    }
    odoo.add("account_move_line", nickname, move_id=odoo[document], **(usual | values))


def _cost(odoo: Odoo, line: str, document: str, cost: str) -> None:
    """The two entries that Odoo makes beside an invoice line when stock is valued perpetually."""
    debit, credit = (cost, "0") if not cost.startswith("-") else ("0", cost.removeprefix("-"))
    origin = {"display_type": "cogs", "cogs_origin_id": odoo[line]}
    _entry(odoo, f"cost of {line}", document, "Goods sold", debit=debit, credit=credit, **origin)
    _entry(odoo, f"stock of {line}", document, "Stock value", debit=credit, credit=debit, **origin)


def _invoices(odoo: Odoo) -> None:
    odoo.add(
        "account_account", "Sales", name={EN: "Sales"}, account_type="income", code_store={"2": "4", "1": "400000"}
    )
    odoo.add("account_account", "Debtors", name={EN: "Debtors"}, account_type="asset_receivable")
    odoo.add("account_account", "Stock value", name={EN: "Stock"}, account_type="asset_current", deprecated=True)
    odoo.add("account_account", "Goods sold", name={EN: "Cost of goods sold"}, account_type="expense_direct_cost")
    odoo.add("account_account_res_company_rel", account_account_id=odoo["Debtors"], res_company_id=odoo["Maker"])
    _document(odoo, "invoice", "out_invoice", "100.00", payment_state="partial")
    _document(odoo, "refund", "out_refund", "40.00")
    _document(odoo, "draft invoice", "out_invoice", "7.00", name="/", state="draft", invoice_date=None, partner_id=None)
    _document(odoo, "euro invoice", "out_invoice", "50.00", currency_id=odoo["EUR"])
    _document(odoo, "bill", "in_invoice", "60.00")
    _document(odoo, "bill's refund", "in_refund", "15.00")
    _document(odoo, "booking", "entry", "0.00", partner_id=None)
    desks = {"product_id": odoo["Desk"], "product_uom_id": odoo["Dozens"], "quantity": "2", "price_unit": "120.00"}
    _entry(odoo, "invoiced desks", "invoice", "Sales", price_subtotal="240.00", credit="240.00", **desks)
    _entry(
        odoo, "refunded desks", "refund", "Sales", price_subtotal="40.00", debit="40.00", **(desks | {"quantity": "1"})
    )
    _entry(odoo, "invoice heading", "invoice", None, display_type="line_section")
    _entry(
        odoo,
        "receivable",
        "invoice",
        "Debtors",
        display_type="payment_term",
        debit="240",
        partner_id=odoo["Ann at Buyer"],
    )
    euro = {"currency_id": odoo["EUR"], "amount_currency": "-50.00", "credit": "57.00", "price_subtotal": "50.00"}
    _entry(odoo, "euro sale", "euro invoice", "Sales", **euro)
    _cost(odoo, "invoiced desks", "invoice", "150.00")
    _cost(odoo, "refunded desks", "refund", "-25.00")
    _cost(odoo, "euro sale", "euro invoice", "22.80")
    _entry(odoo, "billed flour", "bill", "Stock value", product_id=odoo["Flour"], quantity="3", price_subtotal="60.00")
    _entry(odoo, "draft entry", "booking", "Sales", display_type=None, parent_state="draft", debit="1")
    odoo.add(
        "sale_order_line_invoice_rel", invoice_line_id=odoo["invoiced desks"], order_line_id=odoo["desks by the dozen"]
    )


def _purchases(odoo: Odoo) -> None:
    usual = {"partner_id": odoo["Sam at Seller"], "company_id": odoo["Maker"], "currency_id": odoo["USD"]}
    dated = {
        "date_order": "2026-11-30 00:00:00",
        "date_planned": "2026-12-04 00:00:00",
        "picking_type_id": odoo["incoming"],
    }
    for state in ("draft", "sent", "to approve", "purchase", "done", "cancel"):
        approved = "2026-11-06 07:00:00" if state in ("purchase", "done") else None
        odoo.add("purchase_order", f"order {state}", name=state, state=state, date_approve=approved, **usual, **dated)
    line = {"order_id": odoo["order purchase"], "company_id": odoo["Maker"], "currency_id": odoo["USD"]}
    eggs = {"product_id": odoo["Box of eggs"], "product_uom": odoo["Units"], "product_qty": "36", "qty_received": "12"}
    odoo.add(
        "purchase_order_line", "eggs by piece", price_unit="0.25", price_subtotal="9.00", name="Eggs", **line, **eggs
    )
    odoo.add("purchase_order_line", "purchase heading", display_type="line_section", name="Heading", **line)
    arrives = ("Vendors", "WH/Stock")
    _transfer(odoo, "receipt", "incoming", arrives, partner_id=odoo["Sam at Seller"])
    piece = {"product_id": odoo["Box of eggs"], "product_uom": odoo["Units"], "product_uom_qty": "24"}
    expected = piece | {"purchase_line_id": odoo["eggs by piece"], "picking_type_id": odoo["incoming"]}
    _move(odoo, "expected eggs", arrives, "assigned", "2", picking_id=odoo["receipt"], **expected)
    offer = {"partner_id": odoo["Seller SA"], "currency_id": odoo["USD"], "delay": 9, "price": "3.00", "sequence": 1}
    odoo.add("product_supplierinfo", "offer of desks", product_tmpl_id=odoo["Desk (template)"], **offer)
    odoo.add("product_supplierinfo", "offer of any shirt", product_tmpl_id=odoo["Shirt red (template)"], **offer)


def _production(odoo: Odoo) -> None:
    usual = {"product_id": odoo["Desk"], "company_id": odoo["Maker"], "location_dest_id": odoo["WH/Stock"], "bom_id": 1}
    dated = {"date_start": "2026-11-20 06:00:00", "date_finished": "2026-11-21 06:00:00"}
    for state in ("draft", "confirmed", "progress", "to_close", "done", "cancel"):
        row = {"name": state, "state": state, "product_qty": "1", "product_uom_id": odoo["Dozens"], "origin": "sold"}
        odoo.add("mrp_production", f"make {state}", qty_producing="0.5", **row, **usual, **dated)
    made = {"production_id": odoo["make done"], "product_uom": odoo["Dozens"], "quantity": "1"}
    _move(odoo, "made desks", ("Production", "WH/Stock"), "done", "12", **made)
    used = {"raw_material_production_id": odoo["make done"], "product_id": odoo["Flour"], "product_uom": odoo["kg"]}
    _move(odoo, "used flour", ("WH/Stock", "Production"), "done", "36", **used)
    step = {"production_id": odoo["make progress"], "workcenter_id": odoo["Saw"], "operation_id": odoo["Sawing"]}
    dates = {"date_start": "2026-11-20 06:00:00", "product_uom_id": odoo["Dozens"], "qty_produced": "0.25"}
    odoo.add("mrp_workorder", "sawing", name="Sawing", state="progress", duration=30.5, **step, **dates)


def _ledger(odoo: Odoo) -> None:
    preset = odoo.add("ir_model_fields", name="property_stock_valuation_account_id", model="product.category")
    odoo.add("ir_default", field_id=preset, json_value=str(odoo["Stock value"]))
    paid = {"company_id": odoo["Maker"], "currency_id": odoo["USD"], "date": "2026-11-15", "amount": "30.00"}
    way = {"payment_type": "inbound", "partner_type": "customer", "partner_id": odoo["Payer KG"]}
    odoo.add("account_payment", "payment", state="in_process", **paid, **way)
    odoo.add("account_payment", "pay back", state="canceled", **paid, **(way | {"payment_type": "outbound"}))
    odoo.add("account_payment", "to a supplier", state="paid", **paid, payment_type="outbound", partner_type="supplier")
    odoo.change(f"update account_payment set partner_id = {odoo['Seller SA']} where id = {odoo['to a supplier']}")
    odoo.add("account_move__account_payment", invoice_id=odoo["invoice"], payment_id=odoo["payment"])


def _time(odoo: Odoo) -> None:
    odoo.add("resource_calendar", "Week", name="Week", tz="Europe/Berlin", hours_per_day="8", company_id=odoo["Maker"])
    period = {"calendar_id": odoo["Week"], "dayofweek": "0", "day_period": "morning", "hour_from": 8.5, "hour_to": 12}
    odoo.add("resource_calendar_attendance", "Monday morning", **period)
    odoo.add("resource_calendar_attendance", "Monday lunch", **(period | {"day_period": "lunch"}))
    odoo.add("resource_calendar_attendance", "Monday of odd weeks", week_type="1", **period)
    closed = {"date_from": "2026-12-25 00:00:00", "date_to": "2026-12-26 00:00:00", "time_type": "leave"}
    odoo.add("resource_calendar_leaves", "Christmas", name="Christmas", company_id=odoo["Maker"], **closed)
    odoo.add("resource_calendar_leaves", "Kim's holiday", resource_id=5, **closed)
    present = {"employee_id": odoo["Kim"], "check_in": "2026-11-10 02:00:00", "check_out": "2026-11-10 10:00:00"}
    odoo.add("hr_attendance", "night shift", worked_hours=8, **present)
    odoo.add("project_project", "Move", name={EN: "Move"})
    booked = {"employee_id": odoo["Kim"], "company_id": odoo["Maker"], "date": "2026-11-10", "name": "Carried desks"}
    sheet = {"project_id": odoo["Move"], **booked}
    odoo.add("account_analytic_line", "booked hours", unit_amount=1.5, product_uom_id=odoo["Hours"], **sheet)
    odoo.add("account_analytic_line", "booked days", unit_amount=0.5, product_uom_id=odoo["Days"], **sheet)
    odoo.add("account_analytic_line", "no time at all", unit_amount=4, **booked)
    odoo.add("hr_leave_type", "Holiday", name={EN: "Holiday"})
    away = {"employee_id": odoo["Kim"], "holiday_status_id": odoo["Holiday"], "number_of_days": 2}
    dates = {"request_date_from": "2026-12-21", "request_date_to": "2026-12-22"}
    odoo.add("hr_leave", "holiday", state="validate", **away, **dates)
    odoo.add("delivery_carrier", "Parcel", name={EN: "Parcel"}, delivery_type="fixed")


def _conversations(odoo: Odoo) -> None:
    odoo.add("mail_message_subtype", "Discussion", internal=None)
    odoo.add("mail_message_subtype", "Note", internal=True)
    task = {"name": "Wobbly desk", "partner_id": odoo["Ann at Buyer"], "priority": "1", "company_id": odoo["Maker"]}
    html = {"description": "<p>It&nbsp;wobbles &amp; squeaks<br/>a lot</p><script>steal()</script>"}
    odoo.add("project_task", "ticket", state="1_done", date_end="2026-11-03 10:00:00", **task, **html)
    odoo.add("project_task", "our own task", name="Paint", state="01_in_progress")
    odoo.add("project_task_user_rel", task_id=odoo["ticket"], user_id=7)
    about = {"model": "project.task", "res_id": odoo["ticket"], "subtype_id": odoo["Discussion"]}
    said = {"message_type": "comment", "author_id": odoo["Kim herself"], "body": "<p>On our way</p>"}
    odoo.add("mail_message", "answer", date="2026-11-02 09:00:00", **about, **said)
    note = about | {"subtype_id": odoo["Note"]}
    odoo.add("mail_message", "note to ourselves", date="2026-11-02 08:30:00", is_internal=True, **note, **said)
    deal = {"model": "crm.lead", "res_id": odoo["open deal"], "message_type": "email", "author_id": None}
    odoo.add("mail_message", "question", date="2026-11-01 09:00:00", subject="Price?", **deal)
    odoo.add("mail_message", "notification", date="2026-11-01 09:00:00", **(deal | {"message_type": "notification"}))
    odoo.add("mail_message", "about ourselves", date="2026-11-01 09:00:00", **(deal | {"model": "hr.employee"}))
    rated = {"res_model": "project.task", "res_id": odoo["ticket"], "partner_id": odoo["Ann at Buyer"]}
    odoo.add("rating_rating", "praise", rating=5, consumed=True, feedback="Good", **rated)
    odoo.add("rating_rating", "asked only", rating=0, consumed=False, **rated)
    odoo.add("mail_blacklist", "refusal", email="Ann@buyer.example")
    odoo.add("mail_blacklist", "unknown refusal", email="who@where.example", active=False)


def _campaigns(odoo: Odoo) -> None:
    odoo.add("utm_campaign", "Autumn", name="autumn", title={EN: "Autumn sale"})
    row = {"campaign_id": odoo["Autumn"], "mailing_type": "mail", "sent_date": "2026-11-04 00:00:00"}
    odoo.add("mailing_mailing", "Letter", **row)
    to_ann = {"mass_mailing_id": odoo["Letter"], "model": "res.partner", "res_id": odoo["Ann at Buyer"]}
    opened = {"sent_datetime": "2026-11-04 00:00:00", "open_datetime": "2026-11-05 00:00:00"}
    odoo.add("mailing_trace", "opened letter", trace_status="open", email="ann@buyer.example", **to_ann, **opened)
    odoo.add("mailing_trace", "bounced letter", trace_status="bounce", **to_ann)
