"""Who is held out of offers, so that what offers bring can be measured: one customer in ten, by its key, for good."""

import hashlib

CONTROL_OF = 10
OFFER, CONTROL = "offer", "control"
GROUPS = (OFFER, CONTROL)


def held_out(customer_id: str) -> bool:
    """Whether a customer belongs to the control group of offers; of several records, the smallest key counts."""
    return hashlib.sha256(f"offers {customer_id}".encode()).digest()[0] * CONTROL_OF < 256


__all__ = ["CONTROL", "GROUPS", "OFFER", "held_out"]
