"""The sample company's market as HubSpot exports it: one CSV for each kind of record, named by internal names.

Records count by number within their kind; activities of all kinds count together.
"""

import polars as pl

from sample_data.clothes.tailor import COUNTRIES, Keys, Outfit, Tables, iso, numbered, people, shared, users

HELD = (
    "employees",
    "customers",
    "contacts",
    "consents",
    "product_categories",
    "products",
    "campaigns",
    "opportunities",
    "opportunity_lines",
    "tickets",
    "interactions",
    "feedback",
)
LIMITS = {f"{table}.company_id": "a portal does not know companies of the firm" for table in HELD[:4] + HELD[6:]} | {
    "employees rows": "only who works in the portal is an owner",
    "employees.department_id": "owners have teams, which are not read",
    "employees.job": "owners have no job",
    "employees.manager_id": "owners have no manager",
    "employees.hourly_cost": "owners have no cost",
    "employees.currency": "owners have no cost",
    "customers.number": "a company is known by its id",
    "customers.email": "a company has a domain, its contacts have addresses",
    "customers.region": "the country",
    "customers.segment": "the industry",
    "customers.tax_number": "a company has none",
    "contacts rows": "suppliers are in the ERP",
    "contacts.supplier_id": "suppliers are in the ERP",
    "consents rows": "only who unsubscribed is known",
    "consents.decided_at": "when somebody unsubscribed is not exported",
    "consents.email": "the contact's address",
    "consents.channel": "what is unsubscribed is e-mail",
    "product_categories rows": "products have a type",
    "product_categories.parent_category_id": "types have no parents",
    "products rows": "the library holds what is sold",
    "products.barcode": "a product has none",
    "products.name_zh": "a product has one name",
    "products.product_group_id": "a product has no variants",
    "products.category_id": "the product's type",
    "products.kind": "a set is a product like others",
    "products.unit": "quantities have no unit",
    "products.currency": "a price is in the portal's currency, which is not exported",
    "products.is_purchased": "what is bought is in the ERP",
    "products.weight": "a product has none",
    "products.volume": "a product has none",
    "campaigns.channel": "a campaign has assets on several channels",
    "opportunities.team": "teams are not exported with deals",
    "opportunities.origin": "where the contact came from, not the deal",
    "opportunities.country": "that of the company",
    "tickets.number": "a ticket is known by its id",
    "tickets.product_id": "a ticket is about no product",
    "tickets.sales_order_id": "orders are in the ERP",
    "interactions.sales_order_id": "orders are in the ERP",
    "interactions.direction": "only calls and e-mails have one",
    "interactions.subject": "messages have none",
    "interactions.language": "texts have none",
    "feedback rows": "only answers to surveys",
    "feedback.product_id": "an answer is about no product",
    "feedback.sales_order_id": "orders are in the ERP",
    "feedback.channel": "an answer does not say how it came",
    "leads": "the leads of sales workspaces are not exported: enquiries are contacts",
    "opportunity_stage_changes": "the history of properties is not exported",
    "campaign_members": "members are lists, which are not exported with their campaign",
    "campaign_responses": "marketing e-mail events are not exported",
}
TYPES = {"storable": "inventory", "kit": "inventory", "service": "service"}
SOURCES = {"phone": "PHONE", "mail": "EMAIL", "web": "FORM", "chat": "CHAT"}
STAGES = {"open": "1", "pending": "2", "closed": "4"}
SURVEYS = {"10.000000": "NPS", "5.000000": "CSAT", "7.000000": "CES"}
MESSAGES = {"chat": "WHATS_APP", "social": "LINKEDIN_MESSAGE", "sms": "SMS"}
NUMBERED = (
    ("employees", "employee_id", 70_000),
    ("customers", "customer_id", 9_000_000),
    ("contacts", "contact_id", 50_000),
    ("products", "product_id", 400_000),
    ("campaigns", "campaign_id", 300),
    ("opportunities", "opportunity_id", 20_000_000),
    ("opportunity_lines", "opportunity_line_id", 60_000_000),
    ("tickets", "ticket_id", 800_000),
    ("interactions", "interaction_id", 30_000_000),
    ("feedback", "feedback_id", 1_000),
)


def dressed(tables: Tables) -> Outfit:
    """The firm's market in HubSpot."""
    held = {name: shared(rows) for name, rows in (_parties_held(tables) | _market_held(tables)).items()}
    keys = _keys(held)
    files = {name: rows for part in (_parties, _products, _deals, _service) for name, rows in part(held, keys).items()}
    return Outfit(files=files, held=held, keys=keys, limits=LIMITS)


