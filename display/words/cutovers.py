"""Words of a firm that changed its ERP: which system counts until which day, and what that leaves out."""

from display.words.phrase import Phrase

PHRASES = {
    "cutover.open": Phrase("The firm changes its ERP", "公司更换ERP"),
    "cutover.how": Phrase(
        "What was done before the day counts in the old system, from the day on in the new one. Orders and invoices "
        "that were carried over are found by their number and customer or supplier, and count once; so do customers, "
        "suppliers and products that Identities joins. Nothing is deleted, and it can be taken back.",
        "切换日之前的业务以旧系统为准，自切换日起以新系统为准。结转的订单和发票按单号及客户或供应商识别，只计一次；"
        "经记录归并确认相同的客户、供应商和产品也只计一次。不会删除任何数据，并可随时撤回。",
    ),
    "cutover.before": Phrase("The old system", "旧系统"),
    "cutover.after": Phrase("The new system", "新系统"),
    "cutover.on": Phrase("First day of the new system", "新系统启用日"),
    "cutover.declare": Phrase("Declare the change", "声明切换"),
    "cutover.take_back": Phrase("Take it back", "撤回"),
    "cutover.stands": Phrase(
        "{before} counts until the day before {on}, {after} from that day on.",
        "{on}之前以{before}为准，自该日起以{after}为准。",
    ),
    "cutover.done": Phrase(
        "Kept. Numbers follow at the next refresh, which was asked for.", "已保存。已请求刷新，刷新后数字随之更新。"
    ),
    "cutover.taken_back": Phrase(
        "Taken back. From the next refresh on both systems count whole.", "已撤回。下次刷新起两个系统均全部计入。"
    ),
    "cutover.refused.same": Phrase("Choose two different systems.", "请选择两个不同的系统。"),
    "cutover.refused.unknown": Phrase(
        "One of the systems is neither connected nor loaded. Connect it first.",
        "其中一个系统尚未连接或载入，请先连接。",
    ),
    "cutover.refused.day": Phrase("Choose a day between 1980 and 2100.", "请选择1980年至2100年之间的日期。"),
    "audit.action.cutover_declared": Phrase("declared a change of systems", "声明更换系统"),
    "cutover.counts": Phrase("Which system counts", "各系统计入情况"),
    "cutover.counts.alt": Phrase(
        "How many rows of the old and the new system count, table by table", "各表中新旧系统计入的行数"
    ),
    "cutover.open_without": Phrase(
        "{count} orders, invoices or the like were open in the old system and are not in the new one. They count as "
        "open: enter them there under their number, or close them in the old system.",
        "旧系统中有{count}笔未结订单、发票等在新系统中不存在，仍按未结计算：请按原单号录入新系统，或在旧系统中关闭。",
        one="{count} order, invoice or the like was open in the old system and is not in the new one. It counts as "
        "open: enter it there under its number, or close it in the old system.",
    ),
    "column.cutover.table": Phrase("Table", "表"),
    "column.cutover.before_counted": Phrase("Old system counts", "旧系统计入"),
    "column.cutover.before_left_out": Phrase("Old, left out", "旧系统略去"),
    "column.cutover.after_counted": Phrase("New system counts", "新系统计入"),
    "column.cutover.after_left_out": Phrase("New, left out", "新系统略去"),
    "column.cutover.carried_over": Phrase("In both, one", "两者皆有，计一次"),
    "column.cutover.open_without": Phrase("Open, not carried over", "未结且未结转"),
}
