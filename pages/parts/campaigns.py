"""The chosen campaign and customer: codes in the address; whom the campaign addressed."""

import functools

from pages.parts import address, customers, export, narrowing, states, tables
from pages.parts import campaign_frames as frames
from pages.parts.visit import Visit

CAMPAIGN, TABLE, MEMBERS = "campaign", "campaigns", "campaign_members"
LISTED = 250


def chosen(visit: Visit) -> str:
    """The campaign in the address, or the newest."""
    keys = frames.campaigns(visit).get_column("campaign_id").to_list()
    return address.code(CAMPAIGN, keys, keys[0])


def table(visit: Visit) -> None:
    """The table in which a campaign is chosen."""
    keys = frames.campaigns(visit).get_column("campaign_id").to_list()
    alt = visit.say("campaigns.list.alt")
    tables.choose_key(frames.campaigns_shown(visit), (CAMPAIGN, keys), visit, key=TABLE, alt=alt, rows=14)


def members(visit: Visit) -> None:
    """Whom the chosen campaign addressed or held out, and the way to each of them."""
    key = chosen(visit)
    campaign, told = frames.campaign(visit, key), frames.told(visit, key)
    rows, shown = frames.members(visit, key), frames.members_shown(visit, key)
    title = f"{visit.say('campaigns.members')} {campaign['name'] or ''}"
    filters = functools.partial(frames.LIST.menu, frames.choices(visit, key), visit)
    export.heading(visit.say("campaigns.members"), shown, title, narrowing.telling(visit, told), filters)
    states.note(narrowing.in_words(told))
    if rows.is_empty():
        states.note(visit.say("narrowing.none" if told else "campaigns.members.none"))
        return
    keys = rows.get_column("customer_id").head(LISTED).to_list()
    alt, part = visit.say("campaigns.members.alt"), tables.part(shown, slice(0, LISTED))
    one = tables.choose_key(part, (customers.CUSTOMER, keys), visit, key=MEMBERS, alt=alt)
    states.note(visit.say("campaigns.first", count=LISTED) if rows.height > LISTED else "")
    customers.open_link(one, rows["customer"][keys.index(one)], visit)
