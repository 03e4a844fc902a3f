"""Files in our templates: one per unified table, as CSV, XLSX, JSON, NDJSON, Parquet, SQLite, gz or zip.

A template's columns are those of its table. Eight tables have a shorter form as well, as firms usually export them;
either form, or a mixture, is read.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import dataframely as dy
import polars as pl

from analytics.tables import DELIVERED, TABLES, fields, parsing
from analytics.tables.columns import LARGEST
from data_access import readers
from data_access.mapping import LINE, ROW, Cell, Extract, Mapping, Notice, Reading, SourceRefused, source_names

Column = str | pl.Expr | Cell
Columns = dict[str, Column]

SOURCE = "files"
COMPANY = "main"
NEVER_DELIVERED = frozenset({"identities"})
EXACT = pl.Decimal(38, 12)

ORDER_WORDS = {
    "open": "confirmed",
    "approved": "confirmed",
    "sale": "confirmed",
    "canceled": "cancelled",
    "closed": "done",
    "delivered": "done",
}
ORDER_WORDS |= {"received": "done", "completed": "done", "quotation": "quoted", "sent": "quoted"}
CHANNEL_WORDS = {
    "email": "mail",
    "e-mail": "mail",
    "telephone": "phone",
    "call": "phone",
    "meeting": "visit",
    "website": "web",
}
TICKET_WORDS = {"new": "open", "solved": "closed", "resolved": "closed", "canceled": "cancelled", "waiting": "pending"}
PRIORITY_WORDS = {"medium": "normal", "critical": "urgent"}


@dataclass(frozen=True)
class Template:
    """How a file's columns become a unified table's.

    ``also``: further names of a column. ``required``: unified columns that the file must have.
    """

    to: str
    also: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    words: Dictionary[str, Dictionary[str, str]] = field(default_factory=dict)
    scales: Dictionary[str, str] = field(default_factory=dict)
    defaults: Dictionary[str, str] = field(default_factory=dict)
    inherits: Dictionary[str, tuple[str, str]] = field(default_factory=dict)
    full_within: str | None = None

    def names(self, column: str) -> tuple[str, ...]:
        """The names under which a file may hold a unified column, the shorter form's first."""
        return (*self.also.get(column, ()), column)


_SHORT: tuple[Template, ...] = (
    Template(
        to="products",
        also={"category_id": ("category",), "cost": ("unit_cost",), "is_active": ("active",)},
        required=("product_id", "name", "cost", "list_price"),
        defaults={"kind": "storable"},
    ),
    Template(to="customers", also={"created_on": ("created_at",)}, required=("customer_id", "name")),
    Template(
        to="sales_orders",
        also={"sales_order_id": ("order_id",), "ordered_at": ("order_date",), "promised_on": ("promised_date",)},
        required=("sales_order_id", "customer_id", "ordered_at", "status", "currency"),
        words={"status": ORDER_WORDS},
    ),
    Template(
        to="sales_order_lines",
        also={
            "sales_order_line_id": ("line_id",),
            "sales_order_id": ("order_id",),
            "quantity": ("qty",),
            "source_unit": ("unit",),
            "discount": ("discount_pct",),
        },
        required=("sales_order_line_id", "sales_order_id", "product_id", "quantity"),
        scales={"discount_pct": "0.01"},
        inherits={"currency": ("sales_order_id", "currency"), "company_id": ("sales_order_id", "company_id")},
    ),
    Template(
        to="inventory_levels",
        also={
            "site_id": ("warehouse_id",),
            "as_of_on": ("snapshot_at",),
            "on_hand": ("qty_on_hand",),
            "reserved": ("qty_reserved",),
        },
        required=("product_id", "site_id", "as_of_on", "on_hand"),
        full_within="as_of_on",
    ),
    Template(
        to="tickets",
        required=("ticket_id", "customer_id", "opened_at", "status"),
        words={"status": TICKET_WORDS, "channel": CHANNEL_WORDS, "priority": PRIORITY_WORDS},
    ),
)

