"""What is asked: the filters beside the page, and what it is grouped by. Both stand in the address."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from analytics.scope import Scope
from display.words import say
from pages.parts import address

FILTERS = {
    "company": "companies",
    "site": "sites",
    "region": "regions",
    "category": "categories",
    "supplier": "suppliers",
}
APART = ("site", "region")
GROUPINGS = ("category", "site", "region", "supplier")


def chosen(choices: Mapping[str, pl.DataFrame], language: str) -> tuple[Scope, dict[str, str]]:
    """The filters: what they ask for, and the same in words. One that offers a single choice is not shown."""
    picked: dict[str, tuple[str, ...]] = {}
    told: dict[str, str] = {}
    for name, part in FILTERS.items():
        names = dict(choices[part].select("key", "name").iter_rows())
        if len(names) < 2:
            continue
        label = say(language, f"filter.{name}")
        picked[part] = _filter(name, label, names, language)
        if picked[part]:
            told[label] = ", ".join(names[key] or key for key in picked[part])
    if any(picked.values()):
        st.button(
            say(language, "filter.clear"), key="clear_filters", type="tertiary", icon=":material/close:", on_click=clear
        )
    scope = Scope(
        companies=picked.get("companies", ()),
        sites=picked.get("sites", ()),
        regions=picked.get("regions", ()),
        categories=picked.get("categories", ()),
        suppliers=picked.get("suppliers", ()),
    )
    return scope, told


def _filter(name: str, label: str, names: Mapping[str, str], language: str) -> tuple[str, ...]:
    everything = say(language, "filter.all")
    return address.choices(
        name, label, list(names), format_func=lambda key: names.get(key) or key, placeholder=everything
    )


def clear() -> None:
    """Asks for everything again."""
    for name in (*FILTERS, "search"):
        address.put(name, [])


def grouping(language: str) -> str:
    """The choice of what a page is grouped by."""
    label = say(language, "inventory.groups.by")
    return address.choice(
        "group",
        st.segmented_control,
        label,
        GROUPINGS,
        GROUPINGS[0],
        format_func=lambda name: say(language, f"grouping.{name}"),
        required=True,
        label_visibility="collapsed",
    )
