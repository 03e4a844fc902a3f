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
    "driver.member": Phrase("{dimension}: {member}", "{dimension}：{member}"),
    "driver.new_products": Phrase("New product: {member}", "新产品：{member}"),
    "driver.lost_products": Phrase("No longer sold: {member}", "停售产品：{member}"),
    "driver.price": Phrase("Prices of {member}", "价格：{member}"),
    "driver.price.all": Phrase("Prices of all products", "所有产品的价格"),
    "driver.cost": Phrase("Unit costs of {member}", "单位成本：{member}"),
    "driver.cost.all": Phrase("Unit costs of all products", "所有产品的单位成本"),
    "driver.currency": Phrase("Exchange rate of {member}", "汇率：{member}"),
    "driver.mix": Phrase("A shift between products that bring more and less", "高价值与低价值产品之间的结构变化"),
    "driver.volume": Phrase("Everything alike", "各方面同步变化"),
    "driver.unknown": Phrase("not given", "未指定"),
    "driver.chance": Phrase("Nothing stands out from the usual ups and downs", "未发现超出正常波动的单一原因"),
    "bridge.before": Phrase("Before", "对比期"),
    "bridge.after": Phrase("Now", "本期"),
    "bridge.alt": Phrase("From {before} to {after}: {effects}", "由{before}到{after}：{effects}"),
    "bridge.none": Phrase("There is nothing to compare with", "无可比数据"),
}