_FLAT_BOMS = Template(
    to="bom_lines",
    also={
        "product_id": ("parent_product_id",),
        "component_id": ("component_product_id",),
        "quantity_per": ("qty_per",),
        "valid_from_on": ("valid_from",),
        "valid_to_on": ("valid_to",),
    },
)
_FLAT_PURCHASES = Template(
    to="purchase_order_lines",
    also={
        "purchase_order_id": ("po_id",),
        "quantity": ("qty",),
        "due_on": ("expected_date",),
        "received_on": ("received_date",),
    },
)
_NEEDED_FOR_BOMS = ("parent_product_id", "component_product_id", "qty_per")
_NEEDED_FOR_PURCHASES = ("po_id", "supplier_id", "product_id", "qty", "unit_price", "currency", "order_date", "status")
_INHERITED: dict[str, Dictionary[str, tuple[str, str]]] = {
    "purchase_order_lines": {
        "currency": ("purchase_order_id", "currency"),
        "company_id": ("purchase_order_id", "company_id"),
    },
    "shipment_lines": {"company_id": ("shipment_id", "company_id")},
    "receipt_lines": {"company_id": ("receipt_id", "company_id")},
    "invoice_lines": {"currency": ("invoice_id", "currency"), "company_id": ("invoice_id", "company_id")},
    "inventory_levels": {"company_id": ("site_id", "company_id")},
    "bom_lines": {"product_id": ("bom_id", "product_id"), "company_id": ("bom_id", "company_id")},
}
TEMPLATES: dict[str, Template] = {
    name: Template(to=name, inherits=_INHERITED.get(name, {}))
    for name in (*DELIVERED, "targets")
    if name not in NEVER_DELIVERED
}
TEMPLATES |= {template.to: template for template in _SHORT}
TEMPLATES["inventory_levels"] = Template(
    **{**vars(TEMPLATES["inventory_levels"]), "inherits": _INHERITED["inventory_levels"]}
)


SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "boms": ("parent_product_id", "component_product_id", "qty_per", "valid_from", "valid_to"),
    "customers": ("customer_id", "name", "email", "phone", "country", "segment", "created_at", "marketing_consent"),
    "inventory_levels": ("product_id", "warehouse_id", "snapshot_at", "qty_on_hand", "qty_reserved"),
    "products": (
        "product_id",
        "name",
        "category",
        "unit",
        "unit_cost",
        "list_price",
        "currency",
        "lead_time_days",
        "active",
    ),
    "purchase_orders": (
        "po_id",
        "supplier_id",
        "product_id",
        "qty",
        "unit_price",
        "currency",
        "order_date",
        "expected_date",
        "received_date",
        "status",
    ),
    "sales_order_lines": ("line_id", "order_id", "product_id", "qty", "unit", "unit_price", "discount_pct"),
    "sales_orders": ("order_id", "customer_id", "order_date", "promised_date", "status", "currency"),
    "tickets": ("ticket_id", "customer_id", "opened_at", "closed_at", "channel", "priority", "status", "body"),
}


def known_columns() -> dict[str, frozenset[str]]:
    """From file stem to every column name that its template knows."""
    known = {}
    for name, template in TEMPLATES.items():
        own = {alias for column in fields(TABLES[name]) for alias in template.names(column)}
        known[name] = frozenset(own | {"company_id", *SHORT_FORMS.get(name, ())})
    return known


def read(path: Path, *, partial: bool = False) -> Reading:
    """Everything that a delivery holds.

    Raises SourceRefused when the delivery as a whole cannot be understood.
    """
    delivery = readers.read(path, known_columns())
    if delivery.refused is not None:
        raise SourceRefused(delivery.refused.rule, delivery.refused.detail)
    extracts = [extract for table in delivery.tables for extract in _extracts(table, partial=partial)]
    extracts += implied_company(extracts)
    return Reading(source=SOURCE, as_of=latest_change(path), extracts=tuple(extracts), ignored=delivery.ignored)


def latest_change(path: Path) -> datetime:
    """When the newest file of a delivery was last written."""
    files = [file for file in path.iterdir() if file.is_file()] if path.is_dir() else [path]
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC)


def _extracts(table: readers.RawTable, *, partial: bool) -> Iterator[Extract]:
    header = frozenset(table.frame.columns)
    if table.refused is not None:
        yield _refused(table, Notice(table.refused.rule, table.refused.detail))
        return
    if table.name == "boms" and header & {"parent_product_id", "component_product_id"}:
        yield from _flat_boms(table, partial=partial)
    elif table.name == "purchase_orders" and header & {"po_id", "product_id"}:
        yield from _flat_purchases(table, partial=partial)
    else:
        yield from _plain(table, TEMPLATES[table.name], partial=partial)


