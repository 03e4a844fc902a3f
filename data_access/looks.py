"""A look at a system before it is connected: can it be reached and read, which of its tables are there, how many rows.

Nothing but row counts is read, except of ERPNext the names of its documents.
"""

from dataclasses import dataclass

from data_access.extract import Database, System, missing
from data_access.mariadb import Wanted, copied
from data_access.postgresql import connected
from data_access.sources import erpnext, odoo, tryton

ON_POSTGRESQL = {"odoo": odoo.ODOO, "tryton": tryton.TRYTON}
ZONES = "singles"


@dataclass(frozen=True)
class Look:
    """What a database shows.

    ``tables``: rows by the system's own tables, of those that Tandem reads. ``absent``: those of them that are not
    there, because the system does without that part.
    """

    tables: dict[str, int]
    absent: tuple[str, ...]


def looked(source: str, url: str) -> Look:
    """What the database of an address shows; ``SourceRefused`` says in a sentence why it cannot be read."""
    if source in ON_POSTGRESQL:
        with connected(url) as database:
            return _seen(database, ON_POSTGRESQL[source])
    with copied(url, {name: _names_of(name, wanted) for name, wanted in erpnext.WANTED.items()}) as copy:
        return _seen(copy, erpnext.ERPNEXT)


def _names_of(name: str, wanted: Wanted) -> Wanted:
    return wanted if name == ZONES else Wanted(wanted.table, wanted.columns[:1])


def _seen(database: Database, system: System) -> Look:
    system.probe(database)
    database.refuse_unreadable(system.tables)
    named = tuple(dict.fromkeys(mapping.table for mapping in system.mappings))
    there = [table for table in named if not missing(database.columns, f"from {table} t")]
    absent = tuple(table for table in named if table not in there)
    lacking = sorted(set(absent) & set(system.essential))
    if lacking:
        sentence = f"{{place}} has no {', '.join(lacking)}: it is not of the version that Tandem reads."
        raise database.refusal("version", sentence)
    return Look({table: _rows(database, table) for table in there}, absent)


def _rows(database: Database, table: str) -> int:
    return int(database.rows(f"select count(*) as held from {table}").item())
