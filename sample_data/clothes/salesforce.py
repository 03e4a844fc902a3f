"""The sample company's market as Salesforce exports it (Bulk API): one CSV for each object, ids of fifteen characters.

The read ids have eighteen: the last three only say which of the letters are capitals.
"""

import polars as pl

from data_access.sources.salesforce import full_id
from sample_data.clothes.tailor import Keys, Outfit, Tables, iso, midnight, numbered, people, shared, users

HELD = (
    "employees",
    "customers",
    "contacts",
    "consents",
    "departments",
    "product_categories",
    "products",
    "campaigns",
    "campaign_members",
    "campaign_responses",
    "leads",
    "opportunities",
    "opportunity_lines",
    "opportunity_stage_changes",
    "tickets",
    "interactions",
)
SHARED_ANYWAY = ("product_categories", "products")
LIMITS = {
    f"{table}.company_id": "an organisation does not know companies of the firm"
    for table in HELD
    if table not in SHARED_ANYWAY
} | {
    "departments rows": "a department is a word that users have",
    "departments.parent_department_id": "a department is a word that users have",
    "employees rows": "only who works in the CRM is a user",
    "employees.manager_id": "only users are known",
    "employees.hourly_cost": "users have no cost",
    "employees.currency": "users have no cost",
    "customers.email": "an account of a firm has none, its contacts have",
    "customers.region": "the country",
    "customers.segment": "the industry",
    "customers.tax_number": "an account has none",
    "contacts rows": "suppliers are in the ERP",
    "contacts.supplier_id": "suppliers are in the ERP",
    "consents rows": "only who opted out is known",
    "consents.decided_at": "when somebody opted out is not exported",
    "consents.email": "the contact's address",
    "consents.channel": "what was opted out of is e-mail",
    "product_categories rows": "a family is a word that products have, and only what is sold is there",
    "product_categories.path": "families have no parents",
    "product_categories.parent_category_id": "families have no parents",
    "products rows": "only what is sold is there",
    "products.barcode": "a product has none",
    "products.name_zh": "a product has one name",
    "products.product_group_id": "a product has no variants",
    "products.kind": "stock is not kept, so nothing is counted",
    "products.cost": "costs are in the ERP",
    "products.is_purchased": "what is bought is in the ERP",
    "products.weight": "a product has none",
    "products.volume": "a product has none",
    "leads.name": "a lead is named after its firm or person",
    "leads.campaign_id": "a lead is a member of campaigns",
    "leads.score": "a lead has a rating, and no chance",
    "leads.closed_at": "a lead knows the day of its conversion, and not when it was lost",
    "opportunities.team": "a deal has an owner, and no team",
    "opportunities.country": "that of the account",
    "opportunities.lost_reason": "there is no such field unless somebody adds one",
    "campaign_members.is_control": "control groups are not members",
    "campaign_responses rows": "a member knows its first response, and nothing of mailings",
    "campaign_responses.responded_at": "the day of the first response",
    "tickets.first_response_at": "milestones are not exported",
    "tickets.sales_order_id": "orders are in the ERP",
    "interactions.sales_order_id": "orders are in the ERP",
    "interactions.direction": "only calls have one",
    "interactions.language": "texts have none",
    "feedback": "surveys are not exported",
}
NUMBERED = (
    ("employees", "employee_id", "005"),
    ("customers", "customer_id", "001"),
    ("contacts", "contact_id", "003"),
    ("products", "product_id", "01t"),
    ("campaigns", "campaign_id", "701"),
    ("campaign_members", "campaign_member_id", "00v"),
    ("leads", "lead_id", "00Q"),
    ("opportunities", "opportunity_id", "006"),
    ("opportunity_lines", "opportunity_line_id", "00k"),
    ("opportunity_stage_changes", "opportunity_stage_change_id", "008"),
    ("tickets", "ticket_id", "500"),
    ("interactions", "interaction_id", "00T"),
)
TYPES = {"mail": "Email", "phone": "Telemarketing", "visit": "Trade Show", "web": "Webinar", "chat": "Messaging"}
TYPES |= {"social": "Social Media", "sms": "Text Message", "other": "Other"}
ORIGINS = {"mail": "Email", "phone": "Phone", "web": "Web", "chat": "Live Chat"}
PRIORITIES = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Critical"}
STATES = {"open": "Working", "pending": "On Hold", "closed": "Closed"}
SUBTYPES = {"phone": "Call", "mail": "Email"}


