"""What is asked of Delivery: lines, customer, site and how sure, as codes in the address, and the widgets that write
them."""

from collections.abc import Mapping

import streamlit as st

from analytics.promise_rules import LEVELS
from answers.delivery import MOST_LINES, Promised
from display.messages import delivery as messages
from display.messages import promise_rules, promises
from display.words import LANGUAGES, marked
from pages.parts import address, export, states, tables
from pages.parts import delivery_frames as frames
from pages.parts import promise_rule_frames as ruled
from pages.parts.delivery_frames import Asked, Wishes
from pages.parts.visit import Visit

LINE, CUSTOMER, SITE, WAY, SURE, TEXT = "line", "customer", "from", "way", "sure", "text"
CARRIER = "carrier"
BETWEEN = "*"
ANY = "any"
WAYS = ("whole", "parts")
CODES = tuple(str(level) for level in LEVELS)
LISTED = 500
ADD, FIND, FIND_CUSTOMER = "add_product", "find_product", "find_asking"
LONGEST = 120


def asked(visit: Visit) -> Asked:
    """The question in the address; what does not exist there, or not for this viewer, is not asked."""
    lines = st.query_params.get_all(LINE)
    site, customer = st.query_params.get(SITE), st.query_params.get(CUSTOMER)
    carrier, rules = st.query_params.get(CARRIER), ruled.rules(visit)
    return Asked(
        wishes=tuple(_wish(line) for line in lines if line.strip()),
        customer=customer if customer in frames.customers(visit) else None,
        leaves_from=site if site in frames.sites(visit) else None,
        in_parts=address.code(WAY, WAYS, WAYS[0]) == WAYS[1],
        level=int(address.code(SURE, CODES, str(rules.level))),
        carrier=carrier if carrier in frames.carriers(visit) else None,
        rules=rules,
        passed=ruled.passed(visit),
    )


def _wish(line: str) -> tuple[str, str]:
    """Code and quantity; a line without a quantity asks for one piece."""
    code, found, quantity = line[:LONGEST].rpartition(BETWEEN)
    return (code, quantity) if found else (quantity, "1")


def _put(wishes: Wishes) -> None:
    address.put(LINE, [f"{code}{BETWEEN}{quantity}" for code, quantity in wishes])


def question(asking: Asked, answer: Promised, visit: Visit) -> None:
    """Everything that can be asked: who, from where, how sure, which products, how many of each."""
    with st.container(border=True, key="question"):
        _conditions(asking, visit)
        for row in answer.lines.iter_rows(named=True):
            _line(row, asking.wishes, visit)
        _adding(asking.wishes, visit)


def _conditions(asking: Asked, visit: Visit) -> None:
    first, second, third, fourth, fifth = st.columns((5, 4, 3, 4, 4), gap="small")
    with fifth:
        carriers = {ANY: visit.say("delivery.carrier.any"), **frames.carriers(visit)}
        address.choice(
            CARRIER, st.selectbox, visit.say("delivery.carrier"), list(carriers), ANY, format_func=carriers.__getitem__
        )
    with first:
        _choose_customer(visit)
    with second:
        sites = frames.sites(visit)
        names = {ANY: visit.say("delivery.from.any"), **sites}
        address.choice(SITE, st.selectbox, visit.say("delivery.from"), list(names), ANY, format_func=names.__getitem__)
    with third:
        address.choice(
            SURE,
            st.selectbox,
            visit.say("delivery.sure"),
            CODES,
            str(asking.rules.level),
            format_func=lambda code: f"{code}%",
            help=visit.say("delivery.sure.help"),
        )
    with fourth:
        address.choice(
            WAY,
            st.segmented_control,
            visit.say("delivery.way"),
            WAYS,
            WAYS[0],
            format_func=lambda name: visit.say(f"delivery.way.{name}"),
            required=True,
            width="stretch",
        )


def _choose_customer(visit: Visit) -> None:
    """The list of customers; where they are many, those with the searched words and the chosen one."""
    names = {ANY: visit.say("delivery.customer.none"), **frames.customers(visit)}
    if len(names) > LISTED:
        label = visit.say("delivery.customer.find")
        text = st.text_input(label, key=FIND_CUSTOMER, placeholder=label, label_visibility="collapsed").strip().lower()
        chosen = address.code(CUSTOMER, list(names), ANY)
        found = [key for key, name in names.items() if text in name.lower() and key not in (ANY, chosen)][:LISTED]
        names = {key: names[key] for key in dict.fromkeys((ANY, chosen, *found))}
    address.choice(
        CUSTOMER, st.selectbox, visit.say("delivery.customer"), list(names), ANY, format_func=names.__getitem__
    )


def _line(row: Mapping[str, object], wishes: Wishes, visit: Visit) -> None:
    """One line: what it asks for, how many, and away with it."""
    at = int(str(row["line"])) - 1
    name = messages.item(row, visit.language) or wishes[at][0]
    key = f"quantity_{at}"
    st.session_state[key] = wishes[at][1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"line_{at}"):
        st.markdown(marked(name), width="stretch")
        st.text_input(
            visit.say("delivery.line", item=marked(name)),
            key=key,
            on_change=_change,
            args=(at, wishes),
            label_visibility="collapsed",
            max_chars=20,
            width=110,
        )
        st.markdown(f":gray[{marked(str(row['unit'] or ''))}]", width=44)
        st.button(
            "",
            key=f"remove_{at}",
            icon=":material/close:",
            type="tertiary",
            help=visit.say("delivery.remove", item=marked(name)),
            on_click=_remove,
            args=(at, wishes),
        )


