"""What a decision says in words: what it is about, the evidence, and who should act by when."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from display.numbers import LOCALES, count, day, money, percent, quantity, short_day
from display.words import say

Row = Mapping[str, Any]
LONGEST_LATENESS_CALLED_NONE = 0.5


class Told(NamedTuple):
    """One decision in three short lines; ``evidence`` may be empty."""

    headline: str
    evidence: str
    who: str


def sentence(row: Row, language: str) -> Told:
    """The row of ``answers.decisions`` in words: headline, evidence, who."""
    headline, evidence = _SENTENCES[row["kind"]](row, language)
    return Told(headline, say(language, "decisions.and").join(part for part in evidence if part), who(row, language))


def who(row: Row, language: str) -> str:
    """Who should act, by name where it is known and may be seen, and by when."""
    owner = say(language, f"decisions.owner.{row['owner_kind']}")
    named = say(language, "decisions.who", owner=owner, name=row["owner"]) if row["owner"] else owner
    if row["act_by_on"] is None:
        return named
    return say(language, "decisions.who.by", who=named, day=short_day(row["act_by_on"], language))


def _money(row: Row, language: str) -> str:
    return money(row["money"], row["currency"], language, narrow=True)


def _worth(row: Row, language: str, words: str) -> str:
    """What is at stake, in the words of that name; nothing where it is not known."""
    if row["money"] is None or row["currency"] is None:
        return ""
    return say(language, f"decisions.money.{words}", money=_money(row, language))


def _subject(row: Row, language: str, otherwise: str = "decisions.unnamed") -> str:
    name = row["evidence"]["subject_zh"] or row["subject"] if language == "zh" else row["subject"]
    return name or say(language, otherwise)


def _days(number: float, language: str) -> str:
    return say(language, "days", count=round(number))


def _share(share: float, language: str) -> str:
    return percent(abs(share), language)


def _number(value: float, language: str) -> str:
    return count(round(value), language)


def _pieces(value: float, language: str, unit: str | None) -> str:
    """A quantity; whole from ten on, for nobody orders a half of many."""
    return quantity(float(round(value)) if abs(value) >= 10 else value, language, unit)


def _times(row: Row, language: str) -> str:
    """How many times the usual it is; at most ten, for the usual may be next to nothing."""
    return quantity(min(round(row["evidence"]["now"] / max(row["evidence"]["usual"], 0.1), 1), 10.0), language)


def _country(row: Row, language: str) -> str:
    code = row["evidence"]["country"]
    return str(LOCALES[language].territories.get(code, code))


def _top(row: Row, language: str) -> str:
    names = row["evidence"]["top_zh" if language == "zh" else "top"]
    known = [name for name in names or [] if name]
    return say(language, "decisions.mostly", names=say(language, "decisions.names").join(known)) if known else ""


def _item_runs_out(row: Row, language: str) -> tuple[str, list[str]]:
    told, subject = row["evidence"], _subject(row, language)
    if told["state"] == "runs_out" and told["runs_out_on"] is not None:
        on = short_day(told["runs_out_on"], language)
        headline = say(language, "decisions.item_runs_out.runs_out", subject=subject, day=on)
    elif told["state"] == "negative":
        headline = say(language, "decisions.item_runs_out.negative", subject=subject)
    else:
        headline = say(language, "decisions.item_runs_out.out", subject=subject)
    short = say(language, "decisions.item_runs_out.short", quantity=_pieces(row["quantity"], language, told["unit"]))
    source = say(language, "decisions.item_runs_out.from", supplier=told["supplier"]) if told["supplier"] else ""
    company = row.get("company")
    where = say(language, "decisions.item_runs_out.at", company=company) if company else ""
    return headline, [where, short, source, _worth(row, language, row["money_is"] or "revenue")]


def _supplier_slipping(row: Row, language: str) -> tuple[str, list[str]]:
    told, subject = row["evidence"], _subject(row, language)
    now = _days(told["days_now"], language)
    if told["days_before"] < LONGEST_LATENESS_CALLED_NONE:
        headline = say(language, "decisions.supplier_slipping.was_on_time", subject=subject, now=now)
    else:
        before = _days(told["days_before"], language)
        headline = say(language, "decisions.supplier_slipping", subject=subject, now=now, before=before)
    if not told["items"]:
        return headline, [say(language, "decisions.supplier_slipping.nothing")]
    items = say(language, "decisions.supplier_slipping.items", count=told["items"])
    return headline, [items, _worth(row, language, row["money_is"])]


def _supplier_dearer(row: Row, language: str) -> tuple[str, list[str]]:
    told = row["evidence"]
    change = _share(told["change"], language)
    headline = say(language, "decisions.supplier_dearer", subject=_subject(row, language), percent=change)
    items = say(language, "decisions.items", count=told["items"])
    return headline, [items, _top(row, language), _worth(row, language, "cost")]


def _stock_too_much(row: Row, language: str) -> tuple[str, list[str]]:
    told = row["evidence"]
    share = _share(min(told["change"], 1.0), language)
    headline = say(language, "decisions.stock_too_much", subject=_subject(row, language), percent=share)
    dead = ""
    if told["dead"] and row["currency"]:
        amount = money(told["dead"], row["currency"], language, narrow=True)
        dead = say(language, "decisions.stock_too_much.dead", money=amount)
    return headline, [_worth(row, language, "stock_value"), dead, _top(row, language)]


def _late_orders(row: Row, language: str) -> tuple[str, list[str]]:
    told, subject = row["evidence"], _subject(row, language, "decisions.someone")
    headline = say(language, "decisions.late_orders", count=told["orders"], subject=subject)
    oldest = say(language, "decisions.oldest", days=_days(told["days_now"], language))
    return headline, [oldest, _worth(row, language, f"undelivered.{row['money_is']}")]


def _overdue_receivables(row: Row, language: str) -> tuple[str, list[str]]:
    told, subject = row["evidence"], _subject(row, language, "decisions.someone")
    if row["money"] is None or row["currency"] is None:
        headline = say(language, "decisions.overdue_receivables.no_money", subject=subject)
    else:
        owed = _money(row, language)
        headline = say(language, "decisions.overdue_receivables", subject=subject, money=owed)
    invoices = say(language, "decisions.overdue_receivables.invoices", count=told["invoices"])
    return headline, [invoices, say(language, "decisions.oldest", days=_days(told["days_now"], language))]


def _customers_leaving(row: Row, language: str) -> tuple[str, list[str]]:
    told = row["evidence"]
    less = _share(told["change"], language)
    if told["state"] == "segment":
        country, subject = _country(row, language), _subject(row, language)
        headline = say(language, "decisions.customers_leaving.segment", subject=subject, country=country, percent=less)
    else:
        subject = _subject(row, language, "decisions.someone")
        words = "customer" if told["now"] else "gone"
        headline = say(language, f"decisions.customers_leaving.{words}", subject=subject, percent=less)
    now, usual = (_number(told[name], language) for name in ("now", "usual"))
    orders = say(language, "decisions.customers_leaving.orders", now=now, usual=usual)
    return headline, [orders, _worth(row, language, f"year.{row['money_is']}")]


def _demand_surging(row: Row, language: str) -> tuple[str, list[str]]:
    told, subject, times = row["evidence"], _subject(row, language), _times(row, language)
    country = _country(row, language)
    headline = say(language, "decisions.demand_surging", subject=subject, times=times, country=country)
    now, usual = (_number(told[name], language) for name in ("now", "usual"))
    sold = say(language, "decisions.demand_surging.sold", now=now, usual=usual)
    if told["state"] == "served":
        served = say(language, "decisions.demand_surging.served")
        return headline, [sold, served, _worth(row, language, f"extra.{row['money_is']}")]
    missing = _pieces(row["quantity"], language, told["unit"])
    short = say(language, "decisions.demand_surging.short", quantity=missing)
    return headline, [sold, short, _worth(row, language, row["money_is"])]


def _complaints_rising(row: Row, language: str) -> tuple[str, list[str]]:
    told = row["evidence"]
    subject, times = _subject(row, language), _times(row, language)
    headline = say(language, "decisions.complaints_rising", subject=subject, times=times)
    now, usual = (_number(told[name], language) for name in ("now", "usual"))
    since = day(row["since_on"], language)
    rise = say(language, "decisions.complaints_rising.told", now=now, usual=usual, day=since)
    if told["state"] == "sells":
        return headline, [rise, _top(row, language), _worth(row, language, row["money_is"])]
    fell = say(language, "decisions.complaints_rising.fell", percent=_share(told["change"], language))
    return headline, [rise, _top(row, language), fell, _worth(row, language, f"lost.{row['money_is']}")]


def _margin_squeezed(row: Row, language: str) -> tuple[str, list[str]]:
    told = row["evidence"]
    dearer = _share(told["cost_change"], language)
    headline = say(language, "decisions.margin_squeezed", subject=_subject(row, language), percent=dearer)
    items = say(language, "decisions.items", count=told["items"])
    prices = say(language, "decisions.margin_squeezed.price", percent=percent(told["price_change"], language))
    return headline, [items, prices, _worth(row, language, "year.margin")]


def _campaign_without_effect(row: Row, language: str) -> tuple[str, list[str]]:
    told = row["evidence"]
    headline = say(language, "decisions.campaign_without_effect", subject=_subject(row, language))
    customers, now, usual = (_number(told[name], language) for name in ("customers", "now", "usual"))
    bought = say(language, "decisions.campaign_without_effect.bought", customers=customers, now=now, usual=usual)
    return headline, [bought, _worth(row, language, "campaign")]


_SENTENCES: Mapping[str, Callable[[Row, str], tuple[str, list[str]]]] = {
    "item_runs_out": _item_runs_out,
    "supplier_slipping": _supplier_slipping,
    "supplier_dearer": _supplier_dearer,
    "stock_too_much": _stock_too_much,
    "late_orders": _late_orders,
    "overdue_receivables": _overdue_receivables,
    "customers_leaving": _customers_leaving,
    "demand_surging": _demand_surging,
    "complaints_rising": _complaints_rising,
    "margin_squeezed": _margin_squeezed,
    "campaign_without_effect": _campaign_without_effect,
}
