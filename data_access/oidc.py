"""Signing in at the firm's own provider of identities (OpenID Connect): whom it says that somebody is.

The authorization code flow with PKCE (RFC 7636). What a visitor brings back counts only with the state, the nonce and
the verifier of the very browser that set out, and with a token that the provider has signed for us, now.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data_access.home import Home
from data_access.provider import Provider, ProviderRefused, is_safe, subject_of
from data_access.sealed import SecretLost, seal, unseal

WAY_BACK = "/sign-in/provider"
# Signed by the key that only the provider has: never by a secret that is shared, and never not at all.
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
PATIENCE, LASTS, LEEWAY = 10, timedelta(minutes=10), 60
LONGEST_SUBJECT = 255
# How long what the provider says of itself holds, and how long nobody asks again after it did not answer.
HOLDS, RESTS = timedelta(minutes=10), timedelta(seconds=30)
Known = dict[str, Any]
_TOLD: dict[Provider, tuple[datetime, Known | ProviderRefused]] = {}
_ONE_ASKS = Lock()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one browser set out with, and where it wanted to go."""

    state: str
    nonce: str
    verifier: str
    wanted: str
    at: str


@dataclass(frozen=True)
class Person:
    """Who somebody is for the provider: see ``subject_of``; and the e-mail address that it has verified, if any."""

    subject: str
    email: str


def set_out(home: Home, provider: Provider, wanted: str, at: datetime) -> tuple[str, str]:
    """The provider's address to which a visitor is sent, and, sealed, what the browser keeps until it comes back."""
    known = _known_of(provider, at)
    trial = Trial(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        wanted=wanted,
        at=at.isoformat(),
    )
    with _client(provider) as client:
        url, _ = client.create_authorization_url(
            known["authorization_endpoint"], state=trial.state, nonce=trial.nonce, code_verifier=trial.verifier
        )
    try:
        return str(url), seal(home, json.dumps(asdict(trial)))
    except SecretLost as lost:
        raise ProviderRefused(str(lost)) from None


def come_back(home: Home, provider: Provider, kept: str, answer: Mapping[str, str], at: datetime) -> tuple[Person, str]:
    """Who has come back with the provider's answer, and where they wanted to go; ``ProviderRefused`` otherwise."""
    trial = _trial(home, kept, at)
    if not hmac.compare_digest(answer.get("state", "").encode(), trial.state.encode()):
        raise ProviderRefused("The answer is not to what this browser asked (state).")
    if "error" in answer:
        raise ProviderRefused(f"The provider says {answer['error'][:80]!r}.")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise ProviderRefused("The answer is another provider's (iss).")
    known = _known_of(provider, at)
    with _client(provider) as client:
        token = _asked(
            lambda: client.fetch_token(
                known["token_endpoint"], code=answer.get("code", ""), code_verifier=trial.verifier, timeout=PATIENCE
            )
        )
    return _person(provider, _claims(provider, known, token, trial, at)), trial.wanted


def _trial(home: Home, kept: str, at: datetime) -> Trial:
    try:
        trial = Trial(**json.loads(unseal(home, kept)))
    except (SecretLost, ValueError, TypeError):
        raise ProviderRefused("This browser did not set out from here, or its cookies are gone.") from None
    if not timedelta(0) <= at - datetime.fromisoformat(trial.at) < LASTS:
        raise ProviderRefused("It took more than ten minutes.")
    return trial


def _client(provider: Provider) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email",
        redirect_uri=provider.address + WAY_BACK,
        code_challenge_method="S256",
        default_timeout=PATIENCE,
    )


def _asked(question: Any) -> Any:
    """What the provider answers; what goes wrong on the way is told without what was sent."""
    try:
        return question()
    except requests.RequestException as error:
        raise ProviderRefused(f"The provider cannot be reached ({type(error).__name__}).") from None
    except (AuthlibBaseError, ValueError, LookupError) as error:
        raise ProviderRefused(f"The provider does not accept it ({type(error).__name__}).") from None


def _read(url: str) -> dict[str, Any]:
    response = requests.get(url, timeout=PATIENCE, allow_redirects=False)
    if response.status_code != requests.codes.ok:
        raise ProviderRefused(f"The provider answers {response.status_code} at {url}.")
    told = response.json()
    return told if isinstance(told, dict) else {}


def way_off(provider: Provider, at: datetime) -> str:
    """The provider's address at which one signs out there, and is led back to our form; empty where it has none."""
    place = str(_known_of(provider, at).get("end_session_endpoint", ""))
    if not is_safe(place):
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": f"{provider.address}/sign-in"}
    return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"


def _known_of(provider: Provider, at: datetime) -> Known:
    """What the provider says of itself, asked at most every ten minutes however many visitors come; while it does not
    answer, at most every half minute. Its keys are asked for at every signing in: see ``_claims``."""
    with _ONE_ASKS:
        if provider not in _TOLD or not _holds(*_TOLD[provider], at):
            _TOLD.clear()
            _TOLD[provider] = (at, _told_by(provider))
        _, told = _TOLD[provider]
    if isinstance(told, ProviderRefused):
        raise ProviderRefused(str(told))
    return told


def _holds(asked_at: datetime, told: Known | ProviderRefused, at: datetime) -> bool:
    return timedelta(0) <= at - asked_at < (RESTS if isinstance(told, ProviderRefused) else HOLDS)


def _told_by(provider: Provider) -> Known | ProviderRefused:
    try:
        return _known_now(provider)
    except ProviderRefused as refused:
        return refused


def _known_now(provider: Provider) -> Known:
    known: Known = _asked(lambda: _read(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if known.get("issuer") != provider.issuer:
        raise ProviderRefused(f"The provider calls itself {str(known.get('issuer'))[:80]!r}: name it so.")
    unsafe = [name for name in ENDPOINTS if not is_safe(str(known.get(name, "")))]
    if unsafe:
        raise ProviderRefused(f"The provider has no safe address for {unsafe[0]}.")
    return known


def _claims(
    provider: Provider, known: Mapping[str, Any], token: Mapping[str, Any], trial: Trial, at: datetime
) -> Mapping[str, Any]:
    """What the token says, once its signature, issuer, audience, time and nonce are right."""
    keys = _asked(lambda: KeySet.import_key_set(_read(known["jwks_uri"])))  # type: ignore[arg-type]
    try:
        found = jwt.decode(str(token.get("id_token", "")), keys, algorithms=SIGNED_BY)
        claims = CodeIDToken(
            found.claims,
            found.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {"nonce": trial.nonce, "client_id": provider.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(int(at.timestamp()), LEEWAY)
    except (JoseError, AuthlibBaseError, ValueError, LookupError, TypeError) as error:
        raise ProviderRefused(f"The provider's token does not hold ({type(error).__name__}: {error}).") from None
    return dict(claims)


def _person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    key, email = claims["sub"], claims.get("email")
    if not isinstance(key, str) or not key or len(key) > LONGEST_SUBJECT:
        raise ProviderRefused("The provider does not say who it is (sub).")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return Person(subject_of(key, provider.issuer), str(email) if is_verified else "")
