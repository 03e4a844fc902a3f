"""Every page, for every role, in both languages, as the real application shows it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.access import RIGHTS, Viewer
from analytics.scope import Scope
from answers import health, inventory
from display.messages import inventory as messages
from display.tables import inventory as tables
from display.words import LANGUAGES, marked, say
from pages.parts import items, scope
from pages.parts.menu import ENTRIES
from pages.parts.scope import GROUPINGS
from tests.pages import firms
from tests.pages.agent import Screen, Visitor, application

OWNER = Viewer(user="owner", role="owner")
PAGES = [entry.name for entry in ENTRIES]
# What they show comes after a choice, or after half a year of history; nothing of the busy firm is doubtful.
WITHOUT_TABLES = {"accuracy", "connect", "identities", "report"}
# They ask or list what no firm is needed for, each list with a sentence of its own; every other page shows data.
TOLD_WITHOUT_A_FIRM = {"access", "connect", "identities", "lineage", "repairs"}
# What an address asks of a page, so that the busy firm has something to show on it.
ASKED = {"metric": {"metric": "stock_value"}}
# The banner that says through whose eyes a page is seen.
EYES = {"eyes", "eyes_back"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the busy firm, all studies worked out."""
    return firms.studied(tmp_path_factory)


@pytest.fixture(scope="module")
def busy(place: Path) -> Iterator[Visitor]:
    """The application, serving the busy firm."""
    with application(place) as visitor:
        yield visitor


