"""Signing in and out, as a person does it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from data_access import accounts
from data_access.accounts import Account
from data_access.home import firm_home
from display.words import say
from tests import servers
from tests.pages import firms
from tests.pages.agent import APP

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


def sign_in(page: Page, user: str, password: str) -> None:
    """Fills the form and sends it."""
    page.locator("#user").fill(user)
    page.locator("#password").fill(password)
    page.get_by_role("button").click()


def test_a_link_leads_through_the_form_to_its_page_and_signing_out_back_to_the_form(
    browser: Browser, home: Path
) -> None:
    firms.busy()
    accounts.add(firm_home(), Account(user="ada", role="owner"), PASSWORD)
    accounts.add(firm_home(), Account(user="李雷", role="sales"), PASSWORD)
    with servers.streamlit(APP, home) as address, browser.new_context(locale="zh-CN") as visitor:
        visitor.set_default_timeout(90_000)
        page = visitor.new_page()
        page.goto(f"{address}/orders?lang=zh")
        assert page.get_by_role("heading").inner_text() == say("zh", "sign_in.title")
        sign_in(page, "李雷", "wrong password")
        assert page.get_by_role("alert").inner_text() == say("zh", "sign_in.wrong")
        sign_in(page, "李雷", PASSWORD)
        page.wait_for_url(f"{address}/orders?lang=zh")
        page.get_by_text(say("zh", "sign_in.as", user="李雷", role=say("zh", "role.sales"))).wait_for()
        assert page.locator(".st-key-choose_role").count() == 0
        page.get_by_role("button", name=say("zh", "sign_out")).click()
        page.wait_for_url("**/sign-in*")
        page.goto(f"{address}/orders")
        assert "/sign-in" in page.url
