"""Freshness: from which age on data is stale."""

from datetime import timedelta

# A source is refreshed at least once a day; two hours more are no reason for alarm.
STALE_AFTER = timedelta(hours=26)
