"""Words of surges, and of where products stand in their life."""

from display.words.phrase import Phrase

PHRASES = {
    "surges.title": Phrase("What suddenly sells more", "需求骤增"),
    "surges.alt": Phrase(
        "What stands out by market, beside what was to be expected, and what explains it",
        "各市场的异常需求、正常水平及其原因",
    ),
    "surges.none": Phrase("Nothing stands out: all markets order as usual.", "无异常：各市场订购正常。"),
    "surges.working": Phrase("Surges are being worked out after the refresh.", "刷新后正在计算需求骤增。"),
    "surges.alarm": Phrase(
        "{item} sells {times} times the usual in {region} since {day}: {orders} orders of {customers} customers where "
        "{usual} were to be expected. Check its stock and the next orders.",
        "{item}自{day}起在{region}销量为平时的{times}倍：{customers}家客户下了{orders}单，正常约{usual}单。请检查库存与后续采购。",
    ),
    "surges.more": Phrase("{count} more stand out in the table below.", "下表另有{count}项异常。"),
    "surges.note": Phrase(
        "Alarms look at who orders, beside all that the same market orders, and never at one large order. They are "
        "set so that in a market where nothing changes one quarter in ten sees a false alarm. A market is a company's "
        "customers of one region, or of all.",
        "警报依据下单客户数与同一市场的整体订购相比，单笔大单不触发。在无变化的市场中，十个季度约有一次误报。市场指某公司在一个或所有地区的客户。",
    ),
    "surges.kind.surge": Phrase("Surge", "骤增"),
    "surges.kind.one_customer": Phrase("One customer", "单一客户"),
    "surges.kind.promotion": Phrase("Campaign", "促销"),
    "surges.kind.rebound": Phrase("Catching up", "补货回升"),
    "surges.kind.one_order": Phrase("One large order", "单笔大单"),
    "surges.everywhere": Phrase("all regions together", "所有地区合计"),
    "column.surges.item": Phrase("Item", "物料"),
    "column.surges.region": Phrase("Market", "市场"),
    "column.surges.kind": Phrase("What it is", "类型"),
    "column.surges.since_on": Phrase("Since", "自"),
    "column.surges.alarmed_on": Phrase("Alarm on", "警报日"),
    "column.surges.orders": Phrase("Orders", "订单"),
    "column.surges.usual_orders": Phrase("Usual", "正常"),
    "column.surges.customers": Phrase("Customers", "客户"),
    "column.surges.quantity": Phrase("Quantity", "数量"),
    "column.surges.usual_quantity": Phrase("Usual quantity", "正常数量"),
    "column.surges.unit": Phrase("Unit", "单位"),
    "column.surges.value": Phrase("Above usual", "超出金额"),
    "column.surges.currency": Phrase("Currency", "币种"),
    "lives.title": Phrase("Where products stand in their life", "产品生命周期"),
    "lives.alt": Phrase(
        "Products by stage, with orders, margin, complaints and returns", "各阶段产品的订单、毛利、投诉与退货"
    ),
    "lives.none": Phrase("No product was ever ordered in this scope.", "该范围内没有任何订购过的产品。"),
    "lives.summary": Phrase(
        "{rising} rising, {new} new, {fading} fading, {ending} ending, {replaced} being replaced, {steady} steady.",
        "上升{rising}，新品{new}，下滑{fading}，衰退{ending}，被替代{replaced}，平稳{steady}。",
    ),
    "lives.note": Phrase(
        "By orders of the last half year beside the same half year one and two years before, beyond what chance "
        "explains. Being replaced: at least three in ten of those who left it took up the same other product of its "
        "category. Complaints and returns are for each hundred orders; in brackets those of a year before.",
        "依据最近半年与一年前、两年前同期订单的显著差异。被替代：离开的客户中至少三成改购同类同一产品。投诉与退货按每百单计，括号内为一年前。",
    ),
    "lives.stage.new": Phrase("New", "新品"),
    "lives.stage.rising": Phrase("Rising", "上升"),
    "lives.stage.steady": Phrase("Steady", "平稳"),
    "lives.stage.fading": Phrase("Fading", "下滑"),
    "lives.stage.ending": Phrase("Ending", "衰退"),
    "lives.stage.replaced": Phrase("Being replaced", "被替代"),
    "lives.stage.ended": Phrase("Ended", "停售"),
    "lives.stage.seldom": Phrase("Too seldom to tell", "过少难判"),
    "lives.only": Phrase("Show", "显示"),
    "lives.only.moving": Phrase("What changes", "有变化"),
    "lives.only.all": Phrase("All", "全部"),
    "lives.rate": Phrase("{now} ({before})", "{now}（{before}）"),
    "column.lives.item": Phrase("Item", "物料"),
    "column.lives.stage": Phrase("Stage", "阶段"),
    "column.lives.orders": Phrase("Orders, half a year", "半年订单"),
    "column.lives.orders_before": Phrase("A year before", "一年前"),
    "column.lives.change": Phrase("Change (%)", "变化（%）"),
    "column.lives.into": Phrase("Replaced by", "替代品"),
    "column.lives.amount": Phrase("Sales of a year", "年销售额"),
    "column.lives.margin_share": Phrase("Margin", "毛利率"),
    "column.lives.complaints": Phrase("Complaints", "投诉"),
    "column.lives.returns": Phrase("Returns", "退货"),
    "column.lives.currency": Phrase("Currency", "币种"),
}
