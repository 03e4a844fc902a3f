"""Words of the registry of metrics: what each is called, what it means, and how it is computed."""

from display.words.phrase import Phrase


def _metric(
    name: str, called: tuple[str, str], meaning: tuple[str, str], formula: tuple[str, str]
) -> dict[str, Phrase]:
    return {
        f"metric.{name}": Phrase(*called),
        f"metric.{name}.definition": Phrase(*meaning),
        f"metric.{name}.formula": Phrase(*formula),
    }


PHRASES: dict[str, Phrase] = {
    **_metric(
        "orders_taken",
        ("Orders taken", "新增订单"),
        (
            (
                "What customers ordered in the period, without tax. Drafts, quotations and cancelled orders never"
                " count. Services count too."
            ),
            "期间内客户下单的不含税金额。草稿、报价和已取消的订单不计；服务计入。",
        ),
        (
            "Sum of the lines of confirmed and done orders, by the day of the order",
            "已确认和已完成订单行金额之和（按下单日）",
        ),
    ),
    **_metric(
        "revenue",
        ("Revenue", "收入"),
        (
            "What was invoiced in the period, without tax, less credit notes.",
            "期间内开票的不含税金额，已扣除贷项。",
        ),
        (
            "Sum of the lines of posted invoices less credit notes, by the day of the invoice",
            "已过账发票行金额减贷项（按开票日）",
        ),
    ),
    **_metric(
        "cost_of_sales",
        ("Cost of sales", "销售成本"),
        (
            (
                "What the invoiced goods cost the firm on the day of the invoice. Where the source does not keep that,"
                " the cost of today stands in, and the row says so."
            ),
            "已开票货物在开票日的成本。数据源未保存时以当前成本代替，并在明细行注明。",
        ),
        ("Sum of the costs of posted invoice lines", "已过账发票行成本之和"),
    ),
    **_metric(
        "gross_margin",
        ("Gross margin", "毛利"),
        (
            "Revenue less cost of sales. Lines of which nobody knows the cost are left out, and counted.",
            "收入减销售成本。成本未知的行不计入，并另行计数。",
        ),
        ("Revenue − cost of sales", "收入 − 销售成本"),
    ),
    **_metric(
        "gross_margin_rate",
        ("Gross margin rate", "毛利率"),
        (
            "The share of revenue that is left after the cost of sales: one sum over another, never a mean of rates.",
            "扣除销售成本后收入的占比：以总额相除，而非比率平均。",
        ),
        ("Gross margin ÷ revenue of the same lines", "毛利 ÷ 相同行的收入"),
    ),
    **_metric(
        "on_time_in_full",
        ("On time in full", "按时足量交付率"),
        (
            (
                "The share of order lines that were delivered whole on or before the first day that was promised. A"
                " later promise repairs nothing; a line that is still open after its day has failed. Lines without a"
                " promise do not count."
            ),
            "在首次承诺日当天或之前全部交付的订单行占比。改期不改善该指标；逾期未交齐的行计为未达成；无承诺日的行不计。",
        ),
        ("Lines delivered in full on or before the first promise ÷ lines due", "首次承诺日前足量交付行数 ÷ 到期行数"),
    ),
    **_metric(
        "supplier_on_time",
        ("Suppliers on time", "供应商准时率"),
        (
            (
                "The share of purchase lines that were received whole on or before the first day that was expected."
                " Open lines past their day have failed. Without lines there is no data, not 100 %."
            ),
            "在首次预计日当天或之前全部收货的采购行占比。逾期未到的行计为未达成；没有采购行即无数据，而非 100%。",
        ),
        (
            "Lines received in full on or before the first expected day ÷ lines due",
            "首次预计日前足量收货行数 ÷ 到期行数",
        ),
    ),
    **_metric(
        "stock_value",
        ("Stock value", "库存金额"),
        (
            (
                "What the goods on hand are worth at today's cost of the company that holds them. Goods between two"
                " sites are not on hand of any."
            ),
            "按持有公司当前成本计价的在库货物金额。调拨在途货物不计入任何地点。",
        ),
        ("Quantity on hand × unit cost, summed over items and sites", "在库数量 × 单位成本，按物料和地点求和"),
    ),
    **_metric(
        "days_of_stock",
        ("Days of stock", "库存天数"),
        (
            (
                "How long the stock would last at the pace at which goods left for customers in the last 91 days, both"
                " at cost."
            ),
            "按过去 91 天发货速度（均按成本计），现有库存可维持的天数。",
        ),
        ("Stock value ÷ cost of goods delivered in 91 days × 91", "库存金额 ÷ 91 天发货成本 × 91"),
    ),
    **_metric(
        "margin_at_risk",
        ("Margin at risk", "风险毛利"),
        (
            (
                "The margin of the demand that stock and expected receipts will not cover before help can arrive; the"
                " revenue, where margins are not known or may not be seen. It is computed for today; past days are not"
                " kept."
            ),
            "现有库存和预计到货无法及时满足的需求对应的毛利；毛利未知或无权查看时为收入。仅计算当日，不保留历史。",
        ),
        ("Quantity short × (price − cost), summed over items", "短缺数量 ×（价格 − 成本），按物料求和"),
    ),
    **_metric(
        "receivables",
        ("Receivables", "应收账款"),
        (
            "What customers owe on posted invoices, with tax, less what they paid and what was credited.",
            "客户就已过账发票所欠的含税金额，已扣除付款和贷项。",
        ),
        ("Sum of open amounts of posted invoices on the last day", "期末已过账发票未结金额之和"),
    ),
    **_metric(
        "overdue_receivables",
        ("Overdue receivables", "逾期应收"),
        (
            "What customers owe on invoices whose due day has passed, with tax.",
            "客户就已逾期发票所欠的含税金额。",
        ),
        ("Sum of open amounts of invoices due before the last day", "到期日早于期末的发票未结金额之和"),
    ),
    **_metric(
        "tickets_opened",
        ("Tickets opened", "新开工单"),
        (
            "Questions and complaints that somebody has to answer, opened in the period.",
            "期间内新开的、需要答复的问询和投诉。",
        ),
        ("Number of tickets by the day they were opened", "按开单日统计的工单数"),
    ),
    **_metric(
        "complaints",
        ("Complaints", "投诉"),
        ("Complaints that customers gave as feedback in the period.", "期间内客户反馈的投诉。"),
        ("Number of complaints by the day they were given", "按提出日统计的投诉数"),
    ),
    **_metric(
        "items_out",
        ("Items out of stock", "缺货物料"),
        ("Items with nothing available today, or less than nothing.", "今日可用量为零或为负的物料。"),
        ("Number of items in the state out or below zero", "状态为缺货或负库存的物料数"),
    ),
    **_metric(
        "items_running_out",
        ("Items running out", "即将缺货物料"),
        (
            "Items whose stock ends before the next receipt that helps, at the demand of the last weeks.",
            "按近期需求，在下次有效到货前将耗尽的物料。",
        ),
        ("Number of items in the state running out", "状态为即将缺货的物料数"),
    ),
    **_metric(
        "items_low",
        ("Items low", "偏低物料"),
        ("Items below their reorder point or the demand of their lead time.", "低于再订货点或提前期需求的物料。"),
        ("Number of items in the state low", "状态为偏低的物料数"),
    ),
    **_metric(
        "overdue_receipts",
        ("Items with overdue receipts", "到货逾期物料"),
        ("Items of which a receipt should have come already.", "应到而未到货的物料。"),
        ("Number of items with overdue receipts", "存在逾期到货的物料数"),
    ),
    **_metric(
        "dead_stock",
        ("Dead stock", "呆滞库存"),
        (
            (
                "Stock that nobody has used or bought for 365 days and that no open order asks for. A transfer between"
                " own sites is no use."
            ),
            "365 天内无领用、无销售且无未结订单需求的库存。内部调拨不算使用。",
        ),
        ("Value of the stock of items without any issue for 365 days", "365 天无出库物料的库存金额"),
    ),
    **_metric(
        "excess_stock",
        ("More than needed", "超额库存"),
        (
            (
                "Stock beyond what demand may ask for, at 95 %, until new goods could be there; dead stock is not"
                " counted again."
            ),
            "超出补货到达前（95% 把握）需求的库存；呆滞库存不重复计算。",
        ),
        (
            "Value of the stock above the P95 of demand over lead time, review and policy days",
            "高于提前期、检查期和策略天数内需求 P95 的库存金额",
        ),
    ),
    **_metric(
        "stock_in_scope",
        ("Value of the items shown", "所示物料金额"),
        (
            (
                "What the items of the list are worth at today's cost; items that are no longer active and not in stock"
                " are not in the list."
            ),
            "列表中物料按当前成本计的金额；已停用且无库存的物料不在列表中。",
        ),
        ("Quantity on hand × unit cost, summed over the items of the list", "在库数量 × 单位成本，按列表物料求和"),
    ),
    "dimension.product": Phrase("Product", "产品"),
    "dimension.category": Phrase("Category", "类别"),
    "dimension.customer": Phrase("Customer", "客户"),
    "dimension.segment": Phrase("Segment", "客户群"),
    "dimension.region": Phrase("Region", "地区"),
    "dimension.company": Phrase("Company", "公司"),
    "dimension.site": Phrase("Site", "地点"),
    "dimension.supplier": Phrase("Supplier", "供应商"),
    "dimension.salesperson": Phrase("Salesperson", "销售员"),
    "dimension.currency": Phrase("Currency", "货币"),
    "metric.unit.money": Phrase("money in the reporting currency", "报告货币金额"),
    "metric.unit.share": Phrase("share, in percent", "百分比"),
    "metric.unit.days": Phrase("days", "天"),
    "metric.unit.count": Phrase("number", "数量"),
    "metric.better.1": Phrase("more is better", "越高越好"),
    "metric.better.-1": Phrase("less is better", "越低越好"),
    "metric.better.0": Phrase("neither", "无"),
    "metric.time.flow": Phrase("of a period", "期间值"),
    "metric.time.balance": Phrase("at the end of a period", "期末值"),
    "metric.time.now": Phrase("today only", "仅当日"),
    "metric.points": Phrase("{points} pp", "{points}个百分点"),
    "metric.today": Phrase("as of today", "截至今日"),
    "metric.nothing_before": Phrase("nothing to compare with yet", "尚无可比数据"),
    "metric.no_rows": Phrase("no data in this selection", "当前筛选无数据"),
    "metric.not_by": Phrase("not known by {dimension}", "无法按{dimension}统计"),
    "metric.against.plan": Phrase("{gap} vs plan", "较计划 {gap}"),
    "metric.against.last_year": Phrase("{gap} vs last year", "同比 {gap}"),
    "metric.against.before": Phrase("{gap} vs period before", "环比 {gap}"),
    "metric.title.alone": Phrase("{metric}: {value}", "{metric}：{value}"),
    "metric.title.on.plan": Phrase("{metric} is on plan: {value}", "{metric}符合计划：{value}"),
    "metric.title.above.plan": Phrase("{metric} is {gap} above plan: {value}", "{metric}高于计划 {gap}：{value}"),
    "metric.title.below.plan": Phrase("{metric} is {gap} below plan: {value}", "{metric}低于计划 {gap}：{value}"),
    "metric.title.on.before": Phrase("{metric} is as before: {value}", "{metric}与上期持平：{value}"),
    "metric.title.above.before": Phrase("{metric} rose by {gap} to {value}", "{metric}上升 {gap}，达 {value}"),
    "metric.title.below.before": Phrase("{metric} fell by {gap} to {value}", "{metric}下降 {gap}，至 {value}"),
    "metric.caption.now": Phrase(
        "Computed for {day}. Earlier days of this number are not kept.", "按{day}计算，该指标不保留历史。"
    ),
    "metric.caption.alone": Phrase("{span} · no earlier data to compare with", "{span} · 无更早数据可比"),
    "metric.caption.compared": Phrase("{span} · compared with {before}", "{span} · 对比{before}"),
    "metric.caption.adjusted": Phrase(
        "{span} · compared with {before}, adjusted for working days", "{span} · 对比{before}，已按工作日调整"
    ),
    "period.span": Phrase("{first} – {last}", "{first}至{last}"),
    "period.so_far": Phrase("{span}, so far", "{span}（未结束）"),
    "metric.fact.value": Phrase("Now", "本期"),
    "metric.fact.target": Phrase("Plan for these days", "同期计划"),
    "metric.fact.compared": Phrase("Compared period", "对比期"),
    "metric.fact.adjusted": Phrase("The same, for as many working days", "对比期（按工作日调整）"),
    "computed": Phrase("How is this computed?", "如何计算？"),
    "computed.definition": Phrase("What it means", "含义"),
    "computed.formula": Phrase("Formula", "公式"),
    "computed.period": Phrase("Days", "期间"),
    "computed.better": Phrase("Direction", "方向"),
    "computed.rows": Phrase("Rows behind it", "明细行数"),
    "computed.unknown": Phrase("Rows left out: amount or rate not known", "未计入的行（金额或汇率未知）"),
    "computed.source": Phrase("Comes from", "数据来源"),
    "computed.made": Phrase("As of", "数据时间"),
    "computed.standard": Phrase("Definition follows", "定义依据"),
    "evidence.show": Phrase("Show the rows", "查看明细"),
    "evidence.title": Phrase("{metric}: {rows} add up to {value}", "{metric}：{rows}合计{value}"),
    "evidence.title.ratio": Phrase(
        "{metric}: {numerator} of {denominator}, that is {value}, in {rows}",
        "{metric}：{numerator} / {denominator}，即 {value}，共{rows}",
    ),
    "evidence.title.none": Phrase("{metric}: no rows in this selection", "{metric}：当前筛选没有明细"),
    "evidence.member": Phrase("only {dimension}: {name}", "仅{dimension}：{name}"),
    "evidence.unknown": Phrase("not known", "未知"),
    "evidence.unknown.supplier": Phrase("made here, or no supplier stated", "自制或未指定供应商"),
    "evidence.rows": Phrase("Rows behind the number", "明细行"),
    "evidence.rows.alt": Phrase("The rows that add up to the number", "构成该数字的明细行"),
    "evidence.all": Phrase("All rows of this number", "该指标的全部明细"),
    "number.why": Phrase("Why it moved, and the rows behind it", "变动原因与明细"),
    "computed.made.at": Phrase("{at} · {age} old", "{at} · {age}前"),
    "evidence.back": Phrase("Why it moved", "变动原因"),
    "moved.bridge": Phrase("What moved it", "变动因素"),
    "moved.drivers": Phrase("What stands out", "主要原因"),
    "moved.bridge.none": Phrase(
        "For this number there is no breakdown into price, volume and mix.", "该指标没有价格、数量和结构的分解。"
    ),
    "moved.none": Phrase("There is no earlier period in the data to compare with.", "数据中没有可比的更早期间。"),
    "moved.by": Phrase("By", "按"),
    "moved.members": Phrase("Who and what contributed", "各项贡献"),
    "moved.members.alt": Phrase("Contributions to the change by {dimension}", "按{dimension}的变动贡献"),
    "moved.rest": Phrase("{count} others", "其余{count}项", one="1 other"),
    "moved.trend": Phrase("The last 13 months", "近13个月"),
    "moved.trend.alt": Phrase(
        "{metric} by month, the last {value}; the plan as marks, the year before as a grey line",
        "{metric}按月走势，最近为{value}；短线为计划，灰线为上年同期",
    ),
    "moved.trend.none": Phrase("Earlier values of this number are not kept.", "该指标不保留历史值。"),
    "moved.choose": Phrase("Choose one to see its rows", "选择一项以查看明细"),
    "moved.metric": Phrase("Number", "指标"),
    "trend.value": Phrase("Value", "实际"),
    "trend.target": Phrase("Plan", "计划"),
    "trend.compared": Phrase("Year before", "上年同期"),
    "column.contributions.member": Phrase("Member", "项目"),
    "column.contributions.before": Phrase("Before", "对比期"),
    "column.contributions.after": Phrase("Now", "本期"),
    "column.contributions.contribution": Phrase("Contribution", "贡献"),
    "column.contributions.points": Phrase("{heading} (pp)", "{heading}（百分点）"),
    "column.contributions.rate_effect": Phrase("Own rate", "自身比率"),
    "column.contributions.mix_effect": Phrase("Weight", "权重"),
    "column.evidence.day_on": Phrase("Day", "日期"),
    "column.evidence.document": Phrase("Document", "单据"),
    "column.evidence.customer": Phrase("Customer", "客户"),
    "column.evidence.product": Phrase("Product", "产品"),
    "column.evidence.site": Phrase("Site", "地点"),
    "column.evidence.region": Phrase("Region", "地区"),
    "column.evidence.supplier": Phrase("Supplier", "供应商"),
    "column.evidence.salesperson": Phrase("Salesperson", "销售员"),
    "column.evidence.company": Phrase("Company", "公司"),
    "column.evidence.quantity": Phrase("Quantity", "数量"),
    "column.evidence.amount": Phrase("Amount", "金额"),
    "column.evidence.currency": Phrase("Currency", "货币"),
    "column.evidence.due_on": Phrase("Due", "到期日"),
    "column.evidence.in_full_on": Phrase("Complete on", "齐交日"),
    "column.evidence.days_late": Phrase("Days late", "迟延天数"),
    "column.evidence.numerator": Phrase("Counts as", "计入"),
    "column.evidence.denominator": Phrase("Of", "基数"),
    "column.evidence.is_cost_of_today": Phrase("Cost of today", "当前成本"),
    "cost_of_today.yes": Phrase("Yes", "是"),
    "cost_of_today.no": Phrase("No", "否"),
}
