"""Where orders are, line by line and claim by claim: slow, and obviously right."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from analytics.demand import open_components, serving
from analytics.lateness import dated_receipts

Row = dict[str, Any]
Firm = Mapping[str, pl.DataFrame]
KIT = {"kit": (("bolt", 2.0), ("nut", 0.5))}
STAGES = ("waiting", "ready", "shipped", "delivered", "invoiced", "paid")
FAR = date(9999, 1, 1)


def rows(tables: Firm, name: str) -> list[Row]:
    """The rows of a table that are not gone."""
    return [row for row in tables[name].to_dicts() if row["deleted_at"] is None]


def stages(tables: Firm, today: date) -> dict[str, Row]:
    """From order to its stage, instants, amount still to be delivered, and reason."""
    lines = _lines(tables, today)
    reasons = _reasons(tables, lines, today)
    found: dict[str, Row] = {}
    for line in lines:
        found.setdefault(line["sales_order_id"], {"lines": []})["lines"].append(line)
    for key, order in found.items():
        mine = order.pop("lines")
        order["stage"] = min((line["stage"] for line in mine), key=STAGES.index)
        order["open_amount"] = sum(float(line["amount"] or 0) * line["rest"] / line["quantity"] for line in mine)
        order["reason"] = [reasons.get(line["key"]) for line in mine if line["stage"] == order["stage"]]
        _finish(tables, key, order, mine)
    return found


def _lines(tables: Firm, today: date) -> list[Row]:
    heads = {row["sales_order_id"]: row for row in rows(tables, "sales_orders")}
    kinds = {row["product_id"]: row["kind"] for row in tables["products"].to_dicts()}
    served = {row["sales_order_line_id"]: row for row in serving(tables).to_dicts()}
    found = []
    for row in rows(tables, "sales_order_lines"):
        head = heads.get(row["sales_order_id"])
        is_goods = kinds.get(row["product_id"]) in ("storable", "consumable", "kit")
        if head is None or head["status"] not in ("confirmed", "done") or not is_goods or row["quantity"] <= 0:
            continue
        found.append(_line(tables, row, head, served.get(row["sales_order_line_id"], {}), today))
    return found


def _line(tables: Firm, row: Row, head: Row, served: Row, today: date) -> Row:
    moves = _moves(tables, row["sales_order_line_id"], today)
    done = [move for move in moves if move["status"] == "done"]
    stated = row["delivered_quantity"]
    delivered = float(stated) if stated is not None else sum(move["quantity"] for move in done)
    quantity = float(row["quantity"])
    rest = max(quantity - delivered, 0.0) if head["status"] == "confirmed" else 0.0
    ready = min(sum(move["quantity"] for move in moves if move["status"] == "ready"), rest)
    is_on_way = any(move["is_on_way"] for move in done)
    waits = "ready" if ready >= rest else "waiting"
    stage = waits if rest > 0 else "shipped" if is_on_way else "delivered"
    return {
        "key": row["sales_order_line_id"], "sales_order_id": row["sales_order_id"], "product": row["product_id"],
        "quantity": quantity, "delivered": delivered, "rest": rest, "ready": ready, "stage": stage,
        "amount": row["amount_untaxed"], "invoiced": float(row["invoiced_quantity"] or 0), "head": head,
        "left": _latest(move["left"] for move in done) if rest == 0 else None,
        "arrived": _latest(move["arrived"] for move in done) if rest == 0 and not is_on_way else None,
        "site": _main(tables, served.get("served_from") or head["site_id"], head["company_id"]),
        "is_dropshipped": served.get("is_dropshipped", False),
        "due": head["promised_on"] or row["requested_on"] or head["requested_on"] or head["ordered_at"].date(),
    }  # fmt: skip


def _latest(instants: Any) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)


def _main(tables: Firm, site: str | None, company: str) -> str | None:
    sites = {row["site_id"]: row for row in tables["sites"].to_dicts()}
    if site is not None:
        return str(sites[site]["main_site_id"] or site)
    own = [
        key for key, row in sites.items()
        if row["company_id"] == company and row["kind"] in ("warehouse", "plant", "shop") and row["is_active"]
    ]  # fmt: skip
    return own[0] if len(own) == 1 else None


def _moves(tables: Firm, line: str, today: date) -> list[Row]:
    found = []
    shipments = {row["shipment_id"]: row for row in rows(tables, "shipments")}
    took = sorted(
        (row["delivered_at"] - row["shipped_at"]) / timedelta(days=1)
        for row in shipments.values()
        if row["delivered_at"] and row["shipped_at"]
    )
    longest = min(took[-(-99 * (len(took) - 1) // 100)], 30) if took else None
    for row in rows(tables, "shipment_lines"):
        shipment = shipments.get(row["shipment_id"])
        if row["sales_order_line_id"] != line or row["status"] not in ("done", "ready") or shipment is None:
            continue
        left, arrived = shipment["shipped_at"], shipment["delivered_at"]
        is_on_way = bool(left and not arrived and longest is not None and (today - left.date()).days <= longest)
        is_done = row["status"] == "done"
        found.append({
            "status": row["status"], "quantity": float(row["shipped_quantity"] if is_done else row["quantity"]),
            "left": left, "arrived": None if is_on_way else arrived or left, "is_on_way": is_on_way,
        })  # fmt: skip
    named = {move["status"] for move in found}
    for row in rows(tables, "stock_moves"):
        is_mine = row["sales_order_line_id"] == line and row["kind"] in ("delivery", "dropship")
        if is_mine and row["status"] in ("done", "ready") and row["status"] not in named:
            at = row["moved_at"]
            one = {"status": row["status"], "quantity": float(row["quantity"]), "left": at, "arrived": at}
            found.append({**one, "is_on_way": False})
    return found


def _finish(tables: Firm, key: str, order: Row, lines: Sequence[Row]) -> None:
    """The stages after delivery."""
    posted = {
        row["invoice_id"]: row
        for row in rows(tables, "invoices")
        if row["status"] == "posted" and row["kind"] == "invoice" and row["invoiced_on"]
    }
    keys = {line["key"] for line in lines}
    named = [row for row in rows(tables, "invoice_lines") if row["invoice_id"] in posted]
    by_line = {row["invoice_id"] for row in named if row["sales_order_line_id"] in keys}
    by_head = {invoice for invoice, row in posted.items() if row["sales_order_id"] == key}
    mine = [posted[invoice] for invoice in by_line | by_head]
    is_billed = all(
        line["amount"] == 0
        or max(
            line["invoiced"],
            sum(float(row["quantity"] or 0) for row in named if row["sales_order_line_id"] == line["key"]),
        )
        >= min(line["quantity"], line["delivered"])
        for line in lines
    ) or bool(mine and not by_line)
    is_paid = all((row["amount_open"] or 0) <= 0 for row in mine)
    head = lines[0]["head"]
    days = [row["invoiced_on"] for row in posted.values() if row["company_id"] == head["company_id"]]
    has_left, has_arrived = order["stage"] in ("shipped", "delivered"), order["stage"] == "delivered"
    order["shipped_at"] = _latest(line["left"] for line in lines) if has_left else None
    order["delivered_at"] = _latest(line["arrived"] for line in lines) if has_arrived else None
    is_kept = bool(days) and (order["delivered_at"] or head["ordered_at"]).date() >= min(days)
    billed_on = max((row["invoiced_on"] for row in mine), default=None) if has_arrived and is_billed else None
    if has_arrived and is_billed and not is_paid:
        order["stage"] = "invoiced"
    elif has_arrived and (is_billed or not is_kept):
        order["stage"] = "paid"
    known = [head["ordered_at"], order["shipped_at"], order["delivered_at"]]
    for at in (1, 2):
        known[at] = known[at] and _latest(known[: at + 1])
    order["shipped_at"], order["delivered_at"] = known[1:]
    billed_at = billed_on and datetime.combine(billed_on, time(), tzinfo=head["ordered_at"].tzinfo)
    order["invoiced_at"] = billed_at and _latest([*known, billed_at])


def _reasons(tables: Firm, lines: Sequence[Row], today: date) -> dict[str, str]:
    """From line to what it waits for."""
    made = _made_for(tables, lines)
    stock, coming = _supply(tables, today)
    worst: dict[str, list[str]] = defaultdict(list)
    asked: dict[tuple[str, str | None], float] = defaultdict(float)
    for key, product, site, quantity, is_reserved in _claims(tables, lines):
        asked[product, site] += quantity
        if key is not None and not is_reserved:
            worst[key].append(_cover(stock, coming, product, site, asked[product, site]))
    order = ("no_site", "no_supply", "purchase", "work_order", "in_stock")
    found = {key: min(reasons, key=order.index) for key, reasons in worst.items()}
    for line in lines:
        if line["stage"] == "waiting":
            found[line["key"]] = (
                "work_order" if line["key"] in made
                else "dropship" if line["is_dropshipped"]
                else found[line["key"]]
            )  # fmt: skip
        else:
            found[line["key"]] = {"ready": "ready", "shipped": "on_way"}.get(line["stage"], "")
    return found


def _made_for(tables: Firm, lines: Sequence[Row]) -> set[str]:
    orders = [row for row in rows(tables, "work_orders") if row["status"] == "confirmed"]
    own = {row["sales_order_line_id"] for row in orders}
    for line in lines:
        for row in orders:
            is_of_order = row["sales_order_line_id"] is None and row["sales_order_id"] == line["sales_order_id"]
            if is_of_order and row["product_id"] == line["product"]:
                own.add(line["key"])
    return own


Claim = tuple[str | None, str, str | None, float, bool]


def _claims(tables: Firm, lines: Sequence[Row]) -> list[Claim]:
    found: list[tuple[tuple[Any, ...], Claim]] = []
    far = datetime.max.replace(tzinfo=lines[0]["head"]["ordered_at"].tzinfo) if lines else None
    for line in lines:
        if line["rest"] <= 0 or line["is_dropshipped"]:
            continue
        for product, each in KIT.get(line["product"], ((line["product"], 1.0),)):
            for quantity, is_reserved in ((line["ready"], True), (line["rest"] - line["ready"], False)):
                order = (not is_reserved, line["due"], line["head"]["ordered_at"], line["key"])
                if quantity > 0:
                    found.append((order, (line["key"], product, line["site"], quantity * each, is_reserved)))
    for row in open_components(tables).to_dicts():
        order = (True, row["due_on"] or FAR, far, "~")
        found.append((order, (None, row["product_id"], row["site_id"], float(row["quantity"]), False)))
    return [claim for _, claim in sorted(found, key=lambda one: one[0])]


def _supply(tables: Firm, today: date) -> tuple[dict[tuple[str, str | None], float], list[Row]]:
    latest: dict[tuple[str, str], Row] = {}
    for row in sorted(rows(tables, "inventory_levels"), key=lambda row: row["as_of_on"]):
        latest[row["product_id"], row["site_id"]] = row
    transit = {row["site_id"] for row in tables["sites"].to_dicts() if row["kind"] == "transit"}
    stock: dict[tuple[str, str | None], float] = defaultdict(float)
    for (product, site), row in latest.items():
        if site not in transit:
            stock[product, _main(tables, site, "")] += float(row["on_hand"])
    coming = dated_receipts(tables, today).to_dicts()
    return stock, sorted(coming, key=lambda row: (row["arrives_80_on"] or FAR, row["due_on"] or FAR, row["number"]))


def _cover(
    stock: Mapping[tuple[str, str | None], float], coming: Sequence[Row], product: str, site: str | None, asked: float
) -> str:
    if site is None:
        return "no_site"
    so_far = stock.get((product, site), 0.0)
    if (product, site) in stock and so_far >= asked - 1e-6:
        return "in_stock"
    for row in coming:
        if (row["product_id"], row["site_id"]) == (product, site):
            so_far += float(row["quantity"])
            if so_far >= asked - 1e-6:
                return str(row["kind"])
    return "no_supply"
