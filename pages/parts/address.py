"""What is chosen stands in the address, as codes: a link shows the same to a colleague, in any language.

The address is the only truth; widgets write to it and are set from it in every run. Streamlit empties the address when
the menu changes the page: ``keep`` brings back what stood there. An address that asks for anything asks for all of it.
What a link to evidence asks for holds for the page that it leads to, until something else is chosen there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

import streamlit as st

from display.words import LANGUAGES

KEPT = "kept_address"
LINK, EVIDENCE = "link", "evidence"
FIRST_LANGUAGE = "en"


def code(name: str, codes: Sequence[str], otherwise: str) -> str:
    """The code of that name in the address, if it is one of those that exist."""
    chosen = st.query_params.get(name, otherwise)
    return chosen if chosen in codes else otherwise


def codes(name: str, known: Sequence[str]) -> list[str]:
    """The codes of that name in the address that exist, in the order of those that do."""
    chosen = set(st.query_params.get_all(name))
    return [code for code in known if code in chosen]


def language() -> str:
    """The language in the address; the browser's own where there is none."""
    return code("lang", list(LANGUAGES), browser_language())


def browser_language() -> str:
    """The language that the browser asks for, if it is one of ours."""
    asked = (st.context.locale or FIRST_LANGUAGE).partition("-")[0]
    return asked if asked in LANGUAGES else FIRST_LANGUAGE


def put(name: str, values: Sequence[str]) -> None:
    """Writes codes to the address; nothing chosen leaves no trace there."""
    if values:
        st.query_params[name] = list(values)
    elif name in st.query_params:
        del st.query_params[name]
    if EVIDENCE in st.query_params:
        del st.query_params[EVIDENCE]
    _remember(_page())


def choice(
    name: str, widget: Callable[..., Any], label: str, options: Sequence[str], otherwise: str, **look: Any
) -> str:
    """A widget for one code, bound to the address."""
    key = f"choose_{name}"
    st.session_state[key] = code(name, options, otherwise)
    widget(label, list(options), key=key, on_change=_put_one, args=(name, key, otherwise), **look)
    return cast("str", st.session_state[key])


def choices(name: str, label: str, options: Sequence[str], **look: Any) -> tuple[str, ...]:
    """A widget for any number of codes, bound to the address; none chosen means all."""
    key = f"choose_{name}"
    st.session_state[key] = codes(name, options)
    st.multiselect(label, list(options), key=key, on_change=_put_many, args=(name, key), **look)
    return tuple(st.session_state[key])


def _put_one(name: str, key: str, otherwise: str) -> None:
    chosen = st.session_state[key]
    put(name, [] if chosen in (None, otherwise) else [chosen])


def _put_many(name: str, key: str) -> None:
    put(name, st.session_state[key])


def naming(*, to: str = "", without: Sequence[str] = (), **codes: str) -> dict[str, list[str]]:
    """What stands in the address, with some codes set and some left out: for links to a page by its name, ``to``."""
    kept = {name: values for name, values in parameters().items() if name not in without}
    return linked(kept | {name: [value] for name, value in codes.items()}, to)


def evidence(**codes: str) -> dict[str, list[str]]:
    """What stands in the address, with some codes set: for a link to what something rests on. The period and filters
    there are those of the evidence, and are left with it."""
    return naming(**codes, **{EVIDENCE: "1"})


def linked(asked: Mapping[str, list[str]], to: str) -> dict[str, list[str]]:
    """The parameters of a link to a page. A link to the page that is seen carries a mark: Streamlit leaves the
    browser's address as it was then, and ``keep``, which takes the mark away, brings it up to date."""
    is_seen = to == (_page() or "").rpartition("/")[2]
    return {**asked, **({LINK: ["1"]} if is_seen else {})}


def parameters() -> dict[str, list[str]]:
    """All that stands in the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def asked() -> dict[str, list[str]]:
    """What stands in the address, without the marks of links."""
    return {name: values for name, values in parameters().items() if name not in (LINK, EVIDENCE)}


def keep() -> None:
    """Brings back what the menu removed from the address when it changed the page."""
    page = _page()
    before, kept = st.session_state.get(KEPT, (page, {}))
    if LINK in st.query_params:
        del st.query_params[LINK]
    elif (page != before or page is None) and not parameters():
        st.query_params.from_dict(kept)
    _remember(page)


def _page() -> str | None:
    """The page in the address; null where the visitor's client does not tell."""
    return urlsplit(st.context.url).path if st.context.url else None


def _remember(page: str | None) -> None:
    _, kept = st.session_state.get(KEPT, (page, {}))
    st.session_state[KEPT] = (page, kept if EVIDENCE in st.query_params else parameters())