def _refused(table: readers.RawTable, why: Notice) -> Extract:
    mapping = Mapping(to=table.name, table=table.name, columns={})
    return Extract(mapping=mapping, frame=pl.DataFrame(schema={ROW: pl.String}), refused=why)


def _missing_columns(table: readers.RawTable, template: Template) -> Notice | None:
    header = set(table.frame.columns)
    required = template.required or tuple(name for name in _needed(template.to))
    return _lacking(table, [template.names(name)[0] for name in required if not header & set(template.names(name))])


def _lacking(table: readers.RawTable, missing: list[str]) -> Notice | None:
    if not missing:
        return None
    unknown = sorted(set(table.frame.columns) - known_columns()[table.name] - {LINE})
    came = f" The columns {', '.join(unknown)} are not known: was one of them renamed?" if unknown else ""
    return Notice(
        "missing_column", f"{table.file} has no column {', '.join(missing)}.{came} Nothing of this table was changed."
    )


def _needed(table: str) -> Iterator[str]:
    """Columns that can be neither null nor given a default."""
    for name, column in TABLES[table].columns().items():
        given = isinstance(column, dy.Bool) or name in _DEFAULTS
        if name in fields(TABLES[table]) and not column.nullable and not given:
            yield name


_DEFAULTS = {"kind": "storable", "certainty": "1"}


def _plain(table: readers.RawTable, template: Template, *, partial: bool) -> Iterator[Extract]:
    lacking = _missing_columns(table, template)
    if lacking is not None:
        yield _refused(table, lacking)
        return
    schema = TABLES[template.to]
    columns = _columns(table, template)
    key_columns = [columns[name] for name in schema.primary_key()]
    yield _made(table, template, columns, key_columns, partial=partial)
    yield from _implied(table, template.to)


def _columns(table: readers.RawTable, template: Template) -> Columns:
    header = table.frame.columns
    found: Columns = {}
    for name in fields(TABLES[template.to]):
        present = next((alias for alias in template.names(name) if alias in header), None)
        if present is not None:
            found[name] = _cell(template, name, present)
        elif name in template.defaults:
            found[name] = pl.lit(template.defaults[name])
        elif name == "is_active":
            found[name] = pl.lit(value=True)
    return found | _computed(template.to, header, found)


def _cell(template: Template, name: str, present: str) -> str | Cell:
    words, scale = template.words.get(name), template.scales.get(present)
    default = "true" if name == "is_active" else None
    return Cell(column=present, words=words, scale=scale, default=default) if words or scale or default else present


def _computed(to: str, header: list[str], found: Dictionary[str, object]) -> dict[str, pl.Expr]:
    """What the shorter forms leave to be computed."""
    if to == "customers" and "region" not in found and "country" in header:
        return {"region": pl.when(~parsing.missing_word(pl.col("country"))).then(pl.col("country"))}
    if to == "sales_order_lines" and "amount_untaxed" not in found and {"qty", "unit_price"} <= set(header):
        return {
            "amount_untaxed": _line_amount("discount_pct" if "discount_pct" in header else None),
            "source_quantity": parsing.decimal_from(pl.col("qty")),
        }
    if to == "products" and "sku" not in found:
        return {"sku": parsing.key_from(pl.col("product_id"))}
    return {}


def _line_amount(discount: str | None) -> pl.Expr:
    """Quantity times price less discount, rounded once and commercially (half a cent counts as one)."""
    amount = _factor("qty") * _factor("unit_price")
    if discount is not None:
        off = parsing.decimal_from(pl.col(discount)).fill_null(Decimal(0)).cast(EXACT)
        paid = pl.when(off.is_between(0, 100)).then(
            (pl.lit(Decimal(100), EXACT) - off) * pl.lit(Decimal("0.01"), EXACT)
        )
        amount = amount * paid
    beyond = pl.lit(10 * LARGEST, EXACT) * amount.sign()
    bounded = pl.when(amount.abs() > LARGEST).then(beyond).otherwise(amount)
    return bounded.round(2, mode="half_away_from_zero")


def _factor(column: str) -> pl.Expr:
    """A number that can be multiplied without overflow; null for one that is refused as too large anyway."""
    number = parsing.decimal_from(pl.col(column))
    return pl.when(number.abs() <= LARGEST).then(number).cast(EXACT)


