"""Words of figures that people put beside forecasts: giving and withdrawing them, and whether they were nearer."""

from display.words.phrase import Phrase

PHRASES = {
    "right.forecasts.override": Phrase("Give figures", "提出预测"),
    "right.forecasts.override.help": Phrase(
        "Puts a figure of one's own, with its reason, beside the forecast of an item.",
        "可在物料预测旁提出自己的数字并说明理由。",
    ),
    "overrides.title": Phrase("What people expect", "人员判断"),
    "overrides.figure": Phrase("Your figure ({unit})", "您的数字（{unit}）"),
    "overrides.figure.no_unit": Phrase("Your figure", "您的数字"),
    "overrides.days": Phrase("For the next", "期间"),
    "overrides.days.28": Phrase("28 days", "28天"),
    "overrides.days.91": Phrase("91 days", "91天"),
    "overrides.reason": Phrase("Reason", "理由"),
    "overrides.reason.example": Phrase("What do you know that the past does not tell?", "有什么是历史数据看不出的？"),
    "overrides.give": Phrase("Keep", "保存"),
    "overrides.note": Phrase(
        "A figure stands beside the forecast and changes neither it nor any order. When its days are over, both are "
        "compared with what came; one that is withdrawn after more than a day counts all the same.",
        "该数字与预测并列，不改变预测或任何订单。期满后两者都与实际比较；提出一天之后才撤回的仍计分。",
    ),
    "overrides.given": Phrase("Figure {number} is kept.", "数字{number}已保存。"),
    "overrides.withdrawn": Phrase("Figure {number} is withdrawn.", "数字{number}已撤回。"),
    "overrides.withdraw": Phrase("Withdraw {number}", "撤回{number}"),
    "overrides.refused.no_forecast": Phrase(
        "There is no forecast of this item here to put a figure beside.", "此处没有该物料的预测，无法提出数字。"
    ),
    "overrides.refused.no_reason": Phrase("Say why, then it can be kept.", "请填写理由后再保存。"),
    "overrides.refused.no_figure": Phrase("A figure is a quantity of zero or more.", "数字须为零或以上的数量。"),
    "overrides.refused.gone": Phrase(
        "This figure is withdrawn already, or somebody else's.", "该数字已撤回，或由他人提出。"
    ),
    "overrides.refused.too_large": Phrase("This is too long to be kept. Shorten the reason.", "内容过长，请缩短理由。"),
    "overrides.stands": Phrase(
        "{person} expects {figure} {unit} in the {days} days from {day}, where the forecast says {told}: {reason}",
        "{person}预计{day}起{days}天为{figure}{unit}，预测为{told}：{reason}",
    ),
    "overrides.register.alt": Phrase(
        "Figures of people beside the forecast and what came", "人员数字与预测及实际的对照"
    ),
    "overrides.register.none": Phrase(
        "Nobody has put a figure beside the forecast yet. Open an item to give one.",
        "尚无人提出数字。打开一个物料即可提出。",
    ),
    "overrides.state.stands": Phrase("Stands", "有效"),
    "overrides.state.replaced": Phrase("Replaced", "已更新"),
    "overrides.state.withdrawn": Phrase("Withdrawn", "已撤回"),
    "overrides.state.ended": Phrase("Ended", "已期满"),
    "overrides.figure.trace": Phrase("Figure of a person", "人员数字"),
    "column.override_register.number": Phrase("No.", "编号"),
    "column.override_register.item": Phrase("Item", "物料"),
    "column.override_register.state": Phrase("State", "状态"),
    "column.override_register.until_on": Phrase("Until", "截至"),
    "column.override_register.days": Phrase("Days", "天数"),
    "column.override_register.figure": Phrase("Figure", "人员数字"),
    "column.override_register.told": Phrase("Forecast then", "当时预测"),
    "column.override_register.range": Phrase("8 of 10 then", "当时八成区间"),
    "column.override_register.came": Phrase("Came", "实际"),
    "column.override_register.unit": Phrase("Unit", "单位"),
    "column.override_register.reason": Phrase("Reason", "理由"),
    "column.override_register.person": Phrase("By", "提出人"),
    "column.override_register.given_at": Phrase("Given", "提出时间"),
    "accuracy.added": Phrase("Did figures of people help?", "人员判断是否有帮助？"),
    "accuracy.added.by": Phrase("By", "按"),
    "accuracy.added.by.person": Phrase("Person", "人员"),
    "accuracy.added.by.product_id": Phrase("Item", "物料"),
    "accuracy.added.alt": Phrase(
        "How far figures of people missed what came, beside the forecast", "人员数字与预测的偏差对照"
    ),
    "accuracy.added.none": Phrase(
        "No figure of a person has come to its end yet: give one on Demand, and it is scored when its days are over.",
        "尚无期满的人员数字：可在需求页面提出，期满后计分。",
    ),
    "accuracy.added.note": Phrase(
        "Value added is by how much less a figure missed than the forecast of the same day, in ratio to what came; "
        "below zero the forecast alone was nearer. The range holds with 95 %, from five figures on. Items count at "
        "list prices.",
        "增值为人员数字相对同期预测少偏差的比例（以实际为分母）；低于零表示预测更准。区间置信度95%，至少五个数字。按目录价计。",
    ),
    "column.value_added.who": Phrase("Who or what", "对象"),
    "column.value_added.figures": Phrase("Figures", "数字"),
    "column.value_added.nearer": Phrase("Nearer than forecast", "优于预测"),
    "column.value_added.missed": Phrase("Off by (%)", "偏差（%）"),
    "column.value_added.missed_by_forecast": Phrase("Forecast off by (%)", "预测偏差（%）"),
    "column.value_added.added": Phrase("Value added (points)", "增值（百分点）"),
    "column.value_added.range": Phrase("Range (points)", "区间（百分点）"),
}
