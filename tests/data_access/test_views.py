"""Saved views on the disk: names, limits, one change at a time, and nothing written over."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from data_access import views
from data_access.home import Home, firm_home
from data_access.views import LONGEST_NAME, MOST_VIEWS, RULES, View, ViewRefused

PARAMETERS = {"site": ["north", "shop"], "period": ["last_month"]}


def kept(home: Home, user: str = "ada") -> dict[str, str]:
    """The user's views: from key to name."""
    return {view.view_id: view.name for view in views.views(home, user)}


def test_a_view_is_found_again_with_its_page_and_parameters() -> None:
    home = firm_home()
    saved = views.save(home, "ada", "  Morning ", "overview", PARAMETERS)
    assert views.views(home, "ada") == (saved,)
    assert (saved.name, saved.page) == ("Morning", "overview")
    assert saved.parameters == {"period": ("last_month",), "site": ("north", "shop")}


def test_views_come_by_name_and_belong_to_one_user_of_one_home(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    for name in ("b", "A", "质量"):
        views.save(one, "ada", name, "overview", {})
    assert list(kept(one).values()) == ["A", "b", "质量"]
    assert kept(one, "bob") == kept(one, "../ada") == kept(other) == {}


def test_a_view_is_renamed_and_removed_by_its_key() -> None:
    home = firm_home()
    first, second = (views.save(home, "ada", name, "overview", PARAMETERS) for name in ("one", "two"))
    renamed = views.rename(home, "ada", first.view_id, "three")
    assert renamed == View(view_id=first.view_id, name="three", page="overview", parameters=first.parameters)
    assert sorted(kept(home).values()) == ["three", "two"]
    views.remove(home, "ada", second.view_id)
    views.remove(home, "ada", second.view_id)
    assert kept(home) == {first.view_id: "three"}


def refusal(name: str, **fields: Any) -> str:
    asked: dict[str, Any] = {"user": "ada", "page": "overview", "parameters": {}}
    with pytest.raises(ViewRefused) as refused:
        views.save(firm_home(), name=name, **(asked | fields))
    assert refused.value.rule in RULES
    return refused.value.rule


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "no_name"),
        ("   ", "no_name"),
        ("\u200d", "no_name"),
        ("x" * (LONGEST_NAME + 1), "long_name"),
        ("a\nb", "odd_name"),
        ("a\x00", "odd_name"),
        ("a\x1b[31m", "odd_name"),
        ("a\u202eb", "odd_name"),
        ("a\ud800", "odd_name"),
        ("a\u2028b", "odd_name"),
    ],
)
def test_a_name_that_nobody_can_read_is_refused(name: str, rule: str) -> None:
    assert refusal(name) == rule
    assert kept(firm_home()) == {}


@pytest.mark.parametrize(
    "name", ["质量 Q3", "<b>x</b> [a](b) $x$", "👩‍🔧", "x" * LONGEST_NAME, "../../etc", "null", "می‌خواهم"]
)
def test_any_other_name_is_kept_as_it_is(name: str) -> None:
    views.save(firm_home(), "ada", name, "overview", {})
    assert list(kept(firm_home()).values()) == [name]


def test_a_name_is_taken_whatever_its_capitals() -> None:
    home = firm_home()
    first = views.save(home, "ada", "Morning", "overview", {})
    second = views.save(home, "ada", "Evening", "overview", {})
    assert refusal("MORNING") == "taken"
    with pytest.raises(ViewRefused, match="taken"):
        views.rename(home, "ada", second.view_id, "morning")
    assert views.rename(home, "ada", first.view_id, "MORNING").name == "MORNING"


def test_there_is_room_for_so_many_views_and_no_more() -> None:
    home = firm_home()
    for number in range(MOST_VIEWS):
        views.save(home, "ada", f"{number}", "overview", {})
    assert refusal("one more") == "too_many"
    views.save(home, "bob", "first", "overview", {})
    assert len(kept(home)) == MOST_VIEWS


def test_parameters_of_any_length_are_refused() -> None:
    assert refusal("long", parameters={"site": ["x" * 9_000]}) == "too_large"


def test_a_view_that_is_gone_cannot_be_renamed() -> None:
    with pytest.raises(ViewRefused, match="gone"):
        views.rename(firm_home(), "ada", "nothing", "new")


def only_file(home: Home) -> Path:
    (found,) = (home.folder / "views").glob("*.json")
    return found


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", '{"views": {}', '{"views": [1]}', '{"views": [{"view_id": "a", "name": 7}]}', "\udcff"],
)
def test_a_damaged_file_shows_no_views_and_is_never_written_over(damage: str) -> None:
    home = firm_home()
    views.save(home, "ada", "lost", "overview", {})
    only_file(home).write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert kept(home) == {}
    views.save(home, "ada", "new", "overview", {})
    assert list(kept(home).values()) == ["new"]
    (aside,) = (home.folder / "views").glob("*.damaged")
    assert aside.read_bytes() == damage.encode("utf-8", "surrogateescape")


def test_a_change_that_is_refused_leaves_the_file_as_it_was() -> None:
    home = firm_home()
    views.save(home, "ada", "one", "overview", {})
    before = only_file(home).read_bytes()
    assert refusal("one") == "taken"
    assert only_file(home).read_bytes() == before


def test_a_file_says_whose_views_it_holds_only_by_a_hash() -> None:
    home = firm_home()
    views.save(home, "ada@example.org", "one", "overview", {})
    assert "ada" not in only_file(home).name
    assert set(json.loads(only_file(home).read_text())["views"][0]) == {"view_id", "name", "page", "parameters"}


def test_of_views_saved_at_the_same_time_none_is_lost() -> None:
    home, people = firm_home(), 6
    together = Barrier(people)

    def save_five(who: int) -> None:
        together.wait(30)
        for number in range(5):
            views.save(home, "ada", f"{who}/{number}", "overview", {})

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(save_five, range(people)))
    assert len(kept(home)) == 5 * people


def test_a_view_is_shared_with_roles_and_with_nobody_else() -> None:
    home = firm_home()
    view = views.save(home, "ada", "Late in the north", "orders", {"region": ["North"]})
    assert views.shared(home, "bea", "sales") == ()
    views.share(home, "ada", view.view_id, ["sales", "manager", "sales"])
    (seen,) = views.shared(home, "bea", "sales")
    assert (seen.name, seen.roles, seen.parameters) == (
        "Late in the north",
        ("manager", "sales"),
        {"region": ("North",)},
    )
    assert views.shared(home, "bea", "executive") == ()
    assert views.shared(home, "ada", "sales") == ()
    views.rename(home, "ada", view.view_id, "Late")
    assert [each.name for each in views.shared(home, "bea", "sales")] == ["Late"]
    views.share(home, "ada", view.view_id, [])
    assert views.shared(home, "bea", "sales") == ()
    with pytest.raises(ViewRefused, match="gone"):
        views.share(home, "bea", view.view_id, ["sales"])
