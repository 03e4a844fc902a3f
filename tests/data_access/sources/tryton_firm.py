"""A miniature Tryton, as the text of its dump: every trap that we know of, in numbers that add up in the head."""

import re
from collections.abc import Iterable
from pathlib import Path

TABLES = """
ir_module name:text state:text
ir_model_data fs_id:text model:text db_id:integer
ir_translation name:text res_id:integer lang:text value:text
company_company party:integer currency:integer timezone:text
company_employee company:integer party:integer supervisor:integer start_date:date end_date:date
country_country code:text name:text
currency_currency code:text name:text digits:integer rounding:numeric active:boolean
currency_currency_rate currency:integer date:date rate:numeric
party_party name:text code:text active:boolean replaced_by:integer
party_address party:integer city:text country:integer active:boolean sequence:integer
party_contact_mechanism party:integer type:text value:text active:boolean sequence:integer
party_identifier party:integer type:text code:text sequence:integer
party_category name:text parent:integer
party_party-party_category party:integer category:integer
party_party_supplier_currency party:integer supplier_currency:integer
product_category name:text parent:integer accounting:boolean
product_template name:text type:text consumable:boolean default_uom:integer salable:boolean purchasable:boolean
    active:boolean
product_template-product_category template:integer category:integer
product_product template:integer code:text active:boolean replaced_by:integer
product_identifier product:integer type:text code:text sequence:integer
product_cost_price product:integer company:integer cost_price:numeric
product_list_price product:integer template:integer company:integer list_price:numeric
product_uom name:text category:integer factor:float rate:float active:boolean
product_uom_category name:text
stock_location name:text code:text type:text parent:integer left:integer right:integer address:integer active:boolean
stock_location_waste location:integer warehouse:integer
stock_move company:integer product:integer unit:integer quantity:float internal_quantity:float from_location:integer
    to_location:integer state:text origin:text shipment:text effective_date:date planned_date:date
    origin_planned_date:date cost_price:numeric production_input:integer production_output:integer
stock_order_point company:integer product:integer location:integer min_quantity:float target_quantity:float
stock_shipment_in company:integer number:text supplier:integer warehouse:integer state:text planned_date:date
    origin_planned_date:date effective_date:date
stock_shipment_in_return company:integer supplier:integer
stock_shipment_out company:integer number:text customer:integer warehouse:integer state:text planned_date:date
    origin_planned_date:date effective_date:date
stock_shipment_out_return company:integer customer:integer state:text
sale_sale company:integer number:text party:integer currency:integer state:text sale_date:date quotation_date:date
    shipping_date:date warehouse:integer untaxed_amount_cache:numeric tax_amount_cache:numeric
    total_amount_cache:numeric reference:text origin:text quoted_by:integer confirmed_by:integer
    marketing_campaign:integer
sale_line sale:integer type:text product:integer unit:integer quantity:float unit_price:numeric description:text
    sequence:integer
sale_opportunity company:integer number:text description:text party:integer state:text amount:numeric
    currency:integer conversion_probability:float start_date:date end_date:date employee:integer lost_reason:text
    marketing_campaign:integer marketing_source:integer
sale_opportunity_line opportunity:integer product:integer unit:integer quantity:float
sale_opportunity__history __id:integer state:text company:integer
marketing_campaign name:text active:boolean
marketing_source name:text
purchase_purchase company:integer number:text party:integer currency:integer state:text purchase_date:date
    delivery_date:date warehouse:integer untaxed_amount_cache:numeric reference:text quoted_by:integer
    confirmed_by:integer
purchase_line purchase:integer type:text product:integer unit:integer quantity:float unit_price:numeric
    description:text sequence:integer delivery_date_store:date
purchase_product_supplier company:integer party:integer product:integer template:integer code:text currency:integer
    lead_time:interval sequence:integer active:boolean
purchase_product_supplier_price product_supplier:integer quantity:float unit_price:numeric
production company:integer number:text product:integer bom:integer routing:integer unit:integer quantity:float
    state:text warehouse:integer planned_date:date planned_start_date:date effective_date:date
    effective_start_date:date origin:text type:text
production_bom name:text code:text phantom:boolean active:boolean
production_bom_input bom:integer product:integer unit:integer quantity:float
production_bom_output bom:integer product:integer unit:integer quantity:float
product_product-production_bom product:integer bom:integer
production_lead_time bom:integer product:integer lead_time:interval
production_routing name:text active:boolean
production_routing-production_bom routing:integer bom:integer
production_routing_step routing:integer operation:integer sequence:integer
production_routing_operation name:text active:boolean
production_work_center company:integer name:text warehouse:integer cost_method:text cost_price:numeric active:boolean
production_work company:integer production:integer operation:integer work_center:integer sequence:integer state:text
production_work_cycle work:integer duration:interval state:text
account_account company:integer code:text name:text type:integer closed:boolean
account_account_type name:text parent:integer statement:text receivable:boolean payable:boolean stock:boolean
    revenue:boolean expense:boolean debt:boolean assets:boolean
account_invoice company:integer type:text number:text party:integer currency:integer state:text invoice_date:date
    account:integer move:integer untaxed_amount_cache:numeric tax_amount_cache:numeric total_amount_cache:numeric
account_invoice_line invoice:integer type:text product:integer unit:integer quantity:float unit_price:numeric
    description:text origin:text
account_invoice_line-stock_move invoice_line:integer stock_move:integer
account_invoice_tax invoice:integer amount:numeric
account_invoice-account_move_line invoice:integer line:integer
account_invoice_payment_method debit_account:integer credit_account:integer
account_journal type:text
account_move company:integer number:text date:date state:text journal:integer
account_move_line move:integer account:integer party:integer debit:numeric credit:numeric second_currency:integer
    amount_second_currency:numeric maturity_date:date reconciliation:integer description:text
timesheet_line company:integer employee:integer date:date duration:interval description:text work:integer
timesheet_work name:text
"""


