"""Words of Forecast accuracy."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.accuracy": Phrase("Forecast accuracy", "预测准确度"),
    "menu.accuracy.help": Phrase(
        "How far forecasts were off, and whether stock-out chances came true.", "预测偏差多少，缺货概率是否应验。"
    ),
    "accuracy.title": Phrase(
        "Stock-outs: {said} said, {came} came; four weeks of demand are off by {missed}",
        "缺货：预计{said}，实际{came}；四周需求偏差{missed}",
    ),
    "accuracy.title.chances": Phrase("Stock-outs: {said} said, {came} came", "缺货：预计{said}，实际{came}"),
    "accuracy.title.demand": Phrase("Four weeks of demand are off by {missed}", "四周需求偏差{missed}"),
    "accuracy.title.nothing": Phrase("Nothing could be tested yet", "尚无法检验"),
    "accuracy.caption": Phrase(
        "Hindcasts: made now of past days, from what was known then; {asked} days for stock-outs",
        "回溯：现在对过去某日、仅用当时数据所作；缺货检验{asked}个日期",
    ),
    "accuracy.empty.how": Phrase(
        "Testing needs a history of half a year of stock, and of a year and a quarter of demand, within the filters.",
        "检验需要筛选范围内半年的库存历史和一年零一季的需求历史。",
    ),
    "accuracy.card.7": Phrase("Out within 7 days", "7天内缺货"),
    "accuracy.card.14": Phrase("Out within 14 days", "14天内缺货"),
    "accuracy.card.28": Phrase("Out within 28 days", "28天内缺货"),
    "accuracy.card.note": Phrase("said {said}", "预计{said}"),
    "accuracy.card.help": Phrase(
        "The share of items at sites that ran out within so many days, if nobody had ordered more; below it what had "
        "been said on average. The two should be equal.",
        "若无人补订，在此天数内缺货的物料占比；下方为事先所说的平均概率，两者应相等。",
    ),
    "accuracy.card.skill": Phrase("Brier skill, 28 days", "28天Brier技能"),
    "accuracy.card.skill.note": Phrase("off by {off}", "偏离{off}"),
    "accuracy.card.skill.help": Phrase(
        "By how much the chances are better than saying the same share of every item: 0 is no better, 100 % is "
        "perfect. Below it by how much said and came are apart on average, over the classes of chances.",
        "比对所有物料一律说平均概率好多少：0为无改进，100%为完美；下方为各概率档的平均偏离。",
    ),
    "accuracy.card.band": Phrase("In the 80 % band", "落入80%区间"),
    "accuracy.card.band.note": Phrase("95 % band: {share}", "95%区间：{share}"),
    "accuracy.card.band.help": Phrase(
        "The share of weeks of single items in which demand lay in the band that should hold 80 %. Demand comes in "
        "whole units: bands of items that are seldom asked for hold somewhat more.",
        "单品周需求落入应含80%区间的占比。需求为整数，少用物料的区间略宽。",
    ),
    "accuracy.card.whole": Phrase("4 weeks in all", "四周合计偏差"),
    "accuracy.card.whole.note": Phrase("last year’s: {naive}", "用去年同期：{naive}"),
    "accuracy.card.whole.help": Phrase(
        "By how much the demand of four weeks, of all items of the filters together, was missed on average; below it, "
        "what the same weeks of the year before would have missed.",
        "筛选范围内全部物料四周合计需求的平均偏差；下方为直接取去年同期的偏差。",
    ),
    "accuracy.source.chances": Phrase("Hindcasts", "回溯"),
    "accuracy.source.kept": Phrase("Kept at the time", "当时留存"),
    "accuracy.source": Phrase("Which chances", "概率来源"),
    "accuracy.days": Phrase("Days ahead", "天数"),
    "accuracy.days.7": Phrase("7 days", "7天"),
    "accuracy.days.14": Phrase("14 days", "14天"),
    "accuracy.days.28": Phrase("28 days", "28天"),
    "accuracy.chances": Phrase("Did stock-out chances come true?", "缺货概率应验了吗？"),
    "accuracy.chances.note": Phrase(
        "A chance came true where more was asked for than stock and the orders open then could cover, on the days on "
        "which these really came. What somebody ordered later counts neither way. Work orders are taken as known two "
        "days before their start, and stated days as the first that were stated.",
        "若需求超出当时库存与在途订单（按实际到货日）所能满足，即为应验；事后补订不计。工单视为开工前两天已知，日期取最初约定。",
    ),
    "accuracy.chances.none": Phrase(
        "Nothing to compare yet: stock of half a year is needed.", "暂无可比：需要半年的库存历史。"
    ),
    "accuracy.kept.none": Phrase(
        "Every study keeps what it says. Four weeks after the first, it stands here beside what came.",
        "每次计算都会留存所说概率；首次留存四周后，在此与实际对照。",
    ),
    "accuracy.figure.said": Phrase("Said", "预计概率"),
    "accuracy.figure.came": Phrase("Came true", "实际应验"),
    "accuracy.figure.perfect": Phrase("As it should be", "理想"),
    "accuracy.figure.hover": Phrase("said {said}, came {came}, {cases} cases", "预计{said}，应验{came}，{cases}例"),
    "accuracy.figure.alt": Phrase(
        "Chances that were said, and how often they came true, by class: {classes}.",
        "各档预计概率与应验比例：{classes}。",
    ),
    "accuracy.figure.class": Phrase("{said} said, {came} came, of {cases}", "预计{said}、应验{came}（{cases}例）"),
    "accuracy.told": Phrase("What we would have said, and what came", "若当时预测与实际对照"),
    "accuracy.told.weeks": Phrase("Demand by week", "周需求"),
    "accuracy.told.alt": Phrase(
        "Weekly demand that came, and what hindcasts at {count} past days would have told: missed by {missed}.",
        "实际周需求与{count}个过去日期的回溯预测对照：偏差{missed}。",
    ),
    "accuracy.told.none": Phrase(
        "Not told for this choice: hindcasts of sums go by company, region and category, at list prices.",
        "该范围没有合计回溯：按公司、地区、类别并以目录价计。",
    ),
    "accuracy.told.came": Phrase("Came", "实际"),
    "accuracy.told.mean": Phrase("Would have been told", "当时会预测"),
    "accuracy.told.band": Phrase("8 of 10", "八成区间"),
    "accuracy.demand": Phrase("How far forecasts of single items were off", "单品预测偏差"),
    "accuracy.demand.alt": Phrase("Errors of forecasts by class and horizon", "按类别与期限的预测误差"),
    "accuracy.demand.none": Phrase("The history is too short to test it.", "历史太短，无法检验。"),
    "accuracy.demand.note": Phrase(
        "All errors in ratio to what came, at list prices; last year: the same weeks a year before; average: of the 13 "
        "weeks before. Scaled: against how much demand usually changes, below 1 is better. Quantile loss: against the "
        "quantiles of the last year, below 100 % is better. Single weeks of items that are seldom asked for are mostly "
        "chance; sums over four and thirteen weeks are what one plans by.",
        "误差均为占实际需求之比（按目录价）；去年：去年同期；均值：前13周均值。缩放误差以通常变动为准，小于1更好；"
        "分位损失与过去一年分位数相比，低于100%更好。少用物料的单周多属偶然，计划应看四周与十三周合计。",
    ),
    "accuracy.signs": Phrase("What deals, campaigns and service add to the forecast", "商机、活动与服务信号的增益"),
    "accuracy.signs.gain": Phrase(
        "They help: four weeks of categories are missed by {gained} less (95 %: {low} to {high}). The same signs of "
        "other days gain {placebo} on average, {most} at best. Used in {used} of {places} categories and regions.",
        "有帮助：类别四周偏差减少{gained}（95%：{low}至{high}）；打乱日期的同样信号平均{placebo}、最好{most}。"
        "在{places}个类别与地区中使用{used}个。",
    ),
    "accuracy.signs.nothing": Phrase(
        "On the whole they add nothing beyond chance: the gain is {gained} of what is missed in four weeks of "
        "categories (95 %: {low} to {high}). The same signs of other days gain {placebo} on average, {most} at best. "
        "Used in {used} of {places} categories and regions, where they helped.",
        "总体上并未带来超出偶然的改善：类别四周偏差的增益为{gained}（95%：{low}至{high}）；打乱日期的同样信号平均{placebo}、"
        "最好{most}。仅在有帮助的{places}个类别与地区中的{used}个使用。",
    ),
    "accuracy.signs.alt": Phrase(
        "By category, by how much errors fall with signs of sales, marketing and service",
        "各类别加入销售、营销与服务信号后的偏差变化",
    ),
    "accuracy.signs.none": Phrase(
        "Not tested for this choice: a year and a half of demand is needed, and signs go by company, region and "
        "category.",
        "该范围未检验：需要一年半的需求历史，且信号按公司、地区、类别。",
    ),
    "accuracy.signs.note": Phrase(
        "Signs: open deals by how likely they are won within four weeks, campaigns, complaints, returns, bad marks and "
        "talks of trouble, each as known on the day. Every four weeks of the past, four weeks were told without and "
        "with them, by what was over by then. They are used only where they gained beyond the interval and beyond "
        "every one of 19 shuffles. Below 0 %, they would have harmed.",
        "信号：未结商机（四周内赢单概率）、活动、投诉、退货、差评与问题对话，均以当日已知为准。"
        "每隔四周，分别用与不用信号预测其后四周，"
        "仅学习当时已结束者。只有增益超出区间且胜过19次打乱时才使用；低于0%表示反而有害。",
    ),
    "accuracy.signs.all": Phrase("All together", "合计"),
    "accuracy.signs.range": Phrase("{low} to {high} %", "{low}至{high}%"),
    "column.forecast_signs.category": Phrase("Category", "类别"),
    "column.forecast_signs.tests": Phrase("Days", "日期数"),
    "column.forecast_signs.missed": Phrase("Off without (%)", "无信号偏差（%）"),
    "column.forecast_signs.gained": Phrase("Gain (%)", "增益（%）"),
    "column.forecast_signs.range": Phrase("95 of 100", "95%区间"),
    "column.forecast_signs.placebo": Phrase("Shuffled (%)", "打乱（%）"),
    "column.forecast_signs.placebo_most": Phrase("Best shuffle (%)", "最好打乱（%）"),
    "column.forecast_signs.used": Phrase("Used in regions", "使用地区数"),
    "accuracy.by": Phrase("By", "按"),
    "accuracy.by.pattern": Phrase("Pattern", "形态"),
    "accuracy.by.abc": Phrase("ABC", "ABC"),
    "accuracy.by.span": Phrase("Horizon alone", "仅期限"),
    "accuracy.span.week_1_4": Phrase("Week 1–4", "第1–4周"),
    "accuracy.span.week_5_8": Phrase("Week 5–8", "第5–8周"),
    "accuracy.span.week_9_13": Phrase("Week 9–13", "第9–13周"),
    "accuracy.span.sum_4": Phrase("Sum of 4 weeks", "四周合计"),
    "accuracy.span.sum_13": Phrase("Sum of 13 weeks", "十三周合计"),
    "accuracy.class.A": Phrase("A", "A"),
    "accuracy.class.B": Phrase("B", "B"),
    "accuracy.class.C": Phrase("C", "C"),
    "accuracy.class.all": Phrase("All", "全部"),
    "column.forecast_errors.span": Phrase("Horizon", "期限"),
    "column.forecast_errors.class": Phrase("Class", "类别"),
    "column.forecast_errors.items": Phrase("Items", "物料"),
    "column.forecast_errors.missed": Phrase("Off by (%)", "偏差（%）"),
    "column.forecast_errors.missed_last_year": Phrase("Last year (%)", "去年（%）"),
    "column.forecast_errors.missed_average": Phrase("Average (%)", "均值（%）"),
    "column.forecast_errors.bias": Phrase("Bias (%)", "偏向（%）"),
    "column.forecast_errors.scaled": Phrase("Scaled", "缩放误差"),
    "column.forecast_errors.within_80": Phrase("In 80 % band (%)", "80%区间（%）"),
    "column.forecast_errors.within_95": Phrase("In 95 % band (%)", "95%区间（%）"),
    "column.forecast_errors.pinball": Phrase("Quantile loss (%)", "分位损失（%）"),
    "column.stock_out_reliability.said_class": Phrase("Said", "预计"),
    "column.stock_out_reliability.cases": Phrase("Cases", "例数"),
    "column.stock_out_reliability.said": Phrase("Said on average (%)", "平均预计（%）"),
    "column.stock_out_reliability.came": Phrase("Came true (%)", "应验（%）"),
    "column.stock_out_reliability.range": Phrase("By chance (%)", "偶然范围（%）"),
    "accuracy.class.range": Phrase("{low} to {high} %", "{low}至{high}%"),
}
