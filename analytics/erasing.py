"""Erasing a person: which rows of the unified tables are about a person, which of their columns say who it is or what
was said, and the words by which others mention that person.

Rows stay, so that orders and money still add up; what tells of the person goes. Nothing here knows a name by itself:
a person is known by the marks of its keys (see ``data_access.erasures``).
"""

import re
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from analytics.tables import TABLES, parents_first, references

ERASED = "[erased]"
"""What stands where a person was named and a name is required."""

PERSONAL: Mapping[str, tuple[str, ...]] = {
    "customers": ("number", "name", "email", "phone", "city", "tax_number"),
    "contacts": ("name", "email", "phone", "role"),
    "leads": ("name", "company_name", "contact_name", "email", "phone"),
    "opportunities": ("name", "email"),
    "campaign_members": ("email",),
    "tickets": ("subject", "body"),
    "interactions": ("subject", "body"),
    "feedback": ("text",),
    "consents": ("email",),
    "sales_orders": ("customer_reference",),
    "returns": ("reason",),
}
"""By table the columns that are emptied in the rows of an erased person."""

MENTIONING: Mapping[str, tuple[str, ...]] = {
    "customers": ("email",),
    "leads": ("name", "company_name", "contact_name", "email"),
    "opportunities": ("name", "email", "lost_reason"),
    "campaigns": ("name",),
    "campaign_members": ("email",),
    "consents": ("email",),
    "tickets": ("subject", "body"),
    "interactions": ("subject", "body"),
    "feedback": ("text",),
    "sales_orders": ("customer_reference",),
    "sales_order_lines": ("description",),
    "invoice_lines": ("description",),
    "purchase_order_lines": ("description",),
    "returns": ("reason",),
    "scrap": ("reason",),
    "ledger_entries": ("document_number", "description"),
    "supplier_bill_lines": ("description",),
    "time_entries": ("project", "description"),
    "identities": ("evidence",),
    "proposals": ("reason",),
    "decisions": ("note",),
    "sync_runs": ("warnings", "reasons", "reconciliation"),
}
"""By table the texts in which anybody may be mentioned. Names of other records are not among them: a namesake stays."""

NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "customers": ("name", "email", "phone"),
    "contacts": ("name", "email", "phone"),
    "leads": ("contact_name", "email", "phone"),
}
"""By table the columns that hold the words by which others mention a person."""

LETTERS = "0-9A-Za-z_À-ʯͰ-ԯ"
BEFORE = rf"(?<![{LETTERS}]@)(?:(?<![{LETTERS}])|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{{4}}))"
"""Where a word begins; also behind the signs by which JSON writes the end of a line."""

CHAIN = tuple(table for table in parents_first() if table in PERSONAL)
SHORTEST_LATIN, SHORTEST_OTHER = 5, 2
MAIL = "e-mail"

Marked = Callable[[str, Iterable[str]], frozenset[str]]
"""From a kind (a table, or ``e-mail``) and values to those of them that are marked as erased."""


def ways(table: str) -> Mapping[str, str]:
    """The columns by which a row belongs to a person, and the tables that they refer to."""
    found = references(TABLES[table])
    return {column: parent for column, parent in found.items() if parent in CHAIN and parent != table}


def link_columns(table: str) -> tuple[str, ...]:
    """What has to be known of a row to tell whose it is: its key, its ways, its address, and whether it is a firm: a
    firm is not erased because it has the address of one of its people."""
    who = tuple(name for name in ("email", "is_company") if name in TABLES[table].column_names())
    return (*TABLES[table].primary_key(), *ways(table), *(who if table in NAMED_BY else ()))


def erased_rows(links: Mapping[str, pl.DataFrame], marked: Marked) -> dict[str, frozenset[str]]:
    """By table the keys of the rows that belong to erased persons.

    ``links``: by table of ``CHAIN`` its ``link_columns``. A row belongs to a person by its own marked key or address,
    or by a row that it refers to.
    """
    found: dict[str, frozenset[str]] = {}
    for table in CHAIN:
        rows = links.get(table)
        found[table] = frozenset() if rows is None else _of_persons(table, rows, found, marked)
    return found


