"""Dynamics 365 (Sales and Service) from exports of its tables: where each unified table comes from.

docs/sources/dynamics.md says the same in words. Columns are known by their logical names, as the Web API, Synapse Link
and the export of a table write them; lookups also as `_customerid_value`. States are numbers or their labels.
"""

from pathlib import Path

import polars as pl

from analytics.tables import parsing
from data_access.exports import (
    COUNTRY,
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    WORD,
    Export,
    Kind,
    Vendor,
    country,
    known,
    mapping,
    of,
    word,
)
from data_access.exports import columns as named
from data_access.exports import read as read_export
from data_access.mapping import Cell, Mapping, Reading


def guid(text: pl.Expr) -> pl.Expr:
    """An id in its one form: lower case, without braces."""
    return parsing.key_from(text.str.strip_chars("{} ")).str.to_lowercase()


ID = Kind(guid)
STATES = named(WORD, "statecode statuscode")
MADE = {"createdon": INSTANT, "ownerid": ID}
PRICED = {"transactioncurrencyid": ID}


def _export(name: str, plural: str, *kinds: dict[str, Kind], key: str = "") -> Export:
    """A table with its key; files may bear the plural, by which the Web API calls the same."""
    held: dict[str, Kind] = {key or f"{name}id": ID}
    for more in kinds:
        held |= more
    lookups = {column: (f"_{column}_value",) for column, kind in held.items() if kind is ID}
    return Export(name=name, columns=held, needs=(key or f"{name}id",), headings=lookups, files=(plural,))


def _activity(name: str, plural: str, *kinds: dict[str, Kind]) -> Export:
    held = named(TEXT, "subject description") | named(ID, "regardingobjectid")
    times = named(INSTANT, "actualend scheduledend scheduledstart")
    return _export(
        name, plural, held, times, {"statecode": WORD, "directioncode": FLAG}, MADE, *kinds, key="activityid"
    )


