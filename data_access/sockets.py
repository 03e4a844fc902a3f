"""The sockets of a driver that has no limit of time of its own: a server that says nothing can be hung up on."""

import contextlib
import os
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

OPEN_FILES = Path("/dev/fd")


@dataclass
class Line:
    """What was opened to one port of a server since the line was made, and how long an answer may take there."""

    port: int = 0
    before: frozenset[int] = frozenset()
    seconds: float = 0.0
    sockets: list[socket.socket] = field(default_factory=list)
    is_hung_up: bool = False

    def find(self, seconds: float) -> None:
        """Notes the sockets of a driver that has just connected; from now on each answer may take so many seconds."""
        self.seconds = seconds
        for number in _open_sockets() - self.before:
            ours = socket.socket(fileno=os.dup(number))
            if _leads_to(ours, self.port):
                self.sockets.append(ours)
            else:
                ours.close()

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Around one question: the line is hung up on when it takes too long."""
        clock = threading.Timer(self.seconds, self.hang_up)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()

    def hang_up(self) -> None:
        """Ends the connection: who waits for its answer fails at once, whatever the server does."""
        self.is_hung_up = True
        for each in self.sockets:
            with contextlib.suppress(OSError):  # the other side may have hung up a moment ago
                each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def opened_sockets(port: int) -> Iterator[Line]:
    """Notes which sockets to a port are opened within the block, and lets go of them behind it."""
    line = Line(port, _open_sockets())
    try:
        yield line
    finally:
        for each in line.sockets:
            each.close()


def _open_sockets() -> frozenset[int]:
    numbers = [int(path.name) for path in OPEN_FILES.iterdir() if path.name.isdecimal()]
    return frozenset(number for number in numbers if _is_socket(number))


def _is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:  # closed meanwhile, as the list of open files itself is
        return False


def _leads_to(ours: socket.socket, port: int) -> bool:
    """Whether the other side is that port, or the socket that PostgreSQL names after it."""
    try:
        other = ours.getpeername()
    except OSError:
        return False
    return other[1] == port if isinstance(other, tuple) else str(other).endswith(f".{port}")
