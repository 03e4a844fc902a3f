"""What to offer a customer next: what it will likely buy, learned from what customers of the firm bought after what.

Each customer and product that sells has signs: how well it sells, how often and how lately the customer bought it,
what those most like the customer bought lately, what is bought together with what it has, how much it buys of the
product's kind. A logistic model learns from a past day what was bought in the 90 days after. Each firm is asked about
its own past first: only where ten offers were bought by more customers than the ten products that sold most, by more
than chance, does the model count; else everybody is offered what sells most, and that is said. Seeded by nothing.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from analytics.control_groups import held_out
from analytics.demand import Types

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
AHEAD_DAYS, PAST_DAYS = 90, 730
HALVED_DAYS = (45, 180)
ALIKE, MOST, SHOWN = 100, 10, 5
CANDIDATES, LEAST_CUSTOMERS, MOST_KNOWN, MOST_TAUGHT, SLICE = 300, 50, 20_000, 4_000, 500
SURE, MOST_SURE = 1.96, 0.95
BOUGHT: Types = {"customer_id": pl.String, "product_id": pl.String, "day_on": pl.Date}
KINDS: Types = {"product_id": pl.String, "kind": pl.String}
OFFERS: Types = {
    "customer_id": pl.String,
    "product_id": pl.String,
    "place": pl.Int64,
    "chance": pl.Float64,
    "is_known": pl.Boolean,
    "is_control": pl.Boolean,
}
RECORD: Types = {
    "customers": pl.Int64,
    "hit": pl.Float64,
    "hit_popular": pl.Float64,
    "gain": pl.Float64,
    "gain_bound": pl.Float64,
    "hit_new": pl.Float64,
    "hit_new_popular": pl.Float64,
    "said": pl.Float64,
    "came": pl.Float64,
    "is_learned": pl.Boolean,
}


@dataclass(frozen=True)
class _Past:
    """What was bought up to a day, of the products that sell: who bought what ever, lately, and how much of it, what
    was bought longer ago counting less; and of which kind each product is."""

    people: pl.Series
    items: pl.Series
    ever: sparse.csr_matrix
    lately: sparse.csr_matrix
    weighed: tuple[sparse.csr_matrix, ...]
    kinds: sparse.csr_matrix

    @property
    def popular(self) -> Numbers:
        """By product the share of customers that bought it lately."""
        return np.asarray(self.lately.mean(axis=0)).ravel()


@dataclass(frozen=True)
class _Learned:
    """The weights of signs, on the scale of their spread."""

    middle: Numbers
    spread: Numbers
    model: LogisticRegression

    def chance(self, signs: Numbers) -> Numbers:
        """By customer and product the chance that it is bought in the days ahead."""
        flat = (signs.reshape(-1, signs.shape[-1]) - self.middle) / self.spread
        return np.asarray(self.model.predict_proba(flat)[:, 1]).reshape(signs.shape[:2])


def offers(bought: pl.DataFrame, kinds: pl.DataFrame, as_of: date, offered: pl.Series) -> pl.DataFrame:
    """Up to five offers for each customer that bought in two years, the likeliest first: see ``OFFERS``.

    ``bought``: see ``BOUGHT``; ``kinds``: see ``KINDS``; ``offered``: the products that may be offered. chance: that
    the customer buys it within 90 days, on the level that came true 90 days ago; is_known: it bought it before.
    is_control: held out, so that the effect of offers can be measured: one customer in ten, by its key. None for fewer
    than 50 customers.
    """
    with threadpool_limits(limits=1):
        return _offers(bought, kinds, as_of, offered)


def _offers(bought: pl.DataFrame, kinds: pl.DataFrame, as_of: date, offered: pl.Series) -> pl.DataFrame:
    told, past = _record(bought, kinds, as_of), _past(bought, kinds, as_of)
    if past is None or told.is_empty():
        return pl.DataFrame(schema=OFFERS)
    learned = _learned(bought, kinds, as_of) if told["is_learned"][0] else None
    is_offered = past.items.is_in(offered.implode()).to_numpy()
    found = pl.concat([_offered(past, rows, is_offered, learned) for rows in _slices(past)])
    level = told["came"][0] / told["said"][0] if told["said"][0] else 0.0
    found = found.with_columns((pl.col("chance") * level).clip(0.0, MOST_SURE))
    whole = found.filter(pl.col("chance") > 0)
    held = pl.Series([held_out(key) for key in whole["customer_id"]], dtype=pl.Boolean)
    return whole.with_columns(is_control=held).select(pl.col(name).cast(kind) for name, kind in OFFERS.items())


def record(bought: pl.DataFrame, kinds: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row, how the offers of 90 days ago did: see ``RECORD``; none for fewer than 50 customers that bought since.

    hit: the share of customers that bought one of ten offers; hit_popular: of the ten that sold most; gain: the
    difference, gain_bound: that of 95 of 100 cases. hit_new and hit_new_popular: the same of products that a customer
    never bought before. said: how many of five offers were said to be bought, came: how many were.
    """
    with threadpool_limits(limits=1):
        return _record(bought, kinds, as_of)


