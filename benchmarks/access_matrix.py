"""Who gets in, and what a server that runs tells whom: every page by every kind of reader, generated from the rights.

``python -m benchmarks.access_matrix`` serves a firm whose every text tells whose it is. Nobody, who has signed out,
whose account has ended and who forges a token ask for every page, file and socket; everybody else asks for every page
in a process that others have used, and for some in a process of their own. Then passwords are guessed, and what was
planted is looked for in every page, file and log. Ends with 1 where anything was told, or a guess was looked at too
often.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from websockets.exceptions import InvalidStatus

from analytics.access import ALL, RIGHTS, Viewer
from answers.accounts import viewer_of
from data_access import accounts, sealed, sessions
from data_access.accounts import EVERYWHERE, Account
from data_access.home import firm_home
from display.words import say
from pages.parts.door import COOKIE
from pages.parts.menu import ENTRIES, OF_ALL_CUSTOMERS
from tests.answers import canaries
from tests.pages import wire
from tests.pages.agent import application
from tests.pages.test_door import asked

PASSWORD, SECRET, HOOK = "correct horse battery", "the secret of this installation", "token-of-a-hook-4711"
SELLER = canaries.canary("alder-north", "employees", 0)
REACHES = ((("alder",), EVERYWHERE), (EVERYWHERE, ("north",)), (("birch",), ("south",)))
READERS: dict[str, Account] = {
    **{
        role: Account(user=role, role=role, companies=REACHES[at % 3][0], regions=REACHES[at % 3][1])
        for at, role in enumerate(RIGHTS)
        if role != "owner"
    },
    "own customers": Account(user="own customers", role="sales", employees=(SELLER,)),
}
SHOWN = {"lang": "en", "period": "year", "metric": "revenue"}
FRESH = 3
LOGS = "tandem-streamlit-*/server.log"
GUESSES = 40


@dataclass
class Found:
    """How much was asked, and what was told that must not be."""

    requests: int = 0
    leaks: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def told(self, who: str, what: str, content: bytes, secret: set[str]) -> None:
        """One more answer, and what of it must not be there."""
        self.requests += 1
        self.sent.append(content)
        self.leaks += [f"{who} {what}: {text}" for text in sorted(canaries.found_in(content) & secret)[:3]]


@contextmanager
def served(place: Path, found: Found) -> Iterator[str]:
    """A process of its own over the firm: its address. What it logged is looked through like its answers."""
    logs = Path(tempfile.gettempdir())
    before = set(logs.glob(LOGS))
    with application(place) as visitor:
        yield visitor.address
        found.sent += [log.read_bytes() for log in set(logs.glob(LOGS)) - before]


def people() -> dict[str, str]:
    """Makes every account; from who cannot come in to the cookie that they try it with."""
    home, now = firm_home(), datetime.now(UTC)
    accounts.add(home, Account(user="root", role="owner"), PASSWORD)
    over = Account(user="over", role="owner", ends_on=now.date() - timedelta(days=1))
    for account in (*READERS.values(), over):
        accounts.add(home, account, PASSWORD)
    token = sessions.begin(home, accounts.accounts(home)["root"], now)
    sessions.end(home, token, now)
    late = sessions.begin(home, accounts.accounts(home)["root"], now - sessions.LASTS)
    ended = sessions.begin(home, accounts.accounts(home)["over"], now)
    tokens = {"signed out": token, "expired": late, "past the last day": ended, "forged": "x" * 43}
    return {"nobody": "", **{who: f"{COOKIE}={each}" for who, each in tokens.items()}}


def shut_out(address: str, strangers: dict[str, str], found: Found) -> None:
    """Who is not in asks for every page, for what a browser asks besides, and for a socket."""
    everything = canaries.canaries(list(canaries.whole_firm().values()))
    paths = [*(f"/{entry.name}" for entry in ENTRIES), "/", "/media/x.csv", "/_stcore/host-config", "/_stcore/stream"]
    for who, cookie in strangers.items():
        for path in paths:
            for accept in ("text/html", "*/*"):
                status, _, body = asked(f"{address}{path}", Accept=accept, Cookie=cookie)
                found.told(who, path, body.encode(), everything)
                found.leaks += [f"{who} {path}: answered {status}"] * (status not in (303, 401))
        try:
            with wire.session(address, Cookie=cookie):
                found.leaks.append(f"{who}: a socket")
        except InvalidStatus:
            found.requests += 1


def read(address: str, who: str, pages: list[str], found: Found) -> None:
    """One reader asks for pages, also for those that the role may not see, and claims to be the owner."""
    account = READERS[who]
    viewer = viewer_of(account)
    secret = canaries.hidden_texts(canaries.whole_firm(), viewer)
    status, headers, _ = asked(f"{address}/sign-in", {"user": account.user, "password": PASSWORD})
    assert status == 303, status
    cookie = headers["set-cookie"].partition(";")[0]
    left_out = OF_ALL_CUSTOMERS if viewer.customers != ALL else set()
    may = [each.name for each in ENTRIES if each.is_listed and viewer.may(each.right) and each.name not in left_out]
    for name in pages:
        with wire.session(address, Cookie=cookie) as session:
            heard = session.run(SHOWN | {"role": "owner", "as_company": "birch"}, page=name)
        found.told(who, name, heard.sent, secret)
        found.leaks += [f"{who} {name}: the menu names {heard.menu()}"] * (heard.menu() != may)
        if not _may_open(viewer, name) and say("en", "guard.not_allowed") not in heard.texts():
            found.leaks.append(f"{who} {name}: opens")


def _may_open(viewer: Viewer, name: str) -> bool:
    (entry,) = [each for each in ENTRIES if each.name == name]
    return viewer.may(entry.right)


def guessed(address: str, found: Found) -> None:
    """Many guesses for one name, then the right password; then for many names from the same place."""
    looked_at = 0
    for number in range(GUESSES):
        _, _, page = asked(f"{address}/sign-in", {"user": "manager", "password": f"{PASSWORD}{number}", "lang": "en"})
        looked_at += say("en", "sign_in.wrong") in page
    status, _, page = asked(f"{address}/sign-in", {"user": "manager", "password": PASSWORD, "lang": "en"})
    is_locked = status == 401 and say("en", "sign_in.locked") in page
    for number in range(GUESSES):
        _, _, page = asked(f"{address}/sign-in", {"user": f"user {number}", "password": "guess", "lang": "en"})
        looked_at += say("en", "sign_in.wrong") in page
    print(
        f"{2 * GUESSES} guesses: {looked_at} looked at (at most 20), the right password afterwards: locked {is_locked}"
    )
    found.requests += 2 * GUESSES + 1
    found.leaks += [f"{looked_at} guesses were looked at, locked {is_locked}"] * (looked_at > 20 or not is_locked)


def planted(place: Path, tokens: list[str], found: Found) -> None:
    """Looks for every secret in all that lies in the home, logs among it, and in all that was sent."""
    secrets = [each.encode() for each in (PASSWORD, SECRET, HOOK, *tokens)]
    files = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    everything = [(path.name, held) for path, held in files.items()] + [("an answer", sent) for sent in found.sent]
    found.leaks += [f"{name} holds a secret" for name, held in everything if any(one in held for one in secrets)]
    print(f"{len(secrets)} secrets in {len(files)} files and {len(found.sent)} answers: looked for")


def run() -> int:
    """Asks everything, and prints how much was asked and what was told."""
    found, dice = Found(), random.Random(7)  # noqa: S311 - the same pages in every run
    names = [entry.name for entry in ENTRIES]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ |= {"TANDEM_HOME": folder, "TANDEM_SECRET": SECRET}
        canaries.published(canaries.whole_firm())
        (place / "hook.json").write_text(sealed.seal(firm_home(), HOOK))
        strangers = people()
        with served(place, found) as address:
            shut_out(address, strangers, found)
            print(f"{found.requests} requests of who is not in: {len(found.leaks)} told")
            for who in READERS:
                read(address, who, dice.sample(names, len(names)), found)
                print(
                    f"{found.requests} requests so far, {who} in a process that others used: {len(found.leaks)} leaks"
                )
        for who in READERS:
            with served(place, found) as address:
                read(address, who, dice.sample(names, FRESH), found)
        print(f"{found.requests} requests so far, in processes of their own too: {len(found.leaks)} leaks")
        with served(place, found) as address:
            guessed(address, found)
        planted(place, [cookie.partition("=")[2] for cookie in strangers.values() if cookie], found)
    for told in dict.fromkeys(found.leaks):
        print(told)
    print(f"{found.requests} requests, {len(READERS)} readers, {len(names)} pages: {len(found.leaks)} leaks (aim: 0)")
    return bool(found.leaks)


if __name__ == "__main__":
    sys.exit(run())
