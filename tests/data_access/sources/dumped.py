"""Real databases, restored from the dumps that lie beside this checkout; tests skip where there is none."""

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.servers import HOUSE, driverless, postgres_database


def dump_of(variable: str, place: str) -> Path:
    """The dump that an environment variable names, else the one at its usual place among the shared data."""
    return Path(os.environ.get(variable, HOUSE.parent / "shared" / "data" / place))


@contextmanager
def restored(dump: Path, server: str, absent: str) -> Iterator[str]:
    """The address of the restored database; skips, saying what is absent, where there is no dump or no psql."""
    psql = shutil.which("psql")
    if not dump.is_file() or psql is None:
        pytest.skip(f"There is no {absent}, or no psql to restore it.")
    with postgres_database(server, f"tandem_{uuid4().hex[:12]}") as url:
        command = [psql, "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", driverless(url)]
        done = subprocess.run(command, input=gzip.decompress(dump.read_bytes()), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr[-1_000:]
        yield url