def _change(at: int, wishes: Wishes) -> None:
    written = str(st.session_state[f"quantity_{at}"])
    _put((*wishes[:at], (wishes[at][0], written), *wishes[at + 1 :]))


def _remove(at: int, wishes: Wishes) -> None:
    _put((*wishes[:at], *wishes[at + 1 :]))


def _adding(wishes: Wishes, visit: Visit) -> None:
    """The way to one more line: search by number, barcode or name, then choose; what is found alone is added."""
    if len(wishes) >= MOST_LINES:
        return
    names, texts = frames.names(visit), frames.sought(visit)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="adding"):
        label = visit.say("delivery.find")
        text = st.text_input(
            label,
            key=FIND,
            placeholder=label,
            label_visibility="collapsed",
            icon=":material/search:",
            width=260,
            on_change=_find,
            args=(wishes, texts),
        )
        found = _found(text, texts)[:LISTED]
        st.session_state[ADD] = None
        st.selectbox(
            visit.say("delivery.add"),
            found,
            key=ADD,
            format_func=names.__getitem__,
            placeholder=visit.say("delivery.add"),
            on_change=_add,
            args=(wishes,),
            label_visibility="collapsed",
            width=340,
        )
    if text and not found:
        states.alarm(visit.say("delivery.find.none", text=text[:LONGEST]))


def _found(text: str, texts: Mapping[str, str]) -> list[str]:
    words = text.lower().split()
    return [code for code, known in texts.items() if all(word in known for word in words)]


def _find(wishes: Wishes, texts: Mapping[str, str]) -> None:
    """What is typed or scanned is added at once when it is just one product."""
    text = str(st.session_state[FIND]).strip()
    found = _found(text, texts)
    if text and len(found) == 1:
        st.session_state[FIND] = ""
        _put((*wishes, (found[0], "1")))


def _add(wishes: Wishes) -> None:
    if st.session_state[ADD] is not None:
        _put((*wishes, (st.session_state[ADD], "1")))


def dates(asking: Asked, answer: Promised, visit: Visit) -> None:
    """Each part with its day, why that day, and whose promise an earlier one would break."""
    language = visit.language
    reasons = promises.reasons(answer.lines, answer.problems, language)
    for sentence in messages.problems(answer.lines, asking.wishes, answer.left_out, MOST_LINES, language, reasons):
        states.alarm(sentence)
    for sentence in promises.binding(answer.waits, language):
        st.markdown(marked(sentence))
    for sentence in promise_rules.applied(answer.applied, language):
        st.markdown(f":material/rule: {marked(sentence)}")
    shown = frames.parts(visit, asking)
    export.heading(visit.say("delivery.dates"), shown, visit.say("menu.delivery"), visit)
    tables.show(
        shown, visit, key="promised_parts", alt=visit.say("delivery.dates.alt"), none=visit.say("delivery.dates.none")
    )
    told = [messages.why(row, answer.as_of, answer.level, language) for row in answer.parts.iter_rows(named=True)]
    if told:
        st.markdown("\n".join(f"- {marked(sentence)}" for sentence in told))
    states.note(messages.broken(answer.lines, answer.broken, answer.opens_on or answer.as_of, language))


def waits(asking: Asked, visit: Visit) -> None:
    """What each line waits for until its day; nothing where nothing has to come."""
    shown = frames.waits(visit, asking)
    if shown.frame.is_empty():
        return
    export.heading(
        visit.say("delivery.waits"), shown, f"{visit.say('menu.delivery')} {visit.say('delivery.waits')}", visit
    )
    tables.show(
        shown, visit, key="promised_waits", alt=visit.say("delivery.waits.alt"), none=visit.say("delivery.waits.none")
    )


def others(asking: Asked, visit: Visit) -> None:
    """Other ways to deliver the same."""
    shown = frames.ways(visit, asking)
    export.heading(
        visit.say("delivery.others"), shown, f"{visit.say('menu.delivery')} {visit.say('delivery.others')}", visit
    )
    tables.show(
        shown, visit, key="promised_ways", alt=visit.say("delivery.others.alt"), none=visit.say("delivery.others.none")
    )


def lanes(asking: Asked, answer: Promised, visit: Visit) -> None:
    """How long goods travel to the customer; nothing without a customer."""
    if asking.customer is None:
        return
    shown = frames.lanes(visit, asking)
    export.heading(
        visit.say("delivery.lanes"), shown, f"{visit.say('menu.delivery')} {visit.say('delivery.lanes')}", visit
    )
    tables.show(
        shown, visit, key="promised_lanes", alt=visit.say("delivery.lanes.alt"), none=visit.say("delivery.lanes.none")
    )
    if not shown.frame.is_empty():
        is_unknown = answer.last_on is not None and answer.arrives_on is None
        states.note(visit.say("delivery.lanes.unknown" if is_unknown else "delivery.lanes.note"))


def letter(asking: Asked, answer: Promised, visit: Visit) -> None:
    """The text for the customer, to be copied, in either language."""
    if answer.parts.is_empty():
        return
    customer = frames.customers(visit).get(asking.customer) if asking.customer else None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="heading_letter"):
        st.subheader(visit.say("delivery.text"), anchor=False, width="content")
        language = address.choice(
            TEXT,
            st.segmented_control,
            visit.say("delivery.text.language"),
            list(LANGUAGES),
            visit.language,
            format_func=LANGUAGES.__getitem__,
            required=True,
            label_visibility="collapsed",
        )
    text = messages.letter(answer.lines, answer.parts, customer, answer.as_of, language, answer.arrives_on)
    st.code(text, language=None, wrap_lines=True)