def _lines(text: str) -> list[str]:
    """Lines, with those that are indented at the end of the one before."""
    return text.replace("\n    ", " ").strip().splitlines()


TYPES = {
    "float": "double precision",
    "text": "character varying",
    "date": "date",
    "interval": "interval",
    "instant": "timestamp(6) without time zone",
}
COLUMNS = {
    name: {
        "id": "integer",
        **dict(column.split(":") for column in columns),
        "create_date": "instant",
        "write_date": "instant",
    }
    for name, *columns in (line.split() for line in _lines(TABLES))
}

# One line for each row: the table, then its columns; what is not said is null.
FIRM = """
ir_module id=1 name=res state=activated
ir_model_data id=1 fs_id=location_transit model=stock.location db_id=8
ir_translation id=1 name=product.template,name res_id=1 lang=zh_CN value=书桌
country_country id=1 code=DE name=Germany
currency_currency id=1 code=EUR name=Euro digits=2 rounding=0.01 active=t
currency_currency id=2 code=CHF name=Franc digits=2 rounding=0.05 active=t
currency_currency_rate id=1 currency=1 date=0001-01-01 rate=2
currency_currency_rate id=2 currency=2 date=2026-02-01 rate=3
party_party id=1 name=Maker active=t
party_party id=2 code=C2 active=t
party_party id=3 name=Old replaced_by=2 active=f
party_party id=4 name=Mill active=t
party_party id=5 name=Ana active=t
party_party id=6 name=Stranger active=t
party_address id=1 party=2 city=Bonn country=1 active=t sequence=2
party_address id=2 party=2 city=Gone active=f sequence=1
party_contact_mechanism id=1 party=2 type=phone value=+49 active=t
party_contact_mechanism id=2 party=2 type=email value=old@example.com active=f sequence=1
party_contact_mechanism id=3 party=2 type=email value=a@example.com active=t sequence=2
party_contact_mechanism id=4 party=2 type=email value=z@example.com active=t sequence=9
party_identifier id=1 party=2 type=eu_vat code=DE1
company_company id=1 party=1 currency=1
company_employee id=1 company=1 party=5 start_date=2020-01-01
product_category id=1 name=Ledger accounting=t
product_category id=2 name=Furniture accounting=f
product_category id=3 name=Desks parent=2 accounting=f
product_uom_category id=1 name=Units
product_uom_category id=2 name=Weight
product_uom id=1 name=Unit category=1 factor=1 rate=1 active=t
product_uom id=2 name=Dozen category=1 factor=12 rate=0.083333333333 active=t
product_uom id=3 name=Kilogram category=2 factor=1 rate=1 active=t
product_uom id=4 name=Gram category=2 factor=0.001 rate=1000 active=t
product_template id=1 name=Desk type=goods consumable=f default_uom=1 salable=t active=t
product_template id=2 name=Steel type=goods consumable=f default_uom=3 purchasable=t active=t
product_template id=3 name=Advice type=service default_uom=1 salable=t active=t
product_template-product_category id=1 template=1 category=1
product_template-product_category id=2 template=1 category=3
product_product id=1 template=1 code=D-1 active=t
product_product id=2 template=2 code=S-1 active=t
product_product id=3 template=3 active=t
product_product id=4 template=1 code=D-0 active=t replaced_by=1
product_identifier id=1 product=1 type=ean code=4006381333931
product_cost_price id=1 product=1 company=1 cost_price=40
product_cost_price id=2 product=2 company=1 cost_price=-1
product_list_price id=1 template=1 company=1 list_price=99.5
stock_location id=1 name=Warehouse code=WH type=warehouse left=1 right=10 active=t
stock_location id=2 name=Store type=storage parent=1 left=2 right=3 active=t
stock_location id=3 name=Out type=storage parent=1 left=4 right=5 active=t
stock_location id=4 name=Customers type=customer left=11 right=12 active=t
stock_location id=5 name=Suppliers type=supplier left=13 right=14 active=t
stock_location id=6 name=Lost type=lost_found left=15 right=16 active=t
stock_location id=7 name=Bin type=lost_found left=17 right=18 active=t
stock_location id=8 name=Transit type=storage left=19 right=20 active=t
stock_location id=9 name=Shop_floor type=production left=21 right=22 active=t
stock_location id=10 name=Aisle type=view parent=1 left=6 right=9 active=t
stock_location_waste id=1 location=7 warehouse=1
sale_sale id=1 company=1 number=S1 party=3 currency=1 state=processing sale_date=2026-03-02 warehouse=1
    untaxed_amount_cache=1200 tax_amount_cache=0 total_amount_cache=1200 quoted_by=1
sale_sale id=2 company=1 party=2 currency=2 state=draft origin=sale.opportunity,2
sale_sale id=3 company=1 number=S3 party=2 currency=1 state=processing sale_date=2026-03-05 shipping_date=2026-03-20
    warehouse=1 untaxed_amount_cache=-50 tax_amount_cache=0 total_amount_cache=-50 origin=sale.opportunity,1
sale_sale id=4 company=1 party=2 currency=1 state=cancelled origin=sale.opportunity,1
sale_line id=1 sale=1 type=line product=1 unit=2 quantity=1 unit_price=1200 sequence=1
sale_line id=2 sale=1 type=title description=Desks
sale_line id=3 sale=2 type=line product=1 unit=1 quantity=1 unit_price=0.125
sale_line id=4 sale=2 type=line product=3 unit=1 quantity=1 unit_price=0.375
sale_line id=5 sale=3 type=line product=1 unit=1 quantity=-1 unit_price=50
stock_shipment_out id=1 company=1 number=O1 customer=3 warehouse=1 state=packed planned_date=2026-03-12
    origin_planned_date=2026-03-10
stock_shipment_out_return id=1 company=1 customer=3 state=done
stock_shipment_in id=1 company=1 number=I1 supplier=4 warehouse=1 state=received planned_date=2026-02-03
    origin_planned_date=2026-02-01 effective_date=2026-02-04
stock_move id=1 company=1 product=1 unit=1 quantity=20 internal_quantity=20 from_location=6 to_location=2 state=done
    effective_date=2026-01-01 origin=stock.inventory.line,1
stock_move id=2 company=1 product=1 unit=1 quantity=5 internal_quantity=5 from_location=2 to_location=3 state=done
    effective_date=2026-03-09 origin=stock.move,3 shipment=stock.shipment.out,1
stock_move id=3 company=1 product=1 unit=1 quantity=5 internal_quantity=5 from_location=3 to_location=4 state=done
    effective_date=2026-03-10 planned_date=2026-03-10 origin_planned_date=2026-03-09 origin=sale.line,1
    shipment=stock.shipment.out,1 cost_price=40
stock_move id=4 company=1 product=1 unit=1 quantity=7 internal_quantity=7 from_location=3 to_location=4
    state=assigned planned_date=2026-03-12 origin_planned_date=2026-03-10 origin=sale.line,1
    shipment=stock.shipment.out,1
stock_move id=5 company=1 product=1 unit=1 quantity=1 internal_quantity=1 from_location=4 to_location=2 state=done
    effective_date=2026-03-21 planned_date=2026-03-21 origin=sale.line,5 shipment=stock.shipment.out.return,1
stock_move id=6 company=1 product=2 unit=4 quantity=5000 internal_quantity=5 from_location=5 to_location=2
    state=done effective_date=2026-02-04 planned_date=2026-02-03 origin_planned_date=2026-02-01
    origin=purchase.line,1 shipment=stock.shipment.in,1
stock_move id=7 company=1 product=2 unit=3 quantity=1 internal_quantity=1 from_location=2 to_location=7 state=done
    effective_date=2026-02-05
stock_move id=8 company=1 product=2 unit=3 quantity=2 internal_quantity=2 from_location=2 to_location=9 state=done
    effective_date=2026-02-06 production_input=1
stock_move id=9 company=1 product=1 unit=1 quantity=3 internal_quantity=3 from_location=9 to_location=2 state=done
    effective_date=2026-02-07 production_output=1
stock_move id=10 company=1 product=1 unit=1 quantity=9 internal_quantity=9 from_location=3 to_location=4
    state=cancelled planned_date=2027-01-01 origin=sale.line,1
stock_move id=11 company=1 product=2 unit=3 quantity=2 internal_quantity=2 from_location=2 to_location=3 state=assigned
stock_move id=12 company=1 product=1 unit=1 quantity=9 internal_quantity=9 from_location=9 to_location=2 state=draft
    production_output=1
stock_order_point id=1 company=1 product=1 location=1 min_quantity=5 target_quantity=9
purchase_purchase id=1 company=1 number=P1 party=4 currency=1 state=quotation warehouse=1
purchase_line id=1 purchase=1 type=line product=2 unit=4 quantity=5000 unit_price=0.002
purchase_product_supplier id=1 company=1 party=4 template=2 currency=1 lead_time=7_days active=t
purchase_product_supplier id=2 company=1 party=4 product=2 template=2 currency=1 lead_time=1_day_12:00:00 active=t
purchase_product_supplier_price id=1 product_supplier=2 quantity=0 unit_price=2
purchase_product_supplier_price id=2 product_supplier=2 quantity=100 unit_price=1.5
production_bom id=1 name=Desk active=t
production_bom_output id=1 bom=1 product=1 unit=2 quantity=1
production_bom_input id=1 bom=1 product=2 unit=4 quantity=6000
product_product-production_bom id=1 product=1 bom=1
production_lead_time id=1 bom=1 product=1 lead_time=2_days
production_routing id=1 name=Build active=t
production_routing-production_bom id=1 routing=1 bom=1
production_routing_operation id=1 name=Weld active=t
production_routing_step id=5 routing=1 operation=1 sequence=1
production_work_center id=1 company=1 name=Bench warehouse=1 cost_method=cycle cost_price=7 active=t
production id=1 company=1 number=M1 product=1 bom=1 routing=1 unit=2 quantity=1 state=running warehouse=1
    planned_date=2026-02-10 effective_start_date=2026-02-06 origin=sale.line,1 type=assembly
production id=2 company=1 number=M2 product=1 unit=1 quantity=1 state=done warehouse=1 type=disassembly
production_work id=1 company=1 production=1 operation=1 work_center=1 sequence=1 state=running
production_work_cycle id=1 work=1 duration=01:30:00 state=done
production_work_cycle id=2 work=1 duration=09:00:00 state=cancelled
account_account_type id=1 name=Chart
account_account_type id=2 name=Receivable parent=1 statement=balance receivable=t
account_account_type id=3 name=Current_Assets parent=1 statement=balance
account_account_type id=4 name=Deferred parent=3 statement=balance
account_account_type id=5 name=Revenue parent=1 statement=income revenue=t
account_account id=1 company=1 code=1400 name=Customers type=2
account_account id=2 company=1 code=1000 name=Till type=3
account_account id=3 company=1 code=1500 name=Later type=4
account_account id=4 company=1 code=4000 name=Sales type=5
account_account id=5 company=1 name=Groups
account_invoice_payment_method id=1 debit_account=2 credit_account=2
account_journal id=1 type=revenue
account_journal id=2 type=cash
account_move id=1 company=1 number=1 date=2026-03-11 state=posted journal=1
account_move id=2 company=1 number=2 date=2026-03-15 state=posted journal=2
account_move id=3 company=1 number=3 date=2026-03-12 state=posted journal=1
account_move_line id=5 move=3 account=1 party=2 debit=100 credit=0 reconciliation=1
account_move_line id=1 move=1 account=1 party=2 debit=500 credit=0 maturity_date=2026-04-10
account_move_line id=2 move=1 account=4 debit=0 credit=500
account_move_line id=3 move=2 account=1 party=2 debit=0 credit=200
account_move_line id=4 move=2 account=2 debit=200 credit=0
account_invoice id=1 company=1 type=out number=R1 party=3 currency=1 state=posted invoice_date=2026-03-11 account=1
    move=1 untaxed_amount_cache=500 tax_amount_cache=0 total_amount_cache=500
account_invoice id=2 company=1 type=out party=2 currency=1 state=validated account=1
account_invoice id=3 company=1 type=in number=B1 party=4 currency=1 state=cancelled account=1
account_invoice id=4 company=1 type=out party=2 currency=1 state=cancelled account=1
account_invoice id=5 company=1 type=out party=2 currency=1 state=posted account=1 move=3 untaxed_amount_cache=100
    tax_amount_cache=0 total_amount_cache=100
account_invoice-account_move_line id=1 invoice=1 line=3
account_invoice_line id=1 invoice=1 type=line product=1 unit=2 quantity=0.5 unit_price=1000 origin=sale.line,1
account_invoice_line id=2 invoice=2 type=line product=1 unit=1 quantity=-1 unit_price=50 origin=sale.line,5
account_invoice_line id=3 invoice=1 type=comment
account_invoice_line id=4 invoice=3 type=line product=2 unit=4 quantity=5000 unit_price=0.002 origin=purchase.line,1
account_invoice_line id=5 invoice=4 type=line product=1 unit=2 quantity=1 unit_price=1000 origin=sale.line,1
account_invoice_line id=6 invoice=4 type=line product=1 unit=1 quantity=-1 unit_price=50 origin=sale.line,5
account_invoice_line-stock_move id=1 invoice_line=1 stock_move=3
account_invoice_tax id=1 invoice=2 amount=-5
marketing_campaign id=1 name=Spring active=t
marketing_source id=1 name=Fair
sale_opportunity id=1 company=1 description=Big party=2 state=converted amount=900 currency=1
    conversion_probability=0.5 start_date=2026-01-05 end_date=2026-03-05 employee=1 marketing_campaign=1
    marketing_source=1
sale_opportunity id=2 company=1 number=2 state=converted start_date=2026-01-06 end_date=2026-05-01
sale_opportunity_line id=1 opportunity=1 product=1 unit=2 quantity=2
sale_opportunity__history id=1 __id=1 state=lead company=1
sale_opportunity__history id=1 __id=2 state=lead company=1
sale_opportunity__history id=1 __id=3 state=converted company=1
timesheet_work id=1 name=Fitting
timesheet_line id=1 company=1 employee=1 date=2026-03-03 duration=02:30:00 work=1
"""
WRITTEN = "2026-04-01 08:00:00"