EXPORTS = (
    _export("transactioncurrency", "transactioncurrencies", named(WORD, "isocurrencycode")),
    _export(
        "systemuser",
        "systemusers",
        named(TEXT, "fullname internalemailaddress jobtitle"),
        named(ID, "parentsystemuserid"),
        named(FLAG, "isdisabled"),
    ),
    _export("uom", "uoms", named(TEXT, "name"), named(NUMBER, "quantity"), named(ID, "baseuom")),
    _export(
        "account",
        "accounts",
        named(TEXT, "name accountnumber emailaddress1 telephone1 address1_city"),
        named(WORD, "industrycode"),
        {"address1_country": COUNTRY, "donotbulkemail": FLAG},
        named(ID, "parentaccountid"),
        STATES,
        MADE,
    ),
    _export(
        "contact",
        "contacts",
        named(TEXT, "fullname firstname lastname emailaddress1 telephone1 mobilephone jobtitle address1_city"),
        {"address1_country": COUNTRY, "donotbulkemail": FLAG},
        named(ID, "parentcustomerid"),
        STATES,
        MADE,
    ),
    _export(
        "product",
        "products",
        named(TEXT, "name productnumber"),
        named(WORD, "producttypecode"),
        named(NUMBER, "price standardcost currentcost"),
        named(ID, "defaultuomid"),
        PRICED,
        STATES,
        MADE,
    ),
    _export(
        "campaign",
        "campaigns",
        named(TEXT, "name"),
        named(WORD, "typecode"),
        named(INSTANT, "actualstart proposedstart actualend proposedend"),
        named(NUMBER, "budgetedcost totalactualcost"),
        PRICED,
        STATES,
    ),
    _export(
        "lead",
        "leads",
        named(TEXT, "subject fullname companyname emailaddress1 telephone1"),
        named(WORD, "leadsourcecode"),
        {"address1_country": COUNTRY},
        named(ID, "campaignid parentaccountid qualifyingopportunityid"),
        {"modifiedon": INSTANT},
        STATES,
        MADE,
    ),
    _export(
        "opportunity",
        "opportunities",
        named(TEXT, "name emailaddress"),
        named(WORD, "stepname"),
        named(NUMBER, "estimatedvalue closeprobability"),
        named(DAY, "estimatedclosedate"),
        named(INSTANT, "actualclosedate"),
        named(ID, "customerid parentaccountid campaignid"),
        PRICED,
        STATES,
        MADE,
    ),
    _export(
        "opportunityproduct",
        "opportunityproducts",
        named(ID, "opportunityid productid"),
        named(NUMBER, "quantity baseamount manualdiscountamount"),
        PRICED,
    ),
    _export(
        "salesorder",
        "salesorders",
        named(TEXT, "ordernumber name"),
        named(NUMBER, "totalamountlessfreight totaltax totalamount exchangerate"),
        named(INSTANT, "submitdate"),
        named(DAY, "requestdeliveryby"),
        named(ID, "customerid opportunityid campaignid"),
        PRICED,
        STATES,
        MADE,
    ),
    _export(
        "salesorderdetail",
        "salesorderdetails",
        named(TEXT, "productdescription"),
        named(NUMBER, "quantity priceperunit baseamount manualdiscountamount quantityshipped lineitemnumber"),
        named(DAY, "requestdeliveryby"),
        named(ID, "salesorderid productid uomid"),
        PRICED,
    ),
    _export(
        "incident",
        "incidents",
        named(TEXT, "ticketnumber title description"),
        named(WORD, "prioritycode caseorigincode"),
        named(INSTANT, "modifiedon"),
        named(ID, "customerid productid"),
        STATES,
        MADE,
    ),
    _export(
        "incidentresolution", "incidentresolutions", named(ID, "incidentid"), {"actualend": INSTANT}, key="activityid"
    ),
    _activity("phonecall", "phonecalls"),
    _activity("email", "emails"),
    _activity("appointment", "appointments"),
    _activity("activitypointer", "activitypointers", named(WORD, "activitytypecode")),
    _export(
        "campaignresponse",
        "campaignresponses",
        named(ID, "regardingobjectid customer"),
        {"responsecode": WORD, "receivedon": INSTANT},
        key="activityid",
    ),
)

OPPORTUNITY_STATES = {"0": "open", "open": "open", "1": "won", "won": "won", "2": "lost", "lost": "lost"}
LEAD_STATES = {
    "0": "open",
    "1": "converted",
    "2": "lost",
    "open": "open",
    "qualified": "converted",
    "disqualified": "lost",
}
ORDER_STATES = {"0": "confirmed", "1": "confirmed", "2": "cancelled", "3": "done", "4": "done"}
ORDER_STATES |= {"active": "confirmed", "submitted": "confirmed", "canceled": "cancelled"}
ORDER_STATES |= {"fulfilled": "done", "invoiced": "done"}
TICKET_STATES = {"1": "closed", "2": "cancelled", "resolved": "closed", "canceled": "cancelled"}
PRIORITIES = {"1": "high", "2": "normal", "3": "low", "high": "high", "normal": "normal", "low": "low"}
ORIGINS = {
    "1": "phone",
    "2": "mail",
    "3": "web",
    "2483": "social",
    "3986": "social",
    "phone": "phone",
    "email": "mail",
    "web": "web",
    "facebook": "social",
    "twitter": "social",
}
ACTIVITIES = {
    "phonecall": "phone",
    "phone call": "phone",
    "4210": "phone",
    "email": "mail",
    "4202": "mail",
    "appointment": "visit",
    "4201": "visit",
    "letter": "other",
    "4207": "other",
    "fax": "other",
    "4204": "other",
}
RESPONSES = {"3": "unsubscribed", "do not send marketing materials": "unsubscribed", "4": "failed", "error": "failed"}
KINDS = {"1": "storable", "sales inventory": "storable", "2": "service", "miscellaneous charges": "service"}
KINDS |= {"3": "service", "services": "service", "4": "consumable", "flat fees": "service"}
OTHER, DELIVERED, REPLIED, OPEN = "'other'", "'consumable'", "'replied'", "'open'"
WAITING = "('2', '3', 'on hold', 'waiting for details')"
DECIDED = "case when lower(t.statecode) in ('1', '2', 'won', 'lost') then t.actualclosedate end"
CURRENCY = f"""coalesce(
    {of("transactioncurrency", "isocurrencycode", "o.transactioncurrencyid = t.transactioncurrencyid")},
    {{case when upper(t.transactioncurrencyid) similar to '[A-Z][A-Z][A-Z]' then upper(t.transactioncurrencyid) end,}}
    null)"""
