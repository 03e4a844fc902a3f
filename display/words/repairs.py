"""Words of Rows set aside: what is held back, what it is worth, and how it is corrected."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.repairs": Phrase("Rows set aside", "被隔离的行"),
    "menu.repairs.help": Phrase(
        "Which rows broke a rule, what they are worth, and their correction.", "哪些行违反了规则、涉及金额及其更正。"
    ),
    "repairs.title": Phrase(
        "{count} rows are set aside; they name {amount}",
        "{count}行被隔离，涉及{amount}",
        one="{count} row is set aside; it names {amount}",
    ),
    "repairs.title.rows": Phrase("{count} rows are set aside", "{count}行被隔离", one="{count} row is set aside"),
    "repairs.title.calm": Phrase("No row is set aside", "没有被隔离的行"),
    "repairs.caption": Phrase(
        "Best corrected at the source · a correction made here is kept at once and replayed by the next refresh, "
        "through every check · the source's own later version wins",
        "最好在源系统中更正 · 此处的更正立即保存，下次刷新时经全部检查后生效 · 源系统之后的版本优先",
    ),
    "repairs.held": Phrase("What is held back", "隔离概况"),
    "repairs.held.alt": Phrase(
        "Rows set aside by table, source and rule, with the money that they name",
        "按表、数据源和规则统计的隔离行及金额",
    ),
    "repairs.held.none": Phrase("Every row that came is loaded.", "所有行均已载入。"),
    "repairs.rows": Phrase("Row by row", "逐行查看"),
    "repairs.rows.alt": Phrase("Rows set aside, those with the most money first", "被隔离的行，金额大者在前"),
    "repairs.choose": Phrase("The row to correct", "要更正的行"),
    "repairs.correct": Phrase("Correct it", "更正"),
    "repairs.correct.how": Phrase(
        "The row as {source} sent it. Change what is wrong; an empty field counts as missing.",
        "{source}发送的原始行。请修改错误之处，留空视为缺失。",
    ),
    "repairs.correct.none": Phrase(
        "Correcting takes the rights to manage sources and to see personal data.",
        "更正需要“管理数据源”和“个人信息”权限。",
    ),
    "repairs.save": Phrase("Keep the correction", "保存更正"),
    "repairs.saved": Phrase("Kept. The next refresh of its source replays it.", "已保存，将在该数据源下次刷新时生效。"),
    "repairs.waits": Phrase(
        "This row was corrected and waits for the next refresh of its source.", "该行已更正，等待其数据源下次刷新。"
    ),
    "repairs.state.yes": Phrase("Corrected, waits", "已更正，待刷新"),
    "repairs.state.no": Phrase("Set aside", "被隔离"),
    "repairs.refused.gone": Phrase(
        "This row is not set aside any more, or its content was not kept. Reload the page.",
        "该行已不在隔离中，或未保留其内容。请刷新页面。",
    ),
    "repairs.refused.nothing_changed": Phrase("Nothing was changed, so nothing was kept.", "未做任何修改，未保存。"),
    "repairs.refused.unknown_column": Phrase(
        "The row has no such column any more. Reload the page.", "该行已无此列，请刷新页面。"
    ),
    "repairs.refused.too_large": Phrase("The correction is too long to be kept.", "更正内容过长，无法保存。"),
    "repairs.corrections": Phrase("What was corrected", "更正记录"),
    "repairs.corrections.alt": Phrase("Each corrected value with who corrected it, and when", "各项更正及其人员与时间"),
    "repairs.corrections.none": Phrase("Nothing was corrected yet.", "尚无更正。"),
    "repairs.back": Phrase("Take a correction back", "撤回更正"),
    "repairs.back.how": Phrase(
        "From the next refresh on, the row is set aside again as {source} sent it, and leaves the tables.",
        "下次刷新起，该行将按{source}发送的原样重新隔离，并从数据表中移除。",
    ),
    "repairs.back.choose": Phrase("The correction", "更正"),
    "repairs.back.one": Phrase("{table}, {at}: {became}", "{table}，{at}：{became}"),
    "repairs.back.do": Phrase("Take it back", "撤回"),
    "repairs.back.done": Phrase(
        "Taken back. The next refresh of its source sets the row aside again.",
        "已撤回，将在该数据源下次刷新时重新隔离。",
    ),
    "corrections.state.stands": Phrase("Stands", "有效"),
    "corrections.state.changed": Phrase("Corrected again", "已再次更正"),
    "corrections.state.taken_back": Phrase("Taken back", "已撤回"),
    "column.corrections.state": Phrase("State", "状态"),
    "repairs.from_health": Phrase("Correct rows set aside", "更正被隔离的行"),
    "column.held.source": Phrase("Source", "数据源"),
    "column.held.source_table": Phrase("Table or file", "表或文件"),
    "column.held.rule": Phrase("What is wrong", "问题"),
    "column.held.rows": Phrase("Rows", "行数"),
    "column.held.known": Phrase("Name money", "含金额的行"),
    "column.held.amount": Phrase("Money", "金额"),
    "column.held.currency": Phrase("Currency", "币种"),
    "column.set_aside.source": Phrase("Source", "数据源"),
    "column.set_aside.source_table": Phrase("Table or file", "表或文件"),
    "column.set_aside.line": Phrase("Line", "行号"),
    "column.set_aside.rule": Phrase("What is wrong", "问题"),
    "column.set_aside.column_name": Phrase("Column", "列"),
    "column.set_aside.value": Phrase("Value", "值"),
    "column.set_aside.amount": Phrase("Money", "金额"),
    "column.set_aside.currency": Phrase("Currency", "币种"),
    "column.set_aside.is_corrected": Phrase("State", "状态"),
    "column.corrections.corrected_at": Phrase("When", "时间"),
    "column.corrections.corrected_by": Phrase("Who", "更正人"),
    "column.corrections.source": Phrase("Source", "数据源"),
    "column.corrections.source_table": Phrase("Table or file", "表或文件"),
    "column.corrections.was": Phrase("Was", "原值"),
    "column.corrections.became": Phrase("Became", "新值"),
}
