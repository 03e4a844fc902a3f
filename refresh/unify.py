"""All translated rows of one read, brought together: each table after those that it refers to, held to every rule,
completed from its parents."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from analytics.tables import BASE, OWN, TABLES, Record, fields, marks, parents_first, references
from data_access.mapping import LINE, ROW, SHARED, Extract, Notice, Reading
from data_access.mapping import Mapping as SourceMapping
from data_access.storable import from_text
from data_access.store import FROZEN, Load
from refresh import rules, sizes, whose
from refresh.aside import Aside, as_json
from refresh.translate import translated

BEHIND = "_behind"
WORKING = (ROW, LINE, BEHIND)


@dataclass(frozen=True)
class Holding:
    """Which records of a unified table the source holds now.

    ``within``: a column and its values, where the delivery is complete only for those. ``by_hand``: it came as a file,
    so that no rows at all are more likely a failed export than an emptied table. ``unreadable``: rows set aside whose
    key cannot be trusted: each may be a record that otherwise seems to be gone.
    """

    source_table: str
    keys: pl.Series
    stored_before: int
    by_hand: bool
    unreadable: int
    within: tuple[str, pl.Series] | None = None

    def is_doubtful(self, confirmed: frozenset[str]) -> bool:
        """Whether nothing may be taken away before a person has confirmed it."""
        unsure = self.unreadable > 0 or (self.by_hand and self.keys.is_empty())
        return unsure and self.source_table not in confirmed


@dataclass(frozen=True)
class Taken:
    """One extract in the books: source rows that were translated or failed to be, duplicates, good unified rows and
    the source rows behind them, and sums."""

    extract: Extract
    translated: int
    duplicates: int
    accepted: int
    behind: int
    sums: Mapping[str, object]


@dataclass
class Unified:
    """What one read became.

    ``tables``: unified table to its good rows. ``duplicates``: source table to the row keys of exact duplicates.
    ``refused``: source table to why. ``readmitted``: keys of quarantined rows whose reference has arrived;
    ``superseded``: of those whose record came again.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    held: dict[str, Holding] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    duplicates: dict[str, set[str]] = field(default_factory=dict)
    notices: dict[str, list[Notice]] = field(default_factory=dict)
    refused: dict[str, Notice] = field(default_factory=dict)
    aside: Aside = field(default_factory=Aside)
    readmitted: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    unexplained: pl.DataFrame | None = None


