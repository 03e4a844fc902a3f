"""Leads, deals, campaigns, conversations, tickets, feedback and consents."""

import dataframely as dy
import polars as pl

from analytics.tables import columns as c
from analytics.tables.record import Record

CHANNELS = ("phone", "mail", "chat", "social", "visit", "sms", "web", "note", "other")
TICKET_STATUS = ("open", "pending", "closed", "cancelled")
PRIORITIES = ("low", "normal", "high", "urgent")
OPPORTUNITY_STATUS = ("open", "won", "lost")
RESPONSES = ("sent", "opened", "clicked", "replied", "bounced", "failed", "unsubscribed", "converted")


class Leads(Record):
    """One row per lead that is not yet a deal."""

    lead_id = c.key("The lead")
    name = c.name("What it is about")
    customer_id = c.reference("customers", "Customer, where already known")
    company_name = c.name("Company as written", nullable=True)
    contact_name = c.name("Person as written", nullable=True, needs="personal_data")
    email = c.name("E-mail", nullable=True, needs="personal_data")
    phone = c.name("Phone", nullable=True, needs="personal_data")
    country = c.country()
    status = c.status(("open", "converted", "lost"), "State")
    origin = c.name("Where it came from", nullable=True)
    campaign_id = c.reference("campaigns", "Campaign")
    owner_id = c.reference("employees", "Who works on it")
    score = c.share("Chance that the source states")
    created_at = c.instant("When it was entered", nullable=False)
    closed_at = c.instant("When it was converted or lost")
    opportunity_id = c.reference("opportunities", "The deal it became")


class Opportunities(Record):
    """One row per deal."""

    opportunity_id = c.key("The deal")
    name = c.name("What it is about")
    customer_id = c.reference("customers", "Customer; null while anonymous")
    status = c.status(OPPORTUNITY_STATUS, "open, won or lost")
    stage = c.name("Stage as the source names it", nullable=True)
    stage_order = c.count("Position of the stage", nullable=True, unit="position")
    expected_amount = c.amount("Expected revenue, not weighted", nullable=True)
    currency = c.currency(nullable=True)
    probability = c.share("Chance that the source states")
    created_at = c.instant("When it was entered", nullable=False)
    closed_at = c.instant("When it was won or lost")
    expected_close_on = c.day("Expected day of the decision")
    owner_id = c.reference("employees", "Salesperson")
    team = c.name("Sales team", nullable=True)
    campaign_id = c.reference("campaigns", "Campaign")
    origin = c.name("Where it came from", nullable=True)
    email = c.name("E-mail of an anonymous asker", nullable=True, needs="personal_data")
    country = c.country()
    lost_reason = c.name("Why it was lost", nullable=True)

    @dy.rule()
    def closed_after_created(cls) -> pl.Expr:
        return cls.closed_at.col >= cls.created_at.col


class OpportunityLines(Record):
    """One row per product of a deal."""

    opportunity_line_id = c.key("The line")
    opportunity_id = c.reference("opportunities", "Its deal", nullable=False)
    product_id = c.reference("products", "Product")
    quantity = c.quantity("Quantity", nullable=True)
    amount_untaxed = c.amount("Amount", nullable=True)
    currency = c.currency(nullable=True)


class OpportunityStageChanges(Record):
    """One row per change of a deal's stage."""

    opportunity_stage_change_id = c.key("The change")
    opportunity_id = c.reference("opportunities", "The deal", nullable=False)
    from_stage = c.name("Stage before", nullable=True)
    to_stage = c.name("Stage after", nullable=True)
    changed_at = c.instant("When", nullable=False)


class Campaigns(Record):
    """One row per campaign."""

    campaign_id = c.key("The campaign")
    name = c.name("Name")
    channel = c.status(CHANNELS, "Channel", nullable=True)
    status = c.name("State as the source names it", nullable=True)
    starts_on = c.day("First day")
    ends_on = c.day("Last day")
    budget = c.amount("Budget", nullable=True)
    cost = c.amount("Cost so far", nullable=True)
    currency = c.currency(nullable=True)
    is_active = c.flag("False when archived")


class CampaignMembers(Record):
    """One row per person or company that a campaign addresses."""

    campaign_member_id = c.key("The member")
    campaign_id = c.reference("campaigns", "Campaign")
    customer_id = c.reference("customers", "Customer")
    contact_id = c.reference("contacts", "Contact")
    lead_id = c.reference("leads", "Lead")
    email = c.name("Address used", nullable=True, needs="personal_data")
    added_at = c.instant("When it was added")
    is_control = c.flag("True when held out on purpose, to measure the effect", nullable=True)


class CampaignResponses(Record):
    """One row per thing that happened to a message of a campaign."""

    campaign_response_id = c.key("The response")
    campaign_id = c.reference("campaigns", "Campaign")
    campaign_member_id = c.reference("campaign_members", "Member")
    customer_id = c.reference("customers", "Customer")
    kind = c.status(RESPONSES, "What happened")
    responded_at = c.instant("When")


class Tickets(Record):
    """One row per question or complaint that somebody has to answer."""

    ticket_id = c.key("The ticket")
    number = c.name("Number that people use", nullable=True)
    customer_id = c.reference("customers", "Customer")
    subject = c.name("Subject", nullable=True)
    body = c.text("What was written", needs="personal_data")
    opened_at = c.instant("When it was opened", nullable=False)
    first_response_at = c.instant("When somebody first answered")
    closed_at = c.instant("When it was closed")
    channel = c.status(CHANNELS, "Channel", nullable=True)
    priority = c.status(PRIORITIES, "Priority", nullable=True)
    status = c.status(TICKET_STATUS, "State")
    product_id = c.reference("products", "Product it is about")
    sales_order_id = c.reference("sales_orders", "Order it is about")
    owner_id = c.reference("employees", "Who works on it")

    @dy.rule()
    def closed_after_opened(cls) -> pl.Expr:
        return cls.closed_at.col >= cls.opened_at.col

    @dy.rule()
    def answered_after_opened(cls) -> pl.Expr:
        return cls.first_response_at.col >= cls.opened_at.col


class Interactions(Record):
    """One row per conversation or message with a customer, on any channel."""

    interaction_id = c.key("The interaction")
    customer_id = c.reference("customers", "Customer")
    contact_id = c.reference("contacts", "Contact")
    employee_id = c.reference("employees", "Employee")
    opportunity_id = c.reference("opportunities", "Deal")
    lead_id = c.reference("leads", "Lead")
    ticket_id = c.reference("tickets", "Ticket")
    sales_order_id = c.reference("sales_orders", "Order")
    channel = c.status(CHANNELS, "Channel")
    direction = c.status(("in", "out", "internal"), "in: from the customer", nullable=True)
    occurred_at = c.instant("When", nullable=False)
    subject = c.name("Subject", nullable=True, needs="personal_data")
    body = c.text("Text, kept", needs="personal_data")
    language = c.name("Language of the text, where known", nullable=True)


class Feedback(Record):
    """One row per answer to a survey, review, complaint or return reason."""

    feedback_id = c.key("The feedback")
    kind = c.status(("survey", "review", "complaint", "return_reason"), "Kind")
    customer_id = c.reference("customers", "Customer")
    product_id = c.reference("products", "Product")
    ticket_id = c.reference("tickets", "Ticket")
    sales_order_id = c.reference("sales_orders", "Order")
    channel = c.status(CHANNELS, "Channel", nullable=True)
    score = c.quantity("Score", nullable=True, unit="points from lowest_score to highest_score")
    lowest_score = c.quantity("Lowest possible score", nullable=True, unit="points")
    highest_score = c.quantity("Highest possible score", nullable=True, unit="points")
    given_at = c.instant("When", nullable=False)
    text = c.text("What was written", needs="personal_data")

    @dy.rule()
    def score_within_its_scale(cls) -> pl.Expr:
        return cls.score.col.is_between(cls.lowest_score.col, cls.highest_score.col)


class Consents(Record):
    """One row per party and purpose: whether it may be addressed.

    The latest decision; a refusal wins over any merge.
    """

    consent_id = c.key("The consent")
    customer_id = c.reference("customers", "Customer")
    contact_id = c.reference("contacts", "Contact")
    email = c.name("Address it holds for, where no party is known", nullable=True, needs="personal_data")
    purpose = c.status(("marketing", "service", "profiling"), "What for")
    is_granted = c.flag("False: never address")
    decided_at = c.instant("When it was given or withdrawn")
    channel = c.status(CHANNELS, "Channel it holds for; null for all", nullable=True)
