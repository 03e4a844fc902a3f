"""Words of persons: whom one may address, what they consented to, and erasing them."""

from display.words.phrase import Phrase

PHRASES = {
    "audience.heading": Phrase("Whom you may address", "可联系对象"),
    "audience.count": Phrase(
        "{count} addresses may be written to or called.",
        "可联系{count}个地址。",
        one="{count} address may be written to or called.",
    ),
    "audience.left_out": Phrase(
        "Left out: {refused} refused, {unknown} never asked; {no_address} customers without such an address.",
        "已排除：拒绝{refused}个，未征询{unknown}个；{no_address}位客户没有此类地址。",
    ),
    "audience.saved": Phrase(
        "Save it as a view: opened again, it is worked out anew from the consents of that day.",
        "可保存为视图：再次打开时按当日的同意情况重新计算。",
    ),
    "audience.none": Phrase("Nobody of these customers has consented.", "这些客户中无人同意。"),
    "audience.alt": Phrase(
        "Persons and addresses that consented, by expected amount", "按预计金额排列的已同意联系人与地址"
    ),
    "audience.channel": Phrase("Channel", "渠道"),
    "audience.stage": Phrase("Stage", "阶段"),
    "audience.stage.all": Phrase("All stages", "全部阶段"),
    "audience.topic": Phrase("Topic", "话题"),
    "audience.topic.all": Phrase("All topics", "全部话题"),
    "audience.group": Phrase("Offers", "推荐"),
    "audience.group.all": Phrase("Offered and held out", "推荐与对照"),
    "audience.group.offer": Phrase("offer", "可推荐"),
    "audience.group.control": Phrase("held out", "对照组"),
    "audience.control": Phrase(
        "One customer in ten is held out for good: make them no offers, so that what offers bring can be measured.",
        "固定保留十分之一的客户为对照组：请勿向其推荐，以便衡量推荐的效果。",
    ),
    "audience.effect.works": Phrase(
        "Offers work: in 90 days the {addressed} customers that may be offered something ordered on {orders} days more "
        "than they would have (95 of 100 cases: {low} to {high}), measured on {controls} that are held out.",
        "推荐有效：90天内，{addressed}位可推荐客户多下单{orders}天（95%区间：{low}至{high}），对照组{controls}位。",
    ),
    "audience.effect.no_gain": Phrase(
        "Offers bring nothing: in 90 days the {addressed} customers that may be offered something ordered on {orders} "
        "days more than they would have (95 of 100 cases: {low} to {high}), measured on {controls} that are held out.",
        "推荐无增益：90天内，{addressed}位可推荐客户的下单天数变化为{orders}天（95%区间：{low}至{high}），对照组{controls}位。",
    ),
    "audience.effect.unclear": Phrase(
        "Whether offers work cannot be told yet: in 90 days the {addressed} customers that may be offered something "
        "ordered on {orders} days more than they would have, and {low} to {high} in 95 of 100 cases, measured on "
        "{controls} that are held out.",
        "尚无法判断推荐是否有效：90天内，{addressed}位可推荐客户多下单{orders}天（95%区间：{low}至{high}），对照组{controls}位。",
    ),
    "audience.effect.differs": Phrase(
        "What offers bring cannot be told: who is held out ordered differently in the 90 days before already.",
        "无法判断推荐效果：对照组在此前90天的下单已有差异。",
    ),
    "audience.effect.too_few": Phrase(
        "What offers bring cannot be told: of these customers {controls} are held out, and ten are needed.",
        "无法判断推荐效果：这些客户中仅{controls}位为对照组，至少需要10位。",
    ),
    "column.audience.group": Phrase("Offers", "推荐"),
    "audience.channel.mail": Phrase("By mail", "邮件"),
    "audience.channel.phone": Phrase("By phone", "电话"),
    "audience.channel.sms": Phrase("By text message", "短信"),
    "audience.title": Phrase("Audience, {left} left out for lack of consent", "可联系对象（因未获同意排除{left}个）"),
    "column.audience.customer": Phrase("Customer", "客户"),
    "column.audience.person": Phrase("Person", "联系人"),
    "column.audience.role": Phrase("Role", "职务"),
    "column.audience.address": Phrase("Address", "联系方式"),
    "column.audience.segment": Phrase("Segment", "分群"),
    "column.audience.stage": Phrase("Stage", "阶段"),
    "column.audience.leaving_risk": Phrase("May leave", "流失概率"),
    "column.audience.expected_amount": Phrase("Expected 90 d", "90天预计"),
    "column.audience.topic": Phrase("Last trouble", "最近问题"),
    "column.audience.decided_at": Phrase("Consented", "同意时间"),
    "column.audience.currency": Phrase("Currency", "币种"),
    "consent.heading": Phrase("May be addressed", "营销同意"),
    "consent.yes": Phrase("yes, since {day}", "可以，自{day}起"),
    "consent.no": Phrase("no, refused on {day}", "不可以，{day}拒绝"),
    "consent.unknown": Phrase("no, never asked", "不可以，未征询"),
    "consent.some": Phrase(
        "{granted} of {all}; {refused} refused, {unknown} never asked",
        "{all}人中{granted}人；拒绝{refused}人，未征询{unknown}人",
    ),
    "consent.no_address": Phrase("no address", "无联系方式"),
    "offer.heading": Phrase("What to offer next", "下一步推荐"),
    "offer.alt": Phrase("Products that the customer will likely buy, in stock", "客户可能购买且有库存的产品"),
    "offer.none": Phrase("Nothing is offered: too little was bought so far.", "暂无推荐：购买记录太少。"),
    "offer.control": Phrase(
        "Held out: make this customer no offers, so that what offers bring can be measured.",
        "对照组：请勿向该客户推荐，以便衡量推荐的效果。",
    ),
    "offer.learned": Phrase(
        "Learned from what customers bought after what: 90 days ago {hit} of {count} customers bought one of ten such "
        "offers, of what sells most {popular}: {gain} points more, give or take {bound}. In stock, at a margin of a "
        "tenth at least.",
        "根据客户的购买先后学习：90天前，{count}位客户中{hit}购买了十项推荐之一，畅销品为{popular}：高{gain}个百分点（±{bound}）。均有库存，毛利率不低于一成。",
    ),
    "offer.popular": Phrase(
        "These are what sells most: for this firm nothing learned is better ({hit} of {count} customers against "
        "{popular}, 90 days ago). In stock, at a margin of a tenth at least.",
        "以下为畅销品：对本公司而言，学习所得并不优于畅销品（90天前，{count}位客户中{hit}，畅销品为{popular}）。均有库存，毛利率不低于一成。",
    ),
    "offer.known.yes": Phrase("bought before", "曾购买"),
    "offer.known.no": Phrase("new", "新品"),
    "column.offers.product": Phrase("Product", "产品"),
    "column.offers.chance": Phrase("In 90 days", "90天内"),
    "column.offers.is_known": Phrase("So far", "此前"),
    "column.offers.expected_amount": Phrase("Expected", "预计金额"),
    "column.offers.expected_margin": Phrase("Margin", "预计毛利"),
    "erasing.heading": Phrase("Erase a person", "删除个人信息"),
    "erasing.what": Phrase(
        "For good, on the person's request: name, addresses and every text leave all tables, their history, snapshots, "
        "studies, rows set aside, logs and uploaded files. Orders and amounts stay. A source that brings the person "
        "again does not bring it back. The source itself and backups made before still hold it.",
        "应本人要求永久删除：姓名、联系方式及所有文本将从全部表格、历史、快照、研究、隔离行、日志和上传文件中移除。订单与金额保留。"
        "数据源再次送来该人时不会恢复。数据源本身及此前的备份仍含有该信息。",
    ),
    "erasing.who": Phrase("Who", "对象"),
    "erasing.everybody": Phrase("{name} and everybody there", "{name}及其全部联系人"),
    "erasing.sure": Phrase("The request is checked: it comes from this person", "已核实请求确由本人提出"),
    "erasing.do": Phrase("Erase for good", "永久删除"),
    "erasing.working": Phrase("Being erased, this takes up to some minutes ...", "正在删除，可能需要几分钟……"),
    "erasing.done": Phrase("Erased. {rows} rows no longer tell of the person.", "已删除。{rows}行不再包含该人信息。"),
    "erasing.waits": Phrase(
        "The request is kept; the next refresh carries it out. {why}", "请求已保存，将在下次刷新时执行。{why}"
    ),
    "erasing.nobody": Phrase("Nobody here is named any more.", "此处已无可识别的个人。"),
    "erasing.refused.gone": Phrase("There is nobody of this key any more.", "该键对应的对象已不存在。"),
    "erasing.refused.key_tells": Phrase(
        "The source uses the address itself as the key, and orders hang on it: have the source erase the person.",
        "数据源以联系方式作为键且订单依赖于它：请在数据源中删除。",
    ),
    "audit.action.person_erased": Phrase("erased a person", "删除个人信息"),
}