ORDER_CURRENCY = f"""coalesce({CURRENCY}, {{(select min(c.isocurrencycode) from salesorder s
    join transactioncurrency c on c.transactioncurrencyid = s.transactioncurrencyid
    where s.salesorderid = t.salesorderid),}} null)"""
NET = "t.baseamount - coalesce({t.manualdiscountamount,} 0)"
FACTOR = """coalesce({(select min(case when own.baseuom is null then 1 else own.quantity end
        / case when base.baseuom is null then 1 else nullif(base.quantity, 0) end)
    from uom own join product item on item.productid = t.productid
    join uom base on base.uomid = item.defaultuomid where own.uomid = t.uomid),} 1)"""
ACTIVE = "coalesce({lower(t.statecode) in ('0', 'active', '2', 'draft'),} true)"


def owner() -> str:
    """The user who owns a record; null where a team does, or where users were not exported."""
    return known("systemuser", "t.ownerid", "systemuserid")


def client(key: str) -> str:
    """The customer that an account or contact is: the account itself, the contact's, or the contact who buys alone."""
    return f"""coalesce({known("account", key, "accountid")},
        {of("contact", "parentcustomerid", f"o.contactid = {key}")}, {known("contact", key, "contactid")})"""


def about(key: str) -> dict[str, str]:
    """What an activity is about: one record of any table, and whose customer that is."""
    deal, case = f"o.opportunityid = {key}", f"o.incidentid = {key}"
    whose = (
        known("account", key, "accountid"),
        of("contact", "parentcustomerid", f"o.contactid = {key}"),
        of(
            "account",
            "accountid",
            f"o.accountid in (select d.customerid from opportunity d where d.opportunityid = {key})",
        ),
        of("account", "accountid", f"o.accountid in (select d.customerid from incident d where d.incidentid = {key})"),
    )
    return {
        "customer_id": f"coalesce({', '.join(whose)})",
        "contact_id": known("contact", key, "contactid"),
        "opportunity_id": of("opportunity", "opportunityid", deal),
        "ticket_id": of("incident", "incidentid", case),
        "lead_id": known("lead", key, "leadid"),
        "employee_id": owner(),
    }


def activity(table: str, channel: str, *, done: str, direction: str = "", where: str = "", left_out: str) -> Mapping:
    """The conversations that one table of activities holds, once they have happened."""
    return mapping(
        "interactions",
        table,
        plain={"interaction_id": "activityid", "subject": "subject", "body": "description"},
        reads=about("t.regardingobjectid")
        | {
            "occurred_at": "coalesce({t.actualend,} {t.scheduledstart,} {t.scheduledend,} t.createdon)",
            "channel": channel,
            "direction": direction,
        },
        where=f"lower(t.statecode) in {done}{where}",
        left_out=left_out,
    )


SENT = "{case when t.directioncode then 'out' when not t.directioncode then 'in' end}"
UNDONE = "activities that are open or cancelled"

