"""Words of Demand."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.demand": Phrase("Demand", "需求预测"),
    "menu.demand.help": Phrase(
        "What will be asked for in the next 13 weeks, how sure that is, and what it is made of.",
        "未来13周的需求预测、把握程度及其构成。",
    ),
    "demand.working": Phrase("The forecast is being worked out", "预测正在计算"),
    "demand.working.how": Phrase(
        "It is worked out after each refresh, within a few minutes, beside the server. Open this page again then.",
        "每次刷新后几分钟内在后台计算完成，届时请重新打开本页。",
    ),
    "demand.title": Phrase("{what} will likely be asked for in the next four weeks", "未来四周预计需求{what}"),
    "demand.title.item": Phrase("{item}: about {what} in the next four weeks", "{item}：未来四周约{what}"),
    "demand.title.more": Phrase("{title}, {share} more than a year before", "{title}，比去年同期多{share}"),
    "demand.title.less": Phrase("{title}, {share} less than a year before", "{title}，比去年同期少{share}"),
    "demand.title.same": Phrase("{title}, as much as a year before", "{title}，与去年同期相当"),
    "demand.title.nothing": Phrase("Nothing was asked for", "没有需求"),
    "demand.empty.how": Phrase(
        "No item of these filters was asked for in the last three years. Choose fewer filters.",
        "筛选范围内的物料过去三年没有需求。请减少筛选条件。",
    ),
    "demand.caption.money": Phrase(
        "From all demand up to {day} · customers' demand at list prices", "依据截至{day}的全部需求 · 客户需求按目录价计"
    ),
    "demand.caption.unit": Phrase("From all demand up to {day} · in {unit}", "依据截至{day}的全部需求 · 单位：{unit}"),
    "demand.caption.left_out": Phrase(
        "{count} items without a list price, or used by production alone, are not in the sum",
        "{count}种无目录价或仅用于生产的物料未计入合计",
        one="{count} item without a list price, or used by production alone, is not in the sum",
    ),
    "demand.caption.other_unit": Phrase(
        "{count} items in other units are not in the sum",
        "{count}种其他单位的物料未计入合计",
        one="{count} item in another unit is not in the sum",
    ),
    "demand.all": Phrase("All items", "全部物料"),
    "demand.choose": Phrase("Item", "物料"),
    "demand.find": Phrase("Find an item", "查找物料"),
    "demand.card.7": Phrase("Next 7 days", "未来7天"),
    "demand.card.28": Phrase("Next 28 days", "未来28天"),
    "demand.card.91": Phrase("Next 91 days", "未来91天"),
    "demand.card.range": Phrase("{low} – {high}", "{low}至{high}"),
    "demand.card.help": Phrase(
        "The mean of what may be asked for in these days together; below it the range in which eight of ten cases lie.",
        "这些天合计需求的均值；下方为八成把握的区间。",
    ),
    "demand.card.year": Phrase("Against last year", "未来91天同比"),
    "demand.card.year.note": Phrase("{value} then", "去年同期{value}"),
    "demand.card.year.none": Phrase("no year known", "历史不足一年"),
    "demand.card.year.help": Phrase(
        "What is expected in the next 91 days, against what was recorded in the same weeks a year before.",
        "未来91天预期与去年同期实际记录之比。",
    ),
    "demand.card.missed": Phrase("Usually off by", "通常偏差"),
    "demand.card.missed.note": Phrase("last year’s: {naive}", "用去年同期：{naive}"),
    "demand.card.missed.help": Phrase(
        "By how much four weeks together would have been missed, on average, in hindcasts: forecasts made on past days "
        "from what was known then. Below it, what taking the same weeks of the year before would have missed.",
        "回溯预测（在过去某日仅用当时数据所作）对四周合计的平均偏差；下方为直接取去年同期的偏差。",
    ),
    "demand.card.odd": Phrase("Corrected", "修正处"),
    "demand.card.odd.note": Phrase("{hidden} empty shelves", "其中缺货{hidden}处", one="1 empty shelf"),
    "demand.card.odd.none": Phrase("large orders", "均为大单"),
    "demand.card.odd.help": Phrase(
        "Single orders of the last 52 weeks that are far larger than usual, of which only the usual part counts; and "
        "demand that empty shelves hid, which counts though nobody wrote it down.",
        "过去52周远大于平常的一次性大单（仅计平常部分），以及被缺货掩盖的需求（虽无记录仍计入）。",
    ),
    "demand.grain.weeks": Phrase("By week", "按周"),
    "demand.grain.days": Phrase("By day", "按日"),
    "demand.grain": Phrase("Grain", "粒度"),
    "demand.figure": Phrase("History and forecast", "历史与预测"),
    "demand.figure.recorded": Phrase("Recorded", "已记录"),
    "demand.figure.counted": Phrase("As it counts", "修正后"),
    "demand.figure.mean": Phrase("Expected", "预期"),
    "demand.figure.band_80": Phrase("8 of 10 weeks", "八成区间"),
    "demand.figure.band_95": Phrase("19 of 20 weeks", "95%区间"),
    "demand.figure.alt": Phrase(
        "Demand by week: {last} on average over the last 13 weeks; about {mean} a week expected over the next 13, the "
        "last of them between {low} and {high} in eight of ten cases.",
        "每周需求：过去13周平均{last}；未来13周每周约{mean}，最后一周十次中八次介于{low}与{high}之间。",
    ),
    "demand.figure.days.alt": Phrase(
        "Expected demand of each of the next 28 days, {mean} on average.", "未来28天每日预期需求，平均{mean}。"
    ),
    "demand.sure": Phrase(
        "How sure: in eight of ten cases the next four weeks bring between {low} and {high}, in nineteen of twenty "
        "between {lowest} and {highest}.",
        "可信度：未来四周十次中八次介于{low}与{high}之间，95%介于{lowest}与{highest}之间。",
    ),
    "demand.sure.hindcasts": Phrase(
        "In {cases} hindcasts, four weeks were missed by {missed} on average; the same weeks of the year before would "
        "have missed by {naive}.",
        "在{cases}次回溯预测中，四周平均偏差{missed}；取去年同期则为{naive}。",
        one="In one hindcast, four weeks were missed by {missed}; the same weeks of the year before would have missed "
        "by {naive}.",
    ),
    "demand.sure.worse": Phrase(
        "Here last year's weeks would have been the better guess.", "此处直接取去年同期反而更准。"
    ),
    "demand.sure.none": Phrase(
        "This choice was not tested by hindcasts: they go by company, region, category and item, and need a history of "
        "a year and a quarter.",
        "该范围未经回溯检验：检验按公司、地区、类别和物料进行，且需一年零一季的历史。",
    ),
    "demand.cannot": Phrase(
        "What it cannot know: deals not yet ordered, customers won or lost tomorrow, prices and campaigns still to "
        "come. It knows the past, the calendar and the season.",
        "它无法知道：尚未下单的商机、明天赢得或失去的客户、未来的价格与活动。它只知道历史、日历与季节。",
    ),
    "demand.parts": Phrase("What demand is made of", "需求构成"),
    "demand.parts.level": Phrase("Level", "水平"),
    "demand.parts.season": Phrase("Season", "季节"),
    "demand.parts.events": Phrase("Calendar", "日历"),
    "demand.parts.rest": Phrase("Rest", "其余"),
    "demand.parts.alt": Phrase(
        "Demand by week, split into its level ({level} a week now), the season, the calendar and the rest.",
        "每周需求分解为水平（目前每周{level}）、季节、日历与其余。",
    ),
    "demand.parts.fact.level": Phrase("Level now, a week", "目前每周水平"),
    "demand.parts.fact.sure": Phrase("with 95 %", "95%区间"),
    "demand.parts.fact.trend": Phrase("Trend, a year", "年趋势"),
    "demand.parts.fact.season": Phrase("Season, highest and lowest week", "季节最高与最低周"),
    "demand.parts.fact.events": Phrase("Largest effect of the calendar", "日历最大影响"),
    "demand.parts.range": Phrase("{low} to {high}", "{low}至{high}"),
    "demand.parts.category": Phrase(
        "Of the whole category {category}, at list prices: what is asked for of single items is told apart only for "
        "those worth most.",
        "整个类别{category}（按目录价）：单品分解仅对金额最高者计算。",
    ),
    "demand.parts.none": Phrase(
        "No parts are told here: they are worked out for companies, regions and categories, and for the items that are "
        "worth most, from half a year of demand on.",
        "此处没有分解：仅对公司、地区、类别及金额最高的物料、且需求满半年时计算。",
    ),
    "demand.parts.note": Phrase(
        "A structural model of the weekly demand: level + season + calendar + rest is what was asked for. The calendar "
        "is how much of a week was worked.",
        "周需求的结构模型：水平＋季节＋日历＋其余＝实际需求。日历指当周工作日的多少。",
    ),
    "demand.items": Phrase("Items, the most expected value first", "物料（按预期金额排序）"),
    "demand.items.alt": Phrase("What is expected of each item", "各物料的预期需求"),
    "demand.items.none": Phrase("No item was asked for within a year.", "一年内没有物料有需求。"),
    "demand.items.note": Phrase(
        "Quantities in each item's own unit. Choose a row to open the item.", "数量按各物料单位。选择一行可打开该物料。"
    ),
    "demand.sites": Phrase("Where it is asked for", "各地点需求"),
    "demand.sites.alt": Phrase("What is expected of the item at each site", "该物料在各地点的预期需求"),
    "demand.odd": Phrase("What counts otherwise than it was recorded", "与记录不同的计入"),
    "demand.odd.alt": Phrase("Large orders and hidden demand", "一次性大单与隐藏需求"),
    "demand.odd.none": Phrase("All demand counts as it was recorded.", "全部需求按记录计入。"),
    "demand.odd.note": Phrase(
        "An order far larger than such orders are counts with its usual size. A shelf that was empty while less than "
        "usual was ordered hid demand: what was probably lost counts too.",
        "远大于平常的订单按平常数量计入；缺货且订购少于平常时，可能流失的需求也计入。",
    ),
    "demand.kind.one_off": Phrase("Large order", "大单"),
    "demand.kind.hidden": Phrase("Empty shelf", "缺货"),
    "demand.pattern.smooth": Phrase("Steady", "平稳"),
    "demand.pattern.erratic": Phrase("Uneven", "波动"),
    "demand.pattern.intermittent": Phrase("Now and then", "间断"),
    "demand.pattern.lumpy": Phrase("Lumpy", "块状"),
    "demand.pattern.new": Phrase("New", "新品"),
    "demand.pattern.asleep": Phrase("Asleep", "休眠"),
    "column.demand_items.item": Phrase("Item", "物料"),
    "column.demand_items.pattern": Phrase("Pattern", "形态"),
    "column.demand_items.mean_28": Phrase("Next 28 days", "未来28天"),
    "column.demand_items.range_28": Phrase("8 of 10", "八成区间"),
    "column.demand_items.mean_91": Phrase("Next 91 days", "未来91天"),
    "column.demand_items.last_91": Phrase("Last 91 days", "过去91天"),
    "column.demand_items.last_year": Phrase("Same weeks last year", "去年同期"),
    "column.demand_items.change": Phrase("Change (%)", "同比（%）"),
    "column.demand_items.unit": Phrase("Unit", "单位"),
    "column.demand_items.value": Phrase("Value of 91 days", "91天金额"),
    "column.demand_items.currency": Phrase("Currency", "币种"),
    "column.demand_sites.site": Phrase("Site", "地点"),
    "column.demand_sites.pattern": Phrase("Pattern", "形态"),
    "column.demand_sites.mean_28": Phrase("Next 28 days", "未来28天"),
    "column.demand_sites.range_28": Phrase("8 of 10", "八成区间"),
    "column.demand_sites.mean_91": Phrase("Next 91 days", "未来91天"),
    "column.demand_sites.last_91": Phrase("Last 91 days", "过去91天"),
    "column.demand_sites.last_year": Phrase("Same weeks last year", "去年同期"),
    "column.demand_sites.change": Phrase("Change (%)", "同比（%）"),
    "column.demand_odd.kind": Phrase("What", "类型"),
    "column.demand_odd.item": Phrase("Item", "物料"),
    "column.demand_odd.site": Phrase("Site", "地点"),
    "column.demand_odd.day_on": Phrase("Day", "日期"),
    "column.demand_odd.recorded": Phrase("Recorded", "记录"),
    "column.demand_odd.counted": Phrase("Counts", "计入"),
    "column.demand_weeks.week_on": Phrase("Week until", "周（截至）"),
    "column.demand_weeks.mean": Phrase("Expected", "预期"),
    "column.demand_weeks.q50": Phrase("Middle", "中位"),
    "column.demand_weeks.q10": Phrase("9 of 10 above", "九成高于"),
    "column.demand_weeks.q90": Phrase("9 of 10 below", "九成低于"),
    "column.demand_weeks.q95": Phrase("19 of 20 below", "95%低于"),
    "demand.weeks": Phrase("Week by week", "逐周预测"),
    "demand.weeks.in": Phrase("Week by week, in {what}", "逐周预测（{what}）"),
    "demand.weeks.alt": Phrase("What is expected of each of the next 13 weeks", "未来13周逐周预测"),
}
