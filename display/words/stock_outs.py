"""Words of Stock-outs."""

from display.words.phrase import Phrase

PHRASES = {
    "stockouts.title.likely": Phrase(
        "{count} items will likely run out within 4 weeks",
        "{count}种物料可能在4周内缺货",
        one="{count} item will likely run out within 4 weeks",
    ),
    "stockouts.title.stake.margin": Phrase("{title}; {money} of margin at stake", "{title}；涉及毛利{money}"),
    "stockouts.title.stake.revenue": Phrase("{title}; {money} of sales at stake", "{title}；涉及销售额{money}"),
    "stockouts.title.stake.mixed": Phrase("{title}; {money} at stake", "{title}；涉及{money}"),
    "stockouts.title.order": Phrase(
        "{title}; order {count} of them now",
        "{title}；其中{count}种须立即下单",
        one="{title}; order {count} of them now",
    ),
    "stockouts.title.order_all": Phrase("{title}; order all of them now", "{title}；均须立即下单"),
    "stockouts.title.order_one": Phrase("{title}; order it now", "{title}；须立即下单"),
    "stockouts.title.calm.order": Phrase(
        "Nothing is likely to run out within 4 weeks, if {count} items are ordered now",
        "立即订购{count}种物料，4周内不太可能缺货",
        one="Nothing is likely to run out within 4 weeks, if {count} item is ordered now",
    ),
    "stockouts.title.calm": Phrase("Nothing is likely to run out within 4 weeks", "4周内不太可能有物料缺货"),
    "stockouts.title.nothing": Phrase("Stock-outs", "缺货预警"),
    "stockouts.caption": Phrase(
        "Stock on {day} · chances from {items} at {sites}", "{day}库存 · 概率基于{sites}的{items}"
    ),
    "stockouts.caption.items": Phrase("{count} items", "{count}种物料", one="{count} item"),
    "stockouts.caption.sites": Phrase("{count} sites", "{count}个地点", one="{count} site"),
    "stockouts.caption.silent": Phrase(
        "{count} items in stock that nobody asked for in 364 days: no opinion",
        "另有{count}种有库存物料364天内无需求，不作判断",
        one="{count} item in stock that nobody asked for in 364 days: no opinion",
    ),
    "stockouts.card.out_7": Phrase("Out in 7 days", "7天内可能缺货"),
    "stockouts.card.out_14": Phrase("Out in 14 days", "14天内可能缺货"),
    "stockouts.card.out_28": Phrase("Out in 28 days", "28天内可能缺货"),
    "stockouts.card.out.help": Phrase(
        "Items that run out at a site within so many days with a chance of 50% or more. Running out means that more is "
        "asked for than is there.",
        "在一个地点、在相应天数内缺货概率不低于50%的物料。缺货指需求超过现有数量。",
    ),
    "stockouts.card.out.note": Phrase("{money} at stake", "涉及{money}"),
    "stockouts.card.out.sites": Phrase("at {count} sites", "{count}个地点", one="at {count} site"),
    "stockouts.card.out.none": Phrase("none", "无"),
    "stockouts.card.order": Phrase("Order now", "须立即下单"),
    "stockouts.card.order.late": Phrase("too late for {count}", "{count}种已来不及"),
    "stockouts.card.order.none": Phrase("in time for all", "均来得及"),
    "stockouts.card.order.help": Phrase(
        "Items to be ordered before the next weekly review, so that goods come, with a confidence of 90%, before the "
        "chance to run out reaches 10%. Too late: goods ordered today come after that day; ask for what can be sent "
        "sooner.",
        "须在下次每周检查前下单的物料，使货物以90%的把握在缺货概率达到10%之前到达。已来不及：今天下单也会晚到，请催货或加急。",
    ),
    "stockouts.card.loss": Phrase("Expected loss", "预期损失"),
    "stockouts.card.loss.margin": Phrase("margin", "毛利"),
    "stockouts.card.loss.revenue": Phrase("sales", "销售额"),
    "stockouts.card.loss.mixed": Phrase("margin or sales", "毛利或销售额"),
    "stockouts.card.loss.help": Phrase(
        "What is expected to be asked for and not served until goods ordered at the next weekly review could come, "
        "times the margin of one unit; times its list price where the cost is unknown or your role sees no margins. "
        "The mean over all that may happen, not the worst case.",
        "在下次每周检查时下单的货物到达之前，预计无法满足的需求乘以单位毛利；成本未知或角色无权查看毛利时乘以标价。这是各种可能的平均值，不是最坏情况。",
    ),
    "stockouts.card.hit": Phrase("Orders hit", "受影响订单"),
    "stockouts.card.hit.note": Phrase("of {count} customers", "涉及{count}个客户", one="of {count} customer"),
    "stockouts.card.hit.none": Phrase("all can be served", "均可满足"),
    "stockouts.card.hit.help": Phrase(
        "Open orders of which a line comes late with a chance of 50% or more, because stock and receipts do not "
        "suffice for it on its day. What is promised first is served first.",
        "因库存和到货不足，某一行延迟概率不低于50%的未交订单。先承诺的先满足。",
    ),
    "stockouts.empty": Phrase("Nothing to judge here", "此处没有可判断的物料"),
    "stockouts.empty.how": Phrase(
        "No item that is kept in stock was asked for in the last 364 days, or none matches the filters. Clear the "
        "filters, or load orders and stock.",
        "过去364天没有库存物料的需求，或没有符合筛选条件的物料。请清除筛选，或载入订单与库存数据。",
    ),
    "stockouts.ranked": Phrase("Needs a decision, by expected loss", "待决策物料（按预期损失排序）"),
    "stockouts.ranked.no_money": Phrase("Needs a decision", "待决策物料"),
    "stockouts.ranked.alt": Phrase(
        "Items at sites ranked by expected loss, with the chance to run out, the likely day and the day to order by",
        "按预期损失排序的物料与地点，含缺货概率、可能缺货日期和最迟下单日期",
    ),
    "stockouts.ranked.none": Phrase(
        "No item runs out within 28 days with a chance of 10% or more, and none has to be ordered this week.",
        "28天内没有物料缺货概率达到10%，本周也没有须下单的物料。",
    ),
    "stockouts.choose": Phrase("Item and site", "物料与地点"),
    "stockouts.at": Phrase("{item} · {site}", "{item} · {site}"),
    "stockouts.detail": Phrase("What lies ahead", "走势预测"),
    "stockouts.chance": Phrase("Chance to have run out", "累计缺货概率"),
    "stockouts.course": Phrase("Stock, and what is to come", "库存与到货走势"),
    "stockouts.figure.receipts": Phrase("Receipt due", "到货"),
    "stockouts.figure.next": Phrase("Next receipt", "下次到货"),
    "stockouts.figure.new": Phrase("New order could come", "新订单最早到货"),
    "stockouts.figure.likely": Phrase("Expected", "预期"),
    "stockouts.figure.band": Phrase("8 of 10 courses", "八成可能的范围"),
    "stockouts.figure.chance.alt": Phrase(
        "Chance that {item} has run out by each day of the next 12 weeks: {seven} after 7 days, {month} after 28, "
        "{all} after 84.",
        "{item}在未来12周内每天的累计缺货概率：7天后{seven}，28天后{month}，84天后{all}。",
    ),
    "stockouts.figure.course.alt": Phrase(
        "Expected stock of {item} over the next 12 weeks, from {now} today to {low} to {high} in the end.",
        "{item}未来12周的预期库存：今天{now}，期末{low}至{high}。",
    ),
    "stockouts.fact.when": Phrase("Order", "下单"),
    "stockouts.fact.likely": Phrase("Likely out on", "可能缺货日期"),
    "stockouts.fact.on_hand": Phrase("On hand", "现有量"),
    "stockouts.fact.open_demand": Phrase("Open demand", "未交需求"),
    "stockouts.fact.daily_demand": Phrase("Usual demand per day", "日均需求"),
    "stockouts.fact.on_order": Phrase("On order", "在途量"),
    "stockouts.fact.next": Phrase("Next receipt", "下次到货"),
    "stockouts.fact.before_receipt": Phrase("Out before any receipt", "到货前缺货概率"),
    "stockouts.fact.new": Phrase("New order could come", "新订单最早到货"),
    "stockouts.fact.before_new": Phrase("Out before then", "此前缺货概率"),
    "stockouts.fact.units": Phrase("Expected to be missing", "预期短缺"),
    "stockouts.fact.loss": Phrase("Expected loss", "预期损失"),
    "stockouts.fact.source": Phrase("Comes from", "来源"),
    "stockouts.way.buy": Phrase("bought", "采购"),
    "stockouts.way.make": Phrase("made", "生产"),
    "stockouts.way.transfer": Phrase("transfer from another site", "其他地点调拨"),
    "stockouts.way.buy.from": Phrase("bought from {supplier}", "采购自{supplier}"),
    "stockouts.way.unknown": Phrase("unknown", "未知"),
    "stockouts.beyond": Phrase("not within 12 weeks", "12周内不会"),
    "stockouts.none_due": Phrase("none", "无"),
    "stockouts.no_lead": Phrase("{day} (no lead time stated; 28 days taken)", "{day}（未设提前期，按28天计）"),
    "stockouts.next": Phrase("due {due}, with usual lateness by {likely}", "应于{due}到货，按惯常延误最迟{likely}"),
    "stockouts.next.due": Phrase("due {due}; nobody can say when it comes", "应于{due}到货，实际时间无法判断"),
    "stockouts.when.now": Phrase("This week", "本周"),
    "stockouts.when.too_late": Phrase("Too late", "已来不及"),
    "stockouts.when.later": Phrase("Later", "稍后"),
    "stockouts.when.not_needed": Phrase("Not needed", "无需"),
    "stockouts.when.unknown": Phrase("No lead time", "无提前期"),
    "stockouts.order_by": Phrase("by {day}", "最迟{day}"),
    "stockouts.order_was": Phrase("should have been ordered by {day}", "本应在{day}前下单"),
    "stockouts.sure": Phrase(
        "How sure: the chances come from every demand of the last {days} days ({asked} days on which something was "
        "asked for, recent ones weighing more), open orders on their promised days, and receipts as late as that "
        "supplier's usually are.",
        "可信度：概率依据过去{days}天的全部需求（其中{asked}天有需求，近期权重更高）、按承诺日期的未交订单，以及按供应商惯常延误推算的到货。",
    ),
    "stockouts.sure.orders": Phrase(
        "How sure: nobody asked for it in the last 364 days, so the chances rest on open orders and receipts alone; "
        "there is no opinion on what else may be asked for.",
        "可信度：过去364天没有需求，概率仅依据未交订单和到货；对其他可能的需求不作判断。",
    ),
    "stockouts.sure.little": Phrase(
        "That is little experience: take the chances as a hint.", "数据较少，概率仅供参考。"
    ),
    "stockouts.not_judged": Phrase(
        "“{item}” has no chances here: nobody asked for it in 364 days, or the filters leave it out. The first item of "
        "the list is shown.",
        "“{item}”在此没有概率：364天内无需求，或被筛选排除。现显示列表中的第一种物料。",
    ),
    "stockouts.covers": Phrase("What covers it", "补足来源"),
    "stockouts.covers.alt": Phrase("Receipts of the chosen item at this site", "所选物料在该地点的到货"),
    "stockouts.covers.none": Phrase("Nothing is on order for this site.", "该地点没有在途订单。"),
    "stockouts.covers.on_time": Phrase("on time", "准时"),
    "stockouts.covers.early": Phrase("{count} days early", "早{count}天", one="{count} day early"),
    "stockouts.covers.usual": Phrase("{count} days late", "晚{count}天", one="{count} day late"),
    "stockouts.overdue.yes": Phrase("Overdue", "逾期"),
    "stockouts.overdue.no": Phrase("Not due yet", "未到期"),
    "stockouts.orders": Phrase("Orders and customers hit, first promised first", "受影响的订单与客户（先承诺者在前）"),
    "stockouts.orders.alt": Phrase("Open orders that may come late for want of the item", "因缺少该物料可能延迟的订单"),
    "stockouts.orders.none": Phrase(
        "Every open order that draws on this item here can be served in time.", "该地点所有未交订单均可按时满足。"
    ),
    "stockouts.groups": Phrase("Where it is", "分布"),
    "stockouts.groups.alt": Phrase(
        "Likely stock-outs and expected loss by {grouping}", "按{grouping}的可能缺货与预期损失"
    ),
    "stockouts.groups.note": Phrase(
        "An item counts once at each site where it is asked for.", "物料在每个有需求的地点各计一次。"
    ),
    "column.risks.item": Phrase("Item", "物料"),
    "column.risks.site": Phrase("Site", "地点"),
    "column.risks.p_28": Phrase("Out in 28 days (%)", "28天缺货概率（%）"),
    "column.risks.likely_out_on": Phrase("Likely out on", "可能缺货日期"),
    "column.risks.order_by_on": Phrase("Order by", "最迟下单"),
    "column.risks.when_to_order": Phrase("Order", "下单"),
    "column.risks.units_lost": Phrase("Missing", "预期短缺"),
    "column.risks.at_stake": Phrase("Expected loss", "预期损失"),
    "column.risks.currency": Phrase("Currency", "币种"),
    "column.covers.due_on": Phrase("Due on", "到期日"),
    "column.covers.arrives_80_on": Phrase("8 of 10 by", "八成把握"),
    "column.covers.usual": Phrase("Usually (8 of 10)", "惯常延误（八成）"),
    "column.covers.kind": Phrase("Kind", "类型"),
    "column.covers.number": Phrase("Number", "单号"),
    "column.covers.party": Phrase("From", "来自"),
    "column.covers.quantity": Phrase("Quantity", "数量"),
    "column.covers.is_overdue": Phrase("State", "状态"),
    "column.hit_orders.due_on": Phrase("Promised", "承诺日期"),
    "column.hit_orders.kind": Phrase("Kind", "类型"),
    "column.hit_orders.number": Phrase("Number", "单号"),
    "column.hit_orders.party": Phrase("Customer", "客户"),
    "column.hit_orders.quantity": Phrase("Quantity", "数量"),
    "column.hit_orders.units_short": Phrase("Missing", "短缺"),
    "column.hit_orders.p_late": Phrase("Late (%)", "延迟概率（%）"),
    "column.hit_orders.is_overdue": Phrase("State", "状态"),
    "column.risk_groups.group": Phrase("Group", "分组"),
    "column.risk_groups.judged": Phrase("Items at sites", "物料×地点"),
    "column.risk_groups.likely_out": Phrase("Likely out", "可能缺货"),
    "column.risk_groups.order_now": Phrase("Order now", "须下单"),
    "column.risk_groups.at_stake": Phrase("Expected loss", "预期损失"),
    "column.risk_groups.currency": Phrase("Currency", "币种"),
}
