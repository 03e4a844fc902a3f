"""Salesforce from its exports (Bulk API, Data Loader, Data Export): where each unified table comes from.

docs/sources/salesforce.md says the same in words. A record's id is its key; whatever lies in the recycle bin is left
out, except customers, contacts, products and campaigns, which stay as inactive because others refer to them.
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

CHECKED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
NO_ID = "000000000000000AAA"


def full_id(text: pl.Expr) -> pl.Expr:
    """An id in its 18 characters: reports show 15, whose last three only say which of the letters are capitals.

    000000000000000AAA stands for no record.
    """
    key = parsing.key_from(text)
    full = pl.when(key.str.len_chars() == 15).then(pl.concat_str(key, *(_check(key, at) for at in (0, 5, 10))))
    whole = full.otherwise(key)
    return pl.when(whole != NO_ID).then(whole)


def _check(key: pl.Expr, start: int) -> pl.Expr:
    """The letter for five characters: bit by bit, whether each is a capital."""
    capitals = [key.str.slice(start + bit, 1).str.contains("[A-Z]").cast(pl.Int64) * 2**bit for bit in range(5)]
    return pl.sum_horizontal(capitals).replace_strict(range(32), list(CHECKED), return_dtype=pl.String)


ID = Kind(full_id)


def _export(name: str, *kinds: dict[str, Kind], called: str = "") -> Export:
    held = named(ID, "Id") | named(FLAG, "IsDeleted")
    for more in kinds:
        held |= more
    return Export(name=name, columns=held, needs=("id",), called=called)


EXPORTS = (
    _export(
        "Account",
        named(ID, "ParentId OwnerId"),
        named(TEXT, "Name AccountNumber Phone Industry BillingCity PersonEmail"),
        named(COUNTRY, "BillingCountry BillingCountryCode"),
        {"isdeleted": FLAG, "ispersonaccount": FLAG, "createddate": INSTANT},
    ),
    _export(
        "Contact",
        named(ID, "AccountId"),
        named(TEXT, "Name FirstName LastName Email Phone MobilePhone Title"),
        named(COUNTRY, "MailingCountry MailingCountryCode"),
        {"hasoptedoutofemail": FLAG},
    ),
    _export(
        "Lead",
        named(ID, "OwnerId ConvertedAccountId ConvertedOpportunityId"),
        named(TEXT, "Name FirstName LastName Company Email Phone MobilePhone LeadSource"),
        named(COUNTRY, "Country CountryCode"),
        {"status": WORD, "isconverted": FLAG, "hasoptedoutofemail": FLAG},
        {"createddate": INSTANT, "converteddate": DAY},
    ),
    _export(
        "Opportunity",
        named(ID, "AccountId OwnerId CampaignId"),
        named(TEXT, "Name LeadSource"),
        named(WORD, "StageName CurrencyIsoCode"),
        named(FLAG, "IsClosed IsWon"),
        named(NUMBER, "Amount Probability"),
        {"closedate": DAY, "createddate": INSTANT, "laststagechangedate": INSTANT},
    ),
    _export("OpportunityHistory", named(ID, "OpportunityId"), {"stagename": WORD, "createddate": INSTANT}),
    _export("OpportunityStage", {"masterlabel": WORD, "sortorder": NUMBER}),
    _export(
        "OpportunityLineItem",
        named(ID, "OpportunityId Product2Id"),
        named(NUMBER, "Quantity TotalPrice"),
        {"currencyisocode": WORD},
    ),
    _export(
        "Campaign",
        {"name": TEXT, "type": WORD, "status": WORD, "currencyisocode": WORD, "isactive": FLAG},
        {"startdate": DAY, "enddate": DAY, "budgetedcost": NUMBER, "actualcost": NUMBER},
    ),
    _export(
        "CampaignMember",
        named(ID, "CampaignId LeadId ContactId"),
        {"email": TEXT, "hasresponded": FLAG, "firstrespondeddate": DAY, "createddate": INSTANT},
    ),
    _export(
        "Case",
        named(ID, "AccountId ContactId OwnerId ProductId"),
        named(TEXT, "CaseNumber Subject Description"),
        named(WORD, "Status Priority Origin"),
        {"isclosed": FLAG, "createddate": INSTANT, "closeddate": INSTANT},
        called="cases",
    ),
    _export(
        "Task",
        named(ID, "WhoId WhatId AccountId OwnerId"),
        named(TEXT, "Subject Description"),
        named(WORD, "Status TaskSubtype Type CallType"),
        {"isclosed": FLAG, "activitydate": DAY, "completeddatetime": INSTANT, "createddate": INSTANT},
    ),
    _export(
        "Event",
        named(ID, "WhoId WhatId AccountId OwnerId"),
        named(TEXT, "Subject Description"),
        {"type": WORD, "ischild": FLAG, "isrecurrence": FLAG, "startdatetime": INSTANT, "activitydate": DAY},
    ),
    _export(
        "Product2",
        named(TEXT, "Name ProductCode StockKeepingUnit QuantityUnitOfMeasure"),
        {"family": WORD, "currencyisocode": WORD, "isactive": FLAG, "createddate": INSTANT},
    ),
    _export("Pricebook2", {"isstandard": FLAG}),
    _export(
        "PricebookEntry",
        named(ID, "Pricebook2Id Product2Id"),
        {"unitprice": NUMBER, "isactive": FLAG, "currencyisocode": WORD},
    ),
    _export(
        "User",
        named(ID, "ManagerId"),
        named(TEXT, "Name FirstName LastName Email Title"),
        {"department": WORD, "usertype": WORD, "isactive": FLAG},
        called="users",
    ),
)

CHANNELS = {
    "phone": "phone",
    "call": "phone",
    "telemarketing": "phone",
    "email": "mail",
    "e-mail": "mail",
    "listemail": "mail",
    "chat": "chat",
    "live chat": "chat",
    "messaging": "chat",
    "social": "social",
    "social media": "social",
    "facebook": "social",
    "twitter": "social",
    "linkedin": "social",
    "sms": "sms",
    "text message": "sms",
    "web": "web",
    "website": "web",
    "webinar": "web",
    "meeting": "visit",
    "visit": "visit",
    "conference": "visit",
    "trade show": "visit",
}
PRIORITIES = {
    "low": "low",
    "medium": "normal",
    "normal": "normal",
    "high": "high",
    "critical": "urgent",
    "urgent": "urgent",
}
OTHER = "'other'"
DIRECTIONS = {"inbound": "in", "outbound": "out", "internal": "internal"}
IN_BIN = "records in the recycle bin"
LIVING = "{t.isdeleted is not true and} true"
WON = "coalesce({t.iswon,} {t.stagename = 'Closed Won',} false)"
CLOSED = "coalesce({t.isclosed,} {t.stagename in ('Closed Won', 'Closed Lost'),} false)"
DECIDED = f"""case when {CLOSED} then coalesce({{t.laststagechangedate,}}
    case when t.closedate = t.createddate::date then t.createddate else t.closedate::timestamp end) end"""
HAPPENED_AT = "coalesce({t.completeddatetime,} {t.activitydate::timestamp,} {t.createddate,} null)"
MET_AT = "coalesce({t.startdatetime,} {t.activitydate::timestamp,} null)"
DONE = "coalesce({t.isclosed,} {t.status = 'Completed',} false)"
PERSON = "coalesce({t.name,} nullif(concat_ws(' ', {t.firstname,} {t.lastname,} null), ''))"
IS_PERSON = "{coalesce(t.usertype, 'Standard') = 'Standard' and} true"


def owner(key: str = "t.ownerid") -> str:
    """The user who owns a record; null where a queue does, a machine, or where users were not exported."""
    return of("users", "id", f"o.id = {key} and coalesce(o.usertype, 'Standard') = 'Standard'")


def channel(value: str) -> str:
    """The channel that a word of the organisation's own list names; other where it names none that we know."""
    return f"case when {value} is not null then {word(value, CHANNELS, otherwise=OTHER)} end"


