"""Words of the overview."""

from display.words.phrase import Phrase

PHRASES: dict[str, Phrase] = {
    "overview.title.calm": Phrase("{state}; nothing waits for a decision", "{state}；无待决事项"),
    "overview.title.waiting": Phrase(
        "{state}; {count} decisions wait, the largest worth {money}",
        "{state}；{count}项待决，最大一项涉及{money}",
        one="{state}; 1 decision waits, worth {money}",
    ),
    "overview.title.waiting.no_money": Phrase(
        "{state}; {count} decisions wait", "{state}；{count}项待决", one="{state}; 1 decision waits"
    ),
    "overview.state.alone": Phrase("{metric}: {value}", "{metric}：{value}"),
    "overview.state.on.plan": Phrase("{metric} is on plan", "{metric}符合计划"),
    "overview.state.above.plan": Phrase("{metric} is {gap} above plan", "{metric}高于计划 {gap}"),
    "overview.state.below.plan": Phrase("{metric} is {gap} below plan", "{metric}低于计划 {gap}"),
    "overview.state.on.before": Phrase("{metric} is as it was", "{metric}与对比期持平"),
    "overview.state.above.before": Phrase("{metric} is up by {gap}", "{metric}上升 {gap}"),
    "overview.state.below.before": Phrase("{metric} is down by {gap}", "{metric}下降 {gap}"),
    "overview.also.gross_margin_rate": Phrase("margin {value}", "毛利率 {value}"),
    "overview.also.days_of_stock": Phrase("lasts {value}", "可用 {value}"),
    "overview.also.items_out": Phrase("{value} items out", "{value} 种缺货"),
    "overview.decisions": Phrase("Needs a decision", "待决事项"),
    "overview.decisions.none": Phrase(
        "Nothing crosses a threshold today. What would is told in the documentation.", "今日没有超出阈值的事项。"
    ),
    "overview.decisions.all": Phrase("All {count}", "全部{count}项"),
    "overview.decisions.alt": Phrase("What needs a decision, by money at stake", "待决事项（按涉及金额排序）"),
    "overview.decisions.evidence": Phrase("Evidence", "依据"),
}
