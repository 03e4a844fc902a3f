"""How long it takes to promise every open order anew: ``python -m benchmarks.replanning [ORDERS] [PRODUCTS]`` (default
10,000 orders over 600 products).

A third of the products is made of five others in two steps on one of eight benches; the others are bought. Each product
lies at three sites and is to come twice. The orders come one after the other, and each takes what those before it left.
"""

import random
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from analytics import making, promising
from analytics.demand import Types
from analytics.making import DAY, Workshop
from analytics.promising import Supply, promise

TODAY = date(2026, 3, 31)
SITES = ("north", "south", "west")
BENCHES = [f"bench {number}" for number in range(8)]
HORIZON = 500


def firm(products: int, dice: random.Random) -> Supply:
    """What there is, what is to come, and who can make what."""
    names = [f"item {number}" for number in range(products)]
    made, bought = names[: products // 3], names[products // 3 :]
    receipts = [
        (name, dice.choice(SITES), f"PO {name} {turn}", "Vendor", None, _on(dice.randint(1, 40)), dice.randint(5, 60))
        for name in bought
        for turn in range(2)
    ]
    new = [(name, None, "Vendor", _on(dice.randint(5, 45))) for name in bought]
    return Supply(
        today=TODAY,
        confidence=0.9,
        products=names,
        stock=_frame([(name, site, dice.randint(0, 40)) for name in names for site in SITES], promising.STOCK),
        receipts=_frame(receipts, promising.RECEIPTS),
        promised=pl.DataFrame(schema=promising.PROMISED),
        new=_frame(new, promising.NEW),
        transfers=_frame([(a, b, 7) for a in SITES for b in SITES if a != b], promising.TRANSFERS),
        workshop=_workshop(made, bought, dice),
    )


def _workshop(made: list[str], bought: list[str], dice: random.Random) -> Workshop:
    parts = [(name, part, float(dice.randint(1, 3)), None, None) for name in made for part in dice.sample(bought, 5)]
    steps = [
        (name, "south", step, dice.choice(BENCHES), 10.0, float(dice.randint(1, 9)), 8.0)
        for name in made
        for step in (1, 2)
    ]
    shifts = [(bench, on * DAY + 480, on * DAY + 960) for bench in BENCHES for on in range(1, HORIZON) if on % 7 < 5]
    return Workshop(
        ways=_frame([(name, "south", name, "make", None) for name in made], making.WAYS),
        parts=_frame(parts, making.PARTS),
        steps=_frame(steps, making.STEPS),
        shifts=_frame(shifts, making.SHIFTS),
    )


def _frame(rows: Sequence[tuple[object, ...]], schema: Types) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _on(days: int) -> date:
    return TODAY + timedelta(days=days)


def main(orders: int = 10_000, products: int = 600) -> None:
    """Prints the CPU seconds that all orders together take, and how many of them get a day."""
    dice = random.Random(7)  # noqa: S311 - a firm for a benchmark, no secret
    supply = firm(products, dice)
    wanted = [
        (line, f"item {dice.randrange(products)}", float(dice.randint(1, 8)), dice.choice(SITES))
        for line in range(orders)
    ]
    begun = time.process_time()
    answer = promise(supply, _frame(wanted, promising.WISHES))
    seconds = time.process_time() - begun
    dated = answer.lines["promised_on"].count()
    made = answer.deliveries.filter(pl.col("source") == "new_order").height
    print(
        f"{orders:,} orders over {products} products: {seconds:.1f} CPU s, {dated:,} with a day, {made:,} made or "
        "bought"
    )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:3]))
