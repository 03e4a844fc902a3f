"""Words of decisions: what needs one, why, what it is worth, and who should act."""

from display.words.phrase import Phrase

PHRASES: dict[str, Phrase] = {
    "decisions.and": Phrase(", ", "，"),
    "decisions.names": Phrase(", ", "、"),
    "decisions.someone": Phrase("A private customer", "个人客户"),
    "decisions.unnamed": Phrase("Not named", "未命名"),
    "decisions.kind.item_runs_out": Phrase("Runs out", "缺货"),
    "decisions.kind.supplier_slipping": Phrase("Supplier late", "供应商延误"),
    "decisions.kind.supplier_dearer": Phrase("Supplier dearer", "供应商涨价"),
    "decisions.kind.stock_too_much": Phrase("Too much stock", "库存过多"),
    "decisions.kind.late_orders": Phrase("Late orders", "订单逾期"),
    "decisions.kind.overdue_receivables": Phrase("Overdue money", "逾期应收"),
    "decisions.kind.customers_leaving": Phrase("Customers leaving", "客户流失"),
    "decisions.kind.demand_surging": Phrase("Demand surging", "需求激增"),
    "decisions.kind.complaints_rising": Phrase("Complaints rising", "投诉上升"),
    "decisions.kind.margin_squeezed": Phrase("Margin squeezed", "毛利受挤压"),
    "decisions.kind.campaign_without_effect": Phrase("Campaign without effect", "营销无效"),
    "decisions.money.margin": Phrase("{money} of margin at stake", "涉及毛利{money}"),
    "decisions.money.revenue": Phrase("{money} of sales at stake", "涉及销售额{money}"),
    "decisions.money.cash": Phrase("{money} to be paid", "待收款{money}"),
    "decisions.money.stock_value": Phrase("{money} tied up", "占用资金{money}"),
    "decisions.money.cost": Phrase("{money} more a year", "每年多支出{money}"),
    "decisions.money.orders": Phrase("{money} on order there", "在途订单{money}"),
    "decisions.money.campaign": Phrase("it cost {money}", "花费{money}"),
    "decisions.money.year.margin": Phrase("{money} of margin a year", "每年毛利{money}"),
    "decisions.money.year.revenue": Phrase("{money} of sales a year", "每年销售额{money}"),
    "decisions.money.undelivered.margin": Phrase("{money} of margin not delivered", "未交付毛利{money}"),
    "decisions.money.undelivered.revenue": Phrase("{money} of sales not delivered", "未交付销售额{money}"),
    "decisions.money.lost.margin": Phrase("{money} of margin lost in 13 weeks", "13周内损失毛利{money}"),
    "decisions.money.lost.revenue": Phrase("{money} of sales lost in 13 weeks", "13周内损失销售额{money}"),
    "decisions.money.extra.margin": Phrase("{money} of extra margin", "新增毛利{money}"),
    "decisions.money.extra.revenue": Phrase("{money} of extra sales", "新增销售额{money}"),
    "decisions.item_runs_out.runs_out": Phrase("{subject} runs out on {day}", "{subject}将于{day}缺货"),
    "decisions.item_runs_out.out": Phrase("{subject} is out of stock", "{subject}已缺货"),
    "decisions.item_runs_out.negative": Phrase("{subject} is below zero in the books", "{subject}账面为负库存"),
    "decisions.item_runs_out.short": Phrase("{quantity} short before more can come", "到货前短缺{quantity}"),
    "decisions.item_runs_out.at": Phrase("at {company}", "于{company}"),
    "decisions.item_runs_out.from": Phrase("it comes from {supplier}", "供应商为{supplier}"),
    "decisions.supplier_slipping": Phrase(
        "{subject} is {now} late ({before} before)", "{subject}平均延误{now}（此前{before}）"
    ),
    "decisions.supplier_slipping.was_on_time": Phrase(
        "{subject} is {now} late (on time before)", "{subject}平均延误{now}（此前准时）"
    ),
    "decisions.supplier_slipping.items": Phrase("{count} items wait", "{count}种物料在等待", one="{count} item waits"),
    "decisions.supplier_slipping.nothing": Phrase("nothing is on order there now", "目前没有在途订单"),
    "decisions.supplier_dearer": Phrase(
        "{subject} asks {percent} more for the same goods", "{subject}的同样物料涨价{percent}"
    ),
    "decisions.stock_too_much": Phrase(
        "{percent} of the stock in {subject} is more than is needed", "{subject}有{percent}的库存超出需要"
    ),
    "decisions.stock_too_much.dead": Phrase("{money} of it is dead", "其中呆滞{money}"),
    "decisions.late_orders": Phrase(
        "{count} orders of {subject} are late",
        "{subject}有{count}张订单逾期未交",
        one="{count} order of {subject} is late",
    ),
    "decisions.oldest": Phrase("the oldest by {days}", "最长逾期{days}"),
    "decisions.overdue_receivables": Phrase("{subject} owes {money} past its day", "{subject}逾期欠款{money}"),
    "decisions.overdue_receivables.no_money": Phrase("{subject} owes money past its day", "{subject}有逾期欠款"),
    "decisions.overdue_receivables.invoices": Phrase(
        "{count} invoices overdue", "{count}张发票逾期", one="{count} invoice overdue"
    ),
    "decisions.customers_leaving.segment": Phrase(
        "{subject} customers in {country} order {percent} less", "{country}的{subject}客户订单减少{percent}"
    ),
    "decisions.customers_leaving.customer": Phrase("{subject} orders {percent} less", "{subject}的订单减少{percent}"),
    "decisions.customers_leaving.gone": Phrase("{subject} has stopped ordering", "{subject}已停止下单"),
    "decisions.customers_leaving.orders": Phrase(
        "{now} orders in 17 weeks instead of {usual}", "17周内{now}次下单，往常{usual}次"
    ),
    "decisions.demand_surging": Phrase(
        "{subject} sells {times} times as often as usual in {country}",
        "{subject}在{country}的销售次数是往常的{times}倍",
    ),
    "decisions.demand_surging.sold": Phrase(
        "sold {now} times in six weeks instead of {usual}", "6周内售出{now}次，往常{usual}次"
    ),
    "decisions.demand_surging.short": Phrase("{quantity} more than stock can serve", "超出可供库存{quantity}"),
    "decisions.demand_surging.served": Phrase("stock serves it so far", "目前库存可满足"),
    "decisions.complaints_rising": Phrase(
        "Complaints about {subject} are {times} times the usual", "{subject}的投诉是往常的{times}倍"
    ),
    "decisions.complaints_rising.told": Phrase(
        "{now} complaints, tickets and returns instead of {usual} since {day}",
        "自{day}以来投诉、工单和退货共{now}起，往常{usual}起",
    ),
    "decisions.complaints_rising.fell": Phrase("orders fell by {percent}", "下单减少{percent}"),
    "decisions.mostly": Phrase("mostly {names}", "主要为{names}"),
    "decisions.margin_squeezed": Phrase(
        "{subject} cost {percent} more, and their prices did not follow", "{subject}成本上升{percent}，售价未跟上"
    ),
    "decisions.margin_squeezed.price": Phrase("prices moved by {percent}", "售价变动{percent}"),
    "decisions.items": Phrase("{count} items", "{count}种物料", one="{count} item"),
    "decisions.campaign_without_effect": Phrase(
        "The campaign {subject} brought hardly any more orders", "营销活动“{subject}”几乎未带来更多订单"
    ),
    "decisions.campaign_without_effect.bought": Phrase(
        "{customers} customers bought {now} times, {usual} were to be expected",
        "{customers}位客户购买{now}次，预期{usual}次",
    ),
    "decisions.who": Phrase("{owner}: {name}", "{owner}：{name}"),
    "decisions.who.by": Phrase("{who} · act by {day}", "{who} · 请于{day}前处理"),
    "decisions.owner.buyer": Phrase("Buyer", "采购"),
    "decisions.owner.planner": Phrase("Planner", "计划"),
    "decisions.owner.sales": Phrase("Sales", "销售"),
    "decisions.owner.finance": Phrase("Finance", "财务"),
    "decisions.owner.quality": Phrase("Quality", "质量"),
    "decisions.owner.marketing": Phrase("Marketing", "市场"),
    "decisions.worth.margin": Phrase("Margin", "毛利"),
    "decisions.worth.revenue": Phrase("Sales", "销售额"),
    "decisions.worth.cash": Phrase("Cash", "现金"),
    "decisions.worth.stock_value": Phrase("Stock value", "库存金额"),
    "decisions.worth.cost": Phrase("Cost", "成本"),
    "decisions.worth.orders": Phrase("Orders", "订单"),
    "column.decisions.kind": Phrase("Kind", "类型"),
    "column.decisions.headline": Phrase("What", "事项"),
    "column.decisions.evidence": Phrase("Why", "依据"),
    "column.decisions.money": Phrase("At stake", "涉及金额"),
    "column.decisions.currency": Phrase("Currency", "币种"),
    "column.decisions.money_is": Phrase("In", "口径"),
    "column.decisions.who": Phrase("Who", "负责"),
    "column.decisions.act_by_on": Phrase("Act by", "处理期限"),
}
