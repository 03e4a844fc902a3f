"""The SQL that makes a database user for Tandem: one who may read the tables that Tandem reads, and nothing else."""

from data_access.looks import ON_POSTGRESQL
from data_access.sources.erpnext import DOCTYPES

PASSWORD = "choose a password"  # noqa: S105 - a word to be replaced
SCHEMA = "public"
ON_SERVER = """CREATE ROLE {user} LOGIN PASSWORD '{password}';
GRANT CONNECT ON DATABASE {database} TO {user};
GRANT USAGE ON SCHEMA {schema} TO {user};
DO $grants$
DECLARE named text;
BEGIN
  FOR named IN
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'p', 'v') AND c.relname IN (
{tables}
    )
  LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', named, '{name}');
  END LOOP;
END $grants$;
"""
WIDTH = 100


def statements(source: str, database: str, user: str) -> str:
    """The SQL for the system's database, to be run by its owner: tables of parts that are not installed are left out.

    Nothing that holds passwords or keys is granted.
    """
    if source in ON_POSTGRESQL:
        listed = _lines([_text(table.strip('"')) for table in sorted(ON_POSTGRESQL[source].tables)])
        return ON_SERVER.format(
            user=_named(user, '"'),
            name=user.replace("'", "''"),
            database=_named(database, '"'),
            schema=SCHEMA,
            password=PASSWORD,
            tables=listed,
        )
    account = f"{_text(user)}@'%'"
    tables = [f"GRANT SELECT ON {_named(database, '`')}.{_named(f'tab{name}', '`')} TO {account};" for name in DOCTYPES]
    return "\n".join((f"CREATE USER {account} IDENTIFIED BY '{PASSWORD}';", *sorted(tables))) + "\n"


def _named(name: str, quote: str) -> str:
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _lines(words: list[str]) -> str:
    """Words with commas between, in lines that fit a screen."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append("")
        lines[-1] += f"{word}, "
    return "\n".join(f"      {line.rstrip()}" for line in lines).rstrip(",")
