"""No page shows what its reader may not see: every page, every role, by menu, address and hash, in a process that
others have used before."""

import urllib.request
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from analytics.access import ALL, RIGHTS, Viewer
from display.words import LANGUAGES, say
from pages.parts.menu import ENTRIES, OF_ALL_CUSTOMERS, Entry
from pages.parts.owner import EYES
from tests.answers import canaries
from tests.pages import firms, twins, wire
from tests.pages.agent import Visitor, application

Eyes = dict[str, str]
LIMITS: tuple[Eyes, ...] = (
    {},
    {"as_company": "alder"},
    {"as_region": "north"},
    {"as_company": "birch", "as_region": "south"},
)
OWN_CUSTOMERS: Eyes = {"role": "sales", "as_employee": canaries.canary("alder-north", "employees", 0)}
EYES_OF: tuple[Eyes, ...] = (
    *({"role": role} | limits for number, role in enumerate(RIGHTS) for limits in (LIMITS[0], LIMITS[1 + number % 3])),
    OWN_CUSTOMERS,
)[1:]
WAYS = ("address", "hash")
(INVENTORY,) = [entry for entry in ENTRIES if entry.name == "inventory"]
# What makes every page show most of what there is.
SHOWN = {"lang": "en", "period": "year", "metric": "revenue"}
MISHAP = say("en", "mishap", reference="|").partition("|")[0]
MIB = 2**20


def viewer(eyes: Eyes) -> Viewer:
    """Who looks, as the address says."""
    companies, regions, _ = (frozenset({eyes[name]}) if name in eyes else ALL for name in EYES[1:])
    customers = frozenset({canaries.canary("alder-north", "customers", 0)}) if "as_employee" in eyes else ALL
    role = eyes.get("role", "owner")
    return Viewer(user="owner", role=role, companies=companies, regions=regions, customers=customers)


def secrets(eyes: Eyes) -> set[str]:
    """What must not come to the browser; the owner chooses whose eyes among all companies."""
    return _secrets(viewer(eyes))