class Unifier:
    """Holds what the rules need of the stored tables, each read once."""

    def __init__(
        self, reading: Reading, load: Load, *, known_since: Mapping[str, datetime], confirmed: frozenset[str]
    ) -> None:
        self._reading = reading
        self._load = load
        self._known_since = known_since
        self._confirmed = confirmed
        self._stored: dict[str, pl.Series] = {}
        self._came: dict[str, list[pl.DataFrame]] = {}
        self._partly_held: set[str] = set()
        self.result = Unified()

    def run(self, waiting: pl.DataFrame) -> Unified:
        """The unified tables; ``waiting`` are quarantined rows of earlier runs that only missed a reference."""
        for extract in self._reading.extracts:
            self._note(extract)
        for table in parents_first():
            extracts = [
                extract for extract in self._reading.extracts if extract.mapping.to == table and extract.refused is None
            ]
            again = waiting.filter(pl.col("table_name") == table)
            if (extracts or again.height) and (table not in OWN or table == "targets"):
                self._table(table, extracts, again)
        return self.result

    def _note(self, extract: Extract) -> None:
        source_table = extract.mapping.table
        self.result.notices.setdefault(source_table, []).extend(
            notice for notice in extract.notices if notice not in self.result.notices.get(source_table, [])
        )
        if extract.refused is not None:
            self.result.refused[source_table] = extract.refused

    def _table(self, table: str, extracts: list[Extract], again: pl.DataFrame) -> None:
        parts = [self._checked(extract) for extract in sorted(extracts, key=lambda e: e.mapping.derived)]
        if parts:
            self.result.tables[table] = _together(parts, table).drop(WORKING, strict=False)
        if again.height:
            parts.append(self._again(table, again))
        rows = _together(parts, table)
        self.result.tables[table] = rows.drop(WORKING, strict=False)
        for extract in extracts:
            if not extract.mapping.derived:
                noticed = rules.notices(table, rows) + self._other_sizes(table, extract, rows)
                self.result.notices.setdefault(extract.mapping.table, []).extend(noticed)
                break

    def _other_sizes(self, table: str, extract: Extract, rows: pl.DataFrame) -> list[Notice]:
        """Of a whole read against what is stored; the few rows that changed need not be like all others."""
        columns = sizes.measured(rows)
        if extract.incremental or not columns or rows.height < sizes.ENOUGH:
            return []
        living = "source = :source AND deleted_at IS NULL"
        stored = self._load.read(table, columns, where=living, source=self._reading.source)
        return sizes.other_sizes(extract.mapping.table, rows.select(columns), stored)

    def _checked(self, extract: Extract) -> pl.DataFrame:
        mapping, source = extract.mapping, self._reading.source
        schema = mapping.schema
        made = translated(extract, source)
        if not mapping.derived:
            known = self._with_company(made.aside, extract)
            self.result.aside.add(known, source_table=mapping.table, table=mapping.to)
            self.result.notices.setdefault(mapping.table, []).extend(made.notices)
        rows = self._without(made.rows, rules.missing_keys(made.rows, schema), extract)
        if mapping.derived:
            return self._implied(rows, mapping)
        self._came.setdefault(mapping.to, []).append(rows.select(schema.primary_key()))
        self._refuse_changed_keys(mapping, rows)
        self._hold(extract, rows)
        repeated = rules.exact_duplicates(rows) if not mapping.sums else rows.select(ROW).clear()
        rows = self._each_key_once(rows, repeated, extract)
        rows = self._completed(rows, mapping)
        for broken in (rules.schema_rules, rules.unknown_currencies, rules.null_characters):
            rows = self._without(rows, broken(rows, schema), extract)
        if mapping.in_source_unit:
            converted, unknown = rules.in_base_units(rows, self._lookup("products", ("unit",)), self._conversions())
            self._without(rows, unknown, extract)
            rows = converted
        rows = self._without_missing_references(rows, extract)
        self._refuse_circles(mapping, rows)
        self._take(extract, made.rows.height + made.aside.height, repeated.height, rows)
        return rows

    def _take(self, extract: Extract, translated_rows: int, repeated: int, rows: pl.DataFrame) -> None:
        mapped = [name for name in money_columns(extract.mapping.schema) if name in extract.mapping.columns]
        sums = {name: rows.get_column(name).sum() for name in mapped}
        behind = rows.get_column(BEHIND).list.len().sum() if BEHIND in rows.columns else rows.height
        self.result.taken.append(Taken(extract, translated_rows, repeated, rows.height, int(behind), sums))

    def _hold(self, extract: Extract, rows: pl.DataFrame) -> None:
        """Which records the source still holds, whether or not they were good; nobody knows where a part of them came
        from a table that does not tell."""
        mapping = extract.mapping
        if mapping.sums:
            return
        if extract.keys is None or mapping.to in self._partly_held:
            self._partly_held.add(mapping.to)
            self.result.held.pop(mapping.to, None)
            return
        stored = self._source_keys(mapping.to)
        within = (
            (mapping.full_within, rows.get_column(mapping.full_within).drop_nulls().unique())
            if mapping.full_within
            else None
        )
        earlier = self.result.held.get(mapping.to)
        keys = extract.keys if earlier is None else pl.concat([earlier.keys, extract.keys])
        self.result.held[mapping.to] = Holding(
            mapping.table, keys, stored.len(), mapping.typed_by_hand, extract.unreadable_keys, within
        )

    def _refuse_changed_keys(self, mapping: SourceMapping, rows: pl.DataFrame) -> None:
        if not mapping.typed_by_hand or len(mapping.schema.primary_key()) > 1 or mapping.table in self._confirmed:
            return
        delivered, stored = rows.get_column("source_id").unique(maintain_order=True), self._source_keys(mapping.to)
        if not rules.changed_key_format(delivered, stored):
            return
        sentence = (
            f"The keys of {mapping.table} are written differently from those already loaded ({delivered[0]} where"
            f" {stored[0]} is stored): every record would come twice."
        )
        self.result.refused[mapping.table] = Notice(
            "changed_key_format", f"{sentence} Export them as text, or confirm with --confirm {mapping.table}."
        )

    def _source_keys(self, table: str) -> pl.Series:
        """The stored keys of this source, one for each record, as the source writes them."""
        prefix = f"{self._reading.source}:"
        keys = self._stored_keys(table)
        return keys.filter(keys.str.starts_with(prefix)).str.strip_prefix(prefix)

    def _each_key_once(self, rows: pl.DataFrame, repeated: pl.DataFrame, extract: Extract) -> pl.DataFrame:
        mapping = extract.mapping
        if mapping.sums:
            return _added_up(rows, mapping)
        self.result.duplicates.setdefault(mapping.table, set()).update(repeated.get_column(ROW).to_list())
        rows = rows.join(repeated, on=ROW, how="anti", maintain_order="left")
        return self._without(rows, rules.conflicting_keys(rows, mapping.schema), extract)

    def _completed(self, rows: pl.DataFrame, mapping: SourceMapping) -> pl.DataFrame:
        for column, (reference, parent_column) in mapping.inherits.items():
            parent = references(mapping.schema)[reference]
            values = self._lookup(parent, (parent_column,)).rename(
                {TABLES[parent].primary_key()[0]: reference, parent_column: "_inherited"}
            )
            rows = (
                rows.join(values, on=reference, how="left", maintain_order="left", validate="m:1")
                .with_columns(pl.coalesce(column, "_inherited").alias(column))
                .drop("_inherited")
            )
        rows = rows.with_columns(
            pl.col("company_id").fill_null(self._company()),
            load_id=pl.lit(None, pl.Int64),
            deleted_at=pl.lit(None, pl.Datetime("us", "UTC")),
        )
        return self._with_first_promise(rows, mapping)

    def _company(self) -> str:
        """The company of rows that name none: the only one that the source has; * where it has several."""
        keys = self._keys("companies")
        own = keys.filter(keys.str.starts_with(f"{self._reading.source}:")).unique()
        return str(own[0]) if own.len() == 1 else SHARED

    def _with_first_promise(self, rows: pl.DataFrame, mapping: SourceMapping) -> pl.DataFrame:
        """A promise is known to be the first one only when the order came after the first load of its table."""
        names = mapping.schema.column_names()
        pair = next(((first, now) for first, now in FROZEN.items() if first in names and now in names), None)
        since = self._known_since.get(mapping.table)
        if pair is None or since is None:
            return rows
        first, now = pair
        seen = pl.concat([self._keys(mapping.to), self._load.gone_keys(mapping.to)])
        is_new = ~pl.col(mapping.schema.primary_key()[0]).is_in(seen.implode())
        came_after = (self._ordered_at(rows, mapping) >= since).fill_null(value=False)
        known = pl.col(first).is_null() & is_new & pl.lit(came_after)
        return rows.with_columns(pl.when(known).then(pl.col(now)).otherwise(pl.col(first)).alias(first))

    def _ordered_at(self, rows: pl.DataFrame, mapping: SourceMapping) -> pl.Series:
        """When each row was ordered: by itself, or as a line of its order."""
        if "ordered_at" in rows.columns:
            return rows.get_column("ordered_at")
        dated = ((way, to) for way, to in references(mapping.schema).items() if "ordered_at" in TABLES[to].columns())
        way, parent = next(dated)
        orders = self._lookup(parent, ("ordered_at",)).rename({TABLES[parent].primary_key()[0]: way})
        return rows.join(orders, on=way, how="left", maintain_order="left", validate="m:1").get_column("ordered_at")

    def _implied(self, rows: pl.DataFrame, mapping: SourceMapping) -> pl.DataFrame:
        key = mapping.schema.primary_key()[0]
        known = self._keys(mapping.to)
        if mapping.to == "companies" and self._source_keys("companies").len():
            return self._completed(rows.clear(), mapping)
        new = rows.unique(key, keep="first", maintain_order=True).filter(~pl.col(key).is_in(known.implode()))
        new = self._completed(new, mapping)
        good = new.join(rules.schema_rules(new, mapping.schema), on=ROW, how="anti", maintain_order="left")
        orphans = rules.missing_references(good, mapping.schema, self._keys)
        return good.join(orphans, on=ROW, how="anti", maintain_order="left")

    def _without_missing_references(self, rows: pl.DataFrame, extract: Extract) -> pl.DataFrame:
        """The rows whose references are all there; what refers to a row that goes aside goes with it."""
        kept = list(fields(extract.mapping.schema)) + [
            name
            for name in BASE
            if name in ("company_id", "source", "source_id") and name not in fields(extract.mapping.schema)
        ]
        while not (broken := rules.missing_references(rows, extract.mapping.schema, self._keys)).is_empty():
            whole = rows.join(broken, on=ROW, how="semi", maintain_order="left")
            unified = pl.DataFrame({ROW: whole.get_column(ROW), "unified": as_json(whole, kept)})
            rows = self._without(rows, broken, extract, unified=unified)
        return rows

    def _without(
        self, rows: pl.DataFrame, broken: pl.DataFrame, extract: Extract, *, unified: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """The rows without the broken ones, which go aside with the record as it came."""
        if broken.is_empty():
            return rows
        first = broken.unique(ROW, keep="first", maintain_order=True)
        if not extract.mapping.derived:
            self._set_aside(_each_behind(first, rows), extract, unified)
        return rows.join(first, on=ROW, how="anti", maintain_order="left")

    def _set_aside(self, first: pl.DataFrame, extract: Extract, unified: pl.DataFrame | None) -> None:
        frame = (
            extract.frame
            if LINE in extract.frame.columns
            else extract.frame.with_columns(pl.lit(None, pl.Int64).alias(LINE))
        )
        came = frame.join(first.select(ROW), on=ROW, how="semi", maintain_order="left")
        shown = [name for name in extract.frame.columns if name not in WORKING]
        records = (
            came.select(ROW, LINE)
            .with_columns(as_json(came, shown))
            .join(first, on=ROW, how="inner", maintain_order="left")
        )
        if unified is not None:
            records = records.join(unified, on=ROW, how="left", maintain_order="left")
        known = self._with_company(records, extract)
        self.result.aside.add(known, source_table=extract.mapping.table, table=extract.mapping.to)

    def _with_company(self, rows: pl.DataFrame, extract: Extract) -> pl.DataFrame:
        """Rows set aside with the company that they name, else that of what they are part of, else the source's only
        one; * where nobody can say."""
        if rows.is_empty():
            return rows
        named = whose.companies(extract, self._reading.source, self._lookup).unique(ROW)
        known = self._keys("companies").implode()
        company = pl.when(pl.col("company_id").is_in(known)).then(pl.col("company_id")).fill_null(self._company())
        return rows.join(named, on=ROW, how="left", validate="m:1", maintain_order="left").with_columns(company)

    def _refuse_circles(self, mapping: SourceMapping, rows: pl.DataFrame) -> None:
        if mapping.to != "bom_lines" or rows.is_empty():
            return
        circle = rules.cyclic_components(self._with_stored_lines(rows))
        if circle:
            path = " -> ".join(key.split(":", 1)[1] for key in circle)
            self.result.refused[mapping.table] = Notice(
                "bom_cycle",
                f"The bills of materials go in a circle: {path}. Correct one of these bills and send the table again.",
            )

    def _with_stored_lines(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Bill lines as they will be: those that came, and the stored ones that stay."""
        holding = self.result.held.get("bom_lines")
        living = "source = :source AND deleted_at IS NULL"
        stored = self._load.read("bom_lines", where=living, source=self._reading.source)
        if holding is not None:
            stored = stored.filter(pl.col("source_id").is_in(holding.keys.implode()))
        edges = ("bom_line_id", "product_id", "component_id")
        stay = stored.join(rows, on="bom_line_id", how="anti")
        return pl.concat([rows.select(edges), stay.select(edges)])

    def _again(self, table: str, waiting: pl.DataFrame) -> pl.DataFrame:
        """Quarantined rows whose reference may have arrived, unless their record itself came again."""
        schema = TABLES[table]
        texts = waiting.select(
            "quarantine_id",
            pl.col("unified").str.json_decode(pl.Struct(dict.fromkeys(schema.column_names(), pl.String))).alias("row"),
        ).unnest("row")
        typed = from_text(texts.drop("quarantine_id"), schema)
        rows = typed.with_columns(texts.get_column("quarantine_id").alias(ROW), pl.lit(None, pl.Int64).alias(LINE))
        came = pl.concat([rows.select(schema.primary_key()).clear(), *self._came.get(table, [])])
        self.result.superseded += rows.join(came, on=schema.primary_key(), how="semi").get_column(ROW).to_list()
        rows = rows.join(came, on=schema.primary_key(), how="anti", maintain_order="left")
        while not (broken := rules.missing_references(rows, schema, self._keys)).is_empty():
            rows = rows.join(broken, on=ROW, how="anti", maintain_order="left")
        self.result.readmitted += rows.get_column(ROW).to_list()
        return rows

    def _conversions(self) -> pl.DataFrame:
        return self._lookup("unit_conversions", ("product_id", "from_unit", "to_unit", "factor"))

    def _keys(self, table: str) -> pl.Series:
        incoming = self.result.tables.get(table)
        stored = self._stored_keys(table)
        return stored if incoming is None else pl.concat([stored, incoming.get_column(TABLES[table].primary_key()[0])])

    def _stored_keys(self, table: str) -> pl.Series:
        if table not in self._stored:
            self._stored[table] = self._load.keys(table)
        return self._stored[table]

    def _lookup(self, table: str, columns: tuple[str, ...]) -> pl.DataFrame:
        """The key and these columns of a table's rows, each as delivered, else as stored."""
        key = TABLES[table].primary_key()[0]
        chosen = tuple(dict.fromkeys((key, *columns)))
        stored = self._load.read(table, chosen)
        incoming = self.result.tables.get(table)
        both = stored if incoming is None or incoming.is_empty() else pl.concat([incoming.select(chosen), stored])
        return both.unique(key, keep="first", maintain_order=True)


def _together(parts: list[pl.DataFrame], table: str) -> pl.DataFrame:
    """One row per key; where two parts have it, that of the first."""
    return pl.concat(parts, how="diagonal").unique(TABLES[table].primary_key(), keep="first", maintain_order=True)


def money_columns(schema: type[Record]) -> list[str]:
    """Columns that hold amounts of money: what must add up to the cent."""
    units = {name: str(marks(column).get("unit", "")) for name, column in schema.columns().items()}
    return [name for name, unit in units.items() if unit.startswith("money in") and "per base unit" not in unit]


def unify(
    reading: Reading,
    load: Load,
    waiting: pl.DataFrame,
    *,
    known_since: Mapping[str, datetime],
    confirmed: frozenset[str],
) -> Unified:
    """The unified tables of a reading.

    A source table that turns out to be refused is left out whole, with all that it implies, and the rest is unified
    without it.
    """
    refused: dict[str, Notice] = {}
    while True:
        kept = tuple(extract for extract in reading.extracts if extract.mapping.table not in refused)
        result = Unifier(
            dataclasses.replace(reading, extracts=kept), load, known_since=known_since, confirmed=confirmed
        ).run(waiting)
        if not result.refused:
            result.refused = refused
            return result
        refused |= result.refused


def _each_behind(broken: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Where a row was added up of several source rows, all of them."""
    if BEHIND not in rows.columns:
        return broken
    members = rows.select(ROW, BEHIND)
    return (
        broken.join(members, on=ROW, how="left", validate="m:1")
        .explode(BEHIND)
        .with_columns(pl.col(BEHIND).alias(ROW))
        .drop(BEHIND)
    )


def _added_up(rows: pl.DataFrame, mapping: SourceMapping) -> pl.DataFrame:
    """Rows of one key become one, their amounts added; it remembers the source rows behind it."""
    key = mapping.schema.primary_key()
    others = [name for name in rows.columns if name not in (*key, *mapping.sums)]
    added = [pl.col(name).sum().cast(rows.schema[name]) for name in mapping.sums]
    return rows.group_by(key, maintain_order=True).agg(
        *(pl.col(name).first() for name in others), *added, pl.col(ROW).alias(BEHIND)
    )


__all__ = ["Holding", "Taken", "Unified", "money_columns", "unify"]