def dressed(tables: Tables) -> Outfit:
    """The firm's market in Salesforce."""
    held = {name: shared(rows) for name, rows in (_parties_held(tables) | _market_held(tables)).items()}
    keys = _keys(tables, held)
    parts = (_parties, _products, _campaigns, _deals, _service)
    files = {name: rows for part in parts for name, rows in part(held, keys).items()}
    return Outfit(files=files, held=held, keys=keys, limits=LIMITS)


def _parties_held(tables: Tables) -> dict[str, pl.DataFrame]:
    people_there = users(tables)
    known = pl.col("manager_id").is_in(people_there["employee_id"].implode())
    words = tables["departments"].join(people_there, on="department_id", how="semi", maintain_order="left")
    contacts = tables["contacts"].filter(pl.col("customer_id").is_not_null()).drop("supplier_id")
    refused = tables["consents"].filter(~pl.col("is_granted")).drop("decided_at")
    address = contacts.select("contact_id", "email")
    return {
        "departments": words.unique("name", keep="first", maintain_order=True).drop("parent_department_id"),
        "employees": people_there.drop("hourly_cost", "currency").with_columns(
            manager_id=pl.when(known).then("manager_id")
        ),
        "customers": tables["customers"].drop("email", "tax_number").with_columns(region="country", segment="industry"),
        "contacts": contacts,
        "consents": refused.join(address, on="contact_id", how="inner", validate="m:1").with_columns(
            channel=pl.lit("mail")
        ),
    }


def _market_held(tables: Tables) -> dict[str, pl.DataFrame]:
    sold = tables["products"].filter("is_sold")
    away = ("barcode", "name_zh", "product_group_id", "cost", "is_purchased", "weight", "volume")
    families = tables["product_categories"].join(sold, on="category_id", how="semi").drop("parent_category_id")
    answers = tables["campaign_responses"].filter(pl.col("kind") == "replied")
    return {
        "product_categories": families.with_columns(path="name"),
        "products": sold.drop(away).with_columns(kind=pl.lit("consumable")),
        "campaigns": tables["campaigns"],
        "campaign_members": tables["campaign_members"].drop("is_control"),
        "campaign_responses": answers.with_columns(responded_at=midnight("responded_at")),
        "leads": _leads_held(tables["leads"]),
        "opportunities": tables["opportunities"].drop("team", "country", "lost_reason"),
        "opportunity_lines": tables["opportunity_lines"],
        "opportunity_stage_changes": tables["opportunity_stage_changes"],
        "tickets": tables["tickets"].drop("first_response_at", "sales_order_id"),
        "interactions": tables["interactions"]
        .drop("sales_order_id", "language")
        .with_columns(direction=pl.when(pl.col("channel") == "phone").then("direction")),
    }


def _leads_held(leads: pl.DataFrame) -> pl.DataFrame:
    converted = pl.max_horizontal(midnight("closed_at"), "created_at")
    return leads.drop("campaign_id", "score").with_columns(
        name="contact_name", closed_at=pl.when(pl.col("status") == "converted").then(converted)
    )


def _keys(tables: Tables, held: Tables) -> Keys:
    keys = Keys()
    for table, key, prefix in NUMBERED:
        keys.give(table, held[table], key, full_id(_id(prefix)))
    keys.give("departments", tables["departments"], "department_id", pl.col("name"))
    keys.give("product_categories", held["product_categories"], "category_id", pl.col("name"))
    contact, member = keys.of("contacts", "contact_id"), keys.of("campaign_members", "campaign_member_id")
    keys.give("consents", held["consents"], "consent_id", pl.concat_str(pl.lit("contact/"), contact))
    keys.give("campaign_responses", held["campaign_responses"], "campaign_response_id", member)
    return keys


