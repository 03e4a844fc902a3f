"""Where reports may be sent: the mail server, and which addresses, folders and hosts an administrator allowed.

One file in the firm's home; the password of the mail server is sealed.
"""

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from data_access.home import Home, write_atomically
from data_access.sealed import seal, unseal

SECURITY = ("tls", "starttls", "none")
PORTS = {"tls": 465, "starttls": 587, "none": 25}
LONGEST = 500
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<domain>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?")
RULES = ("no_mail_host", "no_security", "no_port", "no_sender", "no_address", "no_domain", "no_folder", "no_host")


class OutletRefused(ValueError):
    """What was asked of the outlets cannot be done; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The outlet is refused: {rule}.")
        self.rule = rule


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The server that takes mail from us: ``none`` of encryption only on this machine. ``password``: as somebody just
    typed it; ``sealed``: as it is kept."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    sealed: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuses what is no mail server, and a password that would travel in clear."""
        if not HOST.fullmatch(self.host) or ":" in self.host:
            raise OutletRefused("no_mail_host")
        if self.security not in SECURITY or (self.security == "none" and not is_here(self.host)):
            raise OutletRefused("no_security")
        if not 1 <= self.port <= 65_535:
            raise OutletRefused("no_port")
        if not MAIL.fullmatch(self.sender):
            raise OutletRefused("no_sender")


@dataclass(frozen=True, kw_only=True)
class Outlets:
    """``address``: where readers reach Tandem, for links. ``domains``: what may stand behind the @, or whole addresses;
    ``folders``: of this machine; ``hosts``: of webhooks, with the port where it is not the usual one."""

    address: str = ""
    mail: MailServer | None = None
    domains: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuses what is no address, domain, folder or host."""
        place = parted(self.address)
        is_plain = self.address.isascii() and self.address.isprintable() and not set(" <>") & set(self.address)
        is_web = place.scheme in ("http", "https") and place.hostname and not place.query
        if self.address and not (is_plain and is_web):
            raise OutletRefused("no_address")
        if not all(MAIL.fullmatch(each) or MAIL.fullmatch(f"x@{each}") for each in self.domains):
            raise OutletRefused("no_domain")
        if not all(Path(each).is_absolute() for each in self.folders):
            raise OutletRefused("no_folder")
        if not all(HOST.fullmatch(each) for each in self.hosts):
            raise OutletRefused("no_host")

    def takes_mail_to(self, to: str) -> bool:
        """Whether mail may go to an address."""
        found = MAIL.fullmatch(to)
        known = {each.casefold() for each in self.domains}
        return found is not None and not known.isdisjoint({to.casefold(), found["domain"].casefold()})

    def takes_post_to(self, url: str) -> bool:
        """Whether a webhook may be called: its host is allowed, and nobody on the way can read it."""
        place = parted(url)
        is_safe = place.scheme == "https" or (place.scheme == "http" and is_here(place.hostname or ""))
        is_plain = place.username is None and url.isascii() and url.isprintable() and " " not in url
        return is_safe and is_plain and place.netloc.casefold() in {each.casefold() for each in self.hosts}


def parted(address: str) -> SplitResult:
    """An address in its parts; all of them empty where it is none."""
    try:
        place = urlsplit(address)
        place.port  # noqa: B018 - refuses what is no port
    except ValueError:
        return urlsplit("")
    return place


def is_here(host: str) -> bool:
    """Whether a host can be this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def outlets(home: Home) -> Outlets:
    """What an administrator allowed; nothing where nobody has."""
    try:
        told = json.loads(_file(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Outlets()
    server = None if told["mail"] is None else MailServer(**told["mail"])
    return Outlets(mail=server, address=told["address"], **_lists(told))


def _lists(told: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {name: tuple(told[name]) for name in ("domains", "folders", "hosts")}


def keep(home: Home, allowed: Outlets) -> None:
    """Keeps what is allowed from now on."""
    told = asdict(allowed)
    if allowed.mail is not None:
        typed = told["mail"].pop("password")
        told["mail"]["sealed"] = seal(home, typed) if typed else allowed.mail.sealed
    write_atomically(_file(home.made()), json.dumps(told, indent=1, ensure_ascii=False))


def password(home: Home, server: MailServer) -> str:
    """The password of the mail server as it was typed; nothing where there is none."""
    return unseal(home, server.sealed) if server.sealed else server.password


def with_mail(allowed: Outlets, server: MailServer) -> Outlets:
    """The outlets with that mail server; the password that was kept stays where none is given for the same login."""
    known = allowed.mail
    is_same = known is not None and (known.host, known.port, known.user) == (server.host, server.port, server.user)
    if known is not None and is_same and not server.password:
        server = replace(server, sealed=known.sealed)
    return replace(allowed, mail=server)


def _file(home: Home) -> Path:
    return home.folder / "outlets.json"
