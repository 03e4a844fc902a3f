"""Words of closed lists, such as the status of an order, as systems write them, and which of ours each one is."""

from collections.abc import Collection, Mapping

import dataframely as dy

from analytics.tables import TABLES

_ORDERS: Mapping[str, str] = {
    "draft": "new in_progress entered saved entwurf 草稿 basket cart",
    "quoted": "quotation quote sent offer angebot 报价",
    "confirmed": "open approved sale processing in_process released backordered invoiced created shipped paid pending "
    "partially_shipped partially_delivered on_hold unavailable bestätigt offen freigegeben 已确认 进行中 审核 "
    "active ordered",
    "done": "closed delivered completed complete fulfilled received finished erledigt geliefert abgeschlossen "
    "已完成 完成 已发货",
    "cancelled": "canceled void rejected deleted storniert abgelehnt 已取消 取消 refused",
}
_INVOICES: Mapping[str, str] = {
    "draft": "new open_draft entwurf 草稿",
    "posted": "open paid sent booked overdue unpaid final gebucht 已过账 已开票 approved",
    "cancelled": "canceled void reversed storniert 已取消",
}
_PAID: Mapping[str, str] = {
    "unpaid": "not_paid open due overdue offen 未付",
    "in_payment": "processing",
    "partial": "partially_paid partly_paid teilbezahlt 部分付款",
    "paid": "settled complete bezahlt 已付",
    "reversed": "refunded chargeback",
}
_MOVES: Mapping[str, str] = {
    "draft": "new",
    "planned": "waiting confirmed open pending",
    "ready": "assigned packed picked available",
    "done": "delivered shipped completed received closed",
    "cancelled": "canceled void",
}
_CHANNELS: Mapping[str, str] = {
    "phone": "telephone call cellular mobile 电话 telefon",
    "mail": "email e-mail 邮件 letter",
    "chat": "live_chat webchat wechat whatsapp 微信",
    "social": "facebook twitter instagram linkedin social_media 社交",
    "visit": "meeting appointment store in_person 拜访",
    "sms": "text_message 短信",
    "web": "website portal online form web_form 网站 organic_search paid_search",
    "note": "internal memo",
    "other": "unknown direct_traffic referral display other_publicities",
}
_TICKETS: Mapping[str, str] = {
    "open": "new assigned in_progress reopened offen 新建 处理中",
    "pending": "waiting on_hold escalated wartend 等待",
    "closed": "solved resolved done completed geschlossen 已解决 已关闭",
    "cancelled": "canceled rejected duplicate storniert",
}
_OPPORTUNITIES: Mapping[str, str] = {
    "open": "prospecting engaging qualification qualified proposal negotiation new in_progress discovery 进行中 offen",
    "won": "closed_won gewonnen 赢单 success",
    "lost": "closed_lost verloren 输单 abandoned",
}
LISTS: Mapping[str, Mapping[str, str]] = {
    "sales_orders.status": _ORDERS,
    "purchase_orders.status": _ORDERS,
    "work_orders.status": _ORDERS,
    "invoices.status": _INVOICES,
    "supplier_bills.status": _INVOICES,
    "ledger_entries.status": _INVOICES,
    "payment_status": _PAID,
    "shipments.status": _MOVES,
    "shipment_lines.status": _MOVES,
    "receipts.status": _MOVES,
    "receipt_lines.status": _MOVES,
    "stock_moves.status": _MOVES,
    "channel": _CHANNELS,
    "tickets.status": _TICKETS,
    "opportunities.status": _OPPORTUNITIES,
    "leads.status": {
        "open": "new contacted working qualified",
        "converted": "won customer",
        "lost": "unqualified dead",
    },
    "payments.status": {"draft": "new", "done": "paid posted completed captured", "cancelled": "canceled failed void"},
    "payments.direction": {"in": "inbound incoming received customer", "out": "outbound outgoing sent supplier"},
    "priority": {
        "low": "minor niedrig 低",
        "normal": "medium mittel 中",
        "high": "major hoch 高",
        "urgent": "critical highest dringend 紧急",
    },
    "products.kind": {
        "storable": "stock inventory goods good product finished raw",
        "consumable": "consu supplies",
        "service": "dienstleistung 服务",
        "kit": "bundle set",
    },
    "feedback.kind": {"survey": "nps csat", "review": "rating", "complaint": "claim", "return_reason": "return"},
}
"""From field, or table and field, to our words with theirs, whose blanks are written as underscores."""


def ours_for(table: str, field: str, theirs: Collection[str]) -> dict[str, str]:
    """From each of these words, in lower case, that is understood and is not already ours, to our word."""
    known = _known(table, field)
    return {word: known[plain] for word in theirs if (plain := _plain(word)) in known and known[plain] != word}


def understood(table: str, field: str, theirs: Collection[str]) -> float:
    """The share of these words that can be told."""
    known = _known(table, field)
    return sum(_plain(word) in known for word in theirs) / len(theirs) if theirs else 0.0


def _plain(word: str) -> str:
    return word.strip().lower().replace(" ", "_")


def _known(table: str, field: str) -> dict[str, str]:
    column = TABLES[table].columns()[field]
    own = {word: word for word in column.categories} if isinstance(column, dy.Enum) else {}
    listed = LISTS.get(f"{table}.{field}") or LISTS.get(field) or {}
    return {word: ours for ours, words in listed.items() if ours in own for word in words.split()} | own
