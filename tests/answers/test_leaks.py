"""No answer tells a viewer what that viewer may not see: every answer there is, for every kind of viewer."""

import importlib
import inspect
import pkgutil
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import answers
from analytics.access import ALL, RIGHTS, NotAllowed, Viewer
from analytics.metrics import DIMENSIONS
from analytics.promise_rules import Rule, Rules
from analytics.scope import GROUPINGS, Scope
from analytics.valuation import BASES
from answers import Snapshot, inventory
from answers.asked import Member
from answers.audiences import Wanted
from answers.delivery import LEVELS, Hold, How
from answers.standing import Standing
from tests.answers import canaries

Answer = Callable[..., Any]
Asked = Mapping[str, Any]
MODULES = tuple(importlib.import_module(f"answers.{found.name}") for found in pkgutil.iter_modules(answers.__path__))
ASKED_BY_VIEWERS: dict[str, Answer] = {
    f"{module.__name__.removeprefix('answers.')}.{name}": made
    for module in MODULES
    for name, made in inspect.getmembers(module, inspect.isfunction)
    if made.__module__ == module.__name__
    and not name.startswith("_")
    and next(iter(inspect.signature(made).parameters), "") == "viewer"
}
# They look at no data of the firm: questions, what a role may ask, and what a user keeps.
NO_ANSWERS = {"asked.allowed", "asked.asked", "asked.may_see", "choices.allowed", "inventory.asked", "metrics.shown"}
NO_ANSWERS |= {"identities.decide", "identities.part", "identities.undo", "lineage.say_base", "lineage.sees_values"}
NO_ANSWERS |= {"repairs.correct", "repairs.take_back"}
NO_ANSWERS |= {"cutovers.change", "cutovers.standing", "cutovers.systems", "cutovers.take_back"}
NO_ANSWERS |= {"promises.say", "promises.release", "overrides.give", "overrides.withdraw"}
NO_ANSWERS |= {"promise_rules.say", "promise_rules.withdraw"}
# Who has an account, and what is connected, belong to the installation: tests of their own ask for the right to each.
OF_THE_INSTALLATION = {"accounts", "connections", "proposals", "subscriptions"}
NO_ANSWERS |= {name for name in ASKED_BY_VIEWERS if name.partition(".")[0] in OF_THE_INSTALLATION}
NO_ANSWERS |= {"erasing.erase", "views.remove", "views.rename", "views.save", "views.saved", "views.share"}
NO_ANSWERS |= {"views.shared"}
MOST, FEWER = 6, {"sales of own customers": 3}
ANSWERS = {name: made for name, made in ASKED_BY_VIEWERS.items() if name not in NO_ANSWERS}
REFUSALS: tuple[type[Exception], ...] = (
    NotAllowed,
    *(
        kind
        for module in MODULES
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
    ),
)
OWN = {"viewer", "version", "now", "at"}


def _of(name: str, column: str) -> list[str]:
    return [canaries.canary(world, name, number) for world in canaries.WORLDS for number in range(2)]