PARTIES = (
    mapping(
        "employees",
        "systemuser",
        plain={"employee_id": "systemuserid", "name": "fullname", "email": "internalemailaddress", "job": "jobtitle"},
        reads={
            "manager_id": known("systemuser", "t.parentsystemuserid", "systemuserid"),
            "is_active": "not coalesce({t.isdisabled,} false)",
        },
    ),
    mapping(
        "customers",
        "account",
        plain={
            "customer_id": "accountid",
            "number": "accountnumber",
            "name": "name",
            "email": "emailaddress1",
            "phone": "telephone1",
            "city": "address1_city",
            "industry": "industrycode",
        },
        reads={
            "segment": "{t.industrycode}",
            "country": f"{{{country('t.address1_country')}}}",
            "region": "{t.address1_country}",
            "parent_customer_id": known("account", "t.parentaccountid", "accountid"),
            "owner_id": owner(),
            "created_on": "{t.createdon::date}",
            "is_company": "true",
            "is_active": "coalesce({lower(t.statecode) in ('0', 'active'),} true)",
        },
    ),
    mapping(
        "customers",
        "contact",
        plain={"customer_id": "contactid", "email": "emailaddress1", "phone": "telephone1", "city": "address1_city"},
        reads={
            "name": "coalesce({t.fullname,} nullif(concat_ws(' ', {t.firstname,} {t.lastname,} null), ''))",
            "country": f"{{{country('t.address1_country')}}}",
            "region": "{t.address1_country}",
            "owner_id": owner(),
            "created_on": "{t.createdon::date}",
            "is_company": "false",
            "is_active": "coalesce({lower(t.statecode) in ('0', 'active'),} true)",
        },
        where="coalesce({t.parentcustomerid,} null) is null and (false"
        + "".join(
            f" {{or t.contactid in (select d.customerid from {table} d)}}"
            for table in ("opportunity", "salesorder", "incident")
        )
        + ")",
        left_out="persons at accounts, and persons who are nobody's customer",
    ),
    mapping(
        "contacts",
        "contact",
        plain={"contact_id": "contactid", "email": "emailaddress1", "role": "jobtitle"},
        reads={
            "name": "coalesce({t.fullname,} nullif(concat_ws(' ', {t.firstname,} {t.lastname,} null), ''))",
            "customer_id": "{t.parentcustomerid}",
            "phone": "coalesce({t.telephone1,} {t.mobilephone,} null)",
            "country": f"{{{country('t.address1_country')}}}",
            "is_active": "coalesce({lower(t.statecode) in ('0', 'active'),} true)",
        },
    ),
    *(
        mapping(
            "consents",
            table,
            plain={"email": "emailaddress1"},
            reads={
                "consent_id": f"'{table}/' || t.{table}id",
                party: f"t.{table}id",
                "purpose": "'marketing'",
                "is_granted": "false",
                "channel": "'mail'",
            },
            where="t.donotbulkemail",
            left_out="those who may be sent bulk e-mail",
        )
        for table, party in (("account", "customer_id"), ("contact", "contact_id"))
    ),
)

PRODUCTS = (
    mapping(
        "units",
        "uom",
        plain={"unit_id": "uomid", "name": "name"},
        reads={"is_active": "true"},
    ),
    mapping(
        "products",
        "product",
        plain={"product_id": "productid", "sku": "productnumber", "name": "name", "list_price": "price"},
        reads={
            "kind": f"coalesce({{{word('t.producttypecode', KINDS)},}} {DELIVERED})",
            "unit": of("uom", "name", "o.uomid = t.defaultuomid"),
            "cost": "coalesce({nullif(t.standardcost, 0),} {nullif(t.currentcost, 0),} null)",
            "currency": CURRENCY,
            "is_sold": "true",
            "created_on": "{t.createdon::date}",
            "is_active": ACTIVE,
        },
        assumes={"kind": "by the product's type; a product without one is delivered and not counted"},
    ),
)

