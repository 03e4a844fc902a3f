"""Which records are one and the same once people have decided: their word outranks whatever agrees or differs.

What was parted never comes together again through a third record. Where evidence would do that, the evidence gives
way, the weakest first, and what it joined becomes a suggestion.
"""

import polars as pl

from analytics import identities
from analytics.identities import BY_A_PERSON, DECISIVE, EVIDENCE, PAIRS, groups, kind_of
from analytics.identity_decisions import APART, SAME

PUT_IN_DOUBT = 0.9
BETWEEN = ("left", "right")


def memberships(records: pl.DataFrame, entity: str, decided: pl.DataFrame) -> pl.DataFrame:
    """As ``identities.memberships``, with what was decided (left, right, verdict) of these records; a decision on a
    record that is gone is idle. Parted records have a row of state ``refused``."""
    if records.is_empty():
        return pl.DataFrame(schema=identities.MEMBERSHIPS)
    known = _of_these(decided, records)
    if known.is_empty():
        return identities.memberships(records, entity)
    compared = identities.keyed(records, entity)
    parted = known.filter(pl.col("verdict") == APART).select(BETWEEN)
    pairs = _evidence(compared, entity, known)
    kept = without_parted(pairs, parted, entity)
    doubtful = pairs.join(kept, on=list(PAIRS), how="anti").with_columns(certainty=pl.lit(PUT_IN_DOUBT))
    likely = pl.concat([identities.suggestions(compared, entity), doubtful])
    joined = groups(kept)
    return identities.as_memberships(joined, likely, identities.between_groups(parted, joined))


def _of_these(decided: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    keys = records.select("record_id")
    return decided.join(keys, left_on="left", right_on="record_id", how="semi").join(
        keys, left_on="right", right_on="record_id", how="semi"
    )


def _evidence(compared: pl.DataFrame, entity: str, known: pl.DataFrame) -> pl.DataFrame:
    """All pairs that agree on something or were said to be the same; not those that were parted."""
    told = known.filter(pl.col("verdict") == SAME).select(*BETWEEN, evidence=pl.lit(BY_A_PERSON))
    exact = identities.exact_pairs(compared, entity)
    sound = identities.without_contradiction(pl.concat([told, exact]), _as_told(compared, told, entity), entity)
    return _without_pairs(sound, known.filter(pl.col("verdict") == APART))


def _without_pairs(pairs: pl.DataFrame, parted: pl.DataFrame) -> pl.DataFrame:
    other_way = parted.select(left="right", right="left")
    both = pl.concat([parted.select(BETWEEN), other_way])
    return pairs.join(both, on=BETWEEN, how="anti", maintain_order="left")


def _as_told(compared: pl.DataFrame, told: pl.DataFrame, entity: str) -> pl.DataFrame:
    """The records, the tax numbers and countries of what a person called the same being one value: they contradict
    nothing any more."""
    clusters = groups(told).select("record_id", cluster="group_id")
    named = compared.join(clusters, on="record_id", how="left", validate="1:1", maintain_order="left")
    return named.with_columns(_one_value(named, name) for name in DECISIVE[kind_of(entity)])


def _one_value(named: pl.DataFrame, column: str) -> pl.Expr:
    """Values that stand in one cluster, as the smallest of all that hang together."""
    values = named.drop_nulls(["cluster", column]).select("cluster", column).unique()
    linked = values.join(values, on="cluster", suffix="_right").select(
        left=column, right=f"{column}_right", evidence=pl.lit(column)
    )
    one = groups(linked)
    return pl.col(column).replace(one["record_id"], one["group_id"])


def without_parted(pairs: pl.DataFrame, parted: pl.DataFrame, entity: str) -> pl.DataFrame:
    """The pairs, without those through which parted records would come together.

    In such a group the evidence is believed in its order of strength, a person's first: all that one kind of evidence
    says holds together or, where it would join parted records, does not hold there.
    """
    if not (torn := _torn(pairs, parted)).len():
        return pairs
    of_torn = pl.col("left").is_in(torn.implode())
    kept, doubtful = pairs.filter(~of_torn), pairs.filter(of_torn)
    believed = doubtful.clear()
    for evidence in (BY_A_PERSON, *(name for name, _ in EVIDENCE[kind_of(entity)])):
        tried = pl.concat([believed, doubtful.filter(pl.col("evidence") == evidence)])
        is_torn = pl.col("left").is_in(_torn(tried, parted).implode())
        believed = tried.filter(~((pl.col("evidence") == evidence) & is_torn))
    return pl.concat([kept, believed])


def _torn(pairs: pl.DataFrame, parted: pl.DataFrame) -> pl.Series:
    """The records of groups that hold a parted pair."""
    joined = groups(pairs).select("record_id", "group_id")
    both = parted.join(joined, left_on="left", right_on="record_id").join(
        joined, left_on="right", right_on="record_id", suffix="_right"
    )
    torn = both.filter(pl.col("group_id") == pl.col("group_id_right")).select("group_id")
    return joined.join(torn, on="group_id", how="semi").get_column("record_id")
