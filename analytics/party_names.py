"""Names of firms as they are compared: without legal form, accents, width, case and punctuation, its words in order."""

import re

import polars as pl

LEGAL_FORMS: dict[str, str] = {
    "gmbh & co kgaa": "gmbhcokgaa",
    "gmbh & co kg": "gmbhcokg",
    "gmbh und co kg": "gmbhcokg",
    "gmbh and co kg": "gmbhcokg",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "gesellschaft m b h": "gmbh",
    "g m b h": "gmbh",
    "ges m b h": "gmbh",
    "gesmbh": "gmbh",
    "mbh": "gmbh",
    "gmbh": "gmbh",
    "aktiengesellschaft": "ag",
    "a g": "ag",
    "ag": "ag",
    "kgaa": "kgaa",
    "kg": "kg",
    "ohg": "ohg",
    "e k": "ek",
    "ek": "ek",
    "ug haftungsbeschrankt": "ug",
    "ug": "ug",
    "se": "se",
    "limited liability company": "llc",
    "l l c": "llc",
    "llc": "llc",
    "private limited": "pvtltd",
    "pvt ltd": "pvtltd",
    "pte ltd": "pteltd",
    "co ltd": "ltd",
    "company limited": "ltd",
    "limited": "ltd",
    "ltd": "ltd",
    "public limited company": "plc",
    "plc": "plc",
    "incorporated": "inc",
    "inc": "inc",
    "corporation": "inc",
    "corp": "inc",
    "societe anonyme": "sa",
    "s a s": "sas",
    "sas": "sas",
    "s a r l": "sarl",
    "sarl": "sarl",
    "s a": "sa",
    "sa": "sa",
    "s p a": "spa",
    "spa": "spa",
    "s r l": "srl",
    "srl": "srl",
    "s l": "sl",
    "sl": "sl",
    "b v": "bv",
    "bv": "bv",
    "n v": "nv",
    "nv": "nv",
    "ab": "ab",
    "a s": "as",
    "oy": "oy",
    "sp z o o": "spzoo",
    "kk": "kk",
}
"""From how a legal form is written, without points and accents, to what it is; longer ones first."""

CHINESE_FORMS: dict[str, str] = {
    "股份有限公司": "股份",
    "有限责任公司": "有限",
    "有限公司": "有限",
    "集团公司": "集团",
    "公司": "有限",
}
WORDS: dict[str, str] = {
    "and": "&",
    "und": "&",
    "et": "&",
    "y": "&",
    "mfg": "manufacturing",
    "manuf": "manufacturing",
    "intl": "international",
    "int": "international",
    "tech": "technology",
    "techn": "technology",
    "technologies": "technology",
    "ind": "industries",
    "industry": "industries",
    "eng": "engineering",
    "engg": "engineering",
    "bros": "brothers",
    "gebr": "gebruder",
    "gebrueder": "gebruder",
    "masch": "maschinenbau",
    "maschb": "maschinenbau",
    "sys": "systems",
    "syst": "systems",
    "system": "systems",
    "svc": "services",
    "svcs": "services",
    "service": "services",
    "grp": "group",
    "mech": "mechanical",
    "elec": "electric",
    "electrical": "electric",
    "dist": "distribution",
    "whsl": "wholesale",
    "st": "saint",
    "dr": "doctor",
    "univ": "university",
    "assoc": "associates",
}
"""From short or other form of a word in names to the one that is compared."""

FOLDED = {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ae": "a", "oe": "o", "ue": "u"}
HANZI = r"\p{Han}"


def folded(text: pl.Expr) -> pl.Expr:
    """Lower case without accents, width and punctuation; ue, oe and ae are ü, ö and ä, which lose their points."""
    bare = text.str.normalize("NFKC").str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{M}", "")
    plain = bare.str.replace_all(r"[’'`´]", "").str.replace_all(r"\+", " & ").str.replace_all(r"[^\p{L}\p{N}&]+", " ")
    spaced = plain.str.replace_all("&", " & ").str.replace_all(r"\s+", " ").str.strip_chars()
    return spaced.str.replace_many(list(FOLDED), list(FOLDED.values()))


def compared(names: pl.Series, cities: pl.Series) -> pl.DataFrame:
    """How names are compared, one row per name in their order.

    ``core``: its words without legal form, in alphabetical order, null where nothing is left; Chinese as one word,
    without its town. ``written``: the same in the order of the name. ``legal``: legal form, null where none is said.
    ``numbers``: digits and single letters, which tell branches and sequels apart. ``named_town``: the town with which a
    Chinese name begins, of those that are anybody's city.
    """
    town = folded(pl.col("city")).str.replace("[市县省]$", "")
    texts = pl.DataFrame({"name": names, "city": cities}).with_columns(said=folded(pl.col("name")), town=town)
    chinese = pl.col("said").str.contains(HANZI)
    texts = texts.with_columns(named_town=pl.when(chinese).then(_town_in_front(texts["town"])))
    split = texts.with_columns(
        pl.when(chinese).then(_chinese_form()).otherwise(_legal_form()).alias("legal"),
        pl.when(chinese).then(_chinese_core()).otherwise(_core()).alias("bare"),
    )
    tokens = (
        pl.col("bare")
        .str.split(" ")
        .list.eval(pl.element().replace(WORDS).filter((pl.element() != "") & (pl.element() != "&")))
    )
    told = (
        pl.col("tokens").list.eval(pl.element().filter(pl.element().str.contains(r"\d|^[a-z]$|^[ivx]+$"))).list.sort()
    )
    return (
        split.with_columns(tokens=tokens)
        .with_columns(
            core=pl.col("tokens").list.sort().list.join(" "),
            written=pl.col("tokens").list.join(""),
            numbers=told.list.join(" "),
        )
        .select(pl.when(pl.col("core") != "").then("core").alias("core"), "written", "legal", "numbers", "named_town")
    )


def _town_in_front(towns: pl.Series) -> pl.Expr:
    known = towns.drop_nulls().unique()
    written = sorted(known.filter(known.str.contains(HANZI)), key=len, reverse=True)
    return (
        pl.col("said").str.extract(f"^({'|'.join(map(re.escape, written))})", 1) if written else pl.lit(None, pl.String)
    )


def _legal_form() -> pl.Expr:
    found = pl.col("said").str.extract(_at_end(), 1)
    return found.replace_strict(LEGAL_FORMS, default=None, return_dtype=pl.String)


def _core() -> pl.Expr:
    return pl.col("said").str.replace(_at_end(), "")


def _at_end() -> str:
    forms = sorted(LEGAL_FORMS, key=len, reverse=True)
    return rf"(?:^| )({'|'.join(forms)})$"


def _chinese_form() -> pl.Expr:
    found = pl.col("said").str.extract(f"({'|'.join(CHINESE_FORMS)})$", 1)
    return found.replace_strict(CHINESE_FORMS, default=None, return_dtype=pl.String)


def _chinese_core() -> pl.Expr:
    """A Chinese name without form, blanks and the firm's own town before or behind it, with or without brackets."""
    bare = pl.col("said").str.replace(f"(?:{'|'.join(CHINESE_FORMS)})$", "").str.replace_all(" ", "")
    town = pl.coalesce("named_town", "town").fill_null("")
    without = bare.str.strip_prefix(town).str.replace("^[市省]", "").str.strip_suffix(town)
    return pl.when((town == "") | (without == "")).then(bare).otherwise(without)
