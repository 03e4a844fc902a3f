"""Words of leads."""

from display.words.phrase import Phrase

PHRASES = {
    "leads.heading": Phrase("Open leads", "未结线索"),
    "leads.alt": Phrase("Open leads, the likeliest to become a deal first", "未结线索，按转化概率排序"),
    "leads.none": Phrase("No open lead matches the filters.", "没有符合筛选条件的未结线索。"),
    "leads.checked": Phrase(
        "Chances of {count} leads of a quarter, said as they were entered, were off by {error} points; squared error "
        "{chance}, of the plain rate {rate}.",
        "某季度{count}条线索录入时给出的概率平均偏差{error}个百分点；平方误差{chance}，仅用总体转化率为{rate}。",
    ),
    "leads.checked.no_more": Phrase("The data hold no more than the plain rate.", "数据所含信息不超过总体转化率。"),
    "leads.unchecked": Phrase("Too few leads were closed to check chances.", "已结线索太少，无法检验概率。"),
    "leads.sources": Phrase("Which sources bring deals", "哪些来源带来商机"),
    "leads.sources.alt": Phrase("Sources of leads, the most won per lead first", "线索来源，按每条线索赢得金额排序"),
    "leads.sources.none": Phrase("No lead is old enough to be compared.", "尚无足够久的线索可供比较。"),
    "leads.sources.note": Phrase(
        "Leads entered in a year and at least 90 days ago, each judged by its first 90 days; low and high hold in 95 "
        "of 100 cases. Sources whose bounds overlap may be equally good. Choose a source to list its open leads only.",
        "一年内录入且至少已满90天的线索，均按其最初90天评判；上下限在100次中有95次成立。上下限重叠的来源可能同样好。选择来源仅列出其未结线索。",
    ),
    "column.leads.name": Phrase("Lead", "线索"),
    "column.leads.company_name": Phrase("Company", "公司"),
    "column.leads.contact_name": Phrase("Person", "联系人"),
    "column.leads.origin": Phrase("Source", "来源"),
    "column.leads.owner": Phrase("Owner", "负责人"),
    "column.leads.owner_id": Phrase("Owner", "负责人"),
    "column.leads.country": Phrase("Country", "国家"),
    "column.leads.age_days": Phrase("Age (days)", "天数"),
    "column.leads.stated": Phrase("As stated", "系统评分"),
    "column.leads.chance": Phrase("Chance", "概率"),
    "column.lead_sources.origin": Phrase("Source", "来源"),
    "column.lead_sources.leads": Phrase("Leads", "线索数"),
    "column.lead_sources.converted": Phrase("Became deals", "转为商机"),
    "column.lead_sources.low": Phrase("Low", "下限"),
    "column.lead_sources.high": Phrase("High", "上限"),
    "column.lead_sources.converted_before": Phrase("Year before", "上一年"),
    "column.lead_sources.won": Phrase("Won so far", "已赢单"),
    "column.lead_sources.amount_per_lead": Phrase("Won per lead", "每条赢得"),
    "column.lead_sources.currency": Phrase("Currency", "币种"),
}
