"""Words of promises: what a date waits for, what would be sooner, holds and promises given, and how they were kept."""

from display.words.phrase import Phrase

PHRASES = {
    "delivery.why.made": Phrase(
        "{item}: {quantity} on {day} from {site}, made for it; what that waits for stands below.",
        "{item}：{quantity}于{day}由{site}发出，需安排生产；等待事项见下表。",
    ),
    "delivery.waits": Phrase("What the date waits for", "交期在等什么"),
    "delivery.waits.alt": Phrase(
        "Link by link what each line waits for until its day", "各行交期逐环的等待事项与起止日期"
    ),
    "delivery.waits.none": Phrase("Nothing has to be waited for.", "无需等待。"),
    "delivery.wait.stock": Phrase("Stock", "库存"),
    "delivery.wait.receipt": Phrase("On order", "在途"),
    "delivery.wait.buy": Phrase("New purchase", "新采购"),
    "delivery.wait.work_center": Phrase("Work center", "工作中心"),
    "delivery.wait.lead_time": Phrase("Making", "生产"),
    "delivery.wait.late": Phrase("Usual delay", "惯常延误"),
    "delivery.wait.transfer": Phrase("Transfer", "调拨"),
    "delivery.wait.sure": Phrase("For certainty", "把握余量"),
    "delivery.wait.closed": Phrase("Not working", "非工作日"),
    "delivery.title.arrives": Phrase(
        "All of it can be with the customer by {day}", "全部可于{day}前（含当日）送达客户"
    ),
    "delivery.caption.leaves": Phrase("has left our site by {day}", "{day}前（含当日）离开我方地点"),
    "delivery.text.arrives": Phrase(
        "We expect all of it to be with you by {day}.", "预计全部于{day}前（含当日）送达贵处。"
    ),
    "delivery.lanes": Phrase("Transport to the customer's country", "至客户所在国家的运输"),
    "delivery.lanes.alt": Phrase(
        "Days from leaving our site to arriving, by site and carrier", "按地点与承运人，从发出到送达的天数"
    ),
    "delivery.lanes.none": Phrase(
        "Too few shipments to this country had an arrival: the day is that of leaving our site.",
        "发往该国家且有送达记录的发货太少：日期为离开我方地点之日。",
    ),
    "delivery.lanes.unknown": Phrase(
        "Some of it leaves from where too few shipments to this customer's country are known: the day is that of "
        "leaving our site.",
        "部分货物的发货地点发往该客户所在国家的送达记录太少：日期为离开我方地点之日。",
    ),
    "delivery.lanes.note": Phrase(
        "From the shipments of the last year, later ones counting more, and by the weekday on which goods leave. The "
        "customer's day takes the mix of carriers as it was; choose a faster carrier to be earlier.",
        "来自最近一年的发货，越近权重越大，并按发出的星期区分。客户到货日按以往承运人组合计算；选择更快的承运人可更早到货。",
    ),
    "column.promised_lanes.site": Phrase("From", "发货地点"),
    "column.promised_lanes.carrier": Phrase("Carrier", "承运人"),
    "column.promised_lanes.shipments": Phrase("Shipments", "发货次数"),
    "column.promised_lanes.median_days": Phrase("Half within (days)", "半数不超过（天）"),
    "column.promised_lanes.p90_days": Phrase("9 of 10 within (days)", "九成不超过（天）"),
    "delivery.binding.closed": Phrase(
        "What decides the day: nobody works until {day}; {item} is ready before.",
        "决定交期的是非工作日：{item}已备妥，{day}起发货。",
    ),
    "delivery.binding.sure": Phrase(
        "What decides the day: how late what {item} relies on may be; days until {day} are kept for that.",
        "决定交期的是{item}所依赖供应的可能延误：为此预留至{day}。",
    ),
    "delivery.binding.receipt": Phrase(
        "What decides the day: {item}, which comes with {number} of {party} about {day}.",
        "决定交期的是{item}：{party}的{number}约于{day}到货。",
    ),
    "delivery.binding.make": Phrase(
        "What decides the day: {item}, which work order {number} finishes about {day}.",
        "决定交期的是{item}：生产订单{number}约于{day}完工。",
    ),
    "delivery.binding.buy": Phrase(
        "What decides the day: {item}, which has to be ordered from {party} today and comes about {day}.",
        "决定交期的是{item}：须今天向{party}下单，约于{day}到货。",
    ),
    "delivery.binding.work_center": Phrase(
        "What decides the day: {center}, which makes {item} until {day} beside the work orders already there.",
        "决定交期的是{center}：在已有生产订单之外，{item}加工至{day}。",
    ),
    "delivery.binding.lead_time": Phrase(
        "What decides the day: making {item}, until {day}; its steps are not known, so its lead time counts.",
        "决定交期的是{item}的生产，至{day}；工序未知，按提前期计。",
    ),
    "delivery.binding.late": Phrase(
        "What decides the day: our own delay in making {item}; until {day} is kept for it, as the past tells.",
        "决定交期的是我方生产{item}的惯常延误：按历史预留至{day}。",
    ),
    "delivery.binding.transfer": Phrase(
        "What decides the day: sending {item} over from {site}, until {day}.",
        "决定交期的是从{site}调拨{item}，至{day}。",
    ),
    "delivery.reason.no_source": Phrase(
        "{item}: no date. {product} is missing, and nobody states how to buy or make it. Ask purchasing.",
        "{item}：没有交期。{product}数量不足，且没有采购或生产方式。请询问采购。",
    ),
    "delivery.reason.no_time": Phrase(
        "{item}: no date. {product} has a bill of materials, but neither steps nor a lead time. Enter one in your ERP.",
        "{item}：没有交期。{product}有物料清单，但没有工序或提前期。请在ERP中补充。",
    ),
    "delivery.reason.cycle": Phrase(
        "{item}: no date. Its bills of materials contain each other: {path}. Correct them in your ERP.",
        "{item}：没有交期。其物料清单互相包含：{path}。请在ERP中更正。",
    ),
    "delivery.reason.no_hours": Phrase(
        "{item}: no date. The work centers that make {product} have no time within two years. Look at their calendars.",
        "{item}：没有交期。生产{product}的工作中心两年内没有可用时间。请检查其日历。",
    ),
    "delivery.reason.never_sure": Phrase(
        "{item}: no date is sure enough: what it relies on may never come. Ask with less certainty, or ask purchasing.",
        "{item}：没有足够可靠的交期：所依赖的供应可能一直不到。请降低把握程度，或询问采购。",
    ),
    "delivery.option.expedite": Phrase("{item} comes a week earlier", "{item}提前一周到货"),
    "delivery.option.overtime": Phrase("{center}: two hours more a day", "{center}：每天加班两小时"),
    "column.promised_ways.cost": Phrase("Cost", "成本"),
    "column.promised_ways.currency": Phrase("Currency", "币种"),
    "column.promised_waits.item": Phrase("Product", "物料"),
    "column.promised_waits.kind": Phrase("Waits for", "等待"),
    "column.promised_waits.what": Phrase("Which", "对象"),
    "column.promised_waits.site": Phrase("Site", "地点"),
    "column.promised_waits.from_on": Phrase("From", "起"),
    "column.promised_waits.to_on": Phrase("Until", "至"),
    "column.promised_waits.days": Phrase("Days", "天数"),
    "promises.say": Phrase("Tell the customer", "告知客户"),
    "promises.order_number": Phrase("Order number (optional)", "订单号（可选）"),
    "promises.hold": Phrase("Hold for 24 hours", "预留24小时"),
    "promises.promise": Phrase("Promise given", "已承诺"),
    "promises.note": Phrase(
        "A hold takes the goods out of what others can be promised here for 24 hours. Your ERP knows neither holds nor "
        "promises: enter the order there. A promise is compared with what comes, and its first day stays.",
        "预留后24小时内，此处他人不能再承诺这些货物。ERP不知道预留与承诺：请在ERP中录入订单。承诺将与实际交付比较，首次承诺日期不变。",
    ),
    "promises.said.hold": Phrase("Hold {number} is kept for 24 hours.", "预留{number}已保存，有效24小时。"),
    "promises.said.promise": Phrase("Promise {number} is kept.", "承诺{number}已保存。"),
    "promises.said.release": Phrase("Hold {number} is released.", "预留{number}已释放。"),
    "promises.refused.no_day": Phrase(
        "Nothing was kept: there is no date for all of it. Change the question first.",
        "未保存：并非全部有交期。请先调整询问。",
    ),
    "promises.refused.held": Phrase("You hold just this already.", "您已有相同的预留。"),
    "promises.refused.gone": Phrase("This hold has ended already.", "该预留已结束。"),
    "promises.refused.too_large": Phrase(
        "Nothing was kept: these are too many lines for one promise. Ask for fewer.",
        "未保存：一次承诺的行数过多。请减少行数。",
    ),
    "promises.register": Phrase("Held and promised", "预留与承诺"),
    "promises.register.alt": Phrase("What was held and promised, and what became of it", "预留、承诺及其结果"),
    "promises.register.none": Phrase("Nothing was held or promised yet.", "尚无预留或承诺。"),
    "promises.release": Phrase("Release hold {number}", "释放预留{number}"),
    "promises.taken": Phrase(
        "Hold {number} ({items}): the goods are taken. It can leave on {day}, not on {promised}.",
        "预留{number}（{items}）：货物已被占用，只能于{day}发货，而非{promised}。",
    ),
    "promises.taken.never": Phrase(
        "Hold {number} ({items}): the goods are taken, and there is no other date. Ask purchasing.",
        "预留{number}（{items}）：货物已被占用，且没有其他交期。请询问采购。",
    ),
    "promises.kept": Phrase("How promises are kept", "承诺的兑现"),
    "promises.kept.alt": Phrase("Kept share, error and slack by stated confidence", "按所述把握的兑现率、误差与余量"),
    "promises.kept.none": Phrase(
        "Nothing to compare yet: promises given here count once their day has come; days for past orders are being "
        "worked out.",
        "尚无可比较的承诺：此处的承诺到期后计入；历史订单的推算正在进行。",
    ),
    "promises.kept.by": Phrase("Kept promises by", "承诺兑现的分组"),
    "promises.kept.by.level": Phrase("By confidence", "按把握"),
    "promises.kept.by.lane": Phrase("By lane", "按运输路线"),
    "promises.kept.by.person": Phrase("By person", "按人员"),
    "column.promise_kept.site": Phrase("From", "发货地点"),
    "column.promise_kept.region": Phrase("To region", "客户区域"),
    "column.promise_kept.person": Phrase("Person", "人员"),
    "promises.kept.note": Phrase(
        "Hindcast: days that the method would have given for the orders of the last fourteen weeks, from earlier "
        "orders alone, without the stock of then: the day of leaving our site. A promise given is compared with the "
        "day that it named, the customer's where that was told; an overdue one is not kept.",
        "回溯：仅凭更早的订单（不含当时库存），对最近十四周订单推算的发货日期。已作出的承诺按其所称日期比较，"
        "告知客户到货日的按到货日；逾期未交视为未兑现。",
    ),
    "promises.kind.hold": Phrase("Hold", "预留"),
    "promises.kind.promise": Phrase("Promise", "承诺"),
    "promises.state.held": Phrase("Held", "预留中"),
    "promises.state.ended": Phrase("Ended", "已到期"),
    "promises.state.released": Phrase("Released", "已释放"),
    "promises.state.waiting": Phrase("Not ordered yet", "尚未下单"),
    "promises.state.ordered": Phrase("Ordered", "已下单"),
    "promises.state.kept": Phrase("Kept", "已兑现"),
    "promises.state.late": Phrase("Late", "延误"),
    "promises.source.given": Phrase("Given here", "此处承诺"),
    "promises.source.hindcast": Phrase("Hindcast", "回溯"),
    "column.promise_register.number": Phrase("No.", "编号"),
    "column.promise_register.kind": Phrase("Kind", "类型"),
    "column.promise_register.state": Phrase("State", "状态"),
    "column.promise_register.customer": Phrase("Customer", "客户"),
    "column.promise_register.items": Phrase("Goods", "货物"),
    "promises.day.arrival": Phrase("At the customer", "送达客户"),
    "promises.day.leaving": Phrase("Leaving us", "我方发出"),
    "column.promise_register.day": Phrase("Day of", "日期含义"),
    "column.promise_register.promised_on": Phrase("Promised", "承诺日期"),
    "column.promise_register.confidence": Phrase("Sure", "把握"),
    "column.promise_register.person": Phrase("By", "承诺人"),
    "column.promise_register.given_at": Phrase("Given", "承诺时间"),
    "column.promise_register.ends_at": Phrase("Ends", "到期"),
    "column.promise_register.document": Phrase("Order", "订单"),
    "column.promise_register.came_on": Phrase("Left", "发货"),
    "column.promise_kept.source": Phrase("Promises", "承诺来源"),
    "column.promise_kept.level": Phrase("Stated (%)", "所述把握（%）"),
    "column.promise_kept.promises": Phrase("Number", "数量"),
    "column.promise_kept.share": Phrase("Kept", "兑现率"),
    "column.promise_kept.error_days": Phrase("Error (days)", "误差（天）"),
    "column.promise_kept.bias_days": Phrase("Later than said (days)", "晚于承诺（天）"),
    "column.promise_kept.slack_days": Phrase("Slack of kept ones (days)", "兑现余量（天）"),
}