def dumped(firm: str = FIRM) -> str:
    """What pg_dump would write of it."""
    rows: dict[str, list[dict[str, str]]] = {table: [] for table in COLUMNS}
    for line in _lines(firm):
        table, *values = line.split()
        rows[table].append(dict(value.split("=", 1) for value in values) | {"create_date": WRITTEN})
    return "".join(_defined(table) for table in COLUMNS) + "".join(_copied(table, rows[table]) for table in COLUMNS)


def _quoted(name: str) -> str:
    return name if re.fullmatch("[a-z_]+", name) and name not in {"left", "right"} else f'"{name}"'


def _defined(table: str) -> str:
    listed = ",\n".join(f"    {_quoted(name)} {TYPES.get(kind, kind)}" for name, kind in COLUMNS[table].items())
    return f"CREATE TABLE public.{_quoted(table)} (\n{listed}\n);\n"


def _copied(table: str, rows: Iterable[dict[str, str]]) -> str:
    written = "".join("\t".join(_value(row.get(name)) for name in COLUMNS[table]) + "\n" for row in rows)
    return f"COPY public.{_quoted(table)} ({', '.join(map(_quoted, COLUMNS[table]))}) FROM stdin;\n{written}\\.\n"


def _value(value: str | None) -> str:
    return "\\N" if value is None else value.replace("_", " ") if re.match(r"\d+_day", value) else value


def write_dump(folder: Path, firm: str = FIRM) -> Path:
    """The dump as a file."""
    path = folder / "tryton.sql"
    path.write_text(dumped(firm), encoding="utf-8")
    return path