def land(column: str) -> str:
    """The country of an address: its code where the organisation keeps codes, else by name."""
    return f"coalesce({{{country(f't.{column}code')},}} {{{country(f't.{column}')},}} null)"


def living_with(parent: str, key: str) -> str:
    """The condition that a record and what it hangs on are not in the recycle bin."""
    return f"{LIVING} {{and not exists (select 1 from {parent} d where d.id = {key} and d.isdeleted)}}"


def whose() -> str:
    """The customer that an activity is about: its own account, else that of its person, or of its deal or case."""
    parts = (
        known("account", "t.accountid"),
        of("contact", "accountid", "o.id = t.whoid"),
        known("account", "t.whatid"),
        of("opportunity", "accountid", "o.id = t.whatid"),
        of("cases", "accountid", "o.id = t.whatid"),
    )
    return f"coalesce({', '.join(parts)})"


ABOUT = {
    "contact_id": known("contact", "t.whoid"),
    "lead_id": known("lead", "t.whoid"),
    "opportunity_id": known("opportunity", "t.whatid"),
    "ticket_id": known("cases", "t.whatid"),
    "employee_id": owner(),
}

PARTIES = (
    mapping(
        "departments",
        "User",
        plain={"department_id": "department"},
        reads={"name": "t.department", "is_active": "true"},
        where="t.department is not null",
        left_out="users without a department",
        derived=True,
    ),
    mapping(
        "employees",
        "User",
        plain={"employee_id": "id", "email": "email", "job": "title", "department_id": "department"},
        reads={
            "name": PERSON,
            "manager_id": of("users", "id", "o.id = t.managerid and coalesce(o.usertype, 'Standard') = 'Standard'"),
            "is_active": "coalesce({t.isactive,} true)",
        },
        where=IS_PERSON,
        left_out="users that are no employees: integrations, portals, guests",
    ),
    mapping(
        "customers",
        "Account",
        plain={
            "customer_id": "id",
            "number": "accountnumber",
            "name": "name",
            "email": "personemail",
            "phone": "phone",
            "city": "billingcity",
            "industry": "industry",
        },
        reads={
            "segment": "{t.industry}",
            "country": land("billingcountry"),
            "region": "coalesce({t.billingcountrycode,} {t.billingcountry,} null)",
            "parent_customer_id": known("account", "t.parentid"),
            "owner_id": owner(),
            "created_on": "{t.createddate::date}",
            "is_company": "not coalesce({t.ispersonaccount,} false)",
            "is_active": "not coalesce({t.isdeleted,} false)",
        },
        assumes={"is_active": "an account in the recycle bin, or merged into another, is inactive"},
    ),
    mapping(
        "contacts",
        "Contact",
        plain={"contact_id": "id", "customer_id": "accountid", "email": "email", "role": "title"},
        reads={
            "name": PERSON,
            "phone": "coalesce({t.phone,} {t.mobilephone,} null)",
            "country": land("mailingcountry"),
            "is_active": "not coalesce({t.isdeleted,} false)",
        },
    ),
    mapping(
        "consents",
        "Contact",
        plain={"email": "email"},
        reads={
            "consent_id": "'contact/' || t.id",
            "contact_id": "t.id",
            "customer_id": "{t.accountid}",
            "purpose": "'marketing'",
            "is_granted": "false",
            "channel": "'mail'",
        },
        where=f"t.hasoptedoutofemail and {LIVING}",
        left_out="contacts who did not opt out of e-mail",
    ),
    mapping(
        "consents",
        "Lead",
        plain={"email": "email"},
        reads={
            "consent_id": "'lead/' || t.id",
            "purpose": "'marketing'",
            "is_granted": "false",
            "channel": "'mail'",
        },
        where=f"t.hasoptedoutofemail and {LIVING}",
        left_out="leads who did not opt out of e-mail",
    ),
)