@cache
def _secrets(who: Viewer) -> set[str]:
    return canaries.hidden_texts(canaries.whole_firm(), who) - canaries.company_names()


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The application, serving the firm of canaries; its owner has seen every page already."""
    place = tmp_path_factory.mktemp("canaries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        canaries.published(canaries.whole_firm())
    with application(place) as opened:
        for entry in ENTRIES:
            assert canaries.found_in(asked(opened.address, entry, "address", {}).sent)
        yield opened


@pytest.fixture(scope="module")
def address(visitor: Visitor) -> str:
    """Where the application is."""
    return visitor.address


def asked(address: str, entry: Entry, way: str, eyes: Eyes, more: Mapping[str, Any] | None = None) -> wire.Heard:
    """A page, asked for in a session of its own."""
    page, page_hash = (entry.name, "") if way == "address" else ("", wire.hash_of(entry.name))
    with wire.session(address) as session:
        return session.run(SHOWN | eyes | dict(more or {}), page=page, page_hash=page_hash)


@pytest.mark.parametrize("eyes", EYES_OF, ids=str)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_sends_nothing_that_its_reader_may_not_see(address: str, entry: Entry, eyes: Eyes) -> None:
    capabilities = viewer(eyes).capabilities
    left_out = OF_ALL_CUSTOMERS if "as_employee" in eyes else set()
    may = [other.name for other in ENTRIES if other.is_listed and other.right in capabilities]
    listed = [name for name in may if name not in left_out]
    for way in WAYS if eyes is not OWN_CUSTOMERS else WAYS[len(entry.name) % 2 :][:1]:
        heard = asked(address, entry, way, eyes)
        found = canaries.found_in(heard.sent)
        assert found & secrets(eyes) == set()
        assert heard.menu() == listed
        assert not [text for text in heard.texts() if text.startswith(MISHAP)]
        if entry.right not in capabilities:
            assert say("en", "guard.not_allowed") in heard.texts()
            named = {canaries.canary("alder-north", "employees", "name", 0)} if "as_employee" in eyes else set()
            assert found - canaries.company_names() - named == set()


@pytest.mark.parametrize("eyes", EYES_OF[::2], ids=str)
def test_an_address_that_asks_for_what_is_hidden_is_told_nothing(address: str, eyes: Eyes) -> None:
    forged = {
        "company": ["alder", "birch"],
        "region": ["north", "south"],
        "site": list(canaries.whole_firm()["sites"]["site_id"]),
        "supplier": list(canaries.whole_firm()["suppliers"]["supplier_id"]),
        "item": canaries.canary("birch-south", "products", 1),
        "member": canaries.canary("birch-south", "customers", 1),
        "dimension": "customer",
        "metric": "revenue",
    }
    echoed = {text for values in forged.values() for text in canaries.canaries(values)}
    for entry in ENTRIES:
        heard = asked(address, entry, "address", eyes, forged)
        assert (canaries.found_in(heard.sent) & secrets(eyes)) - echoed == set()


def test_forged_widgets_open_nothing(address: str) -> None:
    eyes = {"role": "sales", "as_company": "alder"}
    hidden = sorted(secrets(eyes))[:5]
    for entry in ENTRIES:
        with wire.session(address) as session:
            first = session.run(SHOWN | eyes, page=entry.name)
            chosen = StringArray(data=hidden)
            claimed = [WidgetState(id=name, string_array_value=chosen) for name in first.widgets()]
            claimed += [WidgetState(id=name, string_value=hidden[0]) for name in first.widgets()]
            claimed += [first.opened(name) for name in first.popovers()]
            heard = session.run(SHOWN | eyes, page_hash=wire.hash_of(entry.name), widgets=claimed)
        assert (canaries.found_in(heard.sent) & secrets(eyes)) - set(hidden) == set()


# A file of more than 1 MiB


def taken(address: str, company: str) -> tuple[str, bytes]:
    """The file that somebody of one company takes away: its address and what is in it."""
    with wire.session(address) as session:
        asked = {"lang": "en", "as_company": company}
        opened = session.run(asked, page="inventory").opened("export_outlook")
        files = session.run(asked, page="inventory", widgets=[opened]).files()
        url = session.download(files["outlook_csv"])
    with urllib.request.urlopen(f"{address}{url}", timeout=60) as response:  # noqa: S310  the address is our own
        content: bytes = response.read()
    return url, content


def test_two_viewers_one_after_the_other_each_take_away_their_own_large_file(home: Path) -> None:
    twins.twins()
    with application(home) as visitor:
        (first, mine), (second, theirs), (_, again) = (
            taken(visitor.address, company) for company in ("c1", "c2", "c1")
        )
    assert len(mine) == len(theirs) > MIB
    differing = [at for at, (one, other) in enumerate(zip(mine, theirs, strict=True)) if one != other]
    assert MIB / 4 < differing[0] <= differing[-1] < len(mine) - MIB / 4
    assert first != second
    assert twins.is_own(mine, "c1")
    assert twins.is_own(theirs, "c2")
    assert again == mine


# When a page fails


def test_a_page_that_fails_tells_a_reference_and_nothing_of_what_failed(home: Path) -> None:
    version = firms.busy()
    with application(home) as visitor:
        assert visitor.open("health").title
        for path in version.folder.rglob("*.parquet"):
            path.unlink()
        for language in LANGUAGES:
            heard = asked(visitor.address, INVENTORY, "address", {"role": "manager", "lang": language})
            before, after = say(language, "mishap", reference="|").split("|")
            (told,) = [text for text in heard.texts() if text.startswith(before) and text.endswith(after)]
            assert len(told) == len(before) + 8 + len(after)
            assert not [word for word in (b"parquet", b"snapshots", b"Traceback", b"Error") if word in heard.sent]


def failing() -> None:
    """A script that fails as a page does when the database does."""
    from pages.parts import mishaps

    assert mishaps.told(ValueError("SELECT name FROM customers"))


def test_the_log_has_what_failed_under_the_reference(caplog: pytest.LogCaptureFixture) -> None:
    run = AppTest.from_function(failing, default_timeout=30).run()
    (record,) = [record for record in caplog.records if record.name == "tandem"]
    reference = str(record.getMessage()).rpartition(" ")[2]
    assert [text.value for text in run.markdown] == [say("en", "mishap", reference=reference)]
    assert record.exc_info
    assert "SELECT name FROM customers" in str(record.exc_info[1])


def broken_off() -> None:
    """A script: a library breaks off in the middle of a page."""
    import streamlit as st
    from polars.exceptions import PanicException

    from pages.parts import mishaps, shell

    class Page:
        def run(self) -> None:
            raise PanicException("called Option::unwrap on a None value")

    try:
        shell._run(Page(), None)  # type: ignore[arg-type]
    except mishaps.Panicked:
        st.write("an error like any other")


def test_a_library_that_breaks_off_is_an_error_like_any_other() -> None:
    run = AppTest.from_function(broken_off, default_timeout=30).run()
    assert [text.value for text in run.markdown] == ["an error like any other"]


# Through others' eyes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_page_says_through_whose_eyes_it_is_seen_and_leads_back_in_one_click(
    visitor: Visitor, entry: Entry, language: str
) -> None:
    own = visitor.open(entry.name, lang=language)
    assert "eyes_back" not in own.keyed()
    other = visitor.open(entry.name, lang=language, role="sales", as_company="alder", as_region=["north", "south"])
    assert other.elements()[0]["key"] == "eyes"
    told = other.texts("markdown")[0]
    assert canaries.canaries(told) <= canaries.company_names()
    assert all(word in told for word in (say(language, "role.sales"), "«alder", "north, south"))
    back = visitor.ask(session_id=other.answer["session_id"], trigger={"key": "eyes_back"})
    assert back.answer["query_params"] == {"lang": [language]}
    assert "eyes_back" not in back.keyed()


def test_a_company_that_nobody_knows_limits_all_the_same(visitor: Visitor) -> None:
    screen = visitor.open("inventory", as_company="<b>x</b>")
    assert "eyes_back" in screen.keyed()
    assert "nothing" in screen.keyed()
    assert r"\<b\>x\</b\>" in screen.texts("markdown")[0]


def test_the_owner_looks_through_a_roles_eyes_from_the_page_of_rights(visitor: Visitor) -> None:
    rights = visitor.open("access")
    looking = visitor.ask(session_id=rights.answer["session_id"], trigger={"key": "look_administrator"})
    assert looking.answer["query_params"] == {"role": ["administrator"]}
    assert "eyes_back" in looking.keyed()
    assert looking.element("look_administrator")["props"]["disabled"]