KEYS = {
    "product": _of("products", "product_id"),
    "customer": _of("customers", "customer_id"),
    "supplier": _of("suppliers", "supplier_id"),
    "site": _of("sites", "site_id"),
    "category": _of("product_categories", "category_id"),
    "order": _of("sales_orders", "sales_order_id"),
    "region": ["north", "south"],
    "company": ["alder", "birch"],
}
SCOPES = (
    Scope(period="quarter"),
    Scope(period="2026-03", comparison="before"),
    *(Scope(grouping=grouping, period="year") for grouping in GROUPINGS),
    Scope(companies=("birch",)),
    Scope(regions=("south",), period="days_91"),
)
MEMBERS = (
    None,
    *(Member(dimension=name, key=key) for name, keys in KEYS.items() if name in DIMENSIONS for key in keys),
)
WISHES = ((), *(((key, "2"), ("unknown", "3"), (key, "900")) for key in KEYS["product"]))
RULES = Rules(
    (
        Rule("serving", value="class"),
        *(Rule("class", "customer", key, "", "A") for key in KEYS["customer"][::2]),
        *(Rule("holidays", "site", key, "", "CN") for key in KEYS["site"]),
        *(Rule("substitute", "product", key, KEYS["product"][0]) for key in KEYS["product"][1:]),
        Rule("cut_off", "customer", KEYS["customer"][0], "", "0:00"),
    )
)
# What answers are asked with, by the name of the parameter.
EXAMPLES: Mapping[str, Sequence[Any]] = {
    "scope": SCOPES,
    **{f"{name}_id": keys for name, keys in KEYS.items()},
    "metric": canaries.metrics(),
    "name": canaries.metrics(),
    "member": MEMBERS,
    "dimension": tuple(DIMENSIONS),
    "basis": BASES,
    "since_on": (date(2026, 1, 15), date(2026, 3, 15)),
    "wishes": WISHES,
    "how": [
        How(site, in_parts, level) for site in (None, *KEYS["site"]) for in_parts in (True, False) for level in LEVELS
    ]
    + [How(customer_id=key, rules=RULES, passed=(("customer", key),)) for key in KEYS["customer"]],
    "rules": [Rules(), RULES],
    "held": [(), *((Hold(1, ((key, 2.0),), None, ()),) for key in KEYS["product"])],
    "besides": WISHES,
    "days": (7, 28),
    "source": ("chances", "kept"),
    "classed_by": ("", "pattern", "abc"),
    "by": ("channel", "priority"),
    "parted_by": ("lane", "person"),
    "level": LEVELS,
    "told_by": ("person", "product_id"),
    "campaign_id": _of("campaigns", "campaign_id"),
    "topic": ("leak", "other"),
    "group": ("", *KEYS["product"]),
    "table": ("customers", "products", "sales_orders", "employees", "tickets", "suppliers"),
    "wanted": [Wanted("mail"), Wanted("phone", segment="lost"), Wanted("sms", stage="at_risk", topic="leak")],
    "row_id": [rows[0] for rows in (KEYS["customer"], KEYS["product"], KEYS["order"])]
    + _of("employees", "employee_id"),
    "text": [*KEYS["customer"], *KEYS["product"][:2]],
}


def viewer(role: str, **limits: Any) -> Viewer:
    return Viewer(user="ada", role=role, **limits)


ALDER, NORTH = {"companies": frozenset({"alder"})}, {"regions": frozenset({"north"})}
VIEWERS = {
    **{role: viewer(role) for role in RIGHTS if role != "owner"},
    **{
        f"owner without {right}": viewer("owner", without=frozenset({right}))
        for right in ("costs", "margins", "personal_data", "payroll")
    },
    "owner of one company": viewer("owner", **ALDER),
    "owner of one region": viewer("owner", **NORTH),
    "executive of both": viewer("executive", **ALDER, **NORTH),
    "manager of one company": viewer("manager", **ALDER),
    "sales of one region": viewer("sales", **NORTH),
    "sales of own customers": viewer("sales", customers=frozenset(KEYS["customer"][:1] + KEYS["customer"][-1:])),
}


def test_answers_are_found() -> None:
    assert {"inventory.outlook", "inventory.events", "health.quarantine", "rights.reach"} <= set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_says_of_which_version_it_is(name: str) -> None:
    version = inspect.signature(ANSWERS[name]).parameters["version"]
    assert (version.kind, version.default) == (inspect.Parameter.KEYWORD_ONLY, None)


def test_every_parameter_of_every_answer_has_examples() -> None:
    named = {name for made in ANSWERS.values() for name in inspect.signature(made).parameters}
    assert sorted(named - OWN - set(EXAMPLES)) == []


def cases(name: str, who: str = "") -> Iterator[Asked]:
    """Ways to ask for an answer: examples of its parameters together by chance, others for every viewer."""
    dice = random.Random(name + who)  # noqa: S311 - the same examples in every run
    asked = [parameter for parameter in inspect.signature(ANSWERS[name]).parameters if parameter not in OWN]
    shuffled = {parameter: dice.sample(EXAMPLES[parameter], len(EXAMPLES[parameter])) for parameter in asked}
    most = FEWER.get(who, MOST)
    for number in range(min(most, max((len(found) for found in shuffled.values()), default=1))):
        yield {parameter: found[number % len(found)] for parameter, found in shuffled.items()}


