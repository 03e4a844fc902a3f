"""Words of the rules that a firm gives its promises."""

from display.words.phrase import Phrase

PHRASES = {
    "right.promises.rule": Phrase("Rule promises", "制定承诺规则"),
    "right.promises.rule.help": Phrase(
        "Says how delivery dates are promised: how sure, who is served first, cut-off hours, substitutes, transfers.",
        "规定如何承诺交期：把握程度、先后顺序、截单时间、替代品、调拨天数。",
    ),
    "promise_rules.title": Phrase("Rules of promising", "承诺规则"),
    "promise_rules.alt": Phrase("What the firm rules of its promises, and who said so", "公司对承诺的规定及制定人"),
    "promise_rules.none": Phrase(
        "No rules yet: 90%, first come first served, no cut-off hours, no substitutes, seven days between sites.",
        "尚无规则：把握90%，先到先得，无截单时间，无替代品，地点间调拨七天。",
    ),
    "promise_rules.note": Phrase(
        "A rule holds for everybody at once. A later one about the same takes its place; taking it back brings the "
        "earlier one again. Promises already given stay as they were given.",
        "规则立即对所有人生效。就同一事项的后一条规则取代前一条；撤回后前一条恢复。已作出的承诺保持不变。",
    ),
    "promise_rules.kind": Phrase("Rule", "规则"),
    "promise_rules.about": Phrase("About", "适用于"),
    "promise_rules.key": Phrase("Number or name", "编号或名称"),
    "promise_rules.key.product": Phrase("Product, by number or name", "物料编号或名称"),
    "promise_rules.key.transfer": Phrase("From site", "从地点"),
    "promise_rules.other.substitute": Phrase("May be replaced by", "可替换为"),
    "promise_rules.other.transfer": Phrase("To site", "到地点"),
    "promise_rules.value": Phrase("Says", "规定"),
    "promise_rules.value.cut_off": Phrase("Hour, such as 14:00", "时间，例如14:00"),
    "promise_rules.value.holidays": Phrase("Country, such as CN", "国家代码，例如CN"),
    "promise_rules.value.transfer": Phrase("Days", "天数"),
    "promise_rules.say": Phrase("Keep the rule", "保存规则"),
    "promise_rules.said": Phrase("Rule {number} holds from now on.", "规则{number}即刻生效。"),
    "promise_rules.withdraw": Phrase("Take it back", "撤回"),
    "promise_rules.withdraw.which": Phrase("Rule no.", "规则编号"),
    "promise_rules.withdrawn": Phrase("Rule {number} no longer holds.", "规则{number}已撤回。"),
    "promise_rules.refused.unknown": Phrase(
        "Nothing, or more than one thing, is called “{what}”. Write its number, or its whole name.",
        "没有或有多个名为“{what}”的对象。请输入其编号或完整名称。",
    ),
    "promise_rules.refused.unsound": Phrase(
        "That cannot be ruled. Write hours as 14:00, countries as CN, days as a number up to 365, and two different "
        "products or sites.",
        "无法保存该规则。时间请写作14:00，国家写作CN，天数为不超过365的数字，且两个物料或地点须不同。",
    ),
    "promise_rules.refused.whole_firm": Phrase(
        "This rule is about the whole firm. Ask somebody who sees all its companies.",
        "该规则涉及整个集团。请由可查看所有公司的人员制定。",
    ),
    "promise_rules.refused.gone": Phrase("This rule no longer stands.", "该规则已不存在。"),
    "promise_rules.refused.too_large": Phrase(
        "This is too long to be kept. Shorten it.", "内容过长，无法保存。请缩短。"
    ),
    "promise_rules.kind.level": Phrase("Usual confidence", "默认把握"),
    "promise_rules.kind.serving": Phrase("Who is served first", "先后顺序"),
    "promise_rules.kind.class": Phrase("Class of customers", "客户等级"),
    "promise_rules.kind.cut_off": Phrase("Cut-off hour", "截单时间"),
    "promise_rules.kind.substitute": Phrase("Substitute", "替代品"),
    "promise_rules.kind.holidays": Phrase("Public holidays", "公共假日"),
    "promise_rules.kind.transfer": Phrase("Transfer time", "调拨天数"),
    "promise_rules.about.site": Phrase("Site", "地点"),
    "promise_rules.about.carrier": Phrase("Carrier", "承运人"),
    "promise_rules.about.customer": Phrase("Customer", "客户"),
    "promise_rules.about.segment": Phrase("Segment", "客户分组"),
    "promise_rules.about.product": Phrase("Product", "物料"),
    "promise_rules.value.first": Phrase("First come, first served", "先到先得"),
    "promise_rules.value.class": Phrase("By class of customer", "按客户等级"),
    "promise_rules.says.level": Phrase("{value}%", "{value}%"),
    "promise_rules.says.cut_off": Phrase("until {value}", "{value}前"),
    "promise_rules.says.transfer": Phrase("{value} days", "{value}天"),
    "promise_rules.applied.level": Phrase(
        "As sure as your firm usually promises: {value}%.", "按贵公司默认把握：{value}%。"
    ),
    "promise_rules.applied.cut_off.site": Phrase(
        "It is past {value}, the cut-off of {name}: what is asked for now counts for the next working day there.",
        "已过{name}的截单时间{value}：现在的询问计入该处下一个工作日。",
    ),
    "promise_rules.applied.cut_off.carrier": Phrase(
        "It is past {value}, when {name} takes its last goods: what is asked for now leaves on the next working day.",
        "已过{name}的收货截止时间{value}：现在的询问于下一个工作日发货。",
    ),
    "promise_rules.applied.cut_off.customer": Phrase(
        "It is past {value}, the cut-off agreed with {name}: what is asked for now counts for the next working day.",
        "已过与{name}约定的截单时间{value}：现在的询问计入下一个工作日。",
    ),
    "promise_rules.applied.holidays": Phrase(
        "{name} works by the public holidays of {value}, and on weekends that make up for them.",
        "{name}按{value}的公共假日及调休安排工作。",
    ),
    "promise_rules.applied.serving": Phrase(
        "A customer of class {value}: {count} open orders of lower classes that nobody has promised a day step back. "
        "No promise is broken.",
        "{value}级客户：{count}张尚未承诺日期的较低等级订单让后。已有承诺不受影响。",
        one="A customer of class {value}: {count} open order of a lower class that nobody has promised a day steps "
        "back. No promise is broken.",
    ),
    "promise_rules.nameless": Phrase("the customer", "该客户"),
    "delivery.carrier": Phrase("Carrier", "承运人"),
    "delivery.carrier.any": Phrase("As usual", "照常"),
    "delivery.wait.cut_off": Phrase("Past the cut-off", "已过截单时间"),
    "delivery.binding.cut_off": Phrase(
        "What decides the day: it is too late for today; {item} is ready and leaves on {day}.",
        "决定交期的是截单时间：今天已过，{item}已备妥，{day}发货。",
    ),
    "delivery.option.substitute": Phrase("{item} instead of {instead_of}", "以{item}替代{instead_of}"),
    "column.promise_rules.number": Phrase("No.", "编号"),
    "column.promise_rules.kind": Phrase("Rule", "规则"),
    "column.promise_rules.about": Phrase("About", "适用于"),
    "column.promise_rules.name": Phrase("Name", "名称"),
    "column.promise_rules.other": Phrase("And", "及"),
    "column.promise_rules.says": Phrase("Says", "规定"),
    "column.promise_rules.person": Phrase("By", "制定人"),
    "column.promise_rules.said_at": Phrase("Since", "自"),
}
