"""A firm that changed its ERP: two systems, the day from which the new one counts, and one history of both.

What was done counts in the system that was in use on its day: before the day in the old one, from the day on in the new
one. What is still to be done is the new system's to say. An order or invoice that was carried over is one: it counts as
the old system wrote it, and stands where the new one says. Master data that both have is one record, the new system's.
What only one of the two keeps at all counts whole. No row is rewritten: what counts is worked out anew from both
whenever a version is published.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from analytics import business_keys as keys
from analytics.one_firm_levels import continued_levels
from analytics.one_firm_papers import PAPERS, PARTS, carried_lines, carried_papers, merged_lines, merged_papers
from analytics.tables import OWN, TABLES, references

NAMED: Mapping[str, tuple[str, ...]] = {
    "companies": ("name",),
    "sites": ("code", "name"),
    "product_categories": ("name",),
    "departments": ("name",),
    "employees": ("email", "name"),
    "contacts": ("email",),
    "carriers": ("name",),
    "calendars": ("name",),
    "work_centers": ("code", "name"),
    "ledger_accounts": ("code", "name"),
    "campaigns": ("name",),
}
"""Master data that is one record by the first of these that both systems say and neither says twice."""

IDENTIFIED: Mapping[str, str] = {"customers": "customer", "suppliers": "supplier", "products": "product"}
"""Master data that is one record where the identities say so."""

SETTINGS = ("boms", "routings", "product_costs", "reorder_rules", "supplier_products", "unit_conversions")
"""What the old system says of a product no longer holds where the new one has the product."""

CHILDREN: Mapping[str, str] = {
    "bom_lines": "bom_id",
    "operations": "routing_id",
    "calendar_periods": "calendar_id",
    "calendar_exceptions": "calendar_id",
    "sales_order_lines": "sales_order_id",
    "purchase_order_lines": "purchase_order_id",
    "invoice_lines": "invoice_id",
    "supplier_bill_lines": "supplier_bill_id",
    "shipment_lines": "shipment_id",
    "receipt_lines": "receipt_id",
    "work_order_operations": "work_order_id",
    "opportunity_lines": "opportunity_id",
}
"""By table the column of what its rows are a part of: they count with it."""

DATED: Mapping[str, tuple[str, ...]] = {
    "shipments": ("shipped_at", "delivered_at"),
    "receipts": ("received_at",),
    "stock_moves": ("moved_at", "planned_at"),
    "work_orders": ("finished_at",),
    "payments": ("paid_on",),
    "returns": ("returned_at",),
    "scrap": ("scrapped_at",),
    "ledger_entries": ("posted_on",),
    "time_entries": ("worked_on",),
    "absences": ("starts_on",),
    "payroll_totals": ("period_starts_on",),
    "budgets": ("period_starts_on",),
    "opportunity_stage_changes": ("changed_at",),
    "campaign_members": ("added_at",),
    "campaign_responses": ("responded_at",),
    "interactions": ("occurred_at",),
    "feedback": ("given_at",),
}
"""By table the day by which a row counts, the first that is known. One that has a status and is not done, or that has
no day, is still to be done."""

DONE = frozenset({"done", "posted", "cancelled"})
FIRST_SEEN = "created_on"
LEVELS = "inventory_levels"
PAIRS = {"old": pl.String, "new": pl.String}
COUNTS = dict.fromkeys(("table",), pl.String) | dict.fromkeys(
    ("before_counted", "before_left_out", "after_counted", "after_left_out", "carried_over", "open_without"), pl.Int64
)
"""One row per table of which either system has rows: how many of each count and do not, how many of the old one's go on
in the new one (``carried_over``), and how many open ones of the old one the new one does not know
(``open_without``)."""


@dataclass(frozen=True, kw_only=True)
class Cutover:
    """The source whose documents count before the day, and the one whose count from the day on."""

    before: str
    after: str
    on: date

    def __post_init__(self) -> None:
        """Refuses one system for both."""
        if self.before == self.after:
            raise ValueError("A firm changes from one system to another.")


@dataclass(frozen=True)
class OneFirm:
    """The tables of a firm as both systems together tell them.

    ``raw``: from a table's name to its living rows. ``is_over``: whether the day has come; until then nothing of the
    new system counts.
    """

    cutover: Cutover
    raw: Callable[[str], pl.DataFrame]
    is_over: bool

    @cached_property
    def _made(self) -> dict[str, pl.DataFrame]:
        return {}

    @cached_property
    def _found(self) -> dict[str, pl.DataFrame]:
        return {}

    def rows(self, table: str) -> pl.DataFrame:
        """The rows of a table that count, under the keys of the new system where it has the record."""
        if table in OWN and not references(TABLES[table]):
            return self.raw(table)
        if table not in self._made:
            self._made[table] = self._counting(table)
        return self._made[table]

    def pairs(self, table: str) -> pl.DataFrame:
        """The records of a table that both systems have: one row for each, ``old`` and ``new`` key."""
        if table not in self._found:
            self._found[table] = self._paired(table) if self.is_over else pl.DataFrame(schema=PAIRS)
        return self._found[table]

    def counts(self) -> pl.DataFrame:
        """What counts of which system, as ``COUNTS`` says, first what needs somebody."""
        told = (self._counted(table) for table in TABLES if table not in OWN and table != "identities")
        rows = pl.DataFrame([row for row in told if row is not None], schema=COUNTS)
        concerned = pl.sum_horizontal("before_left_out", "after_left_out", "carried_over")
        return rows.sort(pl.col("open_without").fill_null(0), concerned, "table", descending=[True, True, False])

    @cached_property
    def _zone(self) -> str | None:
        """The time zone of most sites of both systems; None where no site tells one."""
        of_both = self.raw("sites").filter(self._is(self.cutover.before) | self._is(self.cutover.after))
        zones = of_both["time_zone"].drop_nulls().value_counts().sort("count", "time_zone", descending=[True, False])
        return str(zones["time_zone"][0]) if zones.height else None

    def _is_before(self, *names: str) -> pl.Expr:
        """Whether the first of these days or instants that is known lies before the day of the change."""
        return day_of(names, self._zone) < self.cutover.on

    def _is(self, source: str) -> pl.Expr:
        return pl.col("source") == source

    def _paired(self, table: str) -> pl.DataFrame:
        cut = self.cutover
        if table in NAMED:
            return by_name(self.raw(table), table, cut, NAMED[table])
        if table in IDENTIFIED:
            return by_identity(self.raw(table), self.raw("identities"), table, cut)
        if table in PAPERS:
            is_before = self._is_before(PAPERS[table].day)
            return carried_papers(self._rekeyed(table), table, cut.before, cut.after, is_before)
        if table in PARTS:
            return carried_lines(self._rekeyed(table), table, cut.before, cut.after, self._kept_back(table))
        return pl.DataFrame(schema=PAIRS)

    def _kept_back(self, table: str) -> pl.DataFrame:
        """The new keys of the papers that were carried over, whose lines the table holds."""
        return self.pairs(references(TABLES[table])[CHILDREN[table]]).select(pl.col("new").alias(CHILDREN[table]))

    def _rekeyed(self, table: str) -> pl.DataFrame:
        """The rows with references to the new system's records where it has them."""
        rows, ways = self.raw(table), dict(references(TABLES[table]))
        if table != "companies":
            ways["company_id"] = "companies"
        own = {column: self._of(parent, table) for column, parent in ways.items() if column in rows.columns}
        return rows.with_columns(renamed(column, pairs) for column, pairs in own.items() if pairs.height)

    def _of(self, parent: str, table: str) -> pl.DataFrame:
        if parent == table and parent in PAPERS:  # a paper of its own kind is not asked for while its pairs are found
            return pl.DataFrame(schema=PAIRS)
        return self.pairs(parent)

    def _counting(self, table: str) -> pl.DataFrame:
        if not self.is_over:
            return self.raw(table).filter(~self._is(self.cutover.after))
        rows = self._rekeyed(table)
        if table == LEVELS and self._is_in_both(table):
            cut, was = self.cutover, self.raw(table)["product_id"]
            return continued_levels(rows, was, cut.before, cut.after, cut.on)
        if table == "identities":
            return self._identities(rows)
        return self._without_ends(self._chosen(rows, table), table)

    def _identities(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What is known to be one, without records that the new system has: each kind by its own keys, since a customer
        and a product of one system may have the same."""
        for name, entity in IDENTIFIED.items():
            pairs, is_kind = self.pairs(name), pl.col("entity").cast(pl.String) == entity
            if pairs.height:
                rows = rows.filter(~(is_kind & pl.col("record_id").is_in(pairs["old"].implode())))
                rows = rows.with_columns(pl.when(is_kind).then(renamed("group_id", pairs)).otherwise("group_id"))
        return rows

    def _chosen(self, rows: pl.DataFrame, table: str) -> pl.DataFrame:
        """The rows that count of those that were rekeyed, what both systems have as one."""
        key, pairs, cut = TABLES[table].primary_key()[0], self.pairs(table), self.cutover
        if table in CHILDREN and not self._is_in_both(table):
            return self._with_parents(rows, table)
        if not self._is_in_both(table):
            return rows
        if table in PAPERS:
            return merged_papers(rows, table, pairs, cut.before, cut.after, self._is_before(PAPERS[table].day))
        if table in PARTS:
            return self._with_parents(merged_lines(rows, table, pairs, self._kept_back(table), cut.after), table)
        if table in NAMED or table in IDENTIFIED:
            return one_record(rows, key, pairs)
        if table in SETTINGS:
            known = self.pairs("products")["new"].implode()
            return rows.filter(~(self._is(cut.before) & pl.col("product_id").is_in(known)).fill_null(value=False))
        if table in CHILDREN:
            return self._with_parents(rows, table)
        return rows.filter(self._in_use(table)) if table in DATED else rows

    def _is_in_both(self, table: str) -> bool:
        sources = self.raw(table)["source"].unique()
        return {self.cutover.before, self.cutover.after} <= set(sources)

    def _in_use(self, table: str) -> pl.Expr:
        """Whether a row is of the system that was in use on its day; what is still to be done is the new one's."""
        cut, names = self.cutover, TABLES[table].column_names()
        is_done = pl.col("status").cast(pl.String).is_in(list(DONE)) if "status" in names else pl.lit(value=True)
        is_past = (self._is_before(*DATED[table]) & is_done).fill_null(value=False)
        is_new = ~is_past & ~(is_opening(cut.on, self._zone) if table == "stock_moves" else pl.lit(value=False))
        is_theirs = pl.when(self._is(cut.before)).then(is_past).when(self._is(cut.after)).then(is_new)
        return is_theirs.otherwise(pl.lit(value=True))

    def _with_parents(self, rows: pl.DataFrame, table: str) -> pl.DataFrame:
        """The rows whose whole counts, or that are part of nothing."""
        column = CHILDREN[table]
        parent = references(TABLES[table])[column]
        living = self.rows(parent)[TABLES[parent].primary_key()[0]].implode()
        is_part = pl.col(column).is_in(living) | pl.col(column).is_null()
        replaced = self.pairs(parent)["new"].implode() if parent in NAMED else pl.Series([], dtype=pl.String).implode()
        is_old_part = self._is(self.cutover.before) & pl.col(column).is_in(replaced)
        return rows.filter(is_part & ~is_old_part.fill_null(value=False))

    def _without_ends(self, rows: pl.DataFrame, table: str) -> pl.DataFrame:
        """References to what does not count are empty; a row that is nothing without them does not count either."""
        columns = TABLES[table].columns()
        for column, parent in references(TABLES[table]).items():
            if column not in rows.columns or not may_end(parent):
                continue
            key = TABLES[parent].primary_key()[0]
            living = (rows if parent == table else self.rows(parent))[key].implode()
            is_there = pl.col(column).is_in(living)
            if columns[column].nullable:
                rows = rows.with_columns(pl.when(is_there).then(column).alias(column))
            else:
                rows = rows.filter(is_there)
        return rows

    def _counted(self, table: str) -> dict[str, object] | None:
        raw, rows = self.raw(table), self.rows(table)
        cut = self.cutover
        before, after = (raw.filter(self._is(name)).height for name in (cut.before, cut.after))
        if not before + after:
            return None
        carried = self.pairs(table).height
        there = {name: rows.filter(self._is(name)).height for name in (cut.before, cut.after)}
        # What was carried over counts in both: of lines the old one is there, under the new key, of all else the new.
        there[cut.after if table in PARTS else cut.before] += carried
        return {
            "table": table,
            "before_counted": min(before, there[cut.before]),
            "before_left_out": max(0, before - there[cut.before]),
            "after_counted": min(after, there[cut.after]),
            "after_left_out": max(0, after - there[cut.after]),
            "carried_over": carried,
            "open_without": self._open_without(table, rows),
        }

    def _open_without(self, table: str, rows: pl.DataFrame) -> int | None:
        if table not in PAPERS or not self.is_over or not self._is_in_both(table):
            return None
        return rows.filter(self._is(self.cutover.before) & PAPERS[table].is_open).height


def may_end(table: str) -> bool:
    """Whether rows of a table may not count: all but master data, which lives on."""
    return table in PAPERS or table in PARTS or table in DATED or table in SETTINGS or table in CHILDREN


def renamed(column: str, pairs: pl.DataFrame) -> pl.Expr:
    """A column of keys, each of the old system's as the new one's where there is one."""
    return pl.col(column).replace(pairs["old"].implode().explode(), pairs["new"].implode().explode())


def day_of(names: Iterable[str], zone: str | None) -> pl.Expr:
    """The day of the first of these columns that is known, by the clocks of a time zone, else of UTC. An instant at
    midnight in UTC is a day that a source tells without a time."""
    instant = pl.coalesce(pl.col(name).cast(pl.Datetime("us", "UTC")) for name in names)
    day = instant.dt.date()
    is_day = instant == instant.dt.truncate("1d")
    return day if zone is None else pl.when(is_day).then(day).otherwise(instant.dt.convert_time_zone(zone).dt.date())


def is_opening(on: date, zone: str | None) -> pl.Expr:
    """Whether a movement books the stock with which the new system began: what was there already did not come."""
    first = day_of(("moved_at", "planned_at"), zone) == on
    return ((pl.col("from_place").cast(pl.String) == "adjustment") & first).fill_null(value=False)


def by_name(rows: pl.DataFrame, table: str, cut: Cutover, names: tuple[str, ...]) -> pl.DataFrame:
    """The records that both systems call the same, by the first name that is clear in both; case and spaces apart."""
    key = TABLES[table].primary_key()[0]
    found = pl.DataFrame(schema=PAIRS)
    for name in names:
        told = rows.select("source", key=pl.col(key), word=keys.plain(name)).drop_nulls("word")
        clear = told.filter(pl.len().over("source", "word") == 1)
        old = clear.filter(pl.col("source") == cut.before).select("word", old="key")
        new = clear.filter(pl.col("source") == cut.after).select("word", new="key")
        both = old.join(new, on="word", how="inner", validate="1:1").select("old", "new")
        fresh = both.join(found, on="old", how="anti").join(found, on="new", how="anti")
        found = pl.concat([found, fresh])
    return found.sort("old")


def by_identity(rows: pl.DataFrame, identities: pl.DataFrame, table: str, cut: Cutover) -> pl.DataFrame:
    """The records that are known to be one; of several of the new system the one of the smallest key."""
    key = TABLES[table].primary_key()[0]
    is_joined = (pl.col("entity").cast(pl.String) == IDENTIFIED[table]) & (pl.col("state").cast(pl.String) == "joined")
    known = identities.filter(is_joined).select("record_id", "group_id")
    of_group = rows.select("source", record_id=pl.col(key)).join(known, on="record_id", how="inner", validate="1:1")
    new = of_group.filter(pl.col("source") == cut.after).group_by("group_id").agg(new=pl.col("record_id").min())
    old = of_group.filter(pl.col("source") == cut.before).select("group_id", old="record_id")
    return old.join(new, on="group_id", how="inner", validate="m:1").select("old", "new").sort("old")


def one_record(rows: pl.DataFrame, key: str, pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows without those of the old system that the new one has; who was known before stays known since then."""
    if FIRST_SEEN in rows.columns and pairs.height:
        since = rows.select(old=pl.col(key), _since=pl.col(FIRST_SEEN)).join(pairs, on="old", how="inner")
        earliest = since.group_by(pl.col("new").alias(key)).agg(pl.col("_since").min())
        rows = rows.join(earliest, on=key, how="left", validate="m:1", maintain_order="left")
        rows = rows.with_columns(pl.min_horizontal(FIRST_SEEN, "_since").alias(FIRST_SEEN)).drop("_since")
    return rows.filter(~pl.col(key).is_in(pairs["old"].implode()))
