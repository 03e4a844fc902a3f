"""Words of what moved a number."""

from display.words.phrase import Phrase

PHRASES: dict[str, Phrase] = {
    "effect.working_days": Phrase("Working days", "工作日"),
    "effect.volume": Phrase("Volume", "数量"),
    "effect.mix": Phrase("Mix", "结构"),
    "effect.price": Phrase("Price", "价格"),
    "effect.currency": Phrase("Currency", "汇率"),
    "effect.cost": Phrase("Cost", "成本"),
    "effect.new_products": Phrase("New products", "新产品"),
    "effect.lost_products": Phrase("Products no longer sold", "停售产品"),
    "effect.other": Phrase("Other", "其他"),
    "bridge.before": Phrase("Before", "对比期"),
    "bridge.after": Phrase("Now", "本期"),
    "bridge.alt": Phrase("From {before} to {after}: {effects}", "由{before}到{after}：{effects}"),
    "bridge.none": Phrase("There is nothing to compare with", "无可比数据"),
}