DEALS = (
    mapping(
        "campaigns",
        "campaign",
        plain={"campaign_id": "campaignid", "name": "name", "budget": "budgetedcost", "cost": "totalactualcost"},
        reads={
            "status": "{t.statuscode}",
            "starts_on": "coalesce({t.actualstart,} {t.proposedstart,} null)::date",
            "ends_on": "coalesce({t.actualend,} {t.proposedend,} null)::date",
            "currency": CURRENCY,
            "is_active": "coalesce({lower(t.statecode) in ('0', 'active'),} true)",
        },
    ),
    mapping(
        "leads",
        "lead",
        plain={
            "lead_id": "leadid",
            "company_name": "companyname",
            "contact_name": "fullname",
            "email": "emailaddress1",
            "phone": "telephone1",
            "origin": "leadsourcecode",
            "created_at": "createdon",
        },
        reads={
            "name": "coalesce({t.subject,} {t.companyname,} {t.fullname,} null)",
            "country": f"{{{country('t.address1_country')}}}",
            "status": f"coalesce({{{word('t.statecode', LEAD_STATES)},}} {OPEN})",
            "customer_id": known("account", "t.parentaccountid", "accountid"),
            "opportunity_id": known("opportunity", "t.qualifyingopportunityid", "opportunityid"),
            "campaign_id": known("campaign", "t.campaignid", "campaignid"),
            "owner_id": owner(),
            "closed_at": "{case when lower(t.statecode) in ('1', '2', 'qualified', 'disqualified')"
            " then t.modifiedon end}",
        },
        assumes={"closed_at": "the last change of a lead that is closed: Dynamics keeps no other date"},
    ),
    mapping(
        "opportunities",
        "opportunity",
        plain={
            "opportunity_id": "opportunityid",
            "name": "name",
            "status": Cell(column="statecode", words=OPPORTUNITY_STATES),
            "stage": "stepname",
            "expected_amount": "estimatedvalue",
            "probability": Cell(column="closeprobability", scale="0.01"),
            "expected_close_on": "estimatedclosedate",
            "email": "emailaddress",
        },
        reads={
            "customer_id": f"coalesce({client('t.customerid')}, {{t.customerid,}} null)",
            "currency": CURRENCY,
            "created_at": f"least(t.createdon, {DECIDED})",
            "closed_at": DECIDED,
            "owner_id": owner(),
            "campaign_id": known("campaign", "t.campaignid", "campaignid"),
        },
        assumes={"created_at": "never after the close: deals are entered after the fact"},
    ),
    mapping(
        "opportunity_lines",
        "opportunityproduct",
        plain={
            "opportunity_line_id": "opportunityproductid",
            "opportunity_id": "opportunityid",
            "quantity": "quantity",
        },
        reads={
            "product_id": known("product", "t.productid", "productid"),
            "amount_untaxed": NET,
            "currency": CURRENCY,
        },
    ),
    mapping(
        "campaign_responses",
        "campaignresponse",
        plain={"campaign_response_id": "activityid", "responded_at": "receivedon"},
        reads={
            "campaign_id": known("campaign", "t.regardingobjectid", "campaignid"),
            "customer_id": known("account", "t.customer", "accountid"),
            "kind": f"coalesce({{{word('t.responsecode', RESPONSES)},}} {REPLIED})",
        },
    ),
)