def _id(prefix: str) -> pl.Expr:
    """Ids of an object: its three letters, and twelve for the record, some of them capitals."""
    return pl.concat_str(pl.lit(f"{prefix}Qw00000"), numbered().cast(pl.String).str.zfill(5))


def _short(keys: Keys, table: str, column: str) -> pl.Expr:
    """An id as reports show it, in fifteen characters."""
    return keys.of(table, column).str.head(15)


def _parties(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    owner, account = _short(keys, "employees", "owner_id"), _short(keys, "customers", "customer_id")
    first, last = people("name")
    opted_out = pl.col("contact_id").is_in(held["consents"]["contact_id"].implode())
    return {
        "User": held["employees"].select(
            Department=keys.of("departments", "department_id"),
            Id=_short(keys, "employees", "employee_id"),
            FirstName=first,
            LastName=last,
            Email="email",
            Title="job",
            ManagerId=_short(keys, "employees", "manager_id"),
            UserType=pl.lit("Standard"),
            IsActive="is_active",
        ),
        "Account": held["customers"].select(
            Id=account,
            AccountNumber="number",
            Name="name",
            Phone="phone",
            Industry="industry",
            BillingCity="city",
            BillingCountryCode="country",
            OwnerId=owner,
            CreatedDate=pl.col("created_on").cast(pl.String) + "T00:00:00.000Z",
            IsDeleted=~pl.col("is_active"),
        ),
        "Contact": held["contacts"].select(
            Id=_short(keys, "contacts", "contact_id"),
            AccountId=account,
            FirstName=first,
            LastName=last,
            Email="email",
            Title="role",
            MailingCountryCode="country",
            HasOptedOutOfEmail=opted_out,
            IsDeleted=~pl.col("is_active"),
        ),
    }


def _products(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    book, product = pl.lit("01sQw0000000001"), _short(keys, "products", "product_id")
    products = held["products"]
    return {
        "Product2": products.select(
            Id=product,
            Name="name",
            ProductCode="sku",
            Family=keys.of("product_categories", "category_id"),
            QuantityUnitOfMeasure="unit",
            IsActive="is_active",
            CreatedDate=pl.col("created_on").cast(pl.String) + "T00:00:00.000Z",
        ),
        "Pricebook2": pl.select(Id=book, IsStandard=pl.lit("true")),
        "PricebookEntry": products.select(
            Id=_id("01u"),
            Pricebook2Id=book,
            Product2Id=product,
            UnitPrice="list_price",
            CurrencyIsoCode="currency",
            IsActive=pl.lit("true"),
        ),
    }


def _campaigns(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    campaign, member = _short(keys, "campaigns", "campaign_id"), _short(keys, "campaign_members", "campaign_member_id")
    answered = held["campaign_responses"].select("campaign_member_id", "responded_at")
    members = held["campaign_members"].join(answered, on="campaign_member_id", how="left", validate="1:1")
    return {
        "Campaign": held["campaigns"].select(
            Id=campaign,
            Name="name",
            Type=pl.col("channel").replace_strict(TYPES),
            Status="status",
            StartDate="starts_on",
            EndDate="ends_on",
            BudgetedCost="budget",
            ActualCost="cost",
            CurrencyIsoCode="currency",
            IsActive="is_active",
        ),
        "CampaignMember": members.select(
            Id=member,
            CampaignId=campaign,
            ContactId=_short(keys, "contacts", "contact_id"),
            Email="email",
            HasResponded=pl.col("responded_at").is_not_null(),
            FirstRespondedDate=pl.col("responded_at").dt.date(),
            CreatedDate=iso("added_at"),
        ),
        "Lead": _lead_rows(held["leads"], keys),
    }


def _lead_rows(leads: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    first, last = people("contact_name")
    converted = pl.col("status") == "converted"
    return leads.select(
        Id=_short(keys, "leads", "lead_id"),
        FirstName=first,
        LastName=last,
        Email="email",
        CountryCode="country",
        LeadSource="origin",
        Status=pl.col("status").replace_strict({"converted": "Qualified", "lost": "Unqualified", "open": "Working"}),
        IsConverted=converted,
        ConvertedDate=pl.col("closed_at").dt.date(),
        ConvertedAccountId=_short(keys, "customers", "customer_id"),
        ConvertedOpportunityId=_short(keys, "opportunities", "opportunity_id"),
        OwnerId=_short(keys, "employees", "owner_id"),
        CreatedDate=iso("created_at"),
    )


def _deals(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    deals, deal = held["opportunities"], _short(keys, "opportunities", "opportunity_id")
    stages = deals.unique("stage", maintain_order=True)
    return {
        "Opportunity": deals.select(
            Id=deal,
            Name="name",
            AccountId=_short(keys, "customers", "customer_id"),
            OwnerId=_short(keys, "employees", "owner_id"),
            StageName="stage",
            Amount="expected_amount",
            CurrencyIsoCode="currency",
            Probability=pl.col("probability") * 100,
            LeadSource="origin",
            CloseDate="expected_close_on",
            CreatedDate=iso("created_at"),
            LastStageChangeDate=iso("closed_at"),
            IsClosed=pl.col("status") != "open",
            IsWon=pl.col("status") == "won",
        ),
        "OpportunityStage": stages.select(Id=_id("01J"), MasterLabel="stage", SortOrder="stage_order"),
        "OpportunityLineItem": held["opportunity_lines"].select(
            Id=_short(keys, "opportunity_lines", "opportunity_line_id"),
            OpportunityId=deal,
            Product2Id=_short(keys, "products", "product_id"),
            Quantity="quantity",
            TotalPrice="amount_untaxed",
            CurrencyIsoCode="currency",
        ),
        "OpportunityHistory": held["opportunity_stage_changes"].select(
            Id=_short(keys, "opportunity_stage_changes", "opportunity_stage_change_id"),
            OpportunityId=deal,
            StageName="to_stage",
            CreatedDate=iso("changed_at"),
        ),
    }


def _service(held: Tables, keys: Keys) -> dict[str, pl.DataFrame]:
    is_visit = pl.col("channel") == "visit"
    cases = held["tickets"].select(
        Id=_short(keys, "tickets", "ticket_id"),
        CaseNumber="number",
        AccountId=_short(keys, "customers", "customer_id"),
        ProductId=_short(keys, "products", "product_id"),
        OwnerId=_short(keys, "employees", "owner_id"),
        Subject="subject",
        Description="body",
        Status=pl.col("status").replace_strict(STATES),
        Priority=pl.col("priority").replace_strict(PRIORITIES),
        Origin=pl.col("channel").replace_strict(ORIGINS),
        IsClosed=pl.col("status") == "closed",
        CreatedDate=iso("opened_at"),
        ClosedDate=iso("closed_at"),
    )
    activities = held["interactions"].with_columns(**_about(keys))
    about = ("Id", "AccountId", "WhoId", "WhatId", "OwnerId")
    tasks = activities.filter(~is_visit).select(
        *about,
        Subject="subject",
        Description="body",
        TaskSubtype=pl.col("channel").replace_strict(SUBTYPES, default="Task"),
        Type=pl.col("channel").replace_strict(TYPES),
        CallType=pl.col("direction").replace({"in": "Inbound", "out": "Outbound"}),
        IsClosed=pl.lit("true"),
        CompletedDateTime=iso("occurred_at"),
    )
    meetings = activities.filter(is_visit).select(
        *about, Subject="subject", Description="body", Type=pl.lit("Meeting"), StartDateTime=iso("occurred_at")
    )
    return {"Case": cases, "Task": tasks, "Event": meetings}


def _about(keys: Keys) -> dict[str, pl.Expr]:
    deal, case = _short(keys, "opportunities", "opportunity_id"), _short(keys, "tickets", "ticket_id")
    return {
        "Id": _short(keys, "interactions", "interaction_id"),
        "AccountId": _short(keys, "customers", "customer_id"),
        "WhoId": _short(keys, "contacts", "contact_id"),
        "WhatId": pl.coalesce(case, deal),
        "OwnerId": _short(keys, "employees", "employee_id"),
    }
