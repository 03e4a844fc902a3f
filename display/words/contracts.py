"""Words of customers that order at an equal interval, and of what each segment buys and costs."""

from display.words.phrase import Phrase

PHRASES = {
    "contracts.heading": Phrase(
        "Customers that order at an interval, as by contract", "按固定间隔下单的客户（如合同）"
    ),
    "contracts.alt": Phrase(
        "Table of customers that order at an equal interval: how likely each goes on, and what a year is worth",
        "按固定间隔下单的客户表：继续的概率及一年价值",
    ),
    "contracts.none": Phrase(
        "Nobody orders at an equal interval: three equal intervals in a row are needed.",
        "没有客户按固定间隔下单：至少需要连续三个相等的间隔。",
    ),
    "contracts.note": Phrase(
        "Goes on: the chance that no silence of twice the interval has shown in 90 days, and in a year with bounds "
        "that hold in 80 of 100 cases. Worth of a year: the orders that fall due, as far as the customer goes on.",
        "继续：90天内未出现两倍间隔沉默的概率；一年的概率附80%区间。一年价值：客户继续时到期的订单金额。",
    ),
    "contracts.checked": Phrase(
        "How well that is told: on four days of the past year the chances of {count} contracts were worked out in the "
        "same way. On average they were off by {error} points.",
        "可靠程度：用同样方法按过去一年中四天的数据计算了{count}份合同的概率，平均偏差{error}个百分点。",
    ),
    "contracts.unchecked": Phrase(
        "How well that is told cannot be said yet: in the past year fewer than 20 of them could be asked about.",
        "尚无法说明可靠程度：过去一年可检验的不足20份。",
    ),
    "contracts.reliability": Phrase("Said of contracts, and what came", "合同预测与实际"),
    "contracts.reliability.alt": Phrase(
        "Table of fifths of contracts: the chance to go on that was said, and the share that did",
        "合同五等分表：预测的继续概率与实际继续比例",
    ),
    "contracts.title": Phrase("Orders at an interval", "按固定间隔下单"),
    "contracts.fact.interval": Phrase("Every", "间隔"),
    "contracts.fact.since": Phrase("Since", "起始"),
    "contracts.fact.due": Phrase("Next order", "下次订单"),
    "contracts.fact.stays": Phrase("Goes on for 90 days", "90天内继续"),
    "contracts.fact.year": Phrase("Goes on for a year", "一年内继续"),
    "contracts.fact.worth": Phrase("Worth of a year", "一年价值"),
    "contracts.every": Phrase("{count} days", "{count}天", one="{count} day"),
    "contracts.since": Phrase("{day}, {count} times", "{day}，{count}次", one="{day}, {count} time"),
    "contracts.overdue": Phrase("expected {day}, overdue", "预计{day}，已逾期"),
    "contracts.bounds": Phrase("{middle} ({low} to {high})", "{middle}（{low}至{high}）"),
    "column.contracts.customer": Phrase("Customer", "客户"),
    "column.contracts.segment": Phrase("Segment", "分群"),
    "column.contracts.interval_days": Phrase("Every (days)", "间隔（天）"),
    "column.contracts.began_on": Phrase("Since", "起始"),
    "column.contracts.due_on": Phrase("Next order", "下次订单"),
    "column.contracts.stays": Phrase("Goes on 90 d", "90天继续"),
    "column.contracts.stays_year": Phrase("A year", "一年继续"),
    "column.contracts.year_low": Phrase("Low", "低值"),
    "column.contracts.year_high": Phrase("High", "高值"),
    "column.contracts.worth_year": Phrase("Worth of a year", "一年价值"),
    "column.contracts.worth_low": Phrase("Worth, low", "价值低值"),
    "column.contracts.worth_high": Phrase("Worth, high", "价值高值"),
    "column.contracts_check.fifth": Phrase("Fifth of contracts", "合同五等分"),
    "column.contracts_check.customers": Phrase("Contracts", "合同数"),
    "column.contracts_check.said": Phrase("Chance said", "预测概率"),
    "column.contracts_check.came": Phrase("Went on", "实际继续"),
    "profiles.heading": Phrase("What segments buy and cost", "各分群的购买与服务成本"),
    "profiles.alt": Phrase(
        "Table of segments: margin, cost to serve, what is left, products, channels, contracts",
        "分群表：毛利、服务成本、剩余、产品、渠道、合同",
    ),
    "profiles.note": Phrase(
        "Of 12 months. Cost to serve is counted, not booked: {shipment} a delivery, {ticket} a ticket, {visit} a "
        "visit, {conversation} any other conversation, {returned} a return, and {delay} a year on what is overdue. "
        "Buys most, and is heard by: what has the largest share. Contracts: customers that order at an equal interval.",
        "近12个月。服务成本为估算，非记账：每次发货{shipment}，每张工单{ticket}，每次拜访{visit}，其他每次沟通{conversation}，"
        "每次退货{returned}，逾期款项按年{delay}计。购买最多、主要渠道：占比最大者。合同：按固定间隔下单的客户。",
    ),
    "profiles.none": Phrase("No segment has a customer.", "没有任何分群有客户。"),
    "column.profiles.segment": Phrase("Segment", "分群"),
    "column.profiles.customers": Phrase("Customers", "客户数"),
    "column.profiles.margin": Phrase("Margin 12 m", "12个月毛利"),
    "column.profiles.cost_to_serve": Phrase("Cost to serve", "服务成本"),
    "column.profiles.left_over": Phrase("Left", "剩余"),
    "column.profiles.category": Phrase("Buys most", "购买最多"),
    "column.profiles.category_share": Phrase("of revenue", "占收入"),
    "column.profiles.channel": Phrase("Is heard by", "主要渠道"),
    "column.profiles.channel_share": Phrase("of contacts", "占沟通"),
    "column.profiles.contracts": Phrase("Contracts", "合同"),
    "clusters.heading": Phrase("Groups that customers form by themselves", "客户自然形成的群组"),
    "clusters.alt": Phrase(
        "Table of groups: customers, silence, order days, revenue", "群组表：客户数、沉默天数、下单天数、收入"
    ),
    "clusters.stable": Phrase(
        "By silence, order days and money of 24 months; medians. Looked for again in samples of the customers, each "
        "group held at least {stability} of them ({least} are asked).",
        "按24个月的沉默、下单天数与金额；中位数。在客户抽样中重新寻找，每组至少有{stability}一致（要求{least}）。",
    ),
    "clusters.none": Phrase(
        "Besides the segments, customers form no groups of their own that last: looked for again in samples of them, "
        "the least sure group held {stability} of its customers, and {least} are asked.",
        "除分群外，客户没有稳定的自然群组：在客户抽样中重新寻找，最不稳定的一组仅有{stability}一致，要求{least}。",
    ),
    "column.clusters.cluster": Phrase("Group", "群组"),
    "column.clusters.company": Phrase("Company", "公司"),
    "column.clusters.customers": Phrase("Customers", "客户数"),
    "column.clusters.recency_days": Phrase("Silent (days)", "沉默（天）"),
    "column.clusters.order_days": Phrase("Orders 24 m", "24个月下单天数"),
    "column.clusters.revenue": Phrase("Revenue 12 m", "12个月收入"),
}