@pytest.fixture
def of_busy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of this process come from the busy firm."""
    monkeypatch.setenv("TANDEM_HOME", str(place))


def shown(screen: Screen, key: str) -> pl.DataFrame:
    """The rows of a table on the screen, as they came to the browser."""
    table = screen.element(key)["data"]
    assert table["complete"], "the table is too long to be compared"
    names = [column["name"] for column in table["columns"]]
    return pl.DataFrame(table["preview"]["rows"], schema=names, orient="row", infer_schema_length=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_who_may_see_it_and_tells_others_what_they_may_see(
    busy: Visitor, page: str, role: str, language: str
) -> None:
    screen = busy.open(page, role=role, lang=language)
    allowed = [entry for entry in ENTRIES if entry.right in RIGHTS[role]]
    kinds = {element["type"] for element in screen.elements() if element.get("key") not in EYES}
    assert screen.menu == [entry.name for entry in allowed if entry.is_listed]
    assert "exception" not in kinds
    if page in {entry.name for entry in allowed}:
        assert screen.title
    else:
        assert kinds == {"markdown", "page_link"}
        assert screen.texts("markdown")[-1] == say(language, "guard.not_allowed")


@pytest.mark.parametrize(("way", "table"), [("lines", "order_lines_planned"), ("shipments", "order_shipments_planned")])
def test_plans_stand_beside_the_plan_of_the_order_that_is_chosen(busy: Visitor, way: str, table: str) -> None:
    screen = busy.open("orders", plan=way)
    assert {"order_plan", table} <= screen.keyed()
    assert "exception" not in {element["type"] for element in screen.elements()}


@pytest.mark.usefixtures("of_busy")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["owner", "sales"])
def test_the_ranked_table_is_the_answer_in_words(busy: Visitor, role: str, language: str) -> None:
    outlook = inventory.outlook(Viewer(user="owner", role=role), Scope())
    expected = tables.outlook(outlook, language).frame
    screen = busy.open("inventory", role=role, lang=language)
    assert screen.title == marked(messages.title(outlook, language))
    seen = shown(screen, items.TABLE)
    assert seen.columns == expected.columns
    assert seen["item"].to_list() == expected["item"].to_list()
    assert [state for (state,) in seen["state"]] == expected["state"].to_list()
    assert seen["at_stake"].cast(pl.Float64).to_list() == pytest.approx(expected["at_stake"].to_list())


def test_the_worst_item_is_chosen_first_and_any_other_by_its_code(busy: Visitor) -> None:
    first = busy.open("inventory")
    keys = shown(first, items.TABLE)["item"].to_list()
    assert first.element(items.LIST)["value"] == keys[0]
    other = busy.open("inventory", item="desk")
    assert other.element(items.LIST)["value"].startswith("DESK · ")
    assert "DESK" in other.element("projected_stock")["props"]["alt"]


def test_choosing_in_the_list_moves_figure_and_address(busy: Visitor) -> None:
    session = busy.open("inventory").answer["session_id"]
    moved = busy.ask(session_id=session, widget_state={items.LIST: "DESK · " + firms.HARD_NAMES["desk"]})
    assert moved.answer["query_params"] == {"item": ["desk"]}
    assert "DESK" in moved.element("projected_stock")["props"]["alt"]


@pytest.mark.parametrize(
    "made_up",
    [
        {"item": "nothing"},
        {"role": "emperor"},
        {"lang": "tlh"},
        {"company": "../../x"},
        {"site": ["north", "<script>"]},
        {"group": "moon"},
        {"page": "99"},
    ],
    ids=str,
)
def test_an_address_that_somebody_made_up_shows_the_usual(busy: Visitor, made_up: dict[str, Any]) -> None:
    screen = busy.open("inventory", **made_up)
    assert screen.answer["status"] == "ready"
    assert screen.title


@pytest.mark.usefixtures("of_busy")
def test_a_filter_in_the_address_narrows_the_page(busy: Visitor) -> None:
    narrowed = busy.open("inventory", site="shop")
    expected = tables.outlook(inventory.outlook(OWNER, Scope(sites=("shop",))), "en").frame
    assert shown(narrowed, items.TABLE)["item"].to_list() == expected["item"].to_list()
    assert narrowed.element("choose_site")["value"] == ["Shop"]
    assert "clear_filters" in narrowed.keyed("sidebar")
    cleared = busy.ask(session_id=narrowed.answer["session_id"], trigger={"key": "clear_filters"})
    assert cleared.answer["query_params"] == {}


@pytest.mark.usefixtures("of_busy")
@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groups_are_those_of_the_answer(busy: Visitor, grouping: str) -> None:
    screen = busy.open("inventory", group=grouping)
    expected = tables.groups(inventory.groups(OWNER, Scope(grouping=grouping)), grouping, "en").frame
    assert shown(screen, "groups")["group"].to_list() == expected["group"].to_list()
    assert shown(screen, "groups")["products"].to_list() == expected["products"].to_list()


def test_a_language_changes_every_heading_and_keeps_the_rest(busy: Visitor) -> None:
    english = busy.open("inventory", item="desk")
    chinese = busy.ask(session_id=english.answer["session_id"], widget_state={"choose_lang": LANGUAGES["zh"]})
    assert chinese.answer["query_params"] == {"item": ["desk"], "lang": ["zh"]}
    assert set(chinese.texts("subheader")).isdisjoint(english.texts("subheader"))


def test_a_role_shows_no_money_that_it_may_not_see(busy: Visitor) -> None:
    labels = {
        role: {
            element["props"]["label"]
            for element in busy.open("inventory", role=role).elements()
            if element["type"] == "metric"
        }
        for role in ("owner", "sales")
    }
    assert labels["owner"] - labels["sales"] == {say("en", "inventory.card.value")}
    assert "on_hand_value" not in shown(busy.open("inventory", role="sales"), "groups").columns


def test_who_sees_only_the_health_of_data_has_no_filters(busy: Visitor) -> None:
    screen = busy.open("health", role="administrator", site="shop")
    asked = {f"choose_{name}" for name in (*scope.FILTERS, "period", "vs")}
    assert asked.isdisjoint(screen.keyed("sidebar"))


@pytest.mark.usefixtures("of_busy")
def test_rows_set_aside_are_told_in_words_and_masked_without_the_right(busy: Visitor) -> None:
    owner, manager = busy.open("health"), busy.open("health", role="manager")
    assert shown(owner, "quarantine")["rule"].to_list() == [
        "It is not a date",
        "It refers to a record that does not exist",
        "brand_new_rule",
    ]
    assert shown(owner, "quarantine")["value"].to_list() == ["Ada 1", "Ada 2", "Ada 3"]
    assert set(shown(manager, "quarantine")["value"]) == {say("en", "health.masked")}
    assert shown(owner, "tables").height == health.tables(OWNER).height


def test_every_chart_and_table_has_a_name_for_those_who_do_not_see_it(busy: Visitor) -> None:
    for page in PAGES:
        elements = busy.open(page, **ASKED.get(page, {})).elements()
        drawn = [element for element in elements if element["type"] in ("plotly_chart", "dataframe")]
        assert bool(drawn) == (page not in WITHOUT_TABLES), page
        assert all(element["props"]["alt"].strip() and element["key"] for element in drawn)


def test_many_items_come_page_by_page(home: Path) -> None:
    rows = items.ROWS_OF_PAGE
    firms.wide(rows + 3)
    with application(home) as visitor:
        first, second = visitor.open("inventory"), visitor.open("inventory", page="2")
        assert first.element(items.TABLE)["data"]["row_count"] == rows
        assert shown(second, items.TABLE)["item"].to_list() == [f"p0{rows + n} · Part" for n in range(3)]
        assert second.element(items.LIST)["value"] == f"p0{rows} · Part"
        turned = visitor.ask(session_id=first.answer["session_id"], widget_state={items.PAGER: 2})
        assert turned.answer["query_params"] == {"page": ["2"]}
        assert f"p0{rows} " in turned.element("projected_stock")["props"]["alt"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The application, serving a firm without anything."""
    place = tmp_path_factory.mktemp("bare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(place))
        firms.empty()
        with application(place) as visitor:
            yield visitor


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_firm_without_anything_is_told_what_to_do(bare: Visitor, page: str, language: str) -> None:
    screen = bare.open(page, lang=language)
    assert screen.answer["status"] == "ready"
    assert screen.title
    assert "nothing" in screen.keyed() or page in TOLD_WITHOUT_A_FIRM


@pytest.mark.parametrize("language", LANGUAGES)
def test_rights_are_told_without_a_firm(bare: Visitor, language: str) -> None:
    screen = bare.open("access", lang=language)
    assert {"matrix", "pages"} <= screen.keyed()
    assert shown(screen, "matrix").height > 0


def _without_a_snapshot(home: Path) -> None:
    assert not home.exists()


def _with_damage(home: Path) -> None:
    version = firms.busy()
    (version.folder / "tables" / "products.parquet").write_bytes(b"PAR1")
    assert home.exists()


@pytest.mark.parametrize(
    ("prepare", "words"),
    [(_without_a_snapshot, "empty.first"), (_with_damage, "empty.damaged")],
    ids=["none", "damaged"],
)
def test_without_data_the_two_commands_are_told(home: Path, prepare: Callable[[Path], None], words: str) -> None:
    prepare(home)
    with application(home) as visitor:
        for language in LANGUAGES:
            screen = visitor.open("inventory", lang=language)
            assert screen.texts("subheader") == [say(language, words)]
            assert screen.texts("code") == ["python cli.py sample", "python cli.py sync files --path FOLDER"]
            assert screen.menu == [entry.name for entry in ENTRIES if entry.is_listed]


def test_a_sample_is_marked_as_one_and_grows_old_in_peace(home: Path) -> None:
    assert firms.sample().is_sample
    with application(home) as visitor:
        screen = visitor.open("inventory", lang="zh")
        assert "示例公司" in [
            e["props"].get("label") or e["props"].get("body")
            for e in screen.elements("sidebar")
            if e["type"] == "badge"
        ]
        assert not screen.texts("caption", "sidebar")[0].startswith(":orange[")
        opened = visitor.ask(session_id=screen.answer["session_id"], widget_state={"export_outlook": True})
        assert opened.element("outlook_csv")["props"]["file_name"].startswith("示例公司 - 库存与需求 ")
