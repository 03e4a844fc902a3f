"""Words of Stock value and age."""

from display.words.phrase import Phrase

PHRASES = {
    "stock.title": Phrase(
        "{value} of stock; {dead} lies dead and {excess} is more than needed",
        "库存{value}；其中呆滞{dead}，超出需求{excess}",
    ),
    "stock.title.dead": Phrase("{value} of stock; {dead} of it lies dead", "库存{value}；其中呆滞{dead}"),
    "stock.title.excess": Phrase("{value} of stock; {excess} is more than needed", "库存{value}；其中超出需求{excess}"),
    "stock.title.calm": Phrase(
        "{value} of stock; none of it lies dead, and none is more than needed", "库存{value}；没有呆滞，也没有超出需求"
    ),
    "stock.title.items": Phrase(
        "{count} items in stock: {dead} dead, {excess} more than needed",
        "{count}种物料有库存：呆滞{dead}种，超出需求{excess}种",
        one="{count} item in stock: {dead} dead, {excess} more than needed",
    ),
    "stock.title.nothing": Phrase("Stock value and age", "库存金额与库龄"),
    "stock.caption": Phrase(
        "Stock on {day} · valued at {basis} · dead after {days} days without use",
        "{day}库存 · 按{basis}计价 · {days}天未使用视为呆滞",
    ),
    "stock.caption.no_costs": Phrase(
        "Stock on {day} · dead after {days} days without use", "{day}库存 · {days}天未使用视为呆滞"
    ),
    "stock.caption.unvalued": Phrase(
        "{count} items have no known cost and are in no amount",
        "{count}种物料成本未知，未计入任何金额",
        one="{count} item has no known cost and is in no amount",
    ),
    "stock.basis": Phrase("Value at", "计价基础"),
    "stock.basis.standard": Phrase("Standard cost", "标准成本"),
    "stock.basis.last_price": Phrase("Last purchase price", "最近采购价"),
    "stock.basis.average_price": Phrase("12-month average", "12个月平均采购价"),
    "stock.in_basis.standard": Phrase("standard cost", "标准成本"),
    "stock.in_basis.last_price": Phrase("the last purchase price", "最近采购价"),
    "stock.in_basis.average_price": Phrase("the average purchase price of 12 months", "12个月平均采购价"),
    "stock.card.value": Phrase("Stock value", "库存金额"),
    "stock.card.value.note": Phrase("{count} items", "{count}种物料", one="{count} item"),
    "stock.card.value.help": Phrase(
        "On hand times the cost of one unit at the company that holds it, over items whose cost is known.",
        "现有量乘以持有公司的单位成本，仅含成本已知的物料。",
    ),
    "stock.card.items": Phrase("Items in stock", "有库存的物料"),
    "stock.card.items.note": Phrase("at {count} sites", "分布于{count}个地点", one="at {count} site"),
    "stock.card.items.help": Phrase("Items of which there is stock at any site.", "在任一地点有库存的物料。"),
    "stock.card.dead": Phrase("Dead stock", "呆滞库存"),
    "stock.card.dead.note": Phrase("{count} items", "{count}种物料", one="{count} item"),
    "stock.card.dead.share": Phrase("{share} of stock", "占库存{share}"),
    "stock.card.dead.help": Phrase(
        "Stock of items that nobody has used for 365 days, and that nobody has on order: no delivery to a customer, "
        "no consumption, no order. A transfer between own sites is no use.",
        "365天内未被使用且没有未交需求的物料库存：无交货、无领用、无订单。自有地点之间的调拨不算使用。",
    ),
    "stock.card.excess": Phrase("More than needed", "超出需求"),
    "stock.card.excess.note": Phrase("{count} items", "{count}种物料", one="{count} item"),
    "stock.card.excess.share": Phrase("{share} of stock", "占库存{share}"),
    "stock.card.excess.help": Phrase(
        "Stock above what a site needs: what 95 of 100 past spans drew from it. The span is the lead time, 14 days "
        "until somebody looks again, and 30, 60 or 90 days by class A, B or C. Open orders of customers count. "
        "Dead stock and items new in stock are not counted here.",
        "超出地点所需的库存。所需量为过去同长时段中95%不超过的消耗量；时段为提前期加14天检查周期，再按A、B、C类加30、60或90天。"
        "计入未交订单。不含呆滞库存和新入库物料。",
    ),
    "stock.card.on_order": Phrase("Too much on order", "在途过多"),
    "stock.card.on_order.note": Phrase("{count} items to look at", "{count}种物料待查", one="{count} item to look at"),
    "stock.card.on_order.none": Phrase("nothing to cancel", "无需取消"),
    "stock.card.on_order.help": Phrase(
        "Open purchases and work orders that come on top of what is needed: what could still be cancelled or put off.",
        "超出所需的采购与生产订单：仍可取消或推迟。",
    ),
    "stock.card.old": Phrase("Older than a year", "库龄超过一年"),
    "stock.card.old.share": Phrase("{share} of stock", "占库存{share}"),
    "stock.card.old.note": Phrase("{count} items", "{count}种物料", one="{count} item"),
    "stock.card.old.help": Phrase(
        "Stock that came in from outside more than 365 days ago, or before the records begin. The oldest leaves first; "
        "a transfer between own sites makes nothing younger.",
        "从外部入库超过365天，或早于记录起点的库存。先进先出；自有地点之间的调拨不会使库龄变小。",
    ),
    "stock.card.basis": Phrase("At purchase prices", "按采购价"),
    "stock.card.basis.note": Phrase("vs standard cost", "与标准成本之差"),
    "stock.card.basis.help": Phrase(
        "By how much the same stock is worth more or less at the average purchase price of the last 12 months than at "
        "standard cost. Items that were not bought stay at standard cost.",
        "同一批库存按过去12个月平均采购价与按标准成本计价的差额。未采购的物料仍按标准成本计。",
    ),
    "stock.card.important": Phrase("A items", "A类物料"),
    "stock.card.important.note": Phrase("80% of the worth", "占价值的80%"),
    "stock.card.important.help": Phrase(
        "The few items that make up the first 80% of what all items brought in 365 days.",
        "365天内合计贡献前80%价值的少数物料。",
    ),
    "stock.ages": Phrase("How old it is", "库龄"),
    "stock.ages.alt": Phrase("Stock by age: {parts}", "按库龄的库存：{parts}"),
    "stock.ages.none": Phrase("Nothing lies in stock.", "没有库存。"),
    "stock.ages.below_zero": Phrase(
        "Levels recorded below zero take {money} off the value and have no age.",
        "账面负库存冲减金额{money}，不计库龄。",
    ),
    "stock.age.to_30": Phrase("Up to 30 days", "30天以内"),
    "stock.age.to_90": Phrase("31 to 90 days", "31至90天"),
    "stock.age.to_180": Phrase("91 to 180 days", "91至180天"),
    "stock.age.to_365": Phrase("181 to 365 days", "181至365天"),
    "stock.age.over_365": Phrase("Over 365 days", "超过365天"),
    "stock.age.unrecorded": Phrase("Older than the records", "早于记录起点"),
    "stock.age.below_zero": Phrase("Below zero", "负库存"),
    "stock.matrix": Phrase("What it is: importance and evenness", "重要性与需求稳定性"),
    "stock.matrix.alt": Phrase("Stock by class: {parts}", "按类别的库存：{parts}"),
    "stock.matrix.cell": Phrase("{count} items", "{count}种", one="{count} item"),
    "stock.matrix.A": Phrase("A · first 80% of worth", "A · 价值前80%"),
    "stock.matrix.B": Phrase("B · up to 95%", "B · 至95%"),
    "stock.matrix.C": Phrase("C · the rest", "C · 其余"),
    "stock.matrix.X": Phrase("X · even", "X · 平稳"),
    "stock.matrix.Y": Phrase("Y · varies", "Y · 波动"),
    "stock.matrix.Z": Phrase("Z · lumpy", "Z · 不规则"),
    "stock.matrix.unasked": Phrase(
        "{count} more items had no demand in a year ({money} in stock).",
        "另有{count}种物料一年内无需求（库存{money}）。",
        one="{count} more item had no demand in a year ({money} in stock).",
    ),
    "stock.matrix.unasked.no_costs": Phrase(
        "{count} more items had no demand in a year.",
        "另有{count}种物料一年内无需求。",
        one="{count} more item had no demand in a year.",
    ),
    "stock.matrix.intermittent": Phrase(
        "{count} items are asked for only now and then.",
        "{count}种物料为间歇性需求。",
        one="{count} item is asked for only now and then.",
    ),
    "stock.ranked.no_costs": Phrase("Dead and more than needed", "呆滞与超出需求"),
    "stock.ranked": Phrase("Dead and more than needed, by money tied up", "呆滞与超出需求（按占用金额排序）"),
    "stock.ranked.alt": Phrase(
        "Items and sites with dead or excess stock, ranked by the money tied up",
        "有呆滞或超出需求库存的物料与地点，按占用金额排序",
    ),
    "stock.ranked.none": Phrase(
        "Nothing lies dead, and nothing is more than needed.", "没有呆滞库存，也没有超出需求的库存。"
    ),
    "stock.verdict.dead": Phrase("Dead", "呆滞"),
    "stock.verdict.excess": Phrase("More than needed", "超出需求"),
    "stock.verdict.on_order": Phrase("Too much on order", "在途过多"),
    "stock.intermittent.yes": Phrase("Yes", "是"),
    "stock.intermittent.no": Phrase("No", "否"),
    "stock.groups": Phrase("Where it is", "分布"),
    "stock.groups.alt": Phrase(
        "Stock value, age, dead and excess stock by {grouping}", "按{grouping}的库存金额、库龄、呆滞与超出需求"
    ),
    "stock.bases": Phrase("The same stock by another cost", "同一库存的不同计价"),
    "stock.bases.alt": Phrase("Value of the stock by basis of cost", "按计价基础的库存金额"),
    "stock.bases.note": Phrase(
        "What was never bought, or not in the last 12 months, stays at standard cost.",
        "从未采购或12个月内未采购的物料仍按标准成本计。",
    ),
    "column.positions.item": Phrase("Item", "物料"),
    "column.positions.site": Phrase("Site", "地点"),
    "column.positions.verdict": Phrase("Why", "原因"),
    "column.positions.on_hand": Phrase("On hand", "现有量"),
    "column.positions.on_order": Phrase("On order", "在途量"),
    "column.positions.need_quantity": Phrase("Needed", "所需量"),
    "column.positions.idle_since": Phrase("Unused since", "未使用起"),
    "column.positions.tied_value": Phrase("Tied up", "占用金额"),
    "column.positions.currency": Phrase("Currency", "币种"),
    "column.holdings.group": Phrase("Group", "分组"),
    "column.holdings.products": Phrase("Items", "物料数"),
    "column.holdings.stock_value": Phrase("Stock value", "库存金额"),
    "column.holdings.old_value": Phrase("Over a year old", "超过一年"),
    "column.holdings.dead_value": Phrase("Dead", "呆滞"),
    "column.holdings.excess_value": Phrase("More than needed", "超出需求"),
    "column.holdings.excess_on_order_value": Phrase("Too much on order", "在途过多"),
    "column.holdings.currency": Phrase("Currency", "币种"),
    "column.bases.basis": Phrase("Cost", "成本"),
    "column.bases.value": Phrase("Stock value", "库存金额"),
    "column.bases.difference": Phrase("Against standard cost", "与标准成本之差"),
    "column.bases.currency": Phrase("Currency", "币种"),
    "column.classes.item": Phrase("Item", "物料"),
    "column.classes.abc": Phrase("Importance", "重要性"),
    "column.classes.xyz": Phrase("Evenness", "稳定性"),
    "column.classes.is_intermittent": Phrase("Now and then", "间歇性"),
    "column.classes.on_hand": Phrase("On hand", "现有量"),
    "column.classes.stock_value": Phrase("Stock value", "库存金额"),
    "column.classes.worth": Phrase("Worth in 365 days", "365天价值"),
    "column.classes.currency": Phrase("Currency", "币种"),
}
