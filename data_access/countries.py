"""Countries as people write them in a CRM or an ERP, and their codes of ISO 3166."""

import functools

import polars as pl
from babel import Locale
from babel.core import get_global

LANGUAGES = ("en", "de", "fr", "es", "zh")
ALSO = {
    "the united states": "US",
    "united states of america": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "great britain": "GB",
    "u.k.": "GB",
    "uk": "GB",
    "england": "GB",
    "people's republic of china": "CN",
    "p.r. china": "CN",
    "pr china": "CN",
    "中华人民共和国": "CN",
    "hong kong": "HK",
    "香港": "HK",
    "macao": "MO",
    "macau": "MO",
    "澳门": "MO",
    "republic of korea": "KR",
    "korea, republic of": "KR",
    "viet nam": "VN",
    "russian federation": "RU",
    "czech republic": "CZ",
    "turkey": "TR",
    "holland": "NL",
    "the netherlands": "NL",
}


@functools.cache
def codes() -> dict[str, str]:
    """From names in lower case, in several languages, and codes of two and three letters, to codes of two letters."""
    known = dict(ALSO)
    for language in LANGUAGES:
        named = Locale.parse(language).territories.items()
        known |= {name.lower(): code for code, name in named if len(code) == 2 and code.isalpha()}
    two = {code.lower(): code for code in known.values()}
    three = {name.lower(): codes[0] for name, codes in get_global("territory_aliases").items() if len(name) == 3}
    return {name: code for name, code in three.items() if code in two.values()} | known | two


def coded(text: pl.Expr) -> pl.Expr:
    """A country's code, given as code or name; what names none stays as it is written: it is not guessed."""
    written = text.str.normalize("NFKC").str.strip_chars()
    code = written.str.to_lowercase().replace_strict(codes(), default=None, return_dtype=pl.String)
    return pl.when(written != "").then(pl.coalesce(code, written))
