"""The study of promises: which days the method would have promised for past orders, and what came."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from refresh.studies import StudyInput


def promises(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``analytics.promise_hindcasts.hindcasts``."""
    from analytics.promise_hindcasts import hindcasts

    return {"hindcasts": hindcasts(known.aggregate("order_stages").collect(), known.as_of_on)}
