"""HubSpot from its exports (from the screens, or by its API): where each unified table comes from.

docs/sources/hubspot.md says the same in words. The columns are known by their internal names and by the labels that
the export of a screen writes. What belongs together stands in columns of associated ids, the first of which counts.
"""

from pathlib import Path

import polars as pl

from analytics.tables import parsing
from data_access.exports import (
    COUNTRY,
    FLAG,
    KEY,
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
from data_access.mapping import Mapping, Reading


def moment(text: pl.Expr) -> pl.Expr:
    """An instant as ISO 8601, or as milliseconds since 1970, which older exports write."""
    plain = text.str.strip_chars()
    counted = pl.when(plain.str.contains(r"^[0-9]{12,13}$")).then(plain).cast(pl.Int64, strict=False)
    return pl.coalesce(
        counted.cast(pl.Datetime("ms")).cast(pl.Datetime("us")),
        parsing.instant_from(plain).dt.replace_time_zone(None),
    )


def first_id(text: pl.Expr) -> pl.Expr:
    """The first of several associated ids, which is the primary one."""
    return parsing.key_from(text.str.split(";").list.first())


MOMENT, FIRST = Kind(moment, "not_an_instant"), Kind(first_id)
COMPANY = {"company_id": FIRST}
CONTACT = {"contact_id": FIRST}
DEAL = {"deal_id": FIRST}
TICKET = {"ticket_id": FIRST}
OWNED = {"hubspot_owner_id": TEXT}
CREATED = {"createdate": MOMENT, "archived": FLAG}
LABELS: dict[str, tuple[str, ...]] = {
    "hs_object_id": ("Record ID", "id", "Company ID", "Contact ID", "Deal ID", "Ticket ID", "Product ID"),
    "createdate": ("Create Date", "Create date", "hs_createdate", "createdAt", "Created at"),
    "name": ("Company name", "Name"),
    "domain": ("Company Domain Name",),
    "phone": ("Phone Number",),
    "country": ("Country/Region", "Country"),
    "hs_parent_company_id": ("Parent Company ID", "Parent Company"),
    "firstname": ("First Name", "firstName"),
    "lastname": ("Last Name", "lastName"),
    "jobtitle": ("Job Title",),
    "hs_email_optout": ("Unsubscribed from all email",),
    "company_id": (
        "Associated Company IDs (Primary)",
        "Primary Associated Company ID",
        "Associated Company IDs",
        "Associated Company ID",
        "associatedcompanyid",
        "associations.company",
        "associations.companies",
        "hs_primary_associated_company",
    ),
    "contact_id": ("Associated Contact IDs", "Associated Contact ID", "associations.contact", "associations.contacts"),
    "deal_id": ("Associated Deal IDs", "Associated Deal ID", "associations.deal", "associations.deals"),
    "ticket_id": ("Associated Ticket IDs", "Associated Ticket ID", "associations.ticket", "associations.tickets"),
    "dealname": ("Deal Name",),
    "dealstage": ("Deal Stage",),
    "closedate": ("Close Date",),
    "hs_is_closed_won": ("Is Closed Won", "Is closed won"),
    "hs_is_closed": ("Is Deal Closed?", "Is Closed"),
    "hs_deal_stage_probability": ("Deal probability", "Deal Probability"),
    "deal_currency_code": ("Currency", "Deal Currency"),
    "closed_lost_reason": ("Closed Lost Reason",),
    "subject": ("Ticket name", "Ticket Name"),
    "content": ("Ticket description", "Ticket Description"),
    "hs_pipeline_stage": ("Ticket status", "Ticket Status"),
    "hs_ticket_priority": ("Priority",),
    "source_type": ("Source",),
    "closed_date": ("Close date", "Close Date"),
    "first_agent_reply_date": ("First agent email response date", "First agent response date"),
    "hs_sku": ("SKU",),
    "price": ("Unit price", "Unit Price"),
    "hs_cost_of_goods_sold": ("Unit cost", "Unit Cost"),
    "hs_product_type": ("Product type", "Product Type"),
    "hs_product_id": ("Product ID",),
    "hs_line_item_currency_code": ("Currency",),
    "amount": ("Amount", "Net price"),
    "hs_timestamp": ("Activity date", "Activity Date", "Meeting start time"),
    "hs_call_direction": ("Call direction",),
    "hs_email_direction": ("Email direction",),
    "hubspot_owner_id": (
        "Owner",
        "Company owner",
        "Contact owner",
        "Deal owner",
        "Ticket owner",
        "Activity assigned to",
    ),
}


def _export(name: str, *kinds: dict[str, Kind], files: tuple[str, ...] = ()) -> Export:
    held: dict[str, Kind] = {"hs_object_id": KEY}
    for more in kinds:
        held |= more
    taken = {label for column in held if column != "hs_object_id" for label in LABELS.get(column, ())}
    said = {column: LABELS[column] for column in held if column in LABELS and column != "hs_object_id"}
    said["hs_object_id"] = tuple(label for label in LABELS["hs_object_id"] if label not in taken)
    return Export(name=name, columns=held, needs=("hs_object_id",), headings=said, files=files)


def _activity(name: str, *kinds: dict[str, Kind]) -> Export:
    return _export(name, COMPANY, CONTACT, DEAL, TICKET, OWNED, {"hs_timestamp": MOMENT}, CREATED, *kinds)


EXPORTS = (
    _export("owners", named(TEXT, "email firstname lastname"), {"archived": FLAG}),
    _export(
        "companies",
        named(TEXT, "name domain phone city industry"),
        {"country": COUNTRY, "hs_parent_company_id": KEY},
        OWNED,
        CREATED,
        files=("company",),
    ),
    _export(
        "contacts",
        named(TEXT, "firstname lastname email phone jobtitle"),
        {"country": COUNTRY, "hs_email_optout": FLAG},
        COMPANY,
        CREATED,
        files=("contact",),
    ),
    _export(
        "deals",
        named(TEXT, "dealname closed_lost_reason"),
        named(WORD, "dealstage deal_currency_code"),
        named(FLAG, "hs_is_closed_won hs_is_closed"),
        named(NUMBER, "amount hs_deal_stage_probability"),
        {"closedate": MOMENT},
        COMPANY,
        OWNED,
        CREATED,
        files=("deal",),
    ),
    _export("deal_stages", {"label": TEXT, "display_order": NUMBER, "hs_is_closed_won": FLAG, "hs_is_closed": FLAG}),
    _export(
        "tickets",
        named(TEXT, "subject content"),
        named(WORD, "hs_pipeline_stage hs_ticket_priority source_type"),
        named(MOMENT, "closed_date first_agent_reply_date"),
        COMPANY,
        CONTACT,
        OWNED,
        CREATED,
        files=("ticket",),
    ),
    _export(
        "products",
        named(TEXT, "name hs_sku"),
        named(WORD, "hs_product_type"),
        named(NUMBER, "price hs_cost_of_goods_sold"),
        CREATED,
        files=("product",),
    ),
    _export(
        "line_items",
        {"hs_product_id": KEY, "hs_line_item_currency_code": WORD, "archived": FLAG},
        named(NUMBER, "quantity amount"),
        DEAL,
        files=("line_item",),
    ),
    _export(
        "campaigns",
        named(TEXT, "hs_name hs_campaign_status"),
        named(MOMENT, "hs_start_date hs_end_date"),
        named(NUMBER, "hs_budget_items_sum_amount hs_spend_items_sum_amount"),
        {"hs_currency_code": WORD, "archived": FLAG},
        files=("campaign",),
    ),
    _activity("calls", named(TEXT, "hs_call_title hs_call_body"), named(WORD, "hs_call_direction")),
    _activity("emails", named(TEXT, "hs_email_subject hs_email_text"), named(WORD, "hs_email_direction")),
    _activity("meetings", named(TEXT, "hs_meeting_title hs_meeting_body")),
    _activity("notes", named(TEXT, "hs_note_body")),
    _activity("communications", named(TEXT, "hs_communication_body"), named(WORD, "hs_communication_channel_type")),
    _activity("engagements", named(WORD, "hs_engagement_type"), named(TEXT, "hs_body_preview")),
    _export(
        "feedback_submissions",
        named(NUMBER, "hs_value"),
        named(TEXT, "hs_content"),
        named(WORD, "hs_survey_type"),
        {"hs_submission_timestamp": MOMENT},
        COMPANY,
        CONTACT,
        TICKET,
    ),
)

CHANNELS = {
    "call": "phone",
    "phone": "phone",
    "email": "mail",
    "incoming_email": "mail",
    "forwarded_email": "mail",
    "chat": "chat",
    "live chat": "chat",
    "facebook": "social",
    "fb_messenger": "social",
    "social": "social",
    "linkedin_message": "social",
    "whats_app": "chat",
    "whatsapp": "chat",
    "sms": "sms",
    "form": "web",
    "meeting": "visit",
    "note": "note",
}
DIRECTIONS = {
    "inbound": "in",
    "outbound": "out",
    "email": "out",
    "forwarded_email": "out",
    "incoming_email": "in",
}
PRIORITIES = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent"}
KINDS = {"inventory": "storable", "non_inventory": "consumable", "non-inventory": "consumable", "service": "service"}
SCALES = {"nps": "0", "csat": "1", "ces": "1"}
ENDS = {"nps": "10", "csat": "5", "ces": "7"}
OTHER, DELIVERED = "'other'", "'consumable'"
LIVING = "{t.archived is not true and} true"
ARCHIVED = "archived records"
STAGE = "o.hs_object_id = t.dealstage"
WON = f"""coalesce({{t.hs_is_closed_won,}} {of("deal_stages", "hs_is_closed_won::int", STAGE)} = 1,
    lower(t.dealstage) in ('closedwon', 'closed won'), false)"""
CLOSED = f"""({WON} or coalesce({{t.hs_is_closed,}} {of("deal_stages", "hs_is_closed::int", STAGE)} = 1,
    lower(t.dealstage) in ('closedlost', 'closed lost'), false))"""
DECIDED = f"case when {CLOSED} then t.closedate end"


def owner() -> str:
    """The owner of a record, who is named by id in the API and by name or address on screens."""
    called = "lower(concat_ws(' ', o.firstname, o.lastname)) = lower(t.hubspot_owner_id)"
    return of(
        "owners",
        "hs_object_id",
        f"(o.hs_object_id = t.hubspot_owner_id or lower(o.email) = lower(t.hubspot_owner_id) or {called})",
    )


def client(*, of_activity: bool = False) -> str:
    """The company that a record belongs to: its own, else that of its contact, deal or ticket."""
    parts = [
        known("companies", "t.company_id", "hs_object_id"),
        of("contacts", "company_id", "o.hs_object_id = t.contact_id"),
        of("deals", "company_id", "o.hs_object_id = t.deal_id") if of_activity else "null",
        of("tickets", "company_id", "o.hs_object_id = t.ticket_id") if of_activity else "null",
    ]
    return f"coalesce({', '.join(parts)})"


ABOUT = {
    "customer_id": client(of_activity=True),
    "contact_id": known("contacts", "t.contact_id", "hs_object_id"),
    "opportunity_id": known("deals", "t.deal_id", "hs_object_id"),
    "ticket_id": known("tickets", "t.ticket_id", "hs_object_id"),
    "employee_id": owner(),
}


def activity(
    table: str, *, subject: str, body: str, channel: str, direction: str = "", where: str = "", left_out: str = ""
) -> Mapping:
    """What one of HubSpot's tables of activities says: keys are unique in all of them together."""
    return mapping(
        "interactions",
        table,
        plain={"interaction_id": "hs_object_id", "occurred_at": "hs_timestamp"},
        reads=ABOUT
        | {"subject": subject, "body": body, "channel": channel, "direction": f"{{{direction}}}" if direction else ""},
        where=f"{LIVING}{where}",
        left_out=left_out or ARCHIVED,
    )


PARTIES = (
    mapping(
        "employees",
        "owners",
        plain={"employee_id": "hs_object_id", "email": "email"},
        reads={
            "name": "coalesce(nullif(concat_ws(' ', {t.firstname,} {t.lastname,} null), ''), t.email)",
            "is_active": "not coalesce({t.archived,} false)",
        },
    ),
    mapping(
        "customers",
        "companies",
        plain={
            "customer_id": "hs_object_id",
            "phone": "phone",
            "city": "city",
            "industry": "industry",
        },
        reads={
            "name": "coalesce({t.name,} {t.domain,} null)",
            "segment": "{t.industry}",
            "country": f"{{{country('t.country')}}}",
            "region": "{t.country}",
            "parent_customer_id": known("companies", "t.hs_parent_company_id", "hs_object_id"),
            "owner_id": owner(),
            "created_on": "{t.createdate::date}",
            "is_company": "true",
            "is_active": "not coalesce({t.archived,} false)",
        },
        assumes={"name": "the domain, where a company has no name"},
    ),
    mapping(
        "contacts",
        "contacts",
        plain={"contact_id": "hs_object_id", "email": "email", "phone": "phone", "role": "jobtitle"},
        reads={
            "name": "nullif(concat_ws(' ', {t.firstname,} {t.lastname,} null), '')",
            "customer_id": "{t.company_id}",
            "country": f"{{{country('t.country')}}}",
            "is_active": "not coalesce({t.archived,} false)",
        },
    ),
    mapping(
        "consents",
        "contacts",
        plain={"email": "email"},
        reads={
            "consent_id": "'contact/' || t.hs_object_id",
            "contact_id": "t.hs_object_id",
            "customer_id": "{t.company_id}",
            "purpose": "'marketing'",
            "is_granted": "false",
            "channel": "'mail'",
        },
        where=f"t.hs_email_optout and {LIVING}",
        left_out="contacts who did not unsubscribe",
    ),
)

PRODUCTS = (
    mapping(
        "product_categories",
        "products",
        plain={"category_id": "hs_product_type"},
        reads={"name": "t.hs_product_type", "path": "t.hs_product_type"},
        where="t.hs_product_type is not null",
        left_out="products without a type",
        derived=True,
    ),
    mapping(
        "products",
        "products",
        plain={
            "product_id": "hs_object_id",
            "name": "name",
            "cost": "hs_cost_of_goods_sold",
            "list_price": "price",
            "category_id": "hs_product_type",
        },
        reads={
            "sku": "{t.hs_sku}",
            "kind": f"coalesce({{{word('t.hs_product_type', KINDS)},}} {DELIVERED})",
            "is_sold": "true",
            "created_on": "{t.createdate::date}",
            "is_active": "not coalesce({t.archived,} false)",
        },
        assumes={"kind": "by the product's type; a product without one is delivered and not counted"},
    ),
)

DEALS = (
    mapping(
        "campaigns",
        "campaigns",
        plain={
            "campaign_id": "hs_object_id",
            "name": "hs_name",
            "status": "hs_campaign_status",
            "budget": "hs_budget_items_sum_amount",
            "cost": "hs_spend_items_sum_amount",
        },
        reads={
            "starts_on": "{t.hs_start_date::date}",
            "ends_on": "{t.hs_end_date::date}",
            "currency": "{t.hs_currency_code}",
            "is_active": "not coalesce({t.archived,} false)",
        },
    ),
    mapping(
        "opportunities",
        "deals",
        plain={
            "opportunity_id": "hs_object_id",
            "name": "dealname",
            "expected_amount": "amount",
            "probability": "hs_deal_stage_probability",
            "lost_reason": "closed_lost_reason",
        },
        reads={
            "customer_id": "{t.company_id}",
            "status": f"case when {WON} then 'won' when {CLOSED} then 'lost' else 'open' end",
            "stage": f"coalesce({of('deal_stages', 'label', STAGE)}, t.dealstage)",
            "stage_order": f"{of('deal_stages', 'display_order', STAGE)}::bigint",
            "currency": "{t.deal_currency_code}",
            "created_at": f"least(t.createdate, {DECIDED})",
            "closed_at": DECIDED,
            "expected_close_on": "t.closedate::date",
            "owner_id": owner(),
        },
        where=LIVING,
        left_out=ARCHIVED,
        assumes={
            "closed_at": "the close date, which is the expected one while a deal is open",
            "created_at": "never after the close: deals are entered after the fact",
        },
    ),
    mapping(
        "opportunity_lines",
        "line_items",
        plain={
            "opportunity_line_id": "hs_object_id",
            "opportunity_id": "deal_id",
            "quantity": "quantity",
            "amount_untaxed": "amount",
        },
        reads={
            "product_id": known("products", "t.hs_product_id", "hs_object_id"),
            "currency": "{t.hs_line_item_currency_code}",
        },
        where=f"{LIVING} and t.deal_id is not null"
        " {and not exists (select 1 from deals d where d.hs_object_id = t.deal_id and d.archived)}",
        left_out="archived records, and line items of quotes and other records than deals",
    ),
)

SERVICE = (
    mapping(
        "tickets",
        "tickets",
        plain={"ticket_id": "hs_object_id", "subject": "subject", "body": "content", "opened_at": "createdate"},
        reads={
            "number": "t.hs_object_id",
            "customer_id": "coalesce({t.company_id,}"
            f" {of('contacts', 'company_id', 'o.hs_object_id = t.contact_id')})",
            "first_response_at": "{t.first_agent_reply_date}",
            "closed_at": "{t.closed_date}",
            "channel": f"{{case when t.source_type is not null then {word('t.source_type', CHANNELS, otherwise=OTHER)}"
            " end}",
            "priority": f"{{{word('t.hs_ticket_priority', PRIORITIES)}}}",
            "status": "case {when t.closed_date is not null then 'closed'}"
            " when lower(t.hs_pipeline_stage) in ('4', 'closed') then 'closed'"
            " when lower(t.hs_pipeline_stage) in ('2', 'waiting on contact') then 'pending' else 'open' end",
            "owner_id": owner(),
        },
        where=LIVING,
        left_out=ARCHIVED,
        assumes={"status": "closed with a date of closing, or at the last stage of HubSpot's own pipeline"},
    ),
    activity(
        "calls",
        subject="{t.hs_call_title}",
        body="{t.hs_call_body}",
        channel="'phone'",
        direction=word("t.hs_call_direction", DIRECTIONS),
    ),
    activity(
        "emails",
        subject="{t.hs_email_subject}",
        body="{t.hs_email_text}",
        channel="'mail'",
        direction=word("t.hs_email_direction", DIRECTIONS),
    ),
    activity(
        "meetings",
        subject="{t.hs_meeting_title}",
        body="{t.hs_meeting_body}",
        channel="'visit'",
        where=" and t.hs_timestamp < current_date + 1",
        left_out="meetings still to come, and archived records",
    ),
    activity("notes", subject="", body="{t.hs_note_body}", channel="'note'"),
    activity(
        "communications",
        subject="",
        body="{t.hs_communication_body}",
        channel=f"coalesce({{{word('t.hs_communication_channel_type', CHANNELS)},}} {OTHER})",
    ),
    activity(
        "engagements",
        subject="",
        body="{t.hs_body_preview}",
        channel=f"coalesce({word('t.hs_engagement_type', CHANNELS)}, {OTHER})",
        direction=word("t.hs_engagement_type", {"incoming_email": "in", "forwarded_email": "out"}),
        where=" and coalesce(lower(t.hs_engagement_type), '') <> 'task'"
        + "".join(
            f" {{and not exists (select 1 from {table} d where d.hs_object_id = t.hs_object_id)}}"
            for table in ("calls", "emails", "meetings", "notes", "communications")
        ),
        left_out="tasks, archived records, and activities that their own tables bring",
    ),
    mapping(
        "feedback",
        "feedback_submissions",
        plain={
            "feedback_id": "hs_object_id",
            "score": "hs_value",
            "given_at": "hs_submission_timestamp",
            "text": "hs_content",
        },
        reads={
            "kind": "'survey'",
            "customer_id": client(),
            "ticket_id": known("tickets", "t.ticket_id", "hs_object_id"),
            "lowest_score": f"{{{word('t.hs_survey_type', SCALES)}}}",
            "highest_score": f"{{{word('t.hs_survey_type', ENDS)}}}",
        },
        assumes={"highest_score": "NPS goes from 0 to 10, CSAT from 1 to 5, CES from 1 to 7"},
    ),
)

MAPPINGS: tuple[Mapping, ...] = (*PARTIES, *PRODUCTS, *DEALS, *SERVICE)
HUBSPOT = Vendor(
    name="hubspot",
    title="HubSpot",
    exports=EXPORTS,
    mappings=MAPPINGS,
    prefix="hubspot_crm_exports_(?:all_)?",
)


def read(path: Path, *, partial: bool = False) -> Reading:
    """What an export of HubSpot holds."""
    return read_export(path, HUBSPOT, partial=partial)


__all__ = ["EXPORTS", "HUBSPOT", "MAPPINGS", "first_id", "moment", "read"]
