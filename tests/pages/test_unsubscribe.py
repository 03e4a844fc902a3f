"""Where a link in an issue leads: past the door, to one button, and nowhere else."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.requests import Request

from analytics.access import Viewer
from answers import subscriptions as posts
from answers.subscriptions import Outlets, Rhythm, Wanted
from data_access import accounts
from data_access import subscriptions as kept
from data_access.accounts import Account
from data_access.home import firm_home
from pages.parts import unsubscribe
from tests.pages.test_door import answered

OWNER = Viewer(user="owner", role="owner")
BAD = "<script>alert(1)</script>"


def request(token: str) -> Request:
    return Request({"type": "http", "method": "GET", "headers": [], "path_params": {"token": token}})


def shown(made: Any) -> tuple[int, str]:
    answer = asyncio.run(made)
    return answer.status_code, answer.body.decode()


@pytest.fixture
def link() -> str:
    """The token of a subscription whose title is markup."""
    folder = firm_home().made().folder
    posts.allow(OWNER, Outlets(folders=(str(folder),)), None)
    wanted = Wanted(
        report="own",
        format="pdf",
        language="zh",
        rhythm=Rhythm(every="daily"),
        way="folder",
        to=str(folder),
        parameters={"title": [BAD]},
    )
    return posts.add(OWNER, wanted, now=datetime(2026, 11, 20, tzinfo=UTC)).way_out(firm_home())


def test_opening_a_link_asks_and_only_the_button_ends_the_subscription(link: str) -> None:
    status, page = shown(unsubscribe.ask(request(link)))
    assert (status, "退订" in page, '<form method="post">' in page) == (200, True, True)
    assert BAD not in page
    assert "&lt;script&gt;" in page
    assert len(kept.subscriptions(firm_home())) == 1
    assert "退订成功" in shown(unsubscribe.end(request(link)))[1]
    assert kept.subscriptions(firm_home()) == ()
    assert shown(unsubscribe.ask(request(link)))[0] == 404
    assert "no such subscription" in shown(unsubscribe.end(request(link)))[1]


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", BAD, "a" * 10_000])
def test_another_token_is_nobodys(link: str, token: str) -> None:
    status, page = shown(unsubscribe.ask(request(token)))
    assert (status, "<form" in page, BAD in page) == (404, False, False)
    shown(unsubscribe.end(request(token)))
    assert posts.of_token(link) is not None


def test_a_link_needs_no_session_and_opens_nothing_else() -> None:
    accounts.add(firm_home(), Account(user="ada", role="owner"), "correct horse battery")
    assert answered("http", "/unsubscribe/abc")[0]["status"] == 200
    assert answered("http", "/unsubscribe")[0]["status"] == 401
    assert answered("websocket", "/unsubscribe/abc")[0]["type"] == "websocket.close"