PRODUCTS = (
    mapping(
        "product_categories",
        "Product2",
        plain={"category_id": "family"},
        reads={"name": "t.family", "path": "t.family"},
        where="t.family is not null",
        left_out="products without a family",
        derived=True,
    ),
    mapping(
        "products",
        "Product2",
        plain={"product_id": "id", "name": "name", "category_id": "family", "unit": "quantityunitofmeasure"},
        reads={
            "sku": "coalesce({t.stockkeepingunit,} {t.productcode,} null)",
            "kind": "'consumable'",
            "list_price": """coalesce(
                {(select case when min(e.unitprice) = max(e.unitprice) then min(e.unitprice) end
                  from pricebookentry e join pricebook2 b on b.id = e.pricebook2id
                  where e.product2id = t.id and b.isstandard and e.isactive),}
                {(select case when min(e.unitprice) = max(e.unitprice) then min(e.unitprice) end
                  from pricebookentry e where e.product2id = t.id and e.isactive),} null)""",
            "currency": """coalesce({t.currencyisocode,}
                {(select case when min(e.currencyisocode) = max(e.currencyisocode) then min(e.currencyisocode) end
                  from pricebookentry e where e.product2id = t.id and e.isactive),} null)""",
            "is_sold": "true",
            "created_on": "{t.createddate::date}",
            "is_active": "coalesce({t.isactive,} true) and not coalesce({t.isdeleted,} false)",
        },
        assumes={
            "kind": "consumable, delivered and not counted: Salesforce keeps no stock",
            "list_price": "the price of the standard price book; of all price books where they agree",
        },
    ),
)

