"""Whether other machines may be answered at an address: only where accounts tell people apart and a secret is set."""

import ipaddress
import os

from answers import accounts

SHORTEST_SECRET = 16


def is_this_machine(host: str | None) -> bool:
    """Whether an address is one that only this machine can have."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def missing(address: str | None) -> str | None:
    """What is missing before others may reach this address: ``accounts``, or ``secret`` (TANDEM_SECRET, by which
    passwords of connections are sealed). None where nothing is. No address is every one of this machine."""
    if is_this_machine(address):
        return None
    if not accounts.exist():
        return "accounts"
    return None if len(os.environ.get("TANDEM_SECRET", "")) >= SHORTEST_SECRET else "secret"