def _record(bought: pl.DataFrame, kinds: pl.DataFrame, as_of: date) -> pl.DataFrame:
    cut = as_of - timedelta(days=AHEAD_DAYS)
    past, learned = _past(bought, kinds, cut), _learned(bought, kinds, cut)
    came = None if past is None else _came(past, bought, cut)
    asked = np.flatnonzero(came.any(axis=1)) if came is not None else np.array([], np.int64)
    if past is None or came is None or asked.size < LEAST_CUSTOMERS:
        return pl.DataFrame(schema=RECORD)
    plain = np.tile(past.popular, (past.people.len(), 1))
    said = plain if learned is None else np.vstack([learned.chance(_signs(past, rows)) for rows in _slices(past)])
    ours, popular = _hits(said[asked], came[asked]), _hits(plain[asked], came[asked])
    gain, bound = float((ours - popular).mean()), SURE * float((ours - popular).std()) / math.sqrt(asked.size)
    new = [_hits_new(each[asked], came[asked], past.ever[asked].toarray() > 0) for each in (said, plain)]
    is_better = gain - bound > 0
    used = said if is_better else plain
    five = _top(used, SHOWN)
    foretold, seen = (float(np.take_along_axis(each, five, 1).sum(axis=1).mean()) for each in (used, came))
    values = (asked.size, ours.mean(), popular.mean(), gain, bound, *new, foretold, seen, is_better)
    return pl.DataFrame([values], schema=RECORD, orient="row")


def _hits(scores: Numbers, truth: NDArray[np.bool_]) -> Numbers:
    """By customer whether one of its ten first was bought."""
    return np.asarray(np.take_along_axis(truth, _top(scores, MOST), 1).any(axis=1), np.float64)


def _hits_new(scores: Numbers, truth: NDArray[np.bool_], known: NDArray[np.bool_]) -> float | None:
    new = truth & ~known
    asked = new.any(axis=1)
    return float(_hits(np.where(known, -1.0, scores)[asked], new[asked]).mean()) if asked.any() else None


def _top(scores: Numbers, many: int) -> Places:
    return np.argsort(-scores, axis=1, kind="stable")[:, :many]


def _past(bought: pl.DataFrame, kinds: pl.DataFrame, on: date) -> _Past | None:
    """What is known on the evening of a day; None before anything sold lately."""
    pairs = ["customer_id", "product_id"]
    in_time = pl.col("day_on").is_between(on - timedelta(days=PAST_DAYS), on, closed="right")
    known = bought.filter(in_time).unique().sort(*pairs, "day_on")
    late = known.filter(pl.col("day_on") > on - timedelta(days=AHEAD_DAYS)).select(pairs).unique()
    if late.is_empty():
        return None
    sells = late.group_by("product_id").len().sort(-pl.col("len").cast(pl.Int64), "product_id").head(CANDIDATES)
    people, items = known["customer_id"].unique().sort(), sells["product_id"]
    ago = (pl.lit(on) - pl.col("day_on")).dt.total_days()
    weighed = (
        known.group_by(pairs, maintain_order=True).agg(weight=(0.5 ** (ago / half)).sum()) for half in HALVED_DAYS
    )
    return _Past(
        people,
        items,
        _matrix(known.select(pairs).unique(), people, items),
        _matrix(late, people, items),
        tuple(_matrix(each, people, items) for each in weighed),
        _of_kinds(items, kinds),
    )


def _matrix(pairs: pl.DataFrame, people: pl.Series, items: pl.Series) -> sparse.csr_matrix:
    """One row per customer, one column per product; pairs of others are left out."""
    customers = people.to_frame("customer_id").with_row_index("row")
    products = items.to_frame("product_id").with_row_index("column")
    placed = pairs.join(customers, on="customer_id", validate="m:1").join(products, on="product_id", validate="m:1")
    values = placed["weight"].to_numpy() if "weight" in placed.columns else np.ones(placed.height)
    at = placed["row"].to_numpy(), placed["column"].to_numpy()
    return sparse.csr_matrix((values, at), shape=(people.len(), items.len()))


def _of_kinds(items: pl.Series, kinds: pl.DataFrame) -> sparse.csr_matrix:
    """One row per product, one column per kind; products without one are of one kind."""
    named = items.to_frame("product_id").join(
        kinds.unique("product_id", keep="first", maintain_order=True), on="product_id", how="left", validate="1:1",
        maintain_order="left",
    )  # fmt: skip
    of = named["kind"].fill_null("").rank("dense").to_numpy().astype(np.int64) - 1
    return sparse.csr_matrix((np.ones(of.size), (np.arange(of.size), of)))


def _came(past: _Past, bought: pl.DataFrame, on: date) -> NDArray[np.bool_]:
    """By customer and product whether it was bought in the days after."""
    after = pl.col("day_on").is_between(on, on + timedelta(days=AHEAD_DAYS), closed="right")
    pairs = bought.filter(after).select("customer_id", "product_id").unique()
    return _matrix(pairs, past.people, past.items).toarray() > 0


def _slices(past: _Past) -> list[Places]:
    return np.array_split(np.arange(past.people.len()), math.ceil(past.people.len() / SLICE))


