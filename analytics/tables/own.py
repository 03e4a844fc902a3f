"""What Tandem itself knows: what it said, what was decided, what it loaded, who may see what."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record

TARGETED = (
    "orders_taken",
    "revenue",
    "gross_margin",
    "gross_margin_rate",
    "on_time_in_full",
    "stock_value",
    "days_of_stock",
    "margin_at_risk",
    "overdue_receivables",
    "supplier_on_time",
)


class Forecasts(Record):
    """One row per product, site, day and quantile set that was forecast, with the snapshot it was made from."""

    forecast_id = c.key("The forecast")
    product_id = c.reference("products", "Product", nullable=False)
    site_id = c.reference("sites", "Site")
    made_on = c.day("Day of the forecast", nullable=False)
    day_on = c.day("Day that is forecast", nullable=False)
    snapshot_id = c.loose_key("The snapshot it was made from")
    method = c.name("Method")
    mean = c.real("Expected demand", unit="the product's base unit")
    q05 = c.real("5 % quantile", unit="the product's base unit")
    q50 = c.real("Median", unit="the product's base unit")
    q95 = c.real("95 % quantile", unit="the product's base unit")


class StockOutRisks(Record):
    """One row per product, site and horizon: how likely it runs out."""

    stock_out_risk_id = c.key("The risk")
    product_id = c.reference("products", "Product", nullable=False)
    site_id = c.reference("sites", "Site")
    made_on = c.day("Day of the statement", nullable=False)
    within_days = c.count("Horizon", unit="days")
    probability = c.share("Chance that it runs out within the horizon", nullable=False)
    expected_loss = c.amount("Expected margin lost", nullable=True, needs="margins")
    currency = c.currency(nullable=True)
    snapshot_id = c.loose_key("The snapshot it was made from")


class Promises(Record):
    """One row per delivery date that was told to a customer, and what came."""

    promise_id = c.key("The promise")
    sales_order_id = c.reference("sales_orders", "Order")
    customer_id = c.reference("customers", "Customer")
    product_id = c.reference("products", "Product")
    quantity = c.quantity("Promised", nullable=True)
    promised_at = c.instant("When it was said", nullable=False)
    promised_on = c.day("The day that was promised", nullable=False)
    confidence = c.share("The confidence that was stated", nullable=False)
    delivered_on = c.day("The day it came")
    snapshot_id = c.loose_key("The snapshot it was made from")


class Proposals(Record):
    """One row per action that Tandem proposes."""

    proposal_id = c.key("The proposal")
    kind = c.status(("buy", "make", "transfer", "expedite", "promise", "offer"), "What to do")
    product_id = c.reference("products", "Product")
    site_id = c.reference("sites", "Site")
    quantity = c.quantity("How many", nullable=True)
    act_by_on = c.day("By when")
    worth = c.amount("Money at stake", nullable=True, needs="margins")
    currency = c.currency(nullable=True)
    proposed_at = c.instant("When", nullable=False)
    reason = c.text("Why")


class Decisions(Record):
    """One row per answer of a person to a proposal."""

    decision_id = c.key("The decision")
    proposal_id = c.reference("proposals", "Proposal")
    decided_by = c.name("Who")
    decided_at = c.instant("When", nullable=False)
    choice = c.status(("accepted", "changed", "refused"), "What was decided")
    note = c.text("Why")


class Targets(Record):
    """One row per metric, period and scope that has a target."""

    target_id = c.key("The target")
    metric = c.name("Name in the metric registry, one of those that can have a target")
    period_starts_on = c.day("First day", nullable=False)
    period_ends_on = c.day("Last day", nullable=False)
    category_id = c.reference("product_categories", "Category it holds for")
    region = c.name("Region it holds for", nullable=True)
    value = c.quantity("Target", unit="the metric's unit")
    currency = c.currency(nullable=True)

    @dy.rule()
    def metric_has_targets(cls) -> pl.Expr:
        return cls.metric.col.is_in(TARGETED)

    @dy.rule()
    def target_ends_after_start(cls) -> pl.Expr:
        return cls.period_ends_on.col >= cls.period_starts_on.col


class SyncRuns(Record):
    """One row per refresh and source table: what was read and what became of it."""

    sync_run_table_id = c.key("The table of the run")
    sync_run_id = c.count("The run; the load_id of its rows", unit="run number")
    source_table = c.name("The source's own table or file")
    outcome = c.status(("accept", "accept_warn", "quarantine_rows", "reject_table"), "What became of the table")
    mode = c.status(("full", "incremental"), "Whether all rows were read, or those that changed")
    started_at = c.instant("Start of the run", nullable=False)
    finished_at = c.instant("End of the run", nullable=False)
    source_as_of = c.instant("The source's own clock when it was read; for files, the latest change of the file")
    rows_read = c.count("Rows read")
    rows_loaded = c.count("Rows that are now in the tables, unchanged ones included")
    rows_quarantined = c.count("Rows set aside")
    rows_duplicate = c.count("Exact duplicates")
    rows_deleted = c.count("Rows found gone at the source")
    rows_left_out = c.count("Rows that the mapping leaves out on purpose")
    warnings = c.text("What was noticed, as JSON: a list of rule and detail")
    reasons = c.text("Why rows were set aside, as JSON: rule to rows")
    reconciliation = c.text("Sums that were compared between source and tables, as JSON")


class Quarantine(Record):
    """One row per source row that broke a rule; kept until its source sends it right."""

    quarantine_id = c.key("The quarantined row")
    source_table = c.name("The source's own table or file")
    table_name = c.name("The unified table it was meant for")
    line = c.count("Line, row or record number in the file", nullable=True, unit="line")
    rule = c.name("The rule it broke")
    column_name = c.name("The column that broke it", nullable=True)
    value = c.text("The value that broke it", needs="personal_data")
    record = c.text("The row as it came, as JSON", needs="personal_data")
    unified = c.text(
        "The row as translated, as JSON, when only a reference is missing: it is tried again in every run",
        needs="personal_data",
    )
    quarantined_at = c.instant("When", nullable=False)


class AuditLog(Record):
    """One row per act of a person that others may ask about."""

    audit_id = c.key("The act")
    happened_at = c.instant("When", nullable=False)
    user_id = c.loose_key("Who")
    action = c.name("What")
    detail = c.text("On what")


class Users(Record):
    """One row per person who may sign in."""

    user_id = c.key("The user")
    name = c.name("Name", needs="personal_data")
    email = c.name("E-mail", nullable=True, needs="personal_data")
    role = c.name("Role")
    is_active = c.flag("False when locked")


class Rights(Record):
    """One row per user and company or region that the user may see."""

    right_id = c.key("The right")
    user_id = c.reference("users", "User", nullable=False)
    kind = c.status(("company", "region", "capability"), "What is granted")
    value = c.name("Which company, region or capability; * for all")
    granted_on = c.day("Since when")
    expires_on = c.day("Until when")

    @dy.rule()
    def right_ends_after_start(cls) -> pl.Expr:
        return cls.expires_on.col >= cls.granted_on.col
