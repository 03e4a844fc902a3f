"""Words of Lineage: where a row comes from."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.lineage": Phrase("Where a row comes from", "数据溯源"),
    "menu.lineage.help": Phrase(
        "One row: its source, the load that brought it, what it was before, and what rests on it.",
        "单行数据：来源、载入批次、以前的状态以及依赖它的数据。",
    ),
    "lineage.title": Phrase("{name}: where it comes from", "{name}：数据来源"),
    "lineage.title.none": Phrase("Where does a row come from?", "一行数据从何而来？"),
    "lineage.caption.none": Phrase(
        "Choose a table and write a key: as Tandem writes it, as its source does, or a document's number",
        "请选择数据表并输入主键：可用本系统的写法、源系统的写法，或单据编号",
    ),
    "lineage.caption": Phrase(
        "Record {source_id} of {source} · its present state came with run {run} on {day}",
        "{source}的记录{source_id} · 当前状态由{day}的第{run}次运行载入",
    ),
    "lineage.caption.unknown": Phrase(
        "Record {source_id} of {source} · the run that brought it is not on record",
        "{source}的记录{source_id} · 无载入该行的运行记录",
    ),
    "lineage.table": Phrase("Table", "数据表"),
    "lineage.key": Phrase("Key or number", "主键或编号"),
    "lineage.missing": Phrase(
        "No row of {table} that you may see has the key {key}.", "您可查看的{table}中没有主键为{key}的行。"
    ),
    "lineage.several": Phrase("Several rows have it", "有多行符合"),
    "lineage.open": Phrase("Open in {source}", "在{source}中打开"),
    "lineage.of_row": Phrase("Where it comes from", "数据来源"),
    "lineage.origin": Phrase("The load that brought it", "载入批次"),
    "lineage.origin.alt": Phrase("The runs that may have brought its present state", "可能载入当前状态的运行"),
    "lineage.origin.none": Phrase("The run is not on record.", "没有该次运行的记录。"),
    "lineage.values": Phrase("What it says, and of which columns", "内容及其来源列"),
    "lineage.values.alt": Phrase(
        "Each field, its value, and the source columns that it is made of", "各字段、值及其源列"
    ),
    "lineage.values.hidden": Phrase("What the row says is hidden from your role.", "您的角色不可查看该行内容。"),
    "lineage.values.none": Phrase("There is no such row.", "没有该行。"),
    "lineage.changes": Phrase("What it was before", "以前的状态"),
    "lineage.changes.alt": Phrase("Each change of a field, with the load that brought it", "各字段的变更及其载入批次"),
    "lineage.changes.none": Phrase(
        "It has not changed since it was first loaded, or its table keeps no earlier states.",
        "自首次载入以来未变更，或该表不保留历史状态。",
    ),
    "lineage.followers": Phrase("What rests on it", "依赖它的数据"),
    "lineage.followers.alt": Phrase("Tables whose rows refer to it, with how many do", "引用该行的数据表及行数"),
    "lineage.followers.none": Phrase("No row that you may see refers to it.", "您可查看的数据中没有引用该行的。"),
    "lineage.from_health": Phrase("Find where a row comes from", "查询某行数据的来源"),
    "lineage.systems": Phrase("Links to your systems", "源系统链接"),
    "lineage.systems.how": Phrase(
        "Say at which address each system opens in the browser. From then on every row leads to its record there.",
        "请填写各系统在浏览器中的地址，之后每行数据均可链接到其原始记录。",
    ),
    "lineage.systems.none": Phrase(
        "No source of yours has pages of its own to link to.", "您的数据源均没有可链接的网页。"
    ),
    "lineage.systems.alt": Phrase("Each source and its address in the browser", "各数据源及其浏览器地址"),
    "lineage.systems.which": Phrase("System", "系统"),
    "lineage.systems.base": Phrase("Its address in the browser", "浏览器地址"),
    "lineage.systems.save": Phrase("Keep the address", "保存地址"),
    "lineage.systems.saved": Phrase("The address is kept. Rows link to it now.", "地址已保存，数据行已可链接。"),
    "lineage.systems.refused": Phrase(
        "This is no address: it has to begin with https:// or http:// and name a host.",
        "地址无效：须以 https:// 或 http:// 开头并包含主机名。",
    ),
    "lineage.mode.full": Phrase("All rows", "全量"),
    "lineage.mode.incremental": Phrase("Changes", "增量"),
    "column.origin.source_table": Phrase("Table or file", "表或文件"),
    "column.origin.sync_run_id": Phrase("Run", "运行"),
    "column.origin.started_at": Phrase("Began", "开始"),
    "column.origin.finished_at": Phrase("Ended", "结束"),
    "column.origin.source_as_of": Phrase("Source's own clock", "源系统时间"),
    "column.origin.mode": Phrase("Read", "读取"),
    "column.origin.outcome": Phrase("Outcome", "结果"),
    "column.field_values.field": Phrase("Field", "字段"),
    "column.field_values.value": Phrase("Value", "值"),
    "column.field_values.came_from": Phrase("Made of", "来源列"),
    "column.changes.changed_at": Phrase("When", "时间"),
    "column.changes.load_id": Phrase("Run", "运行"),
    "column.changes.field": Phrase("Field", "字段"),
    "column.changes.was": Phrase("Was", "原值"),
    "column.changes.became": Phrase("Became", "新值"),
    "column.followers.table": Phrase("Table", "数据表"),
    "column.followers.column": Phrase("Refers by", "引用列"),
    "column.followers.rows": Phrase("Rows", "行数"),
    "column.systems.source": Phrase("System", "系统"),
    "column.systems.base": Phrase("Address in the browser", "浏览器地址"),
}
