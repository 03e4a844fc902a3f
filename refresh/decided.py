"""What people decided, as a refresh applies it."""

from dataclasses import dataclass

import polars as pl

from analytics.identity_decisions import decided, standing
from data_access.erasures import Erasures, erasures
from data_access.home import Home
from data_access.journal import Journal
from refresh.repairs import Repair, repairs

IDENTITIES, REPAIRS = "identities", "repairs"


@dataclass(frozen=True)
class Decided:
    """``identities``: one row per kind of record and pair with its verdict (see ``analytics.identity_decisions``).
    ``repairs``: what was corrected of rows set aside. ``erased``: the marks of persons that were erased."""

    identities: pl.DataFrame
    repairs: tuple[Repair, ...]
    erased: Erasures


def decided_in(home: Home) -> Decided:
    """All that stands in the journals of a home."""
    said = Journal(home, IDENTITIES).entries()
    corrected = Journal(home, REPAIRS).entries()
    return Decided(
        decided(standing((entry.number, entry.what) for entry in said)),
        repairs({**entry.what, "at": entry.at} for entry in corrected),
        erasures(home),
    )