def told(make: Answer, who: Viewer, version: Snapshot, asked: Asked) -> str:
    """All that an answer says; also why it does not."""
    try:
        return canaries.told(make(who, version=version, **asked))
    except REFUSALS as reason:
        return repr(reason)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the firm and of all its variants."""
    return tmp_path_factory.mktemp("canaries")


@cache
def _published(place: Path, name: str | None) -> Snapshot:
    """The whole firm; or the one in which orders cross regions; or what one of the viewers may know of the whole."""
    tables = canaries.crossing_firm() if name == CROSSING else canaries.whole_firm()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place / (name or "whole")))
        return canaries.published(canaries.without_the_hidden(tables, VIEWERS[name]) if name in VIEWERS else tables)


CROSSING = "crossing"
Firms = Callable[[str | None], Snapshot]


@pytest.fixture(scope="module")
def firms(place: Path) -> Firms:
    """From a viewer's name, or none, to the firm as that viewer may know it, or the whole."""
    return partial(_published, place)


@cache
def _secret(name: str, *, crossing: bool = False) -> set[str]:
    """The texts of the whole firm, or of the one in which orders cross regions, that the viewer must never see."""
    return canaries.hidden_texts(canaries.crossing_firm() if crossing else canaries.whole_firm(), VIEWERS[name])


def leaks(make: Answer, name: str, firms: Firms, asked: Sequence[Asked]) -> list[str]:
    """What comes out that must not: a text of a hidden row or column, or an answer that hidden values change."""
    who, secret = VIEWERS[name], _secret(name)
    found = []
    for case in asked:
        whole, without = (told(make, who, firms(part), case) for part in (None, name))
        found += [f"{case}: {text}" for text in sorted(canaries.canaries([whole]) & secret)[:3]]
        found += [f"{case}: it changes with what is hidden"] if whole != without else []
    return found


@pytest.mark.parametrize("who", VIEWERS)
@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_tells_what_its_viewer_may_not_see(firms: Firms, name: str, who: str) -> None:
    assert leaks(ANSWERS[name], who, firms, list(cases(name, who))) == []


@pytest.mark.parametrize("who", VIEWERS)
def test_what_stands_for_all_of_the_same_rights_tells_none_of_them_more(firms: Firms, who: str) -> None:
    def shared(viewer: Viewer, *, version: Snapshot) -> tuple[object, ...]:
        found = Standing.of(viewer, version)
        return found.last_day, found.companies, found.rates, found.products, found.targets, found.worths("EUR")

    assert leaks(shared, who, firms, [{}]) == []


@pytest.mark.parametrize("who", [name for name, who in VIEWERS.items() if who.regions != ALL])
@pytest.mark.parametrize("name", ANSWERS)
def test_who_orders_from_a_site_is_told_to_nobody_who_sees_only_the_site(firms: Firms, name: str, who: str) -> None:
    secret = _secret(who, crossing=True) - crossing_moves()
    found = [told(ANSWERS[name], VIEWERS[who], firms(CROSSING), case) for case in cases(name, who)]
    assert canaries.canaries(found) & secret == set()


@cache
def crossing_moves() -> set[str]:
    """What moves are called: a move is the site's, whoever it is for."""
    moves = canaries.crossing_firm()["stock_moves"]
    return canaries.canaries(moves.select("stock_move_id", "number"))


@pytest.mark.parametrize("who", VIEWERS)
def test_a_leak_would_be_noticed(firms: Firms, who: str) -> None:
    def careless(_viewer: Viewer, *, version: Snapshot) -> dict[str, Any]:
        everything = viewer("owner")
        names = [version.table("customers", everything).collect(), version.table("employees", everything).collect()]
        costs = version.table("product_costs", everything).collect()
        margins = version.table("invoice_lines", everything).collect()
        return {"names": names, "costs": costs, "margins": margins}

    assert leaks(careless, who, firms, [{}]) != []


@pytest.mark.parametrize("who", [None, "owner", {"role": "owner"}], ids=str)
@pytest.mark.parametrize("name", ANSWERS)
def test_nobody_is_told_nothing(firms: Firms, name: str, who: object) -> None:
    for case in list(cases(name))[:3]:
        with pytest.raises(NotAllowed):
            ANSWERS[name](who, version=firms(None), **case)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_session_that_has_ended_is_told_nothing(firms: Firms, name: str) -> None:
    ended = viewer("owner", expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    for case in list(cases(name))[:3]:
        with pytest.raises(NotAllowed):
            ANSWERS[name](ended, version=firms(None), **case)


def test_the_owner_is_told_of_every_part(firms: Firms) -> None:
    known = canaries.canaries([inventory.outlook(viewer("owner"), Scope(), version=firms(None))])
    assert {str(world) for world in canaries.WORLDS} <= {text[1:].split()[0] for text in known}