def _made(
    table: readers.RawTable,
    template: Template,
    columns: Columns,
    key_columns: list[Column],
    *,
    partial: bool,
    only: pl.Expr | None = None,
) -> Extract:
    header = set(table.frame.columns)
    mapping = Mapping(
        to=template.to,
        table=table.name,
        columns=columns,
        key=LINE,
        company=parsing.key_from(pl.col("company_id")) if "company_id" in header else None,
        inherits={name: way for name, way in template.inherits.items() if way[0] in columns},
        in_source_unit="source_unit" in columns and "source_quantity" in columns and "qty" in header,
        full_within=template.full_within,
        typed_by_hand=True,
        only=only,
    )
    frame = table.frame.with_columns(pl.col(LINE).cast(pl.String).alias(ROW))
    named = [name for column in key_columns for name in source_names(column)]
    problems = problems_of(table, named)
    keys = keys_of(frame, key_columns, template.to)
    return Extract(
        mapping=mapping,
        frame=frame,
        problems=problems,
        keys=None if partial else keys.drop_nulls().unique(maintain_order=True),
        unreadable_keys=unreadable_keys(frame, keys, problems, named),
        notices=tuple(Notice(finding.rule, finding.detail) for finding in table.warnings) + _serials(table, mapping),
    )


def keys_of(frame: pl.DataFrame, key_columns: list[Column], to: str) -> pl.Series:
    """The key of each record, whether or not the rest of the record is good; null where it cannot be read."""
    kinds = [TABLES[to].columns()[name] for name in TABLES[to].primary_key()]
    parts = [_key_part(column, kind) for column, kind in zip(key_columns, kinds, strict=True)]
    return frame.select(pl.concat_str(parts, separator="/").alias("key")).to_series()


def unreadable_keys(frame: pl.DataFrame, keys: pl.Series, problems: pl.DataFrame, named: list[str]) -> int:
    """How many rows may be any record: their key is missing, or the reader found fault with it or the row."""
    faulty = problems.filter(pl.col("column").is_null() | pl.col("column").is_in(named)).get_column(ROW)
    return frame.filter(keys.is_null() | pl.col(ROW).is_in(faulty.implode())).height


def _key_part(column: Column, kind: dy.Column) -> pl.Expr:
    if isinstance(column, pl.Expr):
        return column
    value = pl.col(column.column if isinstance(column, Cell) else column)
    return parsing.date_from(value).cast(pl.String) if isinstance(kind, dy.Date) else parsing.key_from(value)


def problems_of(table: readers.RawTable, key_columns: list[str]) -> pl.DataFrame:
    """What the reader found, by row.

    A number among text keys counts in a workbook, where 007 may have become 7; in JSON its digits are exact.
    """
    lost_digits = pl.col("column").is_in(key_columns) & pl.lit(".xls" in table.file.lower())
    counts = ~pl.col("note") | lost_digits
    return table.problems.filter(counts).select(pl.col(LINE).cast(pl.String).alias(ROW), "column", "rule", "value")


def _serials(table: readers.RawTable, mapping: Mapping) -> tuple[Notice, ...]:
    dated = [
        value
        for name, value in mapping.columns.items()
        if isinstance(value, str) and isinstance(mapping.schema.columns()[name], (dy.Date, dy.Datetime))
    ]
    found = sum(
        table.frame.select(parsing.is_excel_serial(pl.col(name)).fill_null(value=False).sum()).item() for name in dated
    )
    sentence = f"{table.file}: {found} dates are numbers and were read as days of Excel's 1900 calendar."
    return (Notice("excel_serial_dates", sentence),) if found else ()


def _flat_boms(table: readers.RawTable, *, partial: bool) -> Iterator[Extract]:
    lacking = _lacking(table, [name for name in _NEEDED_FOR_BOMS if name not in table.frame.columns])
    if lacking is not None:
        yield _refused(table, lacking)
        return
    parent, component = parsing.key_from(pl.col("parent_product_id")), parsing.key_from(pl.col("component_product_id"))
    since = pl.col("valid_from").fill_null("") if "valid_from" in table.frame.columns else pl.lit("")
    key = pl.concat_str([parent, component, since], separator="/")
    columns: Columns = {"bom_line_id": key, "bom_id": "parent_product_id", **_columns(table, _FLAT_BOMS)}
    yield _made(table, _FLAT_BOMS, columns, [key], partial=partial)
    whole: Columns = {
        "bom_id": "parent_product_id",
        "product_id": "parent_product_id",
        "kind": pl.lit("make"),
        "quantity": pl.lit("1"),
        "is_active": pl.lit(value=True),
    }
    yield _derived(table, "boms", whole)


