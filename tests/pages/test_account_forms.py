"""The forms of accounts: what they change, and what they leave as it is."""

import pytest
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from analytics.access import Viewer
from data_access import accounts, provider
from data_access.accounts import Account
from data_access.home import firm_home
from display.words import marked, say
from tests.pages import firms

PASSWORD = "correct horse battery"


def forms() -> None:
    """A script: the forms, for an owner."""
    from analytics.access import Viewer
    from answers import snapshot
    from pages.parts import account_forms
    from pages.parts.visit import Visit

    version, viewer = snapshot(), Viewer(user="ada", role="owner")
    visit = Visit(viewer=viewer, language="en", dark=False, zone=None, version=version, as_of=version.made_at.date())
    account_forms.lost(visit)
    account_forms.told(visit)
    account_forms.new(visit)
    account_forms.existing(visit)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The forms where there are an owner and somebody whose limits the data does not know."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr("pages.parts.owner.viewer", lambda: Viewer(user="ada", role="owner"))
    firms.busy()
    accounts.add(firm_home(), Account(user="ada", role="owner"), PASSWORD)
    limited = Account(user="new", role="sales", companies=("gone",), regions=("North, East",))
    accounts.add(firm_home(), limited, PASSWORD)
    return AppTest.from_function(forms, default_timeout=30).run()


def test_saving_what_nobody_changed_leaves_every_limit_and_any_name_is_good(opened: AppTest) -> None:
    before = accounts.accounts(firm_home())["new"]
    run = opened.selectbox(key="account").select("new").run()
    assert not run.exception
    next(button for button in run.button if button.label == say("en", "accounts.save")).click().run()
    assert [told.value for told in run.success] == [say("en", "accounts.done")]
    assert accounts.accounts(firm_home())["new"] == before


def test_who_is_limited_to_what_the_data_does_not_know_is_told(opened: AppTest) -> None:
    (told,) = opened.warning
    assert told.value == marked(say("en", "accounts.lost", user="new", codes="gone, North, East"))


def test_who_signs_in_at_the_provider_is_invited_without_a_password(
    opened: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(opened.toggle) == 0
    told = ("https://id.example", "tandem", "secret", "https://tandem.example")
    for setting, value in zip(provider.SETTINGS.values(), told, strict=True):
        monkeypatch.setenv(setting, value)
    run = opened.run()
    run.text_input(key="new.user").input("eve@firm.example")
    run.selectbox(key="new.role").select("sales")
    run.toggle(key="new.by_provider").set_value(True)
    next(button for button in run.button if button.label == say("en", "accounts.add")).click().run()
    assert not run.exception
    made = accounts.accounts(firm_home())["eve@firm.example"]
    assert (made.role, made.subject, made.sealed) == ("sales", "email", "")
