"""A server as ``cli.py serve`` starts it, watched from outside: the CPU time and the memory of its one process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers
from tests.pages.agent import APP

TICKS = os.sysconf("SC_CLK_TCK")
PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Server:
    """One server: its address, and its process."""

    address: str
    process: int

    @property
    def cpu(self) -> float:
        """The CPU seconds that it has used so far, its threads included."""
        after_name = (PROCESSES / str(self.process) / "stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS

    @property
    def memory(self) -> float:
        """How many MB of memory it holds."""
        lines = (PROCESSES / str(self.process) / "status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


@contextmanager
def serving(home: Path, script: Path = APP) -> Iterator[Server]:
    """The server while the block runs, serving the data in ``home``."""
    with servers.streamlit(script, home, "--server.address", servers.LOOPBACK) as address:
        yield Server(address, _process(address.rpartition(":")[2]))


def _process(port: str) -> int:
    """The process that was started for the port; the one that keeps it names the port too."""
    for folder in PROCESSES.glob("[0-9]*"):
        words = _words(folder)
        if port in words and "streamlit" in words and str(servers.KEEPER) not in words:
            return int(folder.name)
    raise servers.Broken(f"No process of this machine serves port {port}.")


def _words(folder: Path) -> list[str]:
    try:
        return (folder / "cmdline").read_text(errors="replace").split("\0")
    except OSError:  # the process ended meanwhile
        return []
