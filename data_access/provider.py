"""The firm's own provider of identities (OpenID Connect), if the settings name one: which it is, and as whom we ask."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SETTINGS = {
    "issuer": "TANDEM_OIDC_ISSUER",
    "client_id": "TANDEM_OIDC_CLIENT_ID",
    "client_secret": "TANDEM_OIDC_CLIENT_SECRET",
    "address": "TANDEM_URL",
}
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class ProviderRefused(Exception):
    """Nobody is let in by the provider; the message says why, for the log, and holds no secret."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Whom we ask, as whom, and under which address of ours people come back."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    address: str


def named() -> Provider | None:
    """The provider that the settings name; None where they name none, or not all of it: see ``lacking``."""
    told = {name: os.environ.get(setting, "").strip() for name, setting in SETTINGS.items()}
    if lacking() or not told["issuer"]:
        return None
    return Provider(**told | {"address": told["address"].rstrip("/")})


def subject_of(key: str, issuer: str = "") -> str:
    """How an account names a person of the provider that the settings name, or of another: by issuer and its key."""
    return f"{issuer or os.environ.get(SETTINGS['issuer'], '').strip()} {key}"


def lacking() -> str:
    """What is wrong with the settings, as a sentence; empty where nothing is, also where no provider is named."""
    told = {setting: os.environ.get(setting, "").strip() for setting in SETTINGS.values()}
    if not any(value for setting, value in told.items() if setting != SETTINGS["address"]):
        return ""
    missing = [setting for setting, value in told.items() if not value]
    if missing:
        return f"To sign in at a provider set also {', '.join(missing)}."
    unsafe = [told[SETTINGS[name]] for name in ("issuer", "address") if not is_safe(told[SETTINGS[name]])]
    return f"{unsafe[0]} is no https address: passwords of the firm would travel in the clear." if unsafe else ""


def is_safe(address: str) -> bool:
    """Whether what is sent there can be read by nobody on the way: HTTPS, or this machine itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_here = parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here))
