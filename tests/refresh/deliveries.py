"""Small deliveries in our templates, and what became of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analytics.access import Viewer
from analytics.tables import TABLES
from data_access.home import Home, firm_home
from data_access.snapshot import Snapshot, current
from data_access.sources import files
from data_access.store import Load, Store
from refresh.run import Report, Request, refresh

OWNER = Viewer(user="owner", role="owner")

PRODUCTS = "product_id,name,unit,unit_cost,list_price,currency"
CUSTOMERS = "customer_id,name,country"
ORDERS = "order_id,customer_id,order_date,promised_date,status,currency"
LINES = "line_id,order_id,product_id,qty,unit,unit_price"
BOMS = "parent_product_id,component_product_id,qty_per,valid_from,valid_to"
STOCK = "product_id,warehouse_id,snapshot_at,qty_on_hand,qty_reserved"
TICKETS = "ticket_id,customer_id,opened_at,closed_at,channel,priority,status,body"

Content = str | bytes


def table(header: str, *rows: str) -> str:
    """A CSV of these lines."""
    return "\n".join((header, *rows)) + "\n"


def products(*keys: str) -> str:
    """Products that cost 1 and sell for 2 euros, counted in pieces."""
    return table(PRODUCTS, *(f"{key},Part {key},pcs,1.00,2.00,EUR" for key in keys))


def customers(*keys: str, country: str = "DE") -> str:
    """Customers of one country."""
    return table(CUSTOMERS, *(f"{key},Customer {key},{country}" for key in keys))


def orders(*rows: str) -> str:
    """Confirmed orders in euros, given as ``order,customer`` and where needed ``,day,promised day``."""
    return table(ORDERS, *(_order(*row.split(",")) for row in rows))


def _order(key: str, customer: str, day: str = "2026-01-05", promised: str = "") -> str:
    return f"{key},{customer},{day},{promised},confirmed,EUR"


def lines(*rows: str) -> str:
    """Order lines in pieces, given as ``line,order,product,quantity,price``."""
    return table(LINES, *(_line(*row.split(",")) for row in rows))


def _line(key: str, order: str, product: str, quantity: str, price: str) -> str:
    return f"{key},{order},{product},{quantity},pcs,{price}"


def small_firm() -> dict[str, Content]:
    """Two customers, two orders of 10 and 4 euros, three products."""
    return {
        "products": products("P1", "P2", "P3"),
        "customers": customers("C1", "C2"),
        "sales_orders": orders("S1,C1", "S2,C2"),
        "sales_order_lines": lines("L1,S1,P1,2,2.50", "L2,S1,P2,1,5.00", "L3,S2,P1,1,4.00"),
    }


def write(folder: Path, tables: Mapping[str, Content]) -> Path:
    """The delivery as files; a name without an ending is a CSV."""
    folder.mkdir(parents=True)
    for name, content in tables.items():
        path = folder / (name if "." in name else f"{name}.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def request(path: Path, *, partial: bool = False, confirmed: tuple[str, ...] = ()) -> Request:
    """The refresh of a delivery."""
    return Request(
        source="files", read=lambda _since: files.read(path, partial=partial), confirmed=frozenset(confirmed)
    )


@dataclass
class Firm:
    """A firm that sends deliveries to its home, and looks into its tables."""

    folder: Path
    sent: int = field(default=0)

    @property
    def home(self) -> Home:
        """Where the deliveries go."""
        return firm_home()

    def send(
        self,
        tables: Mapping[str, Content] | None = None,
        *,
        partial: bool = False,
        confirmed: tuple[str, ...] = (),
        **more: Content,
    ) -> Report:
        """Loads one delivery of these tables; whatever is in it, it is never our fault."""
        report = self.load(self.deliver({**(tables or {}), **more}), partial=partial, confirmed=confirmed)
        assert report.outcome != "failed", report.message
        return report

    def deliver(self, tables: Mapping[str, Content]) -> Path:
        """Writes a delivery and does not load it."""
        self.sent += 1
        return write(self.folder / f"delivery-{self.sent}", tables)

    def load(
        self,
        path: Path,
        *,
        partial: bool = False,
        confirmed: tuple[str, ...] = (),
        step: Callable[[str], None] = lambda _name: None,
    ) -> Report:
        """Loads what lies there."""
        return refresh(self.home, request(path, partial=partial, confirmed=confirmed), step=step)

    def stored(self, table: str, *columns: str) -> list[Any]:
        """The rows of a table, sorted; a single column as plain values, keys without their source."""
        rows = self.all_stored({table: columns})[table]
        return [row[0] for row in rows] if len(columns) == 1 else rows

    def all_stored(self, columns: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
        """The rows of several tables at one moment, each sorted, keys without their source."""
        store = Store(self.home.database_url)
        try:
            with store.load() as load:
                return {table: self._sorted(load, table, wanted) for table, wanted in columns.items()}
        finally:
            store.close()

    def _sorted(self, load: Load, table: str, columns: Sequence[str]) -> list[Any]:
        key = TABLES[table].primary_key()
        frame = load.read(table, tuple(dict.fromkeys((*key, *columns)))).sort(key)
        return [tuple(_plain(value) for value in row) for row in frame.select(columns).iter_rows()]

    def count(self, sql: str) -> int:
        """The one number that a query gives."""
        store = Store(self.home.database_url)
        try:
            with store.load() as load:
                return load.number(sql)
        finally:
            store.close()

    def snapshot(self) -> Snapshot:
        """What is served."""
        return current(self.home)

    def shown(self, table: str, *columns: str) -> list[Any]:
        """The rows of a table as the owner sees them in the snapshot, sorted by key."""
        frame = self.snapshot().table(table, OWNER).sort(TABLES[table].primary_key()).select(columns).collect()
        rows = [tuple(_plain(value) for value in row) for row in frame.iter_rows()]
        return [row[0] for row in rows] if len(columns) == 1 else rows


def _plain(value: object) -> object:
    return value.removeprefix("files:") if isinstance(value, str) else value


def counts(report: Report, table: str) -> tuple[int, int, int, int]:
    """Read, loaded, quarantined, duplicates; they always add up."""
    entry = report.tables[table]
    assert (
        entry["read"] == entry["loaded"] + entry["quarantined"] + entry["duplicates"]
        or entry["outcome"] == "reject_table"
    )
    return entry["read"], entry["loaded"], entry["quarantined"], entry["duplicates"]


def warned(report: Report, table: str) -> list[str]:
    """The rules of a table's warnings."""
    return [warning["rule"] for warning in report.tables[table]["warnings"]]
