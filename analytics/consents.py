"""Who may be addressed on a channel: what each person decided last, and that a refusal wins over everything else."""

import polars as pl

GRANTED, REFUSED, UNKNOWN = "granted", "refused", "unknown"
PURPOSE = "marketing"
ADDRESSES = {"mail": "email", "phone": "phone", "sms": "phone"}
"""By channel the column that holds the address."""


def decided(consents: pl.DataFrame, channel: str) -> pl.DataFrame:
    """What each customer record, contact or address decided last for marketing on a channel: customer_id, contact_id,
    email, is_granted and decided_at.

    A decision for all channels counts for each. Of two of one moment, and where no moment is known, the refusal counts.
    """
    holds = (pl.col("purpose") == PURPOSE) & (pl.col("channel").is_null() | (pl.col("channel") == channel))
    who = ("customer_id", "contact_id", "email")
    known = consents.filter(holds).with_columns(pl.col("email").str.strip_chars().str.to_lowercase())
    ordered = known.sort(pl.col("decided_at"), ~pl.col("is_granted"), nulls_last=False, maintain_order=True)
    undated = pl.col("decided_at").is_null() & ~pl.col("is_granted")
    return ordered.group_by(who, maintain_order=True).agg(
        is_granted=pl.col("is_granted").last() & ~undated.any(),
        decided_at=pl.col("decided_at").last(),
    )


def consented(addressees: pl.DataFrame, consents: pl.DataFrame, channel: str) -> pl.DataFrame:
    """The addressees with consent (granted, refused or unknown) and decided_at, when it was said.

    ``addressees``: one row per address: party_id (the customer, whatever records it has), contact_id (null for the
    customer itself) and address; other columns are kept. ``consents``: of the unified model, with party_id. A refusal
    by the address, by the contact or by any record of the customer wins; who never decided is unknown, and so not to
    be addressed. A customer that refused for one of its addresses refused for all of them.
    """
    said = decided(consents.with_columns(customer_id=pl.col("party_id")), channel)
    own = said.filter(pl.col("contact_id").is_not_null()).group_by("contact_id").agg(*_said("contact"))
    is_whole = pl.col("email").is_null() | ~pl.col("is_granted")
    whole = said.filter(pl.col("contact_id").is_null() & is_whole & pl.col("customer_id").is_not_null())
    firm = whole.group_by(party_id="customer_id").agg(*_said("firm"))
    asked = addressees.with_columns(_address=pl.col("address").str.strip_chars().str.to_lowercase())
    known = asked.join(own, on="contact_id", how="left", validate="m:1", maintain_order="left").join(
        firm, on="party_id", how="left", validate="m:1", maintain_order="left"
    )
    written = said.drop_nulls("email").group_by(_address="email").agg(*_said("mail"))
    found = known.join(written, on="_address", how="left", validate="m:1", maintain_order="left")
    refused = pl.any_horizontal(_is(level, granted=False) for level in LEVELS)
    refused_address = (refused & pl.col("_address").is_not_null()).any().over("_address") | refused
    granted = pl.any_horizontal(_is(level, granted=True) for level in LEVELS)
    state = pl.when(refused_address).then(pl.lit(REFUSED)).when(granted).then(pl.lit(GRANTED))
    at = pl.max_horizontal(f"{level}_at" for level in LEVELS)
    told = found.with_columns(consent=state.otherwise(pl.lit(UNKNOWN)), decided_at=at)
    return told.select(*addressees.columns, "consent", "decided_at")


LEVELS = ("contact", "firm", "mail")


def _said(level: str) -> tuple[pl.Expr, pl.Expr]:
    """Whether all of a level granted it, and when that was last said."""
    return pl.col("is_granted").all().alias(f"{level}_granted"), pl.col("decided_at").max().alias(f"{level}_at")


def _is(level: str, *, granted: bool) -> pl.Expr:
    return pl.col(f"{level}_granted").eq(granted).fill_null(value=False)