def _flat_purchases(table: readers.RawTable, *, partial: bool) -> Iterator[Extract]:
    lacking = _lacking(table, [name for name in _NEEDED_FOR_PURCHASES if name not in table.frame.columns])
    if lacking is not None:
        yield _refused(table, lacking)
        return
    key = pl.concat_str([parsing.key_from(pl.col("po_id")), parsing.key_from(pl.col("product_id"))], separator="/")
    columns: Columns = {"purchase_order_line_id": key, **_columns(table, _FLAT_PURCHASES)}
    columns |= {"received_quantity": _received_quantity(table), "amount_untaxed": _line_amount(None)}
    yield _made(table, _FLAT_PURCHASES, columns, [key], partial=partial)
    status = Cell(column="status", words=ORDER_WORDS)
    yield _made(
        table,
        Template(to="purchase_orders"),
        {
            "purchase_order_id": "po_id",
            "supplier_id": "supplier_id",
            "status": status,
            "ordered_at": "order_date",
            "currency": "currency",
        },
        ["po_id"],
        partial=partial,
        only=parsing.key_from(pl.col("po_id")).is_first_distinct(),
    )
    yield _derived(
        table, "suppliers", {"supplier_id": "supplier_id", "name": "supplier_id", "is_active": pl.lit(value=True)}
    )


def _received_quantity(table: readers.RawTable) -> pl.Expr:
    """All of it when the order is done, nothing while no date of receipt is given; unknown when an open order has one,
    or the file keeps none."""
    done = pl.col("status").str.strip_chars().str.to_lowercase().replace(ORDER_WORDS) == "done"
    all_of_it = pl.when(done).then(parsing.decimal_from(pl.col("qty")))
    if "received_date" not in table.frame.columns:
        return all_of_it.otherwise(None)
    nothing = pl.lit("0").cast(pl.Decimal(24, 6))
    return all_of_it.when(parsing.missing_word(pl.col("received_date"))).then(nothing)


def _implied(table: readers.RawTable, to: str) -> Iterator[Extract]:
    """Rows that a shorter form only implies: the warehouse, the category, the unit; and the consent that customers
    carry."""
    header = table.frame.columns
    if to == "products" and "category" in header:
        yield _derived(table, "product_categories", {"category_id": "category", "name": "category", "path": "category"})
    if to == "products" and "unit" in header and "unit_cost" in header:
        yield _derived(table, "units", {"unit_id": "unit", "name": "unit", "is_active": pl.lit(value=True)})
    if to == "inventory_levels" and "warehouse_id" in header:
        yield _derived(
            table,
            "sites",
            {
                "site_id": "warehouse_id",
                "name": "warehouse_id",
                "kind": pl.lit("warehouse"),
                "main_site_id": "warehouse_id",
                "is_active": pl.lit(value=True),
            },
        )
    if to == "customers" and "marketing_consent" in header:
        consent: Columns = {
            "consent_id": "customer_id",
            "customer_id": "customer_id",
            "purpose": pl.lit("marketing"),
            "is_granted": "marketing_consent",
        }
        yield _made(
            table,
            Template(to="consents"),
            consent,
            ["customer_id"],
            partial=True,
            only=~parsing.missing_word(pl.col("marketing_consent")),
        )


def _derived(table: readers.RawTable, to: str, columns: Columns) -> Extract:
    company = parsing.key_from(pl.col("company_id")) if "company_id" in table.frame.columns else None
    mapping = Mapping(
        to=to, table=table.name, columns=columns, key=LINE, company=company, derived=True, typed_by_hand=True
    )
    return Extract(mapping=mapping, frame=table.frame.with_columns(pl.col(LINE).cast(pl.String).alias(ROW)))


def implied_company(extracts: list[Extract]) -> list[Extract]:
    """A firm that does not name its companies has one."""
    if any(extract.mapping.to == "companies" for extract in extracts) or not extracts:
        return []
    frame = pl.DataFrame({ROW: ["1"], LINE: [1], "company": [COMPANY], "name": ["Company"]})
    columns: Columns = {
        "company_id": "company",
        "name": "name",
        "is_active": pl.lit(value=True),
    }
    return [
        Extract(
            mapping=Mapping(
                to="companies", table="companies", columns=columns, key=LINE, derived=True, typed_by_hand=True
            ),
            frame=frame,
        )
    ]
