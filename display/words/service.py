"""Words of Service and voice."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.service": Phrase("Service and voice", "服务与客户之声"),
    "menu.service.help": Phrase(
        "How fast tickets are answered, what surveys say, what customers talk about, and what rises.",
        "工单响应速度、调查结果、客户谈论的话题以及上升的问题。",
    ),
    "topic.leak": Phrase("Leaks", "渗漏"),
    "topic.damage": Phrase("Damage", "破损"),
    "topic.wrong_item": Phrase("Wrong item", "发错货"),
    "topic.late": Phrase("Late delivery", "交货延误"),
    "topic.noise": Phrase("Noise", "噪音"),
    "topic.failure": Phrase("Failure", "故障"),
    "topic.refund": Phrase("Refund or return", "退款退货"),
    "topic.invoice": Phrase("Invoice", "发票"),
    "topic.service": Phrase("Our service", "售后服务"),
    "topic.price": Phrase("Price", "价格"),
    "topic.spare_parts": Phrase("Spare parts", "备件"),
    "topic.documents": Phrase("Documents", "技术资料"),
    "topic.availability": Phrase("Availability", "现货与交期"),
    "topic.order": Phrase("Order", "订单"),
    "topic.other": Phrase("Other", "其他"),
    "tone.-1": Phrase("Bad", "负面"),
    "tone.0": Phrase("Neutral", "中性"),
    "tone.1": Phrase("Good", "正面"),
    "voice.kind.ticket": Phrase("Ticket", "工单"),
    "voice.kind.conversation": Phrase("Conversation", "沟通"),
    "voice.kind.feedback": Phrase("Feedback", "反馈"),
    "measure.nps": Phrase("Would recommend us (NPS)", "净推荐值（NPS）"),
    "measure.csat": Phrase("Satisfied (CSAT)", "满意度（CSAT）"),
    "service.title.nothing": Phrase("No ticket and no voice yet", "尚无工单和客户声音"),
    "service.title.wave": Phrase(
        "{topic} with {group}: {count} voices until {day}, {times} times what is usual",
        "{group}：{topic}{count}条（至{day}），为平常的{times}倍",
    ),
    "service.title.backlog": Phrase(
        "{count} tickets wait for an answer or an end",
        "{count}个工单等待处理",
        one="{count} ticket waits for an answer or an end",
    ),
    "service.title.calm": Phrase("No ticket waits, and nothing rises", "没有待处理的工单，也没有上升的话题"),
    "service.caption": Phrase(
        "Data as of {day} · last 91 days · times in hours of work", "数据截至{day} · 最近91天 · 以工作小时计"
    ),
    "service.caption.clock": Phrase(
        "Data as of {day} · last 91 days · times round the clock: a company has no working calendar",
        "数据截至{day} · 最近91天 · 有公司无工作日历，按自然小时计",
    ),
    "service.empty.how": Phrase(
        "No ticket, survey or conversation matches the filters, or none was delivered.",
        "没有符合筛选条件的工单、调查或沟通。",
    ),
    "service.hours": Phrase("{hours} h", "{hours}小时"),
    "service.card.opened": Phrase("Opened", "新开工单"),
    "service.card.opened.note": Phrase("{count} before", "之前{count}个"),
    "service.card.opened.help": Phrase(
        "Tickets opened in the last 91 days, without cancelled ones; below it, in the 91 days before.",
        "最近91天新开的工单，不含已取消；下方为之前91天。",
    ),
    "service.card.backlog": Phrase("Backlog", "待处理"),
    "service.card.backlog.note": Phrase("{count} unanswered", "{count}个未回复"),
    "service.card.backlog.help": Phrase(
        "Tickets that are open or pending now; below it, those that nobody has answered.",
        "当前未结或挂起的工单；下方为尚未首次回复的工单。",
    ),
    "service.card.first": Phrase("First response", "首次响应"),
    "service.card.first.note": Phrase("9 of 10 within {hours}", "九成在{hours}内"),
    "service.card.first.help": Phrase(
        "The median time until somebody first answered, of tickets opened in the last 91 days.",
        "最近91天新开工单首次回复的中位时间。",
    ),
    "service.card.resolution": Phrase("Resolution", "解决时间"),
    "service.card.resolution.note": Phrase("{hours} before", "之前{hours}"),
    "service.card.resolution.help": Phrase(
        "The median time until a ticket was closed, of those opened in the last 91 days and closed since; "
        "below it, of the 91 days before.",
        "最近91天新开且已关闭工单的中位解决时间；下方为之前91天。",
    ),
    "service.card.nps": Phrase("NPS", "净推荐值"),
    "service.card.csat": Phrase("Satisfied", "满意度"),
    "service.card.measure.note": Phrase("{low} to {high} · n {count}", "{low}至{high} · n {count}"),
    "service.card.nps.help": Phrase(
        "Of answers from 0 to 10, the share of 9 and 10 less that of 0 to 6, in points; in 95 of 100 such samples it "
        "lies within the bounds.",
        "0至10分回答中9–10分占比减0–6分占比（点）；100次抽样中95次落在区间内。",
    ),
    "service.card.csat.help": Phrase(
        "Of answers from 1 to 5, the share of 4 and 5; in 95 of 100 such samples it lies within the bounds.",
        "1至5分回答中4和5分的占比；100次抽样中95次落在区间内。",
    ),
    "service.waves": Phrase("What rises, or rose in the last half year", "半年内上升的话题"),
    "service.waves.alt": Phrase(
        "Table of topics that rose: products, when, how often, orders and returns behind them",
        "上升话题表：产品、时间、次数及相关订单和退货",
    ),
    "service.waves.none": Phrase(
        "No topic of trouble rose clearly about any group of products.", "没有任何产品组的问题话题明显上升。"
    ),
    "service.waves.note": Phrase(
        "Far more was said for two to twelve weeks than the other weeks of two years lead to expect. Orders: those "
        "that the voices name. Returns: of these products in that time, and in as many days before.",
        "在两至十二周内的声音远多于两年内其他周的预期。订单：声音中提到的订单。退货：该时段及之前同样天数内这些产品的退货。",
    ),
    "service.wave.costs": Phrase("What it cost in orders", "订单上的代价"),
    "service.wave.costs.alt": Phrase(
        "Table of what rose: from when and by how much orders fell, and how many never came",
        "上升话题的代价表：订单自何时下降、幅度及流失数量",
    ),
    "service.wave.cost": Phrase(
        "{topic} with {group}: from {day} on, {share} of the orders that could be expected never came (between {low} "
        "and {high}, 95 %): about {orders} ({orders_low} to {orders_high}) until today, some {units} units. {now}",
        "{group}的{topic}：自{day}起，预期订单的{share}没有出现（95%：{low}至{high}），至今约{orders}单（{orders_low}至{orders_high}），"
        "合{units}个单位。{now}",
    ),
    "service.wave.eased": Phrase("Since {day} it is {still}.", "自{day}起为{still}。"),
    "service.wave.lasts": Phrase("It still lasts.", "目前仍在持续。"),
    "service.wave.none": Phrase("No clear fall of orders followed what rose.", "上升的话题之后，订单没有明显下降。"),
    "service.wave.note": Phrase(
        "Expected orders: the share that these products had of all orders before, with its season, of what else is "
        "ordered each week. A product that a customer orders on a day is one order.",
        "预期订单：按此前这些产品占全部订单的份额（含季节）乘以每周其他订单量。客户一天内订购的一种产品计一单。",
    ),
    "service.waiting": Phrase(
        "What customers talk about is being worked out. It is told here when it is done.",
        "正在分析客户话题，完成后将在此显示。",
    ),
    "service.topics": Phrase("What customers talk about", "客户谈论的话题"),
    "service.topics.alt": Phrase(
        "Table of topics: voices, before, share that sounds bad", "话题表：数量、之前、负面比例"
    ),
    "service.topics.none": Phrase("Nothing was said in the last 91 days.", "最近91天没有声音。"),
    "service.topics.note": Phrase(
        "Tickets, conversations and feedback, each counted once, by word lists in English and Chinese.",
        "工单、沟通和反馈，各计一次，按中英文词表归类。",
    ),
    "service.said": Phrase("What was said", "客户原话"),
    "service.said.topic": Phrase("Topic", "话题"),
    "service.said.alt": Phrase(
        "Table of what was said: when, how, by whom, about what", "客户声音表：时间、渠道、客户、内容"
    ),
    "service.said.none": Phrase("Nothing was said of it in the last half year.", "最近半年没有相关声音。"),
    "service.said.hidden": Phrase("What was written needs the right to personal data.", "查看原文需要个人数据权限。"),
    "service.months": Phrase("Tickets by month", "按月工单"),
    "service.months.alt": Phrase("Table of tickets by month", "按月工单表"),
    "service.channels": Phrase("By channel, 91 days", "按渠道（91天）"),
    "service.channels.alt": Phrase("Table of tickets by channel", "按渠道的工单表"),
    "service.reopened": Phrase(
        "No source says whether a ticket was opened again, so nothing is said of it.",
        "来源系统未记录工单是否重新打开，故不作说明。",
    ),
    "column.waves.topic": Phrase("Topic", "话题"),
    "column.waves.group": Phrase("Products", "产品"),
    "column.waves.from_on": Phrase("From", "开始"),
    "column.waves.until_on": Phrase("To", "结束"),
    "column.waves.voices": Phrase("Voices", "声音数"),
    "column.waves.times": Phrase("Times usual", "平常倍数"),
    "column.waves.orders": Phrase("Orders", "订单"),
    "column.waves.returned": Phrase("Returns (before)", "退货（之前）"),
    "column.wave_costs.topic": Phrase("Topic", "话题"),
    "column.wave_costs.group": Phrase("Products", "产品"),
    "column.wave_costs.fell_on": Phrase("Fell from", "下降自"),
    "column.wave_costs.fall": Phrase("By (%)", "幅度（%）"),
    "column.wave_costs.eased_on": Phrase("Eased from", "缓和自"),
    "column.wave_costs.still": Phrase("Since then", "此后"),
    "column.wave_costs.lost": Phrase("Orders lost", "流失订单"),
    "column.wave_costs.units": Phrase("Units lost", "流失数量"),
    "column.topics.topic": Phrase("Topic", "话题"),
    "column.topics.voices": Phrase("Voices", "声音数"),
    "column.topics.before": Phrase("91 days before", "之前91天"),
    "column.topics.bad": Phrase("Sound bad", "负面"),
    "column.topics.customers": Phrase("Customers", "客户数"),
    "column.topics.product": Phrase("Most about", "最多涉及"),
    "column.said.said_on": Phrase("When", "时间"),
    "column.said.kind": Phrase("Kind", "类型"),
    "column.said.sentiment": Phrase("Tone", "语气"),
    "column.said.customer": Phrase("Customer", "客户"),
    "column.said.customer_id": Phrase("Customer", "客户"),
    "column.said.product": Phrase("Product", "产品"),
    "column.said.number": Phrase("Ticket", "工单"),
    "column.said.text": Phrase("Text", "原文"),
    "column.ticket_months.month_on": Phrase("Month", "月份"),
    "column.ticket_months.tickets": Phrase("Opened", "新开"),
    "column.ticket_months.closed": Phrase("Closed", "关闭"),
    "column.ticket_months.backlog": Phrase("Backlog", "月末未结"),
    "column.ticket_months.first_response": Phrase("Response (h)", "响应（小时）"),
    "column.ticket_months.resolution": Phrase("Closing (h)", "解决（小时）"),
    "column.ticket_channels.group_key": Phrase("Channel", "渠道"),
    "column.ticket_channels.tickets": Phrase("Opened", "新开"),
    "column.ticket_channels.still_open": Phrase("Still open", "未结"),
    "column.ticket_channels.first_response": Phrase("Response (h)", "响应（小时）"),
    "column.ticket_channels.first_response_90": Phrase("9 of 10 (h)", "九成（小时）"),
    "column.ticket_channels.resolution": Phrase("Closing (h)", "解决（小时）"),
}
