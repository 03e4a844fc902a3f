"""Who asks: viewers, and the rights of each role as one table.

Rights are cut at the scan, before any sum, cache or export.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

import polars as pl

from analytics import own_customers
from analytics.own_customers import Read
from analytics.tables import SHARED, TABLES, needs

ALL = frozenset({"*"})

CAPABILITIES = (
    "overview.read",
    "sales.read",
    "receivables.read",
    "inventory.read",
    "purchasing.read",
    "service.read",
    "health.read",
    "identities.decide",
    "forecasts.override",
    "promises.rule",
    "sources.manage",
    "rights.read",
    "accounts.manage",
    "persons.erase",
    "costs",
    "margins",
    "personal_data",
    "payroll",
)

_BUSINESS = frozenset({"overview.read", "sales.read", "inventory.read", "service.read"})
RIGHTS: dict[str, frozenset[str]] = {
    "owner": frozenset(CAPABILITIES),
    "executive": _BUSINESS | {"receivables.read", "purchasing.read", "health.read", "costs", "margins"},
    "manager": _BUSINESS
    | {"purchasing.read", "health.read", "identities.decide", "forecasts.override", "promises.rule", "costs"},
    "sales": _BUSINESS | {"receivables.read", "identities.decide", "forecasts.override", "personal_data"},
    "administrator": frozenset({"health.read", "sources.manage", "rights.read", "accounts.manage"}),
}
# What is decided for all customers is not for who sees only some.
FOR_ALL_CUSTOMERS = frozenset({"identities.decide", "forecasts.override", "promises.rule"})
OF_PERSONS = {"name": "personal_data", "city": "personal_data", "tax_number": "personal_data"}


class NotAllowed(Exception):
    """The viewer may not do what was asked, or there is no valid viewer."""


class Expired(NotAllowed):
    """The viewer's session has ended."""


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who asks.

    ``companies``, ``regions`` and ``customers``: keys, or ``ALL``. Capabilities come from the role and can only be
    fewer, never more.
    """

    user: str
    role: str
    companies: frozenset[str] = ALL
    regions: frozenset[str] = ALL
    customers: frozenset[str] = ALL
    without: frozenset[str] = frozenset()
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuses an unknown role, and an empty right, which would be mistaken for no filter."""
        if self.role not in RIGHTS:
            raise NotAllowed(f"There is no role {self.role!r}.")
        if not self.user or not self.companies or not self.regions or not self.customers:
            raise NotAllowed("A viewer needs a user, at least one company, one region and one customer.")

    @property
    def capabilities(self) -> frozenset[str]:
        """What the viewer may do and see."""
        fewer = self.without if self.customers == ALL else self.without | FOR_ALL_CUSTOMERS
        return RIGHTS[self.role] - fewer

    def may(self, capability: str) -> bool:
        """Whether the viewer has the capability."""
        return capability in self.capabilities

    @property
    def scope_key(self) -> str:
        """Equal for two viewers exactly when they see the same rows and columns: what caches are keyed by."""
        parts = (sorted(self.capabilities), sorted(self.companies), sorted(self.regions))
        return repr(parts if self.customers == ALL else (*parts, _mark(self.customers)))


@lru_cache(maxsize=256)
def _mark(customers: frozenset[str]) -> str:
    """A short text for some customers, another for any others."""
    return blake2b(repr(sorted(customers)).encode(), digest_size=24).hexdigest()


def require(viewer: Viewer, capability: str, *, now: datetime | None = None) -> Viewer:
    """The viewer, if it is one, has not expired and has the capability; otherwise ``NotAllowed``."""
    if not entered(viewer, now=now).may(capability):
        raise NotAllowed(f"The role {viewer.role} may not see this ({capability}).")
    return viewer


def entered(viewer: Viewer, *, now: datetime | None = None) -> Viewer:
    """The viewer, if it is one and has not expired, whatever the role; otherwise ``NotAllowed``."""
    if not isinstance(viewer, Viewer):
        raise NotAllowed("No viewer was given.")
    if viewer.expires_at is not None and (now or datetime.now(UTC)) >= viewer.expires_at:
        raise Expired("The session has expired. Sign in again.")
    return viewer


def cut(
    rows: pl.LazyFrame,
    viewer: Viewer,
    *,
    masked: Mapping[str, str] | None = None,
    part: str = "",
    read: Read | None = None,
) -> pl.LazyFrame:
    """The rows and columns that the viewer may see: rows by ``company_id``, where there is one ``region``, and for who
    sees only own customers by customer; columns that need a missing capability are null, and so is what tells who it
    is of a party that is a person. ``part`` and ``read``: see ``analytics.own_customers.cut``."""
    schema = rows.collect_schema()
    if viewer.customers != ALL:
        rows = own_customers.cut(rows, part, viewer.customers, read)
    if viewer.companies != ALL:
        rows = rows.filter(pl.col("company_id").is_in([*viewer.companies, SHARED]))
    if viewer.regions != ALL and "region" in schema:
        rows = rows.filter(pl.col("region").is_in(list(viewer.regions)))
    hidden = _hidden(masked or {}, schema, viewer)
    personal = _hidden(OF_PERSONS, schema, viewer) if "is_company" in schema else []
    is_company = pl.col("is_company").fill_null(value=True)
    return rows.with_columns(
        *(pl.lit(None, dtype=schema[name]).alias(name) for name in hidden),
        *(pl.when(is_company).then(name).alias(name) for name in personal if name not in hidden),
    )


def _hidden(needs_of: Mapping[str, str], schema: pl.Schema, viewer: Viewer) -> list[str]:
    return [name for name, capability in needs_of.items() if name in schema and not viewer.may(capability)]


def masked_columns(table: str) -> Mapping[str, str]:
    """From column to the capability it needs, for a unified table; nothing for an unknown one."""
    return needs(TABLES[table]) if table in TABLES else {}