DEALS = (
    mapping(
        "campaigns",
        "Campaign",
        plain={
            "campaign_id": "id",
            "name": "name",
            "status": "status",
            "starts_on": "startdate",
            "ends_on": "enddate",
            "budget": "budgetedcost",
            "cost": "actualcost",
        },
        reads={
            "channel": f"{{{channel('t.type')}}}",
            "currency": "{t.currencyisocode}",
            "is_active": "coalesce({t.isactive,} true) and not coalesce({t.isdeleted,} false)",
        },
    ),
    mapping(
        "leads",
        "Lead",
        plain={
            "lead_id": "id",
            "company_name": "company",
            "email": "email",
            "origin": "leadsource",
            "created_at": "createddate",
        },
        reads={
            "name": f"coalesce({{t.company,}} {PERSON})",
            "contact_name": PERSON,
            "phone": "coalesce({t.phone,} {t.mobilephone,} null)",
            "country": land("country"),
            "status": "case when {t.isconverted then 'converted' when} lower(t.status) = 'unqualified'"
            " or lower(t.status) like 'closed%' then 'lost' else 'open' end",
            "customer_id": known("account", "t.convertedaccountid"),
            "opportunity_id": known("opportunity", "t.convertedopportunityid"),
            "owner_id": owner(),
            "closed_at": "case when {t.isconverted and} t.converteddate is not null"
            " then greatest(t.converteddate::timestamp, t.createddate) end",
        },
        where=LIVING,
        left_out=IN_BIN,
        assumes={"status": "a lead whose status is Unqualified or begins with Closed is lost, unless converted"},
    ),
    mapping(
        "opportunities",
        "Opportunity",
        plain={
            "opportunity_id": "id",
            "name": "name",
            "customer_id": "accountid",
            "stage": "stagename",
            "expected_amount": "amount",
            "probability": Cell(column="probability", scale="0.01"),
            "expected_close_on": "closedate",
            "origin": "leadsource",
        },
        reads={
            "status": f"case when {WON} then 'won' when {CLOSED} then 'lost' else 'open' end",
            "stage_order": f"{of('opportunitystage', 'sortorder', 'o.masterlabel = t.stagename')}::bigint",
            "currency": "{t.currencyisocode}",
            "created_at": f"least(t.createddate, {DECIDED})",
            "closed_at": DECIDED,
            "owner_id": owner(),
            "campaign_id": known("campaign", "t.campaignid"),
        },
        where=LIVING,
        left_out=IN_BIN,
        assumes={
            "closed_at": "the last change of stage of a closed deal; its close date where that is not exported",
            "created_at": "never after the close: deals are entered after the fact",
        },
    ),
    mapping(
        "opportunity_lines",
        "OpportunityLineItem",
        plain={
            "opportunity_line_id": "id",
            "opportunity_id": "opportunityid",
            "quantity": "quantity",
            "amount_untaxed": "totalprice",
        },
        reads={"product_id": known("product2", "t.product2id"), "currency": "{t.currencyisocode}"},
        where=living_with("opportunity", "t.opportunityid"),
        left_out=f"{IN_BIN}, and lines of deals that are there",
    ),
    mapping(
        "opportunity_stage_changes",
        "OpportunityHistory",
        joins="""left join (
            select step.id, min(step.earlier) as earlier from (
                select h.id,
                    lag(h.stagename) over (partition by h.opportunityid order by h.createddate, h.id) as earlier
                from opportunityhistory h) step
            group by step.id) before on before.id = t.id""",
        plain={
            "opportunity_stage_change_id": "id",
            "opportunity_id": "opportunityid",
            "to_stage": "stagename",
            "changed_at": "createddate",
        },
        reads={"from_stage": "before.earlier"},
        where=f"{living_with('opportunity', 't.opportunityid')} and t.stagename is distinct from before.earlier",
        left_out="changes of anything but the stage, and the history of deals in the recycle bin",
    ),
    mapping(
        "campaign_members",
        "CampaignMember",
        plain={"campaign_member_id": "id", "campaign_id": "campaignid", "added_at": "createddate"},
        reads={
            "contact_id": known("contact", "t.contactid"),
            "lead_id": known("lead", "t.leadid"),
            "customer_id": of("contact", "accountid", "o.id = t.contactid"),
            "email": f"coalesce({{t.email,}} {of('contact', 'email', 'o.id = t.contactid')},"
            f" {of('lead', 'email', 'o.id = t.leadid')})",
        },
        where=LIVING,
        left_out=IN_BIN,
    ),
    mapping(
        "campaign_responses",
        "CampaignMember",
        plain={
            "campaign_response_id": "id",
            "campaign_id": "campaignid",
            "campaign_member_id": "id",
            "responded_at": "firstrespondeddate",
        },
        reads={"kind": "'replied'", "customer_id": of("contact", "accountid", "o.id = t.contactid")},
        where=f"t.hasresponded and {LIVING}",
        left_out="members who did not respond",
    ),
)