def _parties_held(tables: Tables) -> dict[str, pl.DataFrame]:
    contacts = tables["contacts"].filter(pl.col("customer_id").is_not_null()).drop("supplier_id")
    address = contacts.select("contact_id", "email")
    refused = tables["consents"].filter(~pl.col("is_granted")).drop("decided_at")
    customers = tables["customers"].drop("number", "email", "tax_number")
    return {
        "employees": users(tables).select("company_id", "employee_id", "name", "email", "is_active"),
        "customers": customers.with_columns(region="country", segment="industry"),
        "contacts": contacts,
        "consents": refused.join(address, on="contact_id", how="inner", validate="m:1").with_columns(
            channel=pl.lit("mail")
        ),
    }


def _market_held(tables: Tables) -> dict[str, pl.DataFrame]:
    away = ("barcode", "name_zh", "product_group_id", "unit", "currency", "is_purchased", "weight", "volume")
    sold = tables["products"].filter("is_sold").drop(away)
    products = sold.with_columns(
        kind=pl.col("kind").replace({"kit": "storable"}), category_id=pl.col("kind").replace_strict(TYPES)
    )
    types = products.unique("category_id").select("company_id", "category_id", name="category_id", path="category_id")
    return {
        "product_categories": types,
        "products": products,
        "campaigns": tables["campaigns"].drop("channel"),
        "opportunities": tables["opportunities"].drop("team", "origin", "country"),
        "opportunity_lines": tables["opportunity_lines"],
        **_service_held(tables),
    }


def _service_held(tables: Tables) -> dict[str, pl.DataFrame]:
    is_message = pl.col("channel").is_in(list(MESSAGES))
    surveys = tables["feedback"].filter(pl.col("kind") == "survey").drop("product_id", "sales_order_id", "channel")
    return {
        "tickets": tables["tickets"]
        .drop("product_id", "sales_order_id")
        .with_columns(number=numbered(800_000).cast(pl.String)),
        "interactions": tables["interactions"]
        .drop("sales_order_id", "language")
        .with_columns(
            direction=pl.when(pl.col("channel").is_in(["phone", "mail"])).then("direction"),
            subject=pl.when(~is_message).then("subject"),
        ),
        "feedback": surveys,
    }


def _keys(held: Tables) -> Keys:
    keys = Keys()
    for table, key, first in NUMBERED:
        keys.give(table, held[table], key, numbered(first))
    keys.give("product_categories", held["product_categories"], "category_id", pl.col("category_id"))
    keys.give(
        "consents", held["consents"], "consent_id", pl.concat_str(pl.lit("contact/"), keys.of("contacts", "contact_id"))
    )
    return keys


def _record(keys: Keys, table: str, key: str) -> pl.Expr:
    return keys.of(table, key).alias("hs_object_id")


def _of(keys: Keys) -> dict[str, pl.Expr]:
    """What a record belongs to."""
    return {"company_id": keys.of("customers", "customer_id"), "contact_id": keys.of("contacts", "contact_id")}


def _owner(keys: Keys, column: str = "owner_id") -> pl.Expr:
    return keys.of("employees", column).alias("hubspot_owner_id")


