"""What a text is about and how it sounds, in English and Chinese, by word lists of our own.

A text has one topic: the first of ``TOPICS`` of which it holds a word. It sounds bad or good when it holds more words
of the one kind than of the other. No text leaves the machine, and the same text always gets the same answer; what the
lists miss is ``other``. ``docs/decisions/0035-deals-and-voices.md`` says how well they do.
"""

from collections.abc import Mapping

import polars as pl

TOPICS: Mapping[str, tuple[str, str]] = {
    "leak": (r"\b(leak\w*|drip\w*|seep\w*|water stands)\b", r"漏水|漏油|漏气|渗漏|滴水|泄漏|密封处"),
    "damage": (r"\b(damaged?|crushed|cracked?|broken|dent\w*|scratch\w*)\b", r"破损|损坏|压坏|裂纹|裂开|划痕|碰伤"),
    "wrong_item": (
        r"\b(wrong (part|item|size|product|goods)|another size|not what we ordered|missing parts?|incomplete)\b",
        r"发错|订错|别的规格|规格不符|少发|缺件|错货",
    ),
    "late": (
        r"\b(late|delay\w*|overdue|not arrived|still (miss|wait)\w*|where is|second reminder|firm date|second time)\b",
        r"延误|延期|催货|没到|没有收到|还没到|到货太晚|什么时候能到|超过承诺",
    ),
    "noise": (r"\b(nois[ey]\w*|loud|hum(s|med|ming)?|vibrat\w*|rattl\w*)\b", r"噪音|嗡嗡|太响|振动|异响"),
    "failure": (r"\b(fail\w*|defect\w*|stopped working|does not work|fault\w*)\b", r"故障|坏了|失灵|不工作|缺陷|不良"),
    "refund": (r"\b(refund\w*|money back|take back|credit note|not needed)\b", r"退款|退货|退钱|不再需要"),
    "invoice": (r"\b(invoices?|billing|billed|overcharged)\b", r"发票|账单|开票|多收"),
    "service": (
        r"\b(support|nobody (told|answer)\w*|no answer|days to answer|unfriendly)\b",
        r"售后|没有回复|无人|态度",
    ),
    "price": (
        r"\b(price\w*|cost|expensive|discount|percent more off|budget)\b",
        r"价格|什么价|降价|折扣|便宜|太贵|降五个点|预算",
    ),
    "spare_parts": (r"\b(spare parts?|seal kit|replacement)\b", r"备件|密封件|配件|更换件"),
    "documents": (
        r"\b(data ?sheet|manual|certificate|drawing|pump curve)\b",
        r"样本|性能曲线|说明书|证书|图纸|技术资料",
    ),
    "availability": (r"\b(available|in stock|lead time|do you ship|delivery date)\b", r"有货|现货|交货期|能发到|交期"),
    "order": (r"\b(order(ed)?|purchase)\b", r"订单|订购|采购"),
}
OTHER = "other"
NAMES = (*TOPICS, OTHER)
TROUBLES = ("leak", "damage", "wrong_item", "late", "noise", "failure", "refund", "invoice", "service")
BAD = (
    r"\b(leak\w*|drip\w*|damaged?|crushed|cracked?|broken|wrong|late|delay\w*|overdue|furious|angry|disappoint\w*|trouble|"
    r"loud|fail\w*|defect\w*|money back|not arrived|nobody|send it back|buy elsewhere|do not buy|bad|poor|terrible|"
    r"complain\w*|second reminder|waiting)\b|"
    r"漏水|滴水|渗漏|破损|损坏|压坏|裂纹|发错|延误|太晚|催货|没有收到|还没到|生气|退货|退款|噪音|故障|没有回复|先别买|失望|"
    r"糟糕|投诉|只用了"
)
GOOD = (
    r"\b(thank\w*|great|good|fast|friendly|excellent|perfect|happy|satisfied|runs well|with care|all as ordered|"
    r"recommend\w*|reliable)\b|感谢|很好|不错|满意|推荐|运行正常|服务好|仔细|一致|可靠|发货快"
)


def topic(text: pl.Expr) -> pl.Expr:
    """The topic of a text, one of ``NAMES``; null where there is no text."""
    found = pl.lit(None, dtype=pl.String)
    for name, (english, chinese) in reversed(list(TOPICS.items())):
        found = pl.when(text.str.contains(f"(?i){english}|{chinese}")).then(pl.lit(name)).otherwise(found)
    return pl.when(text.str.strip_chars() != "").then(found.fill_null(OTHER))


def sentiment(text: pl.Expr) -> pl.Expr:
    """How a text sounds: -1 bad, 0 neither, 1 good; null where there is no text."""
    bad, good = (text.str.count_matches(f"(?i){words}").cast(pl.Int64) for words in (BAD, GOOD))
    return pl.when(text.str.strip_chars() != "").then((good - bad).sign())