SERVICE = (
    mapping(
        "tickets",
        "Case",
        plain={
            "ticket_id": "id",
            "number": "casenumber",
            "subject": "subject",
            "body": "description",
            "opened_at": "createddate",
            "closed_at": "closeddate",
        },
        reads={
            "customer_id": f"coalesce({{t.accountid,}} {of('contact', 'accountid', 'o.id = t.contactid')})",
            "channel": f"{{{channel('t.origin')}}}",
            "priority": f"{{{word('t.priority', PRIORITIES)}}}",
            "status": "case when coalesce({t.isclosed,} t.closeddate is not null) then 'closed'"
            " when lower(t.status) in ('on hold', 'pending', 'waiting', 'waiting on customer') then 'pending'"
            " else 'open' end",
            "product_id": known("product2", "t.productid"),
            "owner_id": owner(),
        },
        where=LIVING,
        left_out=IN_BIN,
        assumes={"priority": "Low, Medium or Normal, High, Critical or Urgent; a priority of another name stays empty"},
    ),
    mapping(
        "interactions",
        "Task",
        plain={"interaction_id": "id", "subject": "subject", "body": "description"},
        reads=ABOUT
        | {
            "customer_id": whose(),
            "occurred_at": HAPPENED_AT,
            "channel": f"coalesce({{{word('t.tasksubtype', CHANNELS)},}} {{{word('t.type', CHANNELS)},}} 'note')",
            "direction": f"{{{word('t.calltype', DIRECTIONS)}}}",
        },
        where=f"{LIVING} and {DONE}",
        left_out=f"tasks that are still to be done, and {IN_BIN}",
        assumes={"channel": "a task that is no call and no e-mail is a note"},
    ),
    mapping(
        "interactions",
        "Event",
        plain={"interaction_id": "id", "subject": "subject", "body": "description"},
        reads=ABOUT
        | {
            "customer_id": whose(),
            "occurred_at": MET_AT,
            "channel": f"coalesce({{{word('t.type', CHANNELS)},}} 'visit')",
        },
        where=f"{LIVING} and {MET_AT} < current_date + 1"
        " {and t.ischild is not true} {and t.isrecurrence is not true}",
        left_out=f"meetings still to come, their copies for further guests, heads of series, and {IN_BIN}",
    ),
)

MAPPINGS: tuple[Mapping, ...] = (*PARTIES, *PRODUCTS, *DEALS, *SERVICE)
SALESFORCE = Vendor(name="salesforce", title="Salesforce", exports=EXPORTS, mappings=MAPPINGS)


def read(path: Path, *, partial: bool = False) -> Reading:
    """What an export of Salesforce holds."""
    return read_export(path, SALESFORCE, partial=partial)


__all__ = ["EXPORTS", "MAPPINGS", "SALESFORCE", "full_id", "read"]
