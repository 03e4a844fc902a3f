"""A relay between a client and a server of this machine, which does something once so many bytes have come back."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers import LOOPBACK

AT_ONCE = 65_536
NEVER = 2**62


def _nothing() -> None:
    """Nothing happens."""


@dataclass
class Relay:
    """The address under which the server is reached, and how many bytes it has answered so far.

    ``then`` is done once ``after`` bytes were passed on; what comes behind them is passed on too, unless it ``stalls``:
    then nothing comes any more, and nobody hangs up; or unless it ``cuts`` the line.
    """

    url: str
    after: int = NEVER
    then: Callable[[], None] = _nothing
    stalls: bool = False
    cuts: bool = False
    passed: int = 0
    has_happened: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, server: socket.socket, client: socket.socket) -> None:
        """Passes on what the server says."""
        with suppress(OSError):
            while data := server.recv(AT_ONCE):
                self._pass(data, client)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _pass(self, data: bytes, client: socket.socket) -> None:
        due = self.after - self.passed
        if not self.has_happened and due <= len(data):
            client.sendall(data[:due])
            data, self.has_happened = data[due:], True
            self.then()
            if self.stalls:
                self.over.wait()
            if self.stalls or self.cuts:
                raise ConnectionAbortedError
        client.sendall(data)
        self.passed += len(data)


def _ask(client: socket.socket, server: socket.socket) -> None:
    """Passes on what the client says."""
    with suppress(OSError):
        while data := client.recv(AT_ONCE):
            server.sendall(data)
    with suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(url: str, **told: object) -> Iterator[Relay]:
    """The server of a URL behind a relay, while the block runs."""
    port = int(re.search(r":(\d+)/", url)[1])  # type: ignore[index]
    with socket.create_server((LOOPBACK, 0)) as gate:
        relay = Relay(url.replace(f":{port}/", f":{gate.getsockname()[1]}/"), **told)  # type: ignore[arg-type]
        accepting = threading.Thread(target=_accept, args=(gate, port, relay), daemon=True)
        accepting.start()
        try:
            yield relay
        finally:
            relay.over.set()
            with suppress(OSError):
                gate.shutdown(socket.SHUT_RDWR)
            accepting.join()


def _accept(gate: socket.socket, port: int, relay: Relay) -> None:
    """Serves one client after the other until nobody can come any more."""
    with suppress(OSError):
        while True:
            client, _ = gate.accept()
            with client, socket.create_connection((LOOPBACK, port)) as server:
                asking = threading.Thread(target=_ask, args=(client, server), daemon=True)
                asking.start()
                relay.answer(server, client)
                asking.join()
