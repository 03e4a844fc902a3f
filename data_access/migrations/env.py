"""How alembic reaches the database: over the connection and within the transaction of the caller."""

from alembic import context

from data_access.ddl import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=True,
    user_module_prefix="ddl.",
)
context.run_migrations()