def _of_persons(table: str, rows: pl.DataFrame, found: Mapping[str, frozenset[str]], marked: Marked) -> frozenset[str]:
    key = TABLES[table].primary_key()[0]
    own = marked(table, rows.get_column(key).drop_nulls()) if table in NAMED_BY else frozenset()
    is_theirs = pl.col(key).is_in(list(own)) | _belongs(table, found)
    if "email" in rows.columns:
        mails = marked(MAIL, rows.get_column("email").drop_nulls().unique())
        is_firm = pl.col("is_company").fill_null(value=True) if "is_company" in rows.columns else pl.lit(value=False)
        is_theirs = is_theirs | (pl.col("email").is_in(list(mails)).fill_null(value=False) & ~is_firm)
    return frozenset(rows.filter(is_theirs).get_column(key))


def _belongs(table: str, found: Mapping[str, frozenset[str]]) -> pl.Expr:
    """Whether a row refers to a row of an erased person."""
    told = [
        pl.col(column).is_in(list(found[parent])).fill_null(value=False)
        for column, parent in ways(table).items()
        if found.get(parent)
    ]
    return pl.any_horizontal(told) if told else pl.lit(value=False)


def emptied(table: str, rows: pl.DataFrame, erased: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    """The rows of a unified table, without what tells of erased persons in those that are theirs."""
    theirs = erased.get(table, frozenset())
    if not theirs or rows.is_empty():
        return rows
    key, schema = TABLES[table].primary_key()[0], TABLES[table].columns()
    is_theirs = pl.col(key).is_in(list(theirs))
    told = {name: None if schema[name].nullable else ERASED for name in PERSONAL[table] if name in rows.columns}
    return rows.with_columns(
        pl.when(is_theirs).then(pl.lit(instead, dtype=pl.String)).otherwise(name).alias(name)
        for name, instead in told.items()
    )


def unmentioned(table: str, rows: pl.DataFrame, words: Iterable[str]) -> pl.DataFrame:
    """The rows of a unified table, their texts without the words by which erased persons are mentioned."""
    known, columns = sorted(words), [name for name in MENTIONING.get(table, ()) if name in rows.columns]
    return rows.with_columns(_unmentioned(rows.get_column(name), known) for name in columns) if known else rows


def _unmentioned(texts: pl.Series, words: list[str]) -> pl.Series:
    found = mentions(words)
    hits = texts.filter(texts.str.contains_any(words, ascii_case_insensitive=True).fill_null(value=False)).unique()
    return texts.replace({text: found.sub(ERASED, text) for text in hits}) if hits.len() else texts


def mentions(words: Iterable[str]) -> re.Pattern[str]:
    """Where persons are mentioned by words that stand alone: Maria is not in Mariana, nor in the address of another
    Maria. Languages that put nothing between words have no such rule.

    In a text that programs read, as JSON, a name of one word that stands in quotes and small letters is a key or a
    code, and digits after a colon or a point are a number: both stay.
    """
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_mention, ordered)) or "(?!)", re.IGNORECASE)


def _mention(word: str) -> str:
    spelled, is_key = re.escape(word), word.isascii() and word.isalpha()
    before = BEFORE if re.match(f"[{LETTERS}]", word) else ""
    after = f"(?![{LETTERS}])(?![{LETTERS}.+-]*@)" if re.match(f"[{LETTERS}]", word[-1]) else ""
    code = f'(?!(?-i:(?<="){spelled.lower()}"))' if is_key else ""
    number = r'(?<!\.)(?<!":)(?<!": )' if word.isdecimal() else ""
    return f"{before}{code}{number}{spelled}{after}"


def words_of(table: str, rows: pl.DataFrame) -> frozenset[str]:
    """The words by which the persons of these rows are mentioned elsewhere: names, addresses, numbers.

    Words so short that they stand in other words are none: fewer than five letters, two where they are not Latin.
    """
    columns = [name for name in NAMED_BY.get(table, ()) if name in rows.columns]
    values = {value.strip() for name in columns for value in rows.get_column(name).drop_nulls()}
    return frozenset(value for value in values if _tells(value))


def _tells(value: str) -> bool:
    shortest = SHORTEST_LATIN if all(letter < "\u0530" for letter in value) else SHORTEST_OTHER
    return len(value) >= shortest and ERASED not in value


__all__ = [
    "CHAIN",
    "ERASED",
    "MAIL",
    "MENTIONING",
    "NAMED_BY",
    "PERSONAL",
    "Marked",
    "emptied",
    "erased_rows",
    "link_columns",
    "mentions",
    "unmentioned",
    "ways",
    "words_of",
]
