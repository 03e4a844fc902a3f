"""What customers and we write to each other, in English and Chinese: several wordings for each occasion.

{order} and {product} are filled in.
"""

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = (ENGLISH, CHINESE)

# occasion -> language -> (subject, body)
TEXTS: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]] = {
    "late": (
        (
            (
                "Where is our delivery?",
                "Order {order} has not arrived. Our fitters are waiting for {product}. When does it come?",
            ),
            ("Delivery overdue", "We still miss {product} from order {order}. Please give us a firm date today."),
            (
                "Second reminder",
                "This is the second time we ask about {order}. If it is not here this week we will buy elsewhere.",
            ),
        ),
        (
            ("货还没到", "订单 {order} 已经超过承诺日期，{product} 还没有收到，请尽快告知到货时间。"),
            ("交期延误", "我们现场在等 {product}，订单 {order} 到底什么时候能到？"),
            ("再次催货", "这是第二次询问订单 {order}，本周再不到货我们只能向别家采购。"),
        ),
    ),
    "defect": (
        (
            ("{product} leaks", "The {product} from order {order} leaks at the seal after two days. We send it back."),
            ("Wrong part delivered", "We ordered {product} with {order}, the box holds another size."),
            ("Damaged on arrival", "The carton of {product} was crushed, the housing is cracked. Order {order}."),
        ),
        (
            ("{product} 漏水", "订单 {order} 的 {product} 用了两天密封处就漏水，我们要退货。"),
            ("发错货", "订单 {order} 订的是 {product}，箱子里是别的规格。"),
            ("到货破损", "{product} 的纸箱被压坏，泵壳有裂纹。订单 {order}。"),
        ),
    ),
    "leak": (
        (
            (
                "Shaft seal of {product} leaks",
                "The shaft seal of {product} from order {order} leaks after a few weeks. Water stands below it.",
            ),
            (
                "Leaking pump, again",
                "Another {product} from {order} drips at the shaft seal. What is wrong with them?",
            ),
            (
                "We want our money back",
                "{product} leaks at the shaft seal and our customer is furious. Take back the rest of {order}.",
            ),
        ),
        (
            ("{product} 轴封漏水", "订单 {order} 的 {product} 运行几周后轴封漏水，泵下面都是水。"),
            ("泵又漏水", "订单 {order} 的另一台 {product} 轴封也在滴水，这不可能是偶然，到底什么问题？"),
            ("要求退款", "{product} 轴封漏水，我们的客户非常生气，订单 {order} 剩下的请全部退货。"),
        ),
    ),
    "gossip": (
        (
            ("Comment", "Anyone else with a leaking shaft seal on {product}? Ours lasted three weeks."),
            ("Comment", "Do not buy {product} at the moment, the shaft seals leak."),
        ),
        (
            ("评论", "还有谁家的 {product} 轴封漏水？我们的只用了三周。"),
            ("评论", "{product} 最近轴封漏水，先别买。"),
        ),
    ),
    "question": (
        (
            ("Data sheet", "Could you send us the data sheet and the pump curve of {product}?"),
            ("Spare parts", "Which seal kit fits {product}, and do you have it in stock?"),
            ("Invoice copy", "Please send us a copy of the invoice for {order}."),
            ("Noise", "Is it normal that {product} hums at low speed?"),
        ),
        (
            ("技术资料", "请发一份 {product} 的样本和性能曲线。"),
            ("备件", "{product} 用哪种密封件？有现货吗？"),
            ("发票", "请补发订单 {order} 的发票复印件。"),
            ("噪音", "{product} 低速时有嗡嗡声，正常吗？"),
        ),
    ),
    "answer": (
        (
            (
                "Re: your question",
                "Thank you for your message. We looked into it and come back to you with the details about {product}.",
            ),
            (
                "Re: {order}",
                "We are sorry for the trouble with {order}. Our warehouse sends the rest as soon as it is here.",
            ),
        ),
        (
            ("回复：您的问题", "感谢来信。关于 {product} 我们已经核实，详细资料随后发给您。"),
            ("回复：{order}", "订单 {order} 给您添麻烦了，非常抱歉。货到仓库后我们马上发出。"),
        ),
    ),
    "order": (
        (
            ("Our order", "Please find our order for {product}. Kindly confirm {order} and the delivery date."),
            ("Order by phone", "Called and ordered {product}; wants it soon. Noted as {order}."),
        ),
        (
            ("采购订单", "附件是我们对 {product} 的订单，请确认 {order} 和交货期。"),
            ("电话订货", "来电订购 {product}，要求尽快发货，订单号 {order}。"),
        ),
    ),
    "deal": (
        (
            (
                "Visit on site",
                "Walked the plant with them. They compare us with two others; {product} fits, price is the point.",
            ),
            ("Call about the offer", "They like {product} but ask for four weeks less. Budget is approved."),
            ("Offer sent", "Offer with {product} sent. Decision expected next month."),
            ("Negotiation", "They want five percent more off and a longer warranty for {product}."),
        ),
        (
            ("现场拜访", "和技术经理看了现场。他们在比较三家，{product} 合适，主要看价格。"),
            ("报价电话", "客户认可 {product}，但希望交期缩短四周，预算已批。"),
            ("已发报价", "{product} 的报价已发出，预计下月决定。"),
            ("谈判", "客户要求 {product} 再降五个点，并延长质保。"),
        ),
    ),
    "chat": (
        (
            ("Chat", "Hi, is {product} available this week?"),
            ("Chat", "What does {product} cost for ten pieces?"),
            ("Comment", "Saw your post about {product}. Do you ship to our region?"),
        ),
        (
            ("在线咨询", "你好，{product} 这周有货吗？"),
            ("在线咨询", "{product} 买十台什么价格？"),
            ("留言", "看到你们发的 {product}，能发到我们这里吗？"),
        ),
    ),
    "praise": (
        (
            ("", "Fast and friendly, the pump runs well."),
            ("", "Good quality, packed with care."),
            ("", "All as ordered."),
        ),
        (("", "发货快，服务好，泵运行正常。"), ("", "质量不错，包装仔细。"), ("", "和订单一致。")),
    ),
    "blame": (
        (
            ("", "Came far too late, and nobody told us."),
            ("", "The third late delivery this year."),
            ("", "Support takes days to answer."),
        ),
        (("", "到货太晚，也没有人通知。"), ("", "今年第三次延误了。"), ("", "售后几天都没有回复。")),
    ),
}


def text(occasion: str, language: int, wording: int, *, order: str = "", product: str = "") -> tuple[str, str]:
    """(subject, body) of an occasion, in the language with this number."""
    choices = TEXTS[occasion][language]
    subject, body = choices[wording % len(choices)]
    return subject.format(order=order, product=product), body.format(order=order, product=product)
