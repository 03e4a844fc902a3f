"""Words of what customers will likely buy, and of where they stand in their life as customers."""

from display.words.phrase import Phrase

PHRASES = {
    "stage.prospect": Phrase("Prospect", "潜在客户"),
    "stage.new": Phrase("New", "新客户"),
    "stage.active": Phrase("Active", "活跃"),
    "stage.won_back": Phrase("Won back", "已挽回"),
    "stage.at_risk": Phrase("At risk", "有风险"),
    "stage.lapsed": Phrase("Lapsed", "已沉寂"),
    "leaving.silent": Phrase("long silence", "沉默时间比平时长"),
    "leaving.fewer": Phrase("fewer orders", "下单次数减少"),
    "leaving.less": Phrase("spends less", "购买金额减少"),
    "leaving.once": Phrase("ordered once only", "仅下过一次单"),
    "leaving.silent.long": Phrase(
        "Silent for {days} days; it usually orders every {gap}.", "已沉默{days}天；平时每{gap}天下单一次。"
    ),
    "leaving.fewer.long": Phrase(
        "Ordered on {now} days of the last half year, and on {before} of the one before.",
        "最近半年有{now}天下单，之前半年为{before}天。",
    ),
    "leaving.less.long": Phrase(
        "Spent {now} in the last half year, and {before} in the one before.",
        "最近半年购买{now}，之前半年为{before}。",
    ),
    "leaving.once.long": Phrase("Ordered on a single day of the last 24 months.", "最近24个月仅有一天下单。"),
    "leaving.none": Phrase("Nothing raises it: it orders as it usually does.", "没有推高风险的迹象：下单如常。"),
    "life.heading": Phrase("Life cycle", "客户生命周期"),
    "life.stages.alt": Phrase(
        "Table of the stages: customers, revenue, what is expected", "各阶段表：客户数、收入、预期"
    ),
    "life.stages.note": Phrase(
        "Revenue of 365 days; what is expected, and the mean chance of no order, in the next 90. New: first order in "
        "90 days. Won back: an order in 90 days after more than a year of silence. "
        "At risk: silent for more than twice the usual interval, or for half a year where there is none. Lapsed: no "
        "order for a year.",
        "收入为365天；预期金额和无订单平均概率为未来90天。新客户：首次下单在90天内。已挽回：沉默一年以上后在90天内再次下单。"
        "有风险：沉默超过平时间隔的两倍，"
        "无固定间隔者为半年。已沉寂：一年内没有订单。",
    ),
    "life.gathered": Phrase(
        "{kind} in {region}: {at_risk} of {count} are at risk, of all others {others}.",
        "{region}的{kind}：{count}位中有{at_risk}位有风险，其他客户为{others}。",
    ),
    "life.unnamed": Phrase("no group", "未分组"),
    "life.cohorts": Phrase(
        "Share of customers that order in the quarters after their first order", "首次下单后各季度仍下单的客户比例"
    ),
    "life.cohorts.none": Phrase(
        "No customer's first order is known to be its first, so nothing can be said of how many come back.",
        "没有可确认首次下单的客户，因此无法说明有多少人回购。",
    ),
    "life.cohorts.alt": Phrase(
        "How many come back, by quarter of the first order: {parts}", "各首购季度的回购：{parts}"
    ),
    "life.cohorts.part": Phrase(
        "{quarter}: {count} customers, after one year {share}",
        "{quarter}：{count}位客户，一年后{share}",
        one="{quarter}: {count} customer, after one year {share}",
    ),
    "life.repeat": Phrase(
        "{share} of {count} customers ordered again within a year of their first order",
        "{count}位客户中有{share}在首次下单后一年内再次下单",
        one="{share} of {count} customer ordered again within a year of the first order",
    ),
    "life.after": Phrase("+{quarter}", "+{quarter}"),
    "outlook.heading": Phrase("What customers will likely buy in 90 days", "客户未来90天可能的购买"),
    "outlook.stage": Phrase("Stage", "阶段"),
    "outlook.stage.all": Phrase("All stages", "所有阶段"),
    "outlook.alt": Phrase(
        "Table of customers: chance that no order comes within 90 days, why, and what is expected",
        "客户表：90天内无订单的概率、原因及预期购买",
    ),
    "outlook.none": Phrase("No customer is in this stage.", "没有处于该阶段的客户。"),
    "outlook.waiting": Phrase(
        "What customers will likely buy is being worked out. It is told here when it is done.",
        "正在计算客户可能的购买，完成后将在此显示。",
    ),
    "outlook.order": Phrase(
        "Ordered by the revenue of a year times the chance that no order comes within 90 days. In 80 of 100 cases the "
        "amount lies between low and high.",
        "按一年收入乘以90天内无订单的概率排序。100次中有80次金额在低值与高值之间。",
    ),
    "outlook.first": Phrase("The first {count} are shown; the export has all.", "此处显示前{count}行，导出包含全部。"),
    "outlook.checked": Phrase(
        "How well that is told: 90 days ago the chances of {count} customers were worked out in the same way. "
        "On average they were off by {error} points; the amount stayed below its high value for {high}.",
        "可靠程度：用同样方法按90天前的数据计算了{count}位客户的概率，平均偏差{error}个百分点；{high}的客户金额未超过高值。",
    ),
    "outlook.unchecked": Phrase(
        "How well that is told cannot be said yet: 90 days ago fewer than 20 customers were known.",
        "尚无法说明可靠程度：90天前已知客户不足20位。",
    ),
    "outlook.reliability": Phrase("Said 90 days ago, and what came", "90天前的预测与实际"),
    "outlook.reliability.alt": Phrase(
        "Table of fifths of customers: the chance of an order that was said, and the share that ordered",
        "客户五等分表：预测的下单概率与实际下单比例",
    ),
    "outlook.title": Phrase("In the next 90 days", "未来90天"),
    "outlook.fact.stage": Phrase("Stage", "阶段"),
    "outlook.fact.active": Phrase("Chance of an order", "下单概率"),
    "outlook.fact.orders": Phrase("Expected order days", "预期下单天数"),
    "outlook.fact.amount": Phrase("Expected amount", "预期金额"),
    "outlook.fact.range": Phrase("80 of 100 cases", "100次中80次"),
    "outlook.fact.margin": Phrase("Expected margin", "预期毛利"),
    "outlook.range": Phrase("{low} to {high}", "{low}至{high}"),
    "outlook.why": Phrase("What raises the chance that no order comes", "推高无订单概率的因素"),
    "fifth.1": Phrase("Least likely", "最不可能"),
    "fifth.2": Phrase("Second fifth", "第二组"),
    "fifth.3": Phrase("Middle fifth", "中间组"),
    "fifth.4": Phrase("Fourth fifth", "第四组"),
    "fifth.5": Phrase("Most likely", "最可能"),
    "column.stages.stage": Phrase("Stage", "阶段"),
    "column.stages.customers": Phrase("Customers", "客户数"),
    "column.stages.share": Phrase("Share", "占比"),
    "column.stages.revenue": Phrase("Revenue", "365天收入"),
    "column.stages.expected_amount": Phrase("Expected", "90天预期"),
    "column.stages.leaving_risk": Phrase("No order", "90天无订单"),
    "column.outlook.customer": Phrase("Customer", "客户"),
    "column.outlook.stage": Phrase("Stage", "阶段"),
    "column.outlook.leaving_risk": Phrase("No order in 90 days", "90天无订单"),
    "column.outlook.why": Phrase("What raises it", "推高因素"),
    "column.outlook.expected_amount": Phrase("Expected", "预期"),
    "column.outlook.expected_margin": Phrase("Expected margin", "预期毛利"),
    "column.outlook.amount_low": Phrase("Low", "低值"),
    "column.outlook.amount_high": Phrase("High", "高值"),
    "column.reliability.fifth": Phrase("Fifth of customers", "客户五等分"),
    "column.reliability.customers": Phrase("Customers", "客户数"),
    "column.reliability.said": Phrase("Chance said", "预测概率"),
    "column.reliability.came": Phrase("Ordered", "实际下单"),
}
