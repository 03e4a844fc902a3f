"""The sample company, small, loaded as any firm's files are: once for all tests of answers."""

from datetime import date
from pathlib import Path

import pytest

import sample_data
from answers import Snapshot
from data_access.home import Home
from data_access.snapshot import current
from refresh.run import refresh
from refresh.sources import request_for
from tests import once

SCALE, UNTIL = 0.06, date(2026, 6, 22)


def _fill(folder: Path) -> None:
    delivery = folder / "delivery"
    sample_data.write(delivery, sample_data.company(scale=SCALE, until=UNTIL))
    home = Home(folder / "home", is_sample=True).made()
    request = request_for("files", url=None, path=delivery, full=True, partial=False, confirmed=frozenset())
    report = refresh(home, request)
    assert report.outcome == "loaded", report.message


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of a small sample company, in the middle of a month."""
    return current(Home(once.filled(tmp_path_factory, "sample", _fill) / "home", is_sample=True))