def _signs(past: _Past, rows: Places) -> Numbers:
    """By customer, product and sign, what is known of the two."""
    short, long = past.weighed
    sold = np.asarray(long.sum(axis=0)).ravel()
    activity = np.log1p(np.asarray(long[rows].sum(axis=1)))
    signs = [
        np.log(past.popular + 1e-4)[None, :],
        short[rows].toarray(),
        long[rows].toarray(),
        np.log(_of_alike(past, rows) + 1e-3),
        np.log1p(_bought_with(past, rows)),
        np.log(_of_kind(past, rows) + 1e-3),
        activity,
        np.log(sold + 0.1)[None, :],
    ]
    return np.stack([np.broadcast_to(sign, (rows.size, past.items.len())) for sign in signs], axis=-1)


def _of_alike(past: _Past, rows: Places) -> Numbers:
    """The weighted share of the hundred customers most alike that bought it lately: those that bought the same, what
    few buy counting more. Of very many customers, they are looked for among those that bought most."""
    buyers = np.asarray(past.ever.sum(axis=0)).ravel()
    turned = past.ever @ sparse.diags(np.log(past.people.len() / np.maximum(buyers, 1.0)) + 1e-9)
    lengths = np.sqrt(np.asarray(turned.multiply(turned).sum(axis=1)).ravel()) + 1e-9
    unit = (sparse.diags(1.0 / lengths) @ turned).tocsr()
    known = np.sort(np.argsort(-np.asarray(past.ever.sum(axis=1)).ravel(), kind="stable")[:MOST_KNOWN])
    alike = np.asarray((unit[rows] @ unit[known].T).todense())
    alike[known[None, :] == rows[:, None]] = 0.0
    first = alike.shape[1] - min(ALIKE, alike.shape[1])
    least = np.maximum(np.partition(alike, first, axis=1)[:, [first]], 1e-12)
    kept = np.where(alike >= least, alike, 0.0)
    total = kept.sum(axis=1, keepdims=True)
    shares = np.asarray(kept @ past.lately[known].toarray()) / np.maximum(total, 1e-12)
    return np.where(total > 0, shares, past.popular[None, :])


def _bought_with(past: _Past, rows: Places) -> Numbers:
    """How much is bought together with what the customer has: the cosine between products, what it bought lately
    counting more."""
    buyers = np.asarray(past.ever.sum(axis=0)).ravel()
    together = (past.ever.T @ past.ever).toarray() / np.sqrt(np.outer(buyers + 5.0, buyers + 5.0))
    np.fill_diagonal(together, 0.0)
    return np.asarray(past.weighed[1][rows].log1p() @ together)


def _of_kind(past: _Past, rows: Places) -> Numbers:
    """How much more the customer buys of the product's kind than others do, held near 1 where it bought little."""
    own = (past.weighed[1][rows] @ past.kinds).toarray()
    usual = np.asarray(past.weighed[1].sum(axis=0) @ past.kinds).ravel()
    usual = np.maximum(usual / max(usual.sum(), 1e-12), 1e-12)
    total = own.sum(axis=1, keepdims=True)
    return np.asarray(((own + 10.0 * usual) / (total + 10.0) / usual) @ past.kinds.T.toarray())


def _learned(bought: pl.DataFrame, kinds: pl.DataFrame, as_of: date) -> _Learned | None:
    """What the 90 days up to a day teach; None where too few customers bought in them."""
    cut = as_of - timedelta(days=AHEAD_DAYS)
    past = _past(bought, kinds, cut)
    if past is None:
        return None
    many = past.people.len()
    rows = np.unique(np.linspace(0, many - 1, min(many, MOST_TAUGHT)).astype(np.int64))
    came = _came(past, bought, cut)[rows]
    if came.any(axis=1).sum() < LEAST_CUSTOMERS:
        return None
    signs = np.concatenate([_signs(past, part) for part in np.array_split(rows, math.ceil(rows.size / SLICE))])
    flat = signs.reshape(-1, signs.shape[-1])
    middle, spread = flat.mean(axis=0), flat.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=300).fit((flat - middle) / spread, came.ravel())
    return _Learned(middle, spread, model)


def _offered(past: _Past, rows: Places, is_offered: NDArray[np.bool_], learned: _Learned | None) -> pl.DataFrame:
    plain = np.tile(past.popular, (rows.size, 1))
    scores = plain if learned is None else learned.chance(_signs(past, rows))
    allowed = np.where(is_offered[None, :], scores, 0.0)
    top = _top(allowed, SHOWN)
    many = top.shape[1]
    return pl.DataFrame(
        {
            "customer_id": past.people.gather(np.repeat(rows, many)),
            "product_id": past.items.gather(top.ravel()),
            "place": np.tile(np.arange(1, many + 1), rows.size),
            "chance": np.take_along_axis(allowed, top, 1).ravel(),
            "is_known": np.take_along_axis(past.ever[rows].toarray() > 0, top, 1).ravel(),
        }
    )


__all__ = ["BOUGHT", "KINDS", "OFFERS", "RECORD", "offers", "record"]
