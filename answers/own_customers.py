"""Own customers: which customers an account stands for that is limited to those that somebody looks after."""

import polars as pl

from analytics.access import ALL, Viewer
from analytics.own_customers import NOBODY, looked_after
from answers import NoSnapshot, Snapshot, remembered, snapshot

EVERYTHING = Viewer(user="tandem", role="owner")
TABLES = {
    "customers": ("customer_id", "owner_id"),
    "sales_orders": ("customer_id", "salesperson_id"),
    "opportunities": ("customer_id", "owner_id"),
    "identities": ("entity", "state", "group_id", "record_id"),
}


def of_employees(employees: frozenset[str], *, version: Snapshot | None = None) -> frozenset[str]:
    """The customers that the employees look after in the version that is served: see
    ``analytics.own_customers.looked_after``; ``ALL`` for all employees. As long as there is no data, nobody."""
    if employees == ALL:
        return ALL
    try:
        return _of(version or snapshot(), employees)
    except NoSnapshot:
        return NOBODY


@remembered(64)
def _of(version: Snapshot, employees: frozenset[str]) -> frozenset[str]:
    return looked_after(employees, _tables(version))


@remembered(2)
def _tables(version: Snapshot) -> dict[str, pl.DataFrame]:
    """Who stands on what, each once: nothing else of the tables is read."""
    rows = [version.table(name, EVERYTHING).select(columns).unique() for name, columns in TABLES.items()]
    return dict(zip(TABLES, pl.collect_all(rows), strict=True))