SALES = (
    mapping(
        "sales_orders",
        "salesorder",
        plain={
            "sales_order_id": "salesorderid",
            "number": "ordernumber",
            "status": Cell(column="statecode", words=ORDER_STATES),
            "amount_untaxed": "totalamountlessfreight",
            "amount_tax": "totaltax",
            "amount_total": "totalamount",
            "requested_on": "requestdeliveryby",
        },
        reads={
            "customer_id": f"coalesce({client('t.customerid')}, t.customerid)",
            "ordered_at": "coalesce({t.submitdate,} t.createdon)",
            "promised_on": "{t.requestdeliveryby}",
            "currency": CURRENCY,
            "company_rate": "{case when t.exchangerate > 0 then t.exchangerate end}",
            "salesperson_id": owner(),
            "opportunity_id": known("opportunity", "t.opportunityid", "opportunityid"),
            "campaign_id": known("campaign", "t.campaignid", "campaignid"),
        },
        assumes={
            "promised_on": "the day that the customer asked for, which Dynamics accepts with the order",
            "status": "an order is done when it is fulfilled or invoiced",
        },
    ),
    mapping(
        "sales_order_lines",
        "salesorderdetail",
        plain={
            "sales_order_line_id": "salesorderdetailid",
            "sales_order_id": "salesorderid",
            "description": "productdescription",
            "unit_price": "priceperunit",
            "requested_on": "requestdeliveryby",
        },
        reads={
            "source_quantity": "t.quantity",
            "line_number": "{t.lineitemnumber::bigint}",
            "product_id": known("product", "t.productid", "productid"),
            "quantity": f"round(t.quantity * {FACTOR}, 6)::decimal(24, 6)",
            "delivered_quantity": f"round(t.quantityshipped * {FACTOR}, 6)::decimal(24, 6)",
            "source_unit": of("uom", "name", "o.uomid = t.uomid"),
            "amount_untaxed": NET,
            "currency": ORDER_CURRENCY,
            "promised_on": "{t.requestdeliveryby}",
        },
    ),
)

SERVICE = (
    mapping(
        "tickets",
        "incident",
        plain={
            "ticket_id": "incidentid",
            "number": "ticketnumber",
            "subject": "title",
            "body": "description",
            "opened_at": "createdon",
        },
        reads={
            "customer_id": f"coalesce({client('t.customerid')}, {{t.customerid,}} null)",
            "closed_at": f"""case when lower(t.statecode) in ('1', '2', 'resolved', 'canceled') then coalesce(
                {of("incidentresolution", "actualend", "o.incidentid = t.incidentid")}, {{t.modifiedon,}} null) end""",
            "channel": f"{{case when t.caseorigincode is not null then"
            f" {word('t.caseorigincode', ORIGINS, otherwise=OTHER)} end}}",
            "priority": f"{{{word('t.prioritycode', PRIORITIES)}}}",
            "status": f"coalesce({word('t.statecode', TICKET_STATES)},"
            f" {{case when lower(t.statuscode) in {WAITING} then 'pending' end,}} {OPEN})",
            "product_id": known("product", "t.productid", "productid"),
            "owner_id": owner(),
        },
        assumes={
            "closed_at": "the resolution's end; the last change of a closed case where resolutions are not exported"
        },
    ),
    activity("phonecall", "'phone'", done="('1', 'completed')", direction=SENT, left_out=UNDONE),
    activity("email", "'mail'", done="('1', 'completed')", direction=SENT, left_out=UNDONE),
    activity("appointment", "'visit'", done="('1', 'completed')", left_out=UNDONE),
    activity(
        "activitypointer",
        f"coalesce({word('t.activitytypecode', ACTIVITIES)}, 'note')",
        done="('1', 'completed')",
        where=" and coalesce(lower(t.activitytypecode), '') not in ('task', '4212', 'campaignresponse', '4401',"
        " 'incidentresolution', '4206', 'opportunityclose', '4208', 'orderclose', '4209')"
        + "".join(
            f" {{and not exists (select 1 from {table} d where d.activityid = t.activityid)}}"
            for table in ("phonecall", "email", "appointment")
        ),
        left_out="tasks, closings, open and cancelled activities, and those that their own tables bring",
    ),
)

MAPPINGS: tuple[Mapping, ...] = (*PARTIES, *PRODUCTS, *DEALS, *SALES, *SERVICE)
DYNAMICS = Vendor(name="dynamics", title="Dynamics 365", exports=EXPORTS, mappings=MAPPINGS)


def read(path: Path, *, partial: bool = False) -> Reading:
    """What an export of Dynamics 365 holds."""
    return read_export(path, DYNAMICS, partial=partial)


__all__ = ["DYNAMICS", "EXPORTS", "MAPPINGS", "guid", "read"]