def _parties(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    country = pl.col("country").replace_strict(COUNTRIES)
    opted_out = pl.col("contact_id").is_in(held["consents"]["contact_id"].implode())
    archived = (~pl.col("is_active")).alias("archived")
    return {
        "owners": held["employees"].select(
            _record(keys, "employees", "employee_id"), "email", *people("name"), archived
        ),
        "companies": held["customers"].select(
            _record(keys, "customers", "customer_id"),
            "name",
            "phone",
            "city",
            "industry",
            _owner(keys),
            archived,
            country=country,
            createdate=pl.col("created_on").cast(pl.String),
        ),
        "contacts": held["contacts"].select(
            _record(keys, "contacts", "contact_id"),
            *people("name"),
            "email",
            archived,
            jobtitle="role",
            country=country,
            company_id=keys.of("customers", "customer_id"),
            hs_email_optout=opted_out,
        ),
    }


def _products(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    products = held["products"].select(
        _record(keys, "products", "product_id"),
        "name",
        hs_sku="sku",
        hs_product_type="category_id",
        price="list_price",
        hs_cost_of_goods_sold="cost",
        createdate=pl.col("created_on").cast(pl.String),
        archived=~pl.col("is_active"),
    )
    lines = held["opportunity_lines"].select(
        _record(keys, "opportunity_lines", "opportunity_line_id"),
        "quantity",
        hs_product_id=keys.of("products", "product_id"),
        amount="amount_untaxed",
        hs_line_item_currency_code="currency",
        deal_id=keys.of("opportunities", "opportunity_id"),
    )
    return {"products": products, "line_items": lines}


def _deals(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    deals = held["opportunities"]
    stage = pl.col("stage").str.to_lowercase().str.replace_all(r"\W+", "")
    stages = deals.unique("stage", maintain_order=True).select(
        hs_object_id=stage,
        label="stage",
        display_order="stage_order",
        hs_is_closed_won=pl.col("status") == "won",
        hs_is_closed=pl.col("status") != "open",
    )
    campaigns = held["campaigns"].select(
        _record(keys, "campaigns", "campaign_id"),
        hs_name="name",
        hs_campaign_status="status",
        hs_start_date="starts_on",
        hs_end_date="ends_on",
        hs_budget_items_sum_amount="budget",
        hs_spend_items_sum_amount="cost",
        hs_currency_code="currency",
    )
    return {"deals": _deal_rows(deals, keys, stage), "deal_stages": stages, "campaigns": campaigns}


def _deal_rows(deals: pl.DataFrame, keys: Keys, stage: pl.Expr) -> pl.DataFrame:
    expected = pl.col("expected_close_on").cast(pl.Datetime("us", "UTC"))
    return deals.select(
        _record(keys, "opportunities", "opportunity_id"),
        _owner(keys),
        amount="expected_amount",
        dealname="name",
        dealstage=stage,
        deal_currency_code="currency",
        hs_deal_stage_probability="probability",
        createdate=iso("created_at"),
        closedate=pl.coalesce(iso("closed_at"), expected.dt.strftime("%Y-%m-%dT%H:%M:%SZ")),
        closed_lost_reason="lost_reason",
        company_id=keys.of("customers", "customer_id"),
    )


def _service(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    tickets = held["tickets"].select(
        _record(keys, "tickets", "ticket_id"),
        "subject",
        _owner(keys),
        content="body",
        hs_pipeline_stage=pl.col("status").replace_strict(STAGES),
        hs_ticket_priority=pl.col("priority").replace({"normal": "medium"}).str.to_uppercase(),
        source_type=pl.col("channel").replace_strict(SOURCES),
        createdate=iso("opened_at"),
        closed_date=iso("closed_at"),
        first_agent_reply_date=iso("first_response_at"),
        company_id=keys.of("customers", "customer_id"),
    )
    answers = held["feedback"].select(
        _record(keys, "feedback", "feedback_id"),
        hs_value="score",
        hs_content="text",
        hs_survey_type=pl.col("highest_score").cast(pl.String).replace_strict(SURVEYS),
        hs_submission_timestamp=iso("given_at"),
        company_id=keys.of("customers", "customer_id"),
        ticket_id=keys.of("tickets", "ticket_id"),
    )
    return {"tickets": tickets, "feedback_submissions": answers, **_activities(held["interactions"], keys)}


def _activities(interactions: pl.DataFrame, keys: Keys) -> dict[str, pl.DataFrame]:
    about = {
        "hs_timestamp": iso("occurred_at"),
        "hubspot_owner_id": _owner(keys, "employee_id"),
        "deal_id": keys.of("opportunities", "opportunity_id"),
        "ticket_id": keys.of("tickets", "ticket_id"),
    } | _of(keys)
    towards = pl.col("direction").replace({"in": "INBOUND", "out": "OUTBOUND"})
    kinds: dict[str, dict[str, str | pl.Expr]] = {
        "calls": {"hs_call_title": "subject", "hs_call_body": "body", "hs_call_direction": towards},
        "emails": {
            "hs_email_subject": "subject",
            "hs_email_text": "body",
            "hs_email_direction": pl.col("direction").replace({"in": "INCOMING_EMAIL", "out": "EMAIL"}),
        },
        "meetings": {"hs_meeting_title": "subject", "hs_meeting_body": "body"},
        "communications": {
            "hs_communication_body": "body",
            "hs_communication_channel_type": pl.col("channel").replace(MESSAGES),
        },
    }
    table = pl.col("channel").replace_strict(
        {"phone": "calls", "mail": "emails", "visit": "meetings"}, default="communications"
    )
    number = _record(keys, "interactions", "interaction_id")
    return {
        name: interactions.filter(table == name).select(number, **about, **columns) for name, columns in kinds.items()
    }
