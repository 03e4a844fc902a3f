"""Words of Campaigns."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.campaigns": Phrase("Campaigns", "营销活动"),
    "menu.campaigns.help": Phrase(
        "What each campaign cost, whom it reached, what is put down to it, and what it caused.",
        "各活动的成本、触达、归因结果以及真正带来的增量。",
    ),
    "verdict.works": Phrase("Works", "有效"),
    "verdict.unclear": Phrase("Not shown", "未证实"),
    "verdict.no_gain": Phrase("No gain", "无增量"),
    "verdict.differs": Phrase("Groups differ", "组间有差异"),
    "verdict.too_few": Phrase("Too few", "样本不足"),
    "group.addressed": Phrase("Addressed", "已触达"),
    "group.held_out": Phrase("Held out", "对照组"),
    "response.sent": Phrase("Sent", "已发送"),
    "response.opened": Phrase("Opened", "已打开"),
    "response.clicked": Phrase("Clicked", "已点击"),
    "response.replied": Phrase("Replied", "已回复"),
    "response.converted": Phrase("Converted", "已转化"),
    "campaigns.title.nothing": Phrase("No campaign has begun yet", "尚无已开始的营销活动"),
    "campaigns.title": Phrase(
        "{works} of {count} campaigns brought orders that would not have come anyway",
        "{count}个活动中有{works}个带来了原本不会有的订单",
        one="{works} of {count} campaign brought orders that would not have come anyway",
    ),
    "campaigns.caption": Phrase(
        "Data as of {day} · until two weeks after the last day of each", "数据截至{day} · 统计至各活动结束后两周"
    ),
    "campaigns.empty.how": Phrase(
        "No campaign matches the filters, or none was delivered by the CRM.", "没有符合筛选条件的活动，或CRM未提供。"
    ),
    "campaigns.card.cost": Phrase("Cost", "成本"),
    "campaigns.card.cost.note": Phrase("{count} campaigns", "{count}个活动", one="{count} campaign"),
    "campaigns.card.cost.help": Phrase("What the campaigns cost so far.", "各活动迄今的成本。"),
    "campaigns.card.reached": Phrase("Addressed", "触达"),
    "campaigns.card.reached.note": Phrase("{share} opened", "{share}打开"),
    "campaigns.card.reached.help": Phrase(
        "Customers that were addressed, counted once in each campaign; and the share of them that opened a message.",
        "被触达的客户（每个活动各计一次）及其打开率。",
    ),
    "campaigns.card.responded": Phrase("Responded", "响应"),
    "campaigns.card.responded.note": Phrase("clicked or replied", "点击或回复"),
    "campaigns.card.responded.help": Phrase(
        "The share of those addressed who clicked, replied or bought.", "被触达客户中点击、回复或购买的比例。"
    ),
    "campaigns.card.attributed": Phrase("Put down to them", "归因收入"),
    "campaigns.card.attributed.note": Phrase("{count} orders", "{count}张订单", one="{count} order"),
    "campaigns.card.attributed.help": Phrase(
        "What the orders are worth that name a campaign. Some would have come without it.",
        "标注了活动的订单金额，其中一部分没有活动也会产生。",
    ),
    "campaigns.card.works": Phrase("Work", "有效"),
    "campaigns.card.works.note": Phrase("{count} without gain", "{count}个无增量"),
    "campaigns.card.works.help": Phrase(
        "Campaigns whose bounds of order days caused lie above zero; and those whose bounds lie below it.",
        "增量订单区间高于零的活动数；以及区间低于零的活动数。",
    ),
    "campaigns.card.unclear": Phrase("Not shown", "未证实"),
    "campaigns.card.unclear.note": Phrase("bounds hold zero", "区间包含零"),
    "campaigns.card.unclear.help": Phrase(
        "Campaigns of which the data do not tell whether they caused orders: too few customers, a small effect, or "
        "groups that differed before.",
        "数据无法判断是否带来订单的活动：客户过少、效果较小或组间事前已有差异。",
    ),
    "campaigns.list": Phrase("Campaigns, the newest first", "营销活动（最新在前）"),
    "campaigns.list.alt": Phrase(
        "Table of campaigns: cost, reach, response, orders put down to each and caused by it", "营销活动表"
    ),
    "campaigns.figure": Phrase("Orders put down to a campaign, and orders that it caused", "归因订单与增量订单"),
    "campaigns.figure.alt": Phrase("Orders by campaign: {parts}", "各活动订单：{parts}"),
    "campaigns.figure.part": Phrase(
        "{name}: {attributed} put down, {caused} caused, from {low} to {high}",
        "{name}：归因{attributed}，增量{caused}（{low}至{high}）",
    ),
    "campaigns.figure.attributed": Phrase("Put down to it", "归因"),
    "campaigns.figure.caused": Phrase("Caused, 95 of 100", "增量（95%区间）"),
    "campaigns.note": Phrase(
        "Caused: order days of what was advertised, of those addressed beyond those held out on purpose (or, where "
        "nobody was, others of the same regions), with what each bought in the half year before taken into account. "
        "In 95 of 100 cases it lies within the bounds.",
        "增量：被触达客户相对对照组（若无对照组，则为同区域其他客户）在推广产品上多出的下单天数，已考虑各客户前半年的购买。"
        "100次中95次落在区间内。",
    ),
    "campaigns.detail": Phrase("What it caused", "增量效果"),
    "campaigns.fact.verdict": Phrase("Verdict", "结论"),
    "campaigns.fact.days": Phrase("Counted", "统计期间"),
    "campaigns.fact.groups": Phrase("Compared", "对比"),
    "campaigns.fact.orders": Phrase("Order days caused", "增量下单天数"),
    "campaigns.fact.amount": Phrase("Revenue caused", "增量收入"),
    "campaigns.fact.attributed": Phrase("Revenue put down to it", "归因收入"),
    "campaigns.fact.cost": Phrase("Cost", "成本"),
    "campaigns.fact.placebo": Phrase("Placebo", "安慰剂检验"),
    "campaigns.days": Phrase("{first} to {last}", "{first}至{last}"),
    "campaigns.groups.held_out": Phrase(
        "{addressed} addressed, {controls} held out", "触达{addressed}位，对照{controls}位"
    ),
    "campaigns.groups.others": Phrase(
        "{addressed} addressed, {controls} others", "触达{addressed}位，其他{controls}位"
    ),
    "campaigns.bounds": Phrase("{value} ({low} to {high})", "{value}（{low}至{high}）"),
    "campaigns.placebo.note": Phrase(
        "Placebo: the same asked of as many days right before the campaign, when nothing can have been caused. It "
        "should hold zero; where it does not, the groups differ by themselves.",
        "安慰剂检验：对活动前同样天数做同样比较，此时不应有效果。区间应包含零；否则两组本身存在差异。",
    ),
    "campaigns.members": Phrase("Who was addressed", "活动对象"),
    "campaigns.members.alt": Phrase("Table of customers: group, response, order days", "客户表：分组、响应、下单天数"),
    "campaigns.members.none": Phrase("Nobody is known to have been addressed.", "没有已知的活动对象。"),
    "campaigns.first": Phrase(
        "The first {count} are shown; the export has all.", "此处显示前{count}行，导出包含全部。"
    ),
    "column.campaigns.name": Phrase("Campaign", "活动"),
    "column.campaigns.starts_on": Phrase("From", "开始"),
    "column.campaigns.cost": Phrase("Cost", "成本"),
    "column.campaigns.reached": Phrase("Addressed", "触达"),
    "column.campaigns.rate": Phrase("Responded", "响应率"),
    "column.campaigns.attributed_orders": Phrase("Put down", "归因订单"),
    "column.campaigns.orders": Phrase("Caused", "增量"),
    "column.campaigns.verdict": Phrase("Verdict", "结论"),
    "column.campaign_members.customer": Phrase("Customer", "客户"),
    "column.campaign_members.group": Phrase("Group", "分组"),
    "column.campaign_members.response": Phrase("Response", "响应"),
    "column.campaign_members.orders": Phrase("Order days", "下单天数"),
}
