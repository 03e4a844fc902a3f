"""Writes the script for a change of the schemas: ``python -m data_access.migrations.write "what changed"`` compares
them with the newest script's result."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from data_access.store import Store, alembic_config


def write(message: str) -> None:
    """Adds one script to ``versions`` that brings a database at head to the schemas as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'compare.db'}")
        store.migrate()
        with store.engine.begin() as connection:
            config = alembic_config(connection)
            config.set_main_option("file_template", "%%(rev)s")
            number = len(list((Path(__file__).parent / "versions").glob("[0-9]*.py"))) + 1
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    write(sys.argv[1])
