"""Customers, contacts, suppliers, carriers, employees, departments, and which records are one and the same."""

from analytics.tables import columns as c
from analytics.tables.record import Record

ENTITIES = ("customer", "supplier", "product")


class Customers(Record):
    """One row per customer: the company or person that orders, not its contacts."""

    customer_id = c.key("The customer")
    number = c.name("Customer number", nullable=True)
    name = c.name("Name")
    email = c.name("E-mail", nullable=True, needs="personal_data")
    phone = c.name("Phone", nullable=True, needs="personal_data")
    country = c.country()
    region = c.name("Region, by which rights cut sales; the country where the source has none", nullable=True)
    city = c.name("City", nullable=True)
    segment = c.name("Segment as the source names it", nullable=True)
    industry = c.name("Industry as the source names it", nullable=True)
    tax_number = c.name("Tax number", nullable=True)
    parent_customer_id = c.reference("customers", "The customer it belongs to")
    owner_id = c.reference("employees", "The employee who looks after it")
    created_on = c.day("Day it was created in the source")
    is_company = c.flag("False for a private person", nullable=True)
    is_active = c.flag("False when archived or gone at the source")


class Contacts(Record):
    """One row per person at a customer or supplier."""

    contact_id = c.key("The contact")
    customer_id = c.reference("customers", "The customer")
    supplier_id = c.reference("suppliers", "The supplier")
    name = c.name("Name", nullable=True, needs="personal_data")
    email = c.name("E-mail", nullable=True, needs="personal_data")
    phone = c.name("Phone", nullable=True, needs="personal_data")
    role = c.name("Role at the customer or supplier", nullable=True)
    country = c.country()
    is_active = c.flag("False when archived")


class Suppliers(Record):
    """One row per supplier."""

    supplier_id = c.key("The supplier")
    number = c.name("Supplier number", nullable=True)
    name = c.name("Name")
    email = c.name("E-mail", nullable=True, needs="personal_data")
    phone = c.name("Phone", nullable=True, needs="personal_data")
    country = c.country()
    city = c.name("City", nullable=True)
    tax_number = c.name("Tax number", nullable=True)
    currency = c.currency("Currency the firm buys in", nullable=True)
    created_on = c.day("Day it was created in the source")
    is_active = c.flag("False when archived or gone at the source")


class Carriers(Record):
    """One row per carrier or way of delivery."""

    carrier_id = c.key("The carrier")
    name = c.name("Name")
    mode = c.name("Road, sea, air, parcel", nullable=True)
    is_active = c.flag("False when archived")


class Departments(Record):
    """One row per department."""

    department_id = c.key("The department")
    name = c.name("Name")
    parent_department_id = c.reference("departments", "The department above")
    is_active = c.flag("False when archived")


class Employees(Record):
    """One row per employee."""

    employee_id = c.key("The employee")
    name = c.name("Name", needs="personal_data")
    email = c.name("Work e-mail", nullable=True, needs="personal_data")
    department_id = c.reference("departments", "Department")
    job = c.name("Job title", nullable=True)
    manager_id = c.reference("employees", "Manager")
    hourly_cost = c.price("Cost of an hour", needs="payroll")
    currency = c.currency("Currency of the cost", nullable=True)
    is_active = c.flag("False when archived or gone")


class Identities(Record):
    """One row per record and group that it belongs to, as the same party or product, or is suggested for."""

    identity_id = c.key("The membership")
    entity = c.status(ENTITIES, "What kind of thing is one and the same")
    group_id = c.loose_key("The key that stands for the group: the smallest key of its members", nullable=False)
    record_id = c.loose_key("The member: a customer_id, supplier_id or product_id", nullable=False)
    evidence = c.name("What agrees")
    certainty = c.share("1 for exact keys; less for a suggestion", nullable=False)
    state = c.status(
        ("joined", "suggested", "refused"),
        "joined counts as one; suggested waits for a person; refused never joins again",
    )
