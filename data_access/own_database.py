"""How Tandem's own database is reached: SQLite in a file, or a PostgreSQL that the environment names. Reading it needs
no more than this; what migrates and writes it is in ``store.py``, which takes longer to import than most pages to run.
"""

import sqlalchemy as sa

NAMED_BY, EXAMPLE = "TANDEM_DATABASE_URL", "as postgresql://user:password@host/database"
# A PostgreSQL that is gone without a word is missed after a minute and a half.
PATIENT = {"connect_timeout": 30, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 6}


class StoreUnavailable(Exception):
    """The database of the unified tables cannot be used; the message says why, for the administrator."""


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def engine_for(url: str) -> sa.Engine:
    """An engine that never puts parameters into its messages; DDL and data share transactions on both databases."""
    named = url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
    if not named.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise StoreUnavailable(f"{NAMED_BY} must name a PostgreSQL, {EXAMPLE}.")
    arguments = PATIENT if named.startswith("postgresql") else {}
    try:
        engine = sa.create_engine(named, hide_parameters=True, connect_args=arguments)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreUnavailable(f"{NAMED_BY} is not an address: {EXAMPLE}.") from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine
