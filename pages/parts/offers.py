"""What to offer one customer next, and how much that is worth knowing."""

from display.messages import persons as messages
from pages.parts import export, states
from pages.parts import offer_frames as frames
from pages.parts import tables as screen
from pages.parts.visit import Visit


def of_one(customer_id: str, name: str, visit: Visit) -> None:
    """The offers for a customer, what they rest on, and whether the customer is held out."""
    say, found = visit.say, frames.offers(visit, customer_id)
    shown = frames.shown(visit, customer_id)
    export.heading(say("offer.heading"), shown, f"{name} {say('offer.heading')}", visit)
    screen.show(shown, visit, key="offers", alt=say("offer.alt"), none=say("offer.none"))
    if found.height:
        states.alarm(say("offer.control") if found["is_control"][0] else "")
        states.note(messages.offered(frames.record(visit), visit.language))
