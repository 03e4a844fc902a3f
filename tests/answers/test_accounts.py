"""Accounts as pages ask for them: who that is who signs in, and who may do what to whom."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from argon2 import PasswordHasher

from analytics.access import ALL, RIGHTS, NotAllowed, Viewer
from analytics.own_customers import NOBODY
from answers import accounts, own_customers
from answers.accounts import Account, AccountRefused, SignInRefused
from answers.local import is_this_machine, missing
from data_access import accounts as kept
from data_access.home import firm_home
from tests.analytics.firm import firm
from tests.answers.served import served, served_tables

PASSWORD = "correct horse battery"
OWNER, ADMINISTRATOR = (Viewer(user=role, role=role) for role in ("owner", "administrator"))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little memory: what a password costs is asked elsewhere."""
    monkeypatch.setattr(kept, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def made(user: str = "ada", role: str = "owner", **reach: Any) -> None:
    accounts.add(OWNER, Account(user=user, role=role, **reach), PASSWORD)


def test_before_there_are_accounts_the_first_one_is_an_owners() -> None:
    assert not accounts.exist()
    with pytest.raises(AccountRefused):
        made("bob", "sales")
    made()
    assert accounts.exist()


def test_who_signs_in_is_a_viewer_with_role_reach_and_an_end() -> None:
    made()
    made("bob", "sales", companies=("c1",), regions=("DE", "AT"))
    ada, bob = (accounts.signed_in(accounts.sign_in(user, PASSWORD, "h")) for user in ("ADA", "bob"))
    assert ada is not None
    assert bob is not None
    assert (ada.user, ada.role, ada.companies, ada.regions) == ("ada", "owner", ALL, ALL)
    assert (bob.role, bob.companies, bob.regions) == ("sales", frozenset({"c1"}), frozenset({"DE", "AT"}))
    assert bob.expires_at is not None
    assert bob.expires_at > datetime.now(UTC)
    assert accounts.signed_in("") is accounts.signed_in("forged") is None


def test_who_signs_out_is_out_and_nobody_else() -> None:
    made()
    one, other = (accounts.sign_in("ada", PASSWORD, "h") for _ in range(2))
    accounts.sign_out(one)
    accounts.sign_out("forged")
    assert accounts.signed_in(one) is None
    assert accounts.signed_in(other) is not None
    accounts.sign_out_everywhere(Viewer(user="Ada", role="sales"), "ada")
    assert accounts.signed_in(other) is None


def test_every_deed_stands_in_the_log_and_an_attempt_does_too() -> None:
    made()
    with pytest.raises(SignInRefused):
        accounts.sign_in("ada", "wrong", "10.0.0.9")
    token = accounts.sign_in("ada", PASSWORD, "h")
    accounts.note(Viewer(user="ada", role="owner"), "page", "overview")
    accounts.set_password(OWNER, "ada", PASSWORD + "!")
    accounts.sign_out(token)
    actions = accounts.deeds(OWNER)["action"].to_list()
    assert actions == ["password_changed", "page", "sign_in", "sign_in_wrong", "account_added"]
    assert accounts.deeds(OWNER).row(3)[1:] == ("ada", "sign_in_wrong", "10.0.0.9")


def test_what_is_typed_as_the_name_of_nobody_is_not_kept_for_it_may_be_a_password() -> None:
    made()
    with pytest.raises(SignInRefused):
        accounts.sign_in(PASSWORD, "", "10.0.0.9")
    assert accounts.deeds(OWNER).row(0)[1:] == ("", "sign_in_wrong", "10.0.0.9")
    assert all(PASSWORD not in path.read_text() for path in firm_home().folder.rglob("*.*") if path.is_file())


def test_without_accounts_nothing_is_noted() -> None:
    accounts.note(OWNER, "page", "overview")
    assert accounts.deeds(OWNER).is_empty()


def test_accounts_are_listed_with_what_they_may_and_without_any_secret() -> None:
    made("bob")
    made("Ada", "sales", regions=("AT", "DE"))
    listed = accounts.listed(OWNER)
    assert listed.schema == accounts.ACCOUNTS
    assert listed.rows() == [
        ("Ada", "sales", "*", "AT,DE", "*", None, False),
        ("bob", "owner", "*", "*", "*", None, False),
    ]
    assert "argon2" not in repr(kept.accounts(firm_home()))


def test_who_sees_only_own_customers_sees_those_of_the_newest_data_and_none_before_there_is_any() -> None:
    made()
    made("bob", "sales", employees=("e1",))
    token = accounts.sign_in("bob", PASSWORD, "h")
    for owners, own in (({}, NOBODY), ({"c1": "e1", "c2": "e2"}, {"c1"}), ({"c1": "e2", "c2": "e1"}, {"c2"})):
        if owners:
            customers = [{"customer_id": key, "owner_id": owner} for key, owner in owners.items()]
            served_tables(firm(customers=customers))
        bob = accounts.signed_in(token)
        assert bob is not None
        assert bob.customers == own
    assert accounts.limits(OWNER, "bob") == {"employees": ("e1",)}
    assert accounts.listed(OWNER)["employees"].to_list() == ["*", "e1"]


def test_of_a_firms_orders_only_who_stands_on_which_customer_is_looked_through_each_once() -> None:
    orders = [{"sales_order_id": key, "customer_id": "c1", "salesperson_id": "e1"} for key in ("1", "2")]
    version = served_tables(firm(sales_orders=orders))
    assert own_customers._tables(version)["sales_orders"].rows() == [("c1", "e1")]


def test_what_a_user_is_limited_to_is_told_as_it_is() -> None:
    made("Ada", regions=("North, East", "DE"))
    assert accounts.limits(OWNER, "ada") == {"regions": ("North, East", "DE")}
    assert accounts.limits(OWNER, "nobody") == {}
    with pytest.raises(NotAllowed):
        accounts.limits(Viewer(user="eve", role="sales"), "ada")


def test_a_limit_that_the_data_does_not_know_is_told_and_no_other() -> None:
    customers = [{"customer_id": "c1", "company_id": "new", "region": "north"}]
    version = served(firm(companies=[{"company_id": "new"}], customers=customers, employees=[{"employee_id": "e1"}]))
    made()
    made("bob", "sales", companies=("old", "new"), regions=("north", "south"), employees=("e1", "e9"))
    made("eve", "sales", companies=("new",), regions=("north",), employees=("e1",))
    assert accounts.lost(OWNER, version=version) == {"bob": ("old", "south", "e9")}
    with pytest.raises(NotAllowed):
        accounts.lost(Viewer(user="eve", role="sales"), version=version)


@pytest.mark.parametrize("role", [role for role, rights in RIGHTS.items() if "accounts.manage" not in rights])
def test_who_may_not_manage_accounts_changes_none(role: str) -> None:
    made()
    made("bob", "sales")
    viewer = Viewer(user="eve", role=role)
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.add(viewer, Account(user="x", role="sales"), PASSWORD),
        lambda: accounts.change(viewer, "bob", "manager", {}, None),
        lambda: accounts.set_password(viewer, "bob", PASSWORD),
        lambda: accounts.sign_out_everywhere(viewer, "bob"),
        lambda: accounts.remove(viewer, "bob"),
    )
    for change in changes:
        with pytest.raises(NotAllowed):
            change()
    assert set(accounts.listed(OWNER)["role"]) == {"owner", "sales"}


