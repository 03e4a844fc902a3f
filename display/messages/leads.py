"""Sentences about leads."""

from analytics.leads import Check
from display.numbers import count, quantity
from display.words import say


def checked(check: Check, language: str) -> str:
    """How good the chances were on leads of a quarter; and where they told no more than a plain rate, that."""
    if check.error is None or check.brier is None or check.brier_rate is None:
        return say(language, "leads.unchecked")
    errors = {"chance": f"{check.brier:.3f}", "rate": f"{check.brier_rate:.3f}"}
    error = quantity(round(100 * check.error, 1), language)
    told = say(language, "leads.checked", count=count(check.leads, language), error=error, **errors)
    if check.brier < check.brier_rate:
        return told
    return f"{told}{' ' if language == 'en' else ''}{say(language, 'leads.checked.no_more')}"
