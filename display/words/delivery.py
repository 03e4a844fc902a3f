"""Words of Delivery."""

from display.words.phrase import Phrase

PHRASES = {
    "delivery.title.ask": Phrase("When can it leave?", "何时可以发货？"),
    "delivery.title.nothing": Phrase("There is nothing to deliver yet", "尚无可交付的物料"),
    "delivery.title.today": Phrase("All of it can leave today, {day}", "全部可于今天（{day}）发货"),
    "delivery.title.on": Phrase("All of it can leave on {day}", "全部可于{day}发货"),
    "delivery.title.by": Phrase("All of it can have left by {day}", "全部可在{day}前（含当日）发完"),
    "delivery.title.undated": Phrase(
        "{count} of {lines} lines have no delivery date",
        "{lines}行中有{count}行没有交期",
        one="{count} of {lines} lines has no delivery date",
    ),
    "delivery.title.none": Phrase("No delivery date can be given", "无法给出交期"),
    "delivery.caption": Phrase("Stock and orders of {day}", "库存与订单截至{day}"),
    "delivery.caption.sure": Phrase("at least {share} sure", "把握至少{share}"),
    "delivery.caption.certain": Phrase("all of it is in stock", "全部有现货"),
    "delivery.caption.span": Phrase("first goods {first}, last goods {last}", "首批{first}，末批{last}"),
    "delivery.caption.first": Phrase("first goods {first}", "首批{first}"),
    "delivery.caption.how": Phrase("the earliest day that breaks no earlier promise", "不影响已有承诺的最早日期"),
    "delivery.note": Phrase(
        "Days of leaving our site, on days on which people work there. With a customer chosen, the day of "
        "arrival is told as well, where enough shipments to that country are known. Your ERP learns nothing from here: "
        "enter the order there to reserve the goods for good.",
        "日期为离开我方地点的日期，且为该处工作日。选择客户后，若发往该国家的发货记录足够，还会给出送达日期。"
        "ERP不会从此处得知任何内容：请在ERP中录入订单以正式预留货物。",
    ),
    "delivery.empty.how": Phrase(
        "No product is kept in stock in this selection. Clear the filters, or load a source with products.",
        "当前筛选范围内没有库存物料。请清除筛选，或载入含产品的数据源。",
    ),
    "delivery.question": Phrase("What is asked for", "询问内容"),
    "delivery.customer": Phrase("Customer (optional)", "客户（可选）"),
    "delivery.customer.none": Phrase("No customer", "不指定客户"),
    "delivery.customer.find": Phrase("Find a customer", "查找客户"),
    "delivery.from": Phrase("Leaves from", "发货地点"),
    "delivery.from.any": Phrase("Any site, the earliest", "任意地点（最早）"),
    "delivery.sure": Phrase("How sure", "把握程度"),
    "delivery.sure.help": Phrase(
        "With how much certainty each line can leave by its day: what it relies on comes in time, by the past of "
        "suppliers and of our own production.",
        "每行按期发货的可信程度：按供应商及我方生产的历史，其所依赖的一切按时到位。",
    ),
    "delivery.way": Phrase("Partial deliveries", "分批交付"),
    "delivery.way.whole": Phrase("Whole lines", "整行交付"),
    "delivery.way.parts": Phrase("In parts", "分批交付"),
    "delivery.find": Phrase("Number, barcode or name", "编号、条码或名称"),
    "delivery.find.none": Phrase(
        "Nothing is called “{text}”. Try the number, the barcode or part of the name.",
        "没有名为“{text}”的物料。请输入编号、条码或部分名称。",
    ),
    "delivery.add": Phrase("Add a product", "添加物料"),
    "delivery.line": Phrase("Quantity of {item}", "{item}的数量"),
    "delivery.remove": Phrase("Remove {item}", "移除{item}"),
    "delivery.problem.unknown_product": Phrase(
        "“{code}” is no product of ours that you may see. Choose one from the list.",
        "“{code}”不是您可查看的产品。请从列表中选择。",
    ),
    "delivery.problem.not_stocked": Phrase(
        "{item} is not kept in stock (a service or a kit). Ask for the goods in it.",
        "{item}不作库存管理（服务或套件）。请询问其中的货物。",
    ),
    "delivery.problem.not_a_number": Phrase(
        "{item}: “{written}” is no quantity. Write a number such as 40 or 2.5.",
        "{item}：“{written}”不是数量。请输入数字，例如40或2.5。",
    ),
    "delivery.problem.no_quantity": Phrase(
        "{item}: “{written}” asks for nothing. Write a quantity above zero.",
        "{item}：“{written}”没有询问任何数量。请输入大于零的数量。",
    ),
    "delivery.problem.too_many": Phrase(
        "{item}: {written} is more than can be promised from here. Ask for a million at most.",
        "{item}：{written}超出可承诺的范围。请输入不超过一百万的数量。",
    ),
    "delivery.problem.no_supply": Phrase(
        "{item}: no date. Not enough is to come, and nobody states how long a new order takes. Ask purchasing.",
        "{item}：没有交期。在途数量不足，且没有新订单的提前期。请询问采购。",
    ),
    "delivery.problem.left_out": Phrase(
        "{count} more lines are left out: ask for at most {most} at once.",
        "另有{count}行未处理：每次最多询问{most}行。",
        one="{count} more line is left out: ask for at most {most} at once.",
    ),
    "delivery.dates": Phrase("Dates, and why", "交期与原因"),
    "delivery.dates.alt": Phrase("When each line can leave, and what it waits for", "各行的发货日期及等待事项"),
    "delivery.dates.none": Phrase("No line has a date.", "没有任何行有交期。"),
    "delivery.why.stock.today": Phrase(
        "{item}: {quantity} from stock at {site}, today.", "{item}：{quantity}由{site}现货发出，今天即可。"
    ),
    "delivery.why.stock": Phrase(
        "{item}: {quantity} from {site} on {day}: what is free there until then.",
        "{item}：{quantity}于{day}由{site}发出：届时该处可用的数量。",
    ),
    "delivery.why.transfer": Phrase(
        "{item}: {quantity} on {day}, sent over from {site}; a transfer is taken to last {days} days.",
        "{item}：{quantity}于{day}发出，由{site}调拨；调拨按{days}天计。",
    ),
    "delivery.why.receipt": Phrase(
        "{item}: {quantity} on {day} from {site}, when {number} of {party} is in; it is due {due}, {late}.",
        "{item}：{quantity}于{day}由{site}发出，等待{party}的{number}到货；预计{due}，{late}。",
    ),
    "delivery.why.make": Phrase(
        "{item}: {quantity} on {day} from {site}, when work order {number} is finished; it is due {due}, {late}.",
        "{item}：{quantity}于{day}由{site}发出，等待生产订单{number}完工；预计{due}，{late}。",
    ),
    "delivery.why.new_order": Phrase(
        "{item}: {quantity} on {day} if ordered today from {party}: lead time {days} days and the usual delay, if it "
        "can supply that many.",
        "{item}：{quantity}于{day}发出，前提是今天向{party}下单：提前期{days}天加惯常延误，且其能供应该数量。",
    ),
    "delivery.late": Phrase(
        "and {level}% of its deliveries come at most {count} days late",
        "其{level}%的交付延误不超过{count}天",
        one="and {level}% of its deliveries come at most {count} day late",
    ),
    "delivery.late.on_time": Phrase("and {level}% of its deliveries come by the day", "其{level}%的交付按期到达"),
    "delivery.late.unknown": Phrase("and it is often very late", "且经常严重延误"),
    "delivery.late.make": Phrase(
        "and {level}% of our work orders are at most {count} days late",
        "我方{level}%的生产订单延误不超过{count}天",
        one="and {level}% of our work orders are at most {count} day late",
    ),
    "delivery.unnamed.supplier": Phrase("a supplier", "供应商"),
    "delivery.unnamed.number": Phrase("an order", "订单"),
    "delivery.unnamed.site": Phrase("a site", "某地点"),
    "delivery.broken": Phrase("Leaving today would break {promises}.", "今天发货将影响{promises}。"),
    "delivery.broken.order": Phrase(
        "{number} of {party}, due {due} ({quantity} {item})", "{party}的{number}（{due}，{item}×{quantity}）"
    ),
    "delivery.broken.nameless": Phrase(
        "another customer's order, due {due} ({quantity} {item})", "其他客户的订单（{due}，{item}×{quantity}）"
    ),
    "delivery.broken.numbered": Phrase(
        "{number}, due {due} ({quantity} {item})", "{number}（{due}，{item}×{quantity}）"
    ),
    "delivery.broken.work_order": Phrase(
        "work order {number}, which needs {quantity} {item} on {due}", "生产订单{number}（{due}需要{item}×{quantity}）"
    ),
    "delivery.broken.undated": Phrase("no stated day", "未定日期"),
    "delivery.broken.more": Phrase("{count} more", "另{count}项"),
    "delivery.broken.none": Phrase(
        "Today the goods are not there: no other promise is in the way.", "今天货物尚未到位，并非受其他承诺影响。"
    ),
    "delivery.others": Phrase("What else is possible", "其他方案"),
    "delivery.others.alt": Phrase("Other ways to deliver the same", "同一需求的其他交付方案"),
    "delivery.others.none": Phrase("There is no other way.", "没有其他方案。"),
    "delivery.others.note": Phrase(
        "From one site: goods of the company's other sites come there first; a transfer is taken to last {days} days "
        "unless a rule says otherwise.",
        "单一地点发货：公司其他地点的货物先调拨到该地点；除规则另有规定外，调拨按{days}天计。",
    ),
    "delivery.free": Phrase("What can leave today", "今天可发货"),
    "delivery.free.alt": Phrase("What can be promised for today, by product and site", "按物料与地点的今日可承诺量"),
    "delivery.free.none": Phrase("Nothing is known of these products.", "没有这些物料的信息。"),
    "delivery.text": Phrase("Text for the customer", "给客户的文字"),
    "delivery.text.language": Phrase("Language of the text", "文字语言"),
    "delivery.text.greeting": Phrase("For {customer}", "致{customer}"),
    "delivery.text.intro": Phrase("We can deliver:", "我方可交付："),
    "delivery.text.part": Phrase("- {quantity} × {item}: leaves on {day}", "- {item}，{quantity}：{day}发货"),
    "delivery.text.open": Phrase(
        "- {quantity} × {item}: we shall come back to you with a date", "- {item}，{quantity}：交期另行通知"
    ),
    "delivery.text.last": Phrase("All of it has left by {day}.", "全部货物将于{day}前（含当日）发出。"),
    "delivery.text.foot": Phrase(
        "As of {day}. The goods are not reserved until you order.", "截至{day}。下单前货物不予预留。"
    ),
    "delivery.source.stock": Phrase("From stock", "现货"),
    "delivery.source.receipt": Phrase("On order", "在途"),
    "delivery.source.new_order": Phrase("New order", "新订单"),
    "delivery.source.undated": Phrase("No date", "无交期"),
    "delivery.option.whole": Phrase("Whole lines, any site", "整行交付，任意地点"),
    "delivery.option.parts": Phrase("In parts, any site", "分批交付，任意地点"),
    "delivery.option.whole.site": Phrase("Whole lines from {site}", "整行交付，由{site}发出"),
    "delivery.option.parts.site": Phrase("In parts from {site}", "分批交付，由{site}发出"),
    "column.promised_parts.item": Phrase("Product", "物料"),
    "column.promised_parts.quantity": Phrase("Quantity", "数量"),
    "column.promised_parts.leaves_on": Phrase("Leaves on", "发货日期"),
    "column.promised_parts.confidence": Phrase("Sure", "把握"),
    "column.promised_parts.source": Phrase("From", "来源"),
    "column.promised_parts.site": Phrase("Site", "地点"),
    "column.promised_parts.waits_for": Phrase("Waits for", "等待"),
    "column.promised_parts.due_on": Phrase("Due", "预计到货"),
    "column.promised_ways.option": Phrase("Way", "方案"),
    "column.promised_ways.first_on": Phrase("First goods", "首批"),
    "column.promised_ways.last_on": Phrase("All of it", "全部"),
    "column.promised_ways.confidence": Phrase("Sure", "把握"),
    "column.promised_ways.undated": Phrase("Lines without a date", "无交期行数"),
    "column.free.item": Phrase("Product", "物料"),
    "column.free.site": Phrase("Site", "地点"),
    "column.free.free": Phrase("Free today", "今日可承诺"),
    "column.free.on_hand": Phrase("On hand", "现有量"),
    "column.free.promised": Phrase("Promised", "已承诺"),
    "column.free.next_on": Phrase("Next receipt", "下次到货"),
    "column.free.next_quantity": Phrase("Receipt", "到货量"),
}