def test_an_administrator_makes_no_owner_and_changes_none() -> None:
    made()
    made("bob", "sales")
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.add(ADMINISTRATOR, Account(user="x", role="owner"), PASSWORD),
        lambda: accounts.change(ADMINISTRATOR, "bob", "owner", {}, None),
        lambda: accounts.change(ADMINISTRATOR, "ada", "sales", {}, None),
        lambda: accounts.set_password(ADMINISTRATOR, "ADA", PASSWORD),
        lambda: accounts.sign_out_everywhere(ADMINISTRATOR, "ada"),
        lambda: accounts.remove(ADMINISTRATOR, "ada"),
    )
    for change in changes:
        with pytest.raises(NotAllowed):
            change()
    accounts.change(ADMINISTRATOR, "bob", "manager", {"companies": ["c1"], "regions": []}, None)
    assert accounts.listed(OWNER).row(1)[:4] == ("bob", "manager", "c1", "*")
    accounts.remove(ADMINISTRATOR, "bob")
    assert accounts.listed(OWNER).height == 1


ELSEWHERE = ("192.168.1.7", "10.0.0.1", "example.org", "127.0.0.1.example.org", "unix:/x")
EVERYWHERE = ("0.0.0.0", "::", "", None)  # noqa: S104 - these are refused


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_these_addresses_are_this_machine(host: str) -> None:
    assert is_this_machine(host)
    assert missing(host) is None


@pytest.mark.parametrize("host", [*ELSEWHERE, *EVERYWHERE])
def test_others_need_accounts_and_then_a_secret(host: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_this_machine(host)
    monkeypatch.setenv("TANDEM_SECRET", "x" * 16)
    assert missing(host) == "accounts"
    made()
    assert missing(host) is None
    monkeypatch.setenv("TANDEM_SECRET", "x" * 15)
    assert missing(host) == "secret"
