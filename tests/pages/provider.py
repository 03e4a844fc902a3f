"""A small provider of identities on loopback that speaks OpenID Connect over HTTP, and can be made to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "tandem", "client secret of the provider"


@dataclass
class Identities:
    """Who is signed in there just now, and what its tokens say instead of the truth: see ``claims`` and ``key``."""

    issuer: str
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u1", "email": "ada@firm.example"})
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    key: ECKey | OctKey | None = None
    algorithm: str = "ES256"
    own: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k1"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    met: int = 0

    def told(self) -> dict[str, Any]:
        """What it says of itself; ``met`` counts how often it was asked."""
        self.met += 1
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer} | {name: f"{self.issuer}/{at}" for name, at in places.items()} | self.about

    def code_for(self, asked: dict[str, str]) -> str:
        """A code, for one use, for who asks in the name of a client that it knows."""
        assert asked["client_id"] == CLIENT
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        self.asked.append(asked)
        return code

    def token(self, asked: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code; None for a wrong client, code, address or verifier."""
        known = self.codes.pop(asked.get("code", ""), None)
        client = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if known is None or authorization != f"Basic {client}" or asked["redirect_uri"] != known["redirect_uri"]:
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != known["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": known["nonce"]}
        claims |= self.person | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "k1"}
        signed = jwt.encode(header, said, self.key or self.own, algorithms=[self.algorithm])
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


@contextmanager
def provider() -> Iterator[Identities]:
    """The provider, on a port of its own while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    made = Identities(f"http://127.0.0.1:{server.server_address[1]}")
    server.identities = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Answers(BaseHTTPRequestHandler):
    """Answers in the protocol's words."""

    @property
    def _known(self) -> Identities:
        return self.server.identities  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/.well-known/openid-configuration":
            self._say(self._known.told())
        elif path == "/keys":
            self._say({"keys": [self._known.own.as_dict(private=False, kid="k1", use="sig")]})
        else:
            asked = dict(urllib.parse.parse_qsl(query))
            answer = urllib.parse.urlencode({"code": self._known.code_for(asked), "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        found = self._known.token(dict(urllib.parse.parse_qsl(body)), self.headers.get("Authorization", ""))
        self._say(found or {"error": "invalid_grant"}, 200 if found else 400)

    def _say(self, content: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""
