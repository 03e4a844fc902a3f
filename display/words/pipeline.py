"""Words of Pipeline."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.pipeline": Phrase("Pipeline", "销售漏斗"),
    "menu.pipeline.help": Phrase(
        "Open deals: how likely each is won and why, what they are worth, what slipped, what cannot be delivered.",
        "未结商机：赢单概率及原因、价值、逾期情况以及无法交付的商机。",
    ),
    "pipeline.title.nothing": Phrase("No deal is open", "没有未结商机"),
    "pipeline.title": Phrase(
        "{count} open deals, {money} by their chances",
        "{count}个未结商机，按概率加权{money}",
        one="{count} open deal, {money} by its chance",
    ),
    "pipeline.title.unknown": Phrase("{count} open deals", "{count}个未结商机", one="{count} open deal"),
    "pipeline.title.slipped": Phrase(
        "{title}; {count} are past their close date",
        "{title}；{count}个已过预计成交日",
        one="{title}; {count} is past its close date",
    ),
    "pipeline.title.short": Phrase(
        "{title}; {count} cannot be delivered in time",
        "{title}；{count}个无法按时交付",
        one="{title}; {count} cannot be delivered in time",
    ),
    "pipeline.caption": Phrase(
        "Data as of {day} · chances learned from {count} deals closed before",
        "数据截至{day} · 概率基于此前{count}个已结商机",
    ),
    "pipeline.caption.stated": Phrase(
        "Data as of {day} · chances as the source states them: fewer than 20 deals were closed",
        "数据截至{day} · 采用来源系统的概率：已结商机不足20个",
    ),
    "pipeline.empty.how": Phrase(
        "No open deal matches the filters, or none was delivered by the CRM.",
        "没有符合筛选条件的未结商机，或CRM未提供。",
    ),
    "pipeline.card.open": Phrase("Open deals", "未结商机"),
    "pipeline.card.open.note": Phrase("{money} in all", "总额{money}"),
    "pipeline.card.open.help": Phrase("Deals that are neither won nor lost.", "尚未赢单或输单的商机。"),
    "pipeline.card.weighted": Phrase("Weighted", "加权金额"),
    "pipeline.card.weighted.note": Phrase("{money} stated", "来源口径{money}"),
    "pipeline.card.weighted.help": Phrase(
        "The amount of each open deal times the chance that it is won; below it, by the chances the source states.",
        "各未结商机金额乘以赢单概率之和；下方为按来源系统概率计算。",
    ),
    "pipeline.card.velocity": Phrase("Velocity", "销售速度"),
    "pipeline.card.velocity.note": Phrase("a day; {days} to win", "每天；{days}天赢单"),
    "pipeline.card.velocity.help": Phrase(
        "Open deals times the share won in 365 days times the mean amount won, over the median days from entry to win.",
        "未结商机数×365天赢单率×平均赢单金额÷从录入到赢单的中位天数。",
    ),
    "pipeline.card.share": Phrase("Won in 365 days", "365天赢单率"),
    "pipeline.card.share.note": Phrase("of {count} closed", "共{count}个已结"),
    "pipeline.card.share.help": Phrase(
        "Of the deals closed in 365 days, the share that was won.", "365天内已结商机中赢单的比例。"
    ),
    "pipeline.card.slipped": Phrase("Slipped", "已逾期"),
    "pipeline.card.slipped.note": Phrase("past their close date", "已过预计成交日"),
    "pipeline.card.slipped.help": Phrase(
        "Open deals whose expected close date lies before the day of the data.", "预计成交日早于数据日期的未结商机。"
    ),
    "pipeline.card.short": Phrase("Not deliverable", "无法交付"),
    "pipeline.card.short.note": Phrase("by their close date", "预计成交日之前"),
    "pipeline.card.short.hidden": Phrase("needs the right to see stock", "需要库存查看权限"),
    "pipeline.card.short.help": Phrase(
        "Goods of the deal are neither free in stock, nor on order and due by the close date, nor to be had within "
        "their lead time. Each deal is judged as if it were the only one.",
        "商机所需货物既无可用库存，也无在成交日前到货的订单，且提前期内无法获得。每个商机单独判断。",
    ),
    "pipeline.stages": Phrase("By stage", "按阶段"),
    "pipeline.stages.alt": Phrase("Table of open deals by stage", "按阶段的未结商机表"),
    "pipeline.stages.figure": Phrase("Weighted amount by stage", "各阶段加权金额"),
    "pipeline.stages.figure.alt": Phrase("Bars of weighted amounts by stage: {parts}", "各阶段加权金额条形图：{parts}"),
    "pipeline.owners": Phrase("By owner", "按负责人"),
    "pipeline.owners.alt": Phrase("Table of open deals by owner", "按负责人的未结商机表"),
    "pipeline.deals": Phrase("Open deals by weighted amount", "未结商机（按加权金额）"),
    "pipeline.deals.alt": Phrase(
        "Table of open deals: customer, stage, age, close date, amount, chance, weighted amount", "未结商机表"
    ),
    "pipeline.deals.none": Phrase("No deal is like that.", "没有此类商机。"),
    "pipeline.first": Phrase("The first {count} are shown; the export has all.", "此处显示前{count}行，导出包含全部。"),
    "pipeline.show": Phrase("Deals to show", "显示的商机"),
    "pipeline.show.all": Phrase("All open deals", "全部未结商机"),
    "pipeline.show.slipped": Phrase("Past their close date", "已过预计成交日"),
    "pipeline.show.short": Phrase("Not deliverable in time", "无法按时交付"),
    "pipeline.why": Phrase("What moves the chance of {name}", "影响“{name}”概率的因素"),
    "pipeline.why.unnamed": Phrase("this deal", "该商机"),
    "pipeline.why.part": Phrase("{sign} ({value}): {points} points", "{sign}（{value}）：{points}个百分点"),
    "pipeline.why.none": Phrase("No sign moves it by two points or more.", "没有任何因素影响达到两个百分点。"),
    "pipeline.why.short": Phrase(
        "{product} cannot be delivered before {day}; the close date is {close}.",
        "{product}在{day}之前无法交付；预计成交日为{close}。",
    ),
    "pipeline.sign.stage": Phrase("Stage", "阶段"),
    "pipeline.sign.age": Phrase("Age", "存续时间"),
    "pipeline.sign.owner_id": Phrase("Owner", "负责人"),
    "pipeline.sign.product_id": Phrase("Main product", "主要产品"),
    "pipeline.sign.origin": Phrase("Origin", "来源"),
    "pipeline.sign.region": Phrase("Region", "区域"),
    "pipeline.sign.size": Phrase("Size", "规模"),
    "pipeline.checked": Phrase(
        "Checked on the {count} deals closed in the last 91 days, with chances learned before: squared error {chance}; "
        "with the plain rate {rate}, by owner {owner}, by product {product}. Chance and outcome differ by {error} "
        "points on average.",
        "用此前学到的概率检验最近91天的{count}个已结商机：平方误差{chance}；整体赢单率{rate}，按负责人{owner}，按产品{product}。"
        "概率与结果平均相差{error}个百分点。",
    ),
    "pipeline.checked.no_more": Phrase(
        "The deals of this firm tell no more than the best of those rates.",
        "该公司的商机数据所含信息不超过其中最好的比率。",
    ),
    "pipeline.unchecked": Phrase(
        "How good the chances are cannot be said: too few deals were closed in the last 91 days, or before.",
        "无法说明概率是否可靠：最近91天或此前已结商机过少。",
    ),
    "pipeline.check": Phrase("Chance said, and share won", "预测概率与赢单率"),
    "pipeline.check.alt": Phrase(
        "Table of fifths of deals: chance said and share won", "商机五等分表：预测概率与赢单率"
    ),
    "column.pipeline_stages.group": Phrase("Stage", "阶段"),
    "column.pipeline_stages.deals": Phrase("Deals", "商机数"),
    "column.pipeline_stages.amount": Phrase("Amount", "金额"),
    "column.pipeline_stages.weighted": Phrase("Weighted", "加权"),
    "column.pipeline_stages.age_days": Phrase("Age (days)", "存续（天）"),
    "column.pipeline_stages.slipped": Phrase("Slipped", "逾期"),
    "column.pipeline_stages.short": Phrase("Undeliverable", "无法交付"),
    "column.pipeline_owners.group": Phrase("Owner", "负责人"),
    "column.pipeline_owners.deals": Phrase("Deals", "商机数"),
    "column.pipeline_owners.amount": Phrase("Amount", "金额"),
    "column.pipeline_owners.weighted": Phrase("Weighted", "加权"),
    "column.pipeline_owners.age_days": Phrase("Age (days)", "存续（天）"),
    "column.pipeline_owners.slipped": Phrase("Slipped", "逾期"),
    "column.pipeline_owners.short": Phrase("Undeliverable", "无法交付"),
    "column.pipeline.name": Phrase("Deal", "商机"),
    "column.pipeline.stage": Phrase("Stage", "阶段"),
    "column.pipeline.owner": Phrase("Owner", "负责人"),
    "column.pipeline.age_days": Phrase("Age (days)", "存续（天）"),
    "column.pipeline.close_on": Phrase("Close date", "预计成交日"),
    "column.pipeline.amount": Phrase("Amount", "金额"),
    "column.pipeline.chance": Phrase("Chance", "赢单概率"),
    "column.pipeline.weighted": Phrase("Weighted", "加权"),
    "column.pipeline.owner_id": Phrase("Owner", "负责人"),
    "column.pipeline.has_slipped": Phrase("Close date", "成交日"),
    "column.pipeline.delivery": Phrase("Delivery", "交付"),
    "column.pipeline.deliverable_on": Phrase("Deliverable from", "最早可交付"),
    "column.pipeline.product": Phrase("What is lacking", "缺货产品"),
    "column.pipeline.customer": Phrase("Customer", "客户"),
    "column.pipeline.customer_id": Phrase("Customer", "客户"),
    "column.pipeline.origin": Phrase("Source", "来源"),
    "column.pipeline.main_product": Phrase("Main product", "主要产品"),
    "deal.slipped.yes": Phrase("past", "已过"),
    "deal.slipped.no": Phrase("ahead", "未到"),
    "deal.delivery.short": Phrase("not in time", "无法按时"),
    "deal.delivery.clear": Phrase("no obstacle known", "未见障碍"),
    "pipeline.drill": Phrase(
        "Choose a stage, or an owner below, to list its deals only.", "选择阶段或下方的负责人，仅列出其商机。"
    ),
    "column.pipeline_check.fifth": Phrase("Fifth of deals", "商机五等分"),
    "column.pipeline_check.deals": Phrase("Deals", "商机数"),
    "column.pipeline_check.said": Phrase("Chance said", "预测概率"),
    "column.pipeline_check.won": Phrase("Won", "赢单"),
}
