"""One small sample for all tests of it."""

from collections.abc import Mapping

import polars as pl
import pytest

from sample_data import company


@pytest.fixture(scope="session")
def small() -> Mapping[str, pl.DataFrame]:
    """The sample company at a twentieth of its size."""
    return company(scale=0.05)
