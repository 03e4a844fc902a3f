"""Which records of different sources are one and the same: exact keys join, likeness only suggests, with the evidence.

Records themselves are never rewritten. Pairs are looked for within blocks (an equal key, the same town and a beginning
in common), and compared in whole columns.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from analytics import business_keys as keys
from analytics.party_names import compared

EVIDENCE: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "customer": (
        ("tax number", ("tax_key",)),
        ("e-mail and name", ("email_key", "name_key")),
        ("e-mail domain and name", ("domain_key", "full_name")),
        ("phone and name", ("phone_key", "full_name")),
    ),
    "product": (
        ("barcode", ("gtin_key",)),
        ("barcode and name", ("barcode_key", "name_key")),
        ("item number", ("sku_key",)),
    ),
}
"""For each kind of record what joins: all columns of one evidence agree. Suppliers join as customers do."""

BY_A_PERSON = "a person"
"""The evidence of what somebody said to be the same."""

PAIRS = {"left": pl.String, "right": pl.String, "evidence": pl.String}
SUGGESTED = PAIRS | {"certainty": pl.Float64}
MEMBERSHIPS = dict.fromkeys(("record_id", "group_id", "evidence"), pl.String) | {
    "certainty": pl.Float64,
    "state": pl.String,
}
Rules = tuple[tuple[pl.Expr, float, pl.Expr], ...]
COMPARED = (
    *("core", "written", "legal", "numbers", "is_only", "town", "land"),
    *("tax_key", "email_key", "domain_key", "phone_key", "gtin_key"),
)
DECISIVE = {"customer": ("tax_key", "land"), "product": ("gtin_key",)}
"""What keeps records apart where both say it and differ, whatever else agrees."""

BLOCK_LIMIT = 25
SLICE = 100_000
BEGINNING = 3
LENGTHS_WITH_KEY, LENGTHS_ALONE = (5, 10, 20), (10, 18)
"""From how many letters on one, two and three typing errors are no other name: beside an equal key, and without."""

LIKE_BY_KEY, SAME_BY_PLACE, LIKE_BY_PLACE, SAME_ALONE, SAME_PRODUCT = 0.9, 0.9, 0.75, 0.7, 0.7
SHORTEST_ALONE = 12


def memberships(records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Which records belong together: ``record_id``, ``group_id``, ``evidence``, ``certainty`` and ``state``.

    Joined: one row per record of a group. Suggested: one row per record and the group (or single record) that it may
    belong to, its strongest evidence. ``records``: ``record_id``, ``source``, and what their kind of record has.
    """
    compared_records = keyed(records, entity)
    joined = groups(without_contradiction(exact_pairs(compared_records, entity), compared_records, entity))
    nothing = between_groups(joined.select(left="record_id", right="record_id").clear(), joined)
    return as_memberships(joined, suggestions(compared_records, entity), nothing)


def as_memberships(joined: pl.DataFrame, likely: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Groups, likely pairs and groups that were parted as memberships: nothing is suggested that was parted."""
    other_way = refused.select(group_id="own_group", own_group="group_id")
    parted = pl.concat([refused.select("group_id", "own_group"), other_way])
    between = between_groups(likely, joined).join(parted, on=("group_id", "own_group"), how="anti")
    strongest = between.sort("certainty", "left", "evidence", descending=[True, False, False])
    suggested = strongest.unique(["record_id", "group_id"], keep="first").sort("group_id", "record_id")
    told = refused.unique(["record_id", "group_id"]).sort("group_id", "record_id")
    return pl.concat(
        [
            joined.with_columns(certainty=pl.lit(1.0), state=pl.lit("joined")),
            suggested.select(*joined.columns, "certainty", state=pl.lit("suggested")),
            told.select(
                *("record_id", "group_id"),
                evidence=pl.lit(BY_A_PERSON),
                certainty=pl.lit(1.0),
                state=pl.lit("refused"),
            ),
        ]
    )


def between_groups(pairs: pl.DataFrame, joined: pl.DataFrame) -> pl.DataFrame:
    """Pairs with the right record and its own group, and the left one's group, unless they are together anyway."""
    group = dict(joined.select("record_id", "group_id").iter_rows())
    named = pairs.with_columns(
        record_id="right",
        group_id=pl.col("left").replace(group),
        own_group=pl.col("right").replace(group),
    )
    return named.filter(pl.col("group_id") != pl.col("own_group"))


def keyed(records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """The records (``record_id``, ``source`` and what their kind has) with everything by which they are compared."""
    return _keyed_product(records) if entity == "product" else _keyed_party(records)


def _keyed_party(records: pl.DataFrame) -> pl.DataFrame:
    given = _with_columns(records, ("name", "tax_number", "email", "phone", "country", "city"))
    names = compared(given["name"], given["city"])
    return pl.concat([given, names], how="horizontal").with_columns(
        tax_key=keys.tax_number("tax_number", "country"),
        email_key=keys.plain("email"),
        domain_key=keys.domain("email"),
        phone_key=keys.phone("phone"),
        name_key=keys.plain("name"),
        town=pl.coalesce("named_town", _place("city")),
        land=keys.plain("country"),
        full_name=pl.concat_str("core", pl.col("legal").fill_null("-")),
    )


def _place(column: str) -> pl.Expr:
    """A town as it is compared: its letters only, without accents and the Chinese word for town."""
    bare = keys.plain(column).str.normalize("NFD").str.replace_all(r"\p{M}", "").str.replace_all(r"[^\p{L}]", "")
    place = bare.str.replace("[市县]$", "")
    return pl.when(place != "").then(place)


def _keyed_product(records: pl.DataFrame) -> pl.DataFrame:
    given = _with_columns(records, ("name", "barcode", "sku"))
    names = compared(given["name"], pl.Series([None] * given.height, dtype=pl.String))
    barcode = keys.plain("barcode")
    return pl.concat([given, names], how="horizontal").with_columns(
        gtin_key=keys.gtin("barcode"),
        barcode_key=pl.when(~keys.is_like_a_gtin("barcode")).then(barcode),
        sku_key=keys.plain("sku"),
        name_key=keys.plain("name"),
    )


def _with_columns(records: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    return records.with_columns(pl.lit(None, pl.String).alias(name) for name in names if name not in records.columns)


def exact_pairs(records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Pairs of keyed records of different sources that agree on all columns of one evidence; a row per pair and
    evidence.

    A key that stands twice within one source is ambiguous there and joins nothing. Two tax numbers or countries that
    differ keep apart whatever else agrees.
    """
    kind = kind_of(entity)
    found = (_pairs(records, name, columns, DECISIVE[kind]) for name, columns in EVIDENCE[kind])
    return pl.concat([pl.DataFrame(schema=PAIRS), *found])


def kind_of(entity: str) -> str:
    """By which evidence records of an entity are compared: suppliers as customers are."""
    return "product" if entity == "product" else "customer"


def without_contradiction(pairs: pl.DataFrame, records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """The pairs, of groups that would hold two tax numbers or countries (through a third record that says neither) only
    those of the strongest evidence, which is named first, and of a person's word."""
    kind = kind_of(entity)
    told = records.select("record_id", *DECISIVE[kind])
    joined = groups(pairs).join(told, on="record_id", how="left", validate="1:1")
    several = pl.any_horizontal(pl.col(name).drop_nulls().n_unique() > 1 for name in DECISIVE[kind])
    doubtful = joined.filter(several.over("group_id")).select(left="record_id")
    is_strongest = pl.col("evidence").is_in([EVIDENCE[kind][0][0], BY_A_PERSON])
    return pl.concat(
        [pairs.join(doubtful, on="left", how="anti"), pairs.filter(is_strongest).join(doubtful, on="left", how="semi")]
    )


def _pairs(records: pl.DataFrame, evidence: str, columns: tuple[str, ...], decisive: tuple[str, ...]) -> pl.DataFrame:
    told = [name for name in decisive if name not in columns]
    keyed_rows = records.select("record_id", "source", *columns, *told).drop_nulls(columns)
    clear = keyed_rows.filter(pl.len().over("source", *columns) == 1)
    both = clear.join(clear, on=columns, suffix="_right").filter(pl.col("source") < pl.col("source_right"))
    apart = [(pl.col(name) != pl.col(f"{name}_right")).fill_null(value=False) for name in told]
    return both.filter(*(~each for each in apart)).select(
        left="record_id", right="record_id_right", evidence=pl.lit(evidence)
    )


def groups(pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per record that belongs to a group: ``record_id``, ``group_id`` (the smallest key of its group) and all
    its evidence, joined by a comma."""
    edges = pl.concat([pairs, pairs.select(left="right", right="left", evidence="evidence")])
    labels = edges.select(record_id="left").unique().with_columns(group_id=pl.col("record_id"))
    while True:
        reached = (
            edges.join(labels, left_on="right", right_on="record_id")
            .group_by(record_id="left")
            .agg(pl.col("group_id").min().alias("other"))
        )
        smaller = labels.join(reached, on="record_id", how="left").select(
            "record_id", group_id=pl.min_horizontal("group_id", "other")
        )
        if smaller.sort("record_id").equals(labels.sort("record_id")):
            break
        labels = smaller
    evidence = edges.group_by(record_id="left").agg(pl.col("evidence").unique().sort().str.join(", "))
    return labels.join(evidence, on="record_id", validate="1:1").sort("group_id", "record_id")


def suggestions(records: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Pairs of keyed records of different sources that are likely one, for a person to decide: ``left``, ``right``,
    ``evidence`` in words and ``certainty``.

    Never the same: different tax numbers, countries or legal forms, different numbers or single letters in the name.
    """
    usable = records.drop_nulls("core").with_columns(is_only=pl.len().over("source", "core") == 1)
    judged = [_judged(pairs, usable, entity) for pairs in _candidates(usable, entity).iter_slices(SLICE)]
    return pl.concat([pl.DataFrame(schema=SUGGESTED), *judged]).sort("left", "right")


def _judged(pairs: pl.DataFrame, usable: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Those of the candidates that are likely one."""
    names = [name for name in COMPARED if name in usable.columns]
    told = usable.select("record_id", *names)
    both = pairs.join(told, on="record_id", validate="m:1").join(
        told, left_on="record_id_right", right_on="record_id", suffix="_right", validate="m:1"
    )
    near = both.filter(~_apart(entity))
    errors = near.with_columns(errors=_typing_errors(near))
    rules = _rules_of_products() if entity == "product" else _rules_of_parties()
    known = _first_rule(errors, rules).filter(pl.col("certainty").is_not_null())
    return known.select(left="record_id", right="record_id_right", evidence="evidence", certainty="certainty")


def _candidates(usable: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Pairs of records of different sources that share a block, each once; blocks of many records tell nothing."""
    blocks = pl.concat([usable.select("record_id", "source", block=block) for block in _blocks(entity)])
    kept = blocks.drop_nulls("block").unique().filter(pl.len().over("block", "source") <= BLOCK_LIMIT)
    both = kept.join(kept, on="block", suffix="_right").filter(pl.col("source") < pl.col("source_right"))
    return both.select("record_id", "record_id_right").unique()


def _blocks(entity: str) -> list[pl.Expr]:
    named = pl.concat_str(pl.lit("name "), "core")
    if entity == "product":
        return [named]
    places = [
        pl.concat_str("town", pl.lit(" "), part)
        for part in (pl.col("core").str.head(BEGINNING), pl.col("written").str.tail(BEGINNING))
    ]
    alike = [pl.concat_str(pl.lit(f"{key} "), key) for key in ("domain_key", "phone_key", "email_key")]
    return [named, *places, *alike]


def _typing_errors(pairs: pl.DataFrame) -> pl.Series:
    """The fewest single errors (a letter more, less, other, two swapped) between two names, words in either order."""
    found = [
        cpdist(pairs[name].to_list(), pairs[f"{name}_right"].to_list(), scorer=OSA.distance, dtype=np.int64)
        for name in ("core", "written")
    ]
    return pl.Series("errors", np.minimum(*found))


def _allowed(lengths: tuple[int, ...]) -> pl.Expr:
    shorter = pl.min_horizontal(pl.col("written").str.len_chars(), pl.col("written_right").str.len_chars())
    return pl.sum_horizontal((shorter >= length).cast(pl.Int64) for length in lengths)


def _agree(name: str) -> pl.Expr:
    return (pl.col(name) == pl.col(f"{name}_right")).fill_null(value=False)


def _differ(name: str) -> pl.Expr:
    return (pl.col(name) != pl.col(f"{name}_right")).fill_null(value=False)


def _apart(entity: str) -> pl.Expr:
    """Whether two records are never the same, however alike their names are."""
    told = DECISIVE["product"] if entity == "product" else (*DECISIVE["customer"], "legal")
    numbers = pl.col("numbers") != pl.col("numbers_right")
    return pl.any_horizontal(*(_differ(name) for name in told), numbers)


def _rules_of_parties() -> Rules:
    """By which evidence two parties are likely one, and how certain that is, the strongest first."""
    same = (pl.col("core") == pl.col("core_right")) | (pl.col("errors") == 0)
    contact = _agree("phone_key") | _agree("domain_key") | _agree("email_key")
    in_town, elsewhere = _agree("town"), _differ("town")
    other_contact = _differ("phone_key") & _differ("domain_key")
    is_rare = pl.col("is_only") & pl.col("is_only_right") & (pl.col("written").str.len_bytes() >= SHORTEST_ALONE)
    alone = same & is_rare & ~elsewhere & ~other_contact
    return (
        (contact & (same | (pl.col("errors") <= _allowed(LENGTHS_WITH_KEY))), LIKE_BY_KEY, _contact_said()),
        (same & in_town & ~other_contact, SAME_BY_PLACE, pl.lit("name and town")),
        (
            in_town & ~other_contact & (pl.col("errors") <= _allowed(LENGTHS_ALONE)),
            LIKE_BY_PLACE,
            pl.lit("a like name and town"),
        ),
        (alone, SAME_ALONE, pl.lit("name alone")),
    )


def _contact_said() -> pl.Expr:
    said = {"phone_key": "phone", "email_key": "e-mail", "domain_key": "e-mail domain"}
    by = pl.coalesce(pl.when(_agree(name)).then(pl.lit(word)) for name, word in said.items())
    return pl.concat_str(pl.lit("a like name and "), by)


def _rules_of_products() -> Rules:
    return ((pl.col("core") == pl.col("core_right"), SAME_PRODUCT, pl.lit("name alone")),)


def _first_rule(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Each pair with the strongest evidence and its certainty; null where there is none."""
    return pairs.with_columns(
        certainty=pl.coalesce(pl.when(holds).then(pl.lit(certainty)) for holds, certainty, _ in rules),
        evidence=pl.coalesce(pl.when(holds).then(said) for holds, _, said in rules),
    )
