"""Words of Connect: systems, their tests and refreshes, and the mapping of files that nobody prepared."""

from display.words.phrase import Phrase

_PAGE = {
    "menu.connect": Phrase("Connect", "连接系统"),
    "menu.connect.help": Phrase(
        "Your systems: connect them, test them, keep them fresh.", "连接、测试贵公司的系统并保持更新。"
    ),
    "title.none": Phrase("Connect your first system", "连接您的第一个系统"),
    "title.running": Phrase("{name} is being loaded", "正在载入{name}"),
    "title.waiting": Phrase("{name} is next to be loaded", "即将载入{name}"),
    "title.away": Phrase(
        "{names} cannot be reached; the data loaded before still holds", "{names}无法访问，此前载入的数据仍有效"
    ),
    "title.refused": Phrase("{names} was refused and has to be corrected", "{names}被拒绝，需要更正"),
    "title.failed": Phrase("{names} could not be loaded; it is tried again", "{names}载入失败，将重试"),
    "title.fresh": Phrase(
        "{count} systems are connected and fresh",
        "已连接{count}个系统，数据均为最新",
        one="{count} system is connected and fresh",
    ),
    "title.paused": Phrase("All refreshes are paused", "所有刷新均已暂停"),
    "caption": Phrase("Tandem only ever reads your systems · {next}", "Tandem只读取您的系统 · {next}"),
    "caption.first": Phrase(
        "Tandem only ever reads your systems. Test before anything is loaded; nothing leaves this machine.",
        "Tandem只读取您的系统。载入前可先测试，数据不会离开本机。",
    ),
    "caption.next": Phrase("next refresh {when}", "下次刷新{when}"),
    "caption.none": Phrase("nothing is planned", "暂无刷新计划"),
    "sample": Phrase(
        "You are looking at the sample company. Once your first system is loaded, Tandem shows your own data instead;"
        " the sample is kept apart and is never mixed with it.",
        "您现在看到的是示例公司。首个系统载入后，Tandem将改为显示贵公司的数据；示例数据单独保存，绝不混合。",
    ),
    "no_worker": Phrase(
        "Nothing is being refreshed, because no worker runs. Start Tandem with: python cli.py serve",
        "当前没有后台进程，因此不会刷新。请用以下命令启动：python cli.py serve",
    ),
    "damaged": Phrase("The connections cannot be read", "无法读取连接设置"),
    "list": Phrase("Connections", "连接"),
    "list.alt": Phrase(
        "Each connected system with its state, its last and its next refresh", "各系统的状态、上次及下次刷新"
    ),
    "choose": Phrase("Connection", "连接"),
    "health": Phrase("See Data health", "查看数据健康"),
}
_STATES = {
    "state.running": Phrase("loading", "载入中"),
    "state.waiting": Phrase("waiting", "等待中"),
    "state.paused": Phrase("paused", "已暂停"),
    "state.fresh": Phrase("fresh", "最新"),
    "state.away": Phrase("not reached", "无法访问"),
    "state.refused": Phrase("refused", "被拒绝"),
    "state.failed": Phrase("failed", "失败"),
    "state.never": Phrase("not loaded yet", "尚未载入"),
    "way.server": Phrase("Its database", "其数据库"),
    "way.upload": Phrase("Files that I drop here", "在此拖放文件"),
    "way.path": Phrase("A file or folder of this machine", "本机的文件或文件夹"),
    "step.reading": Phrase("Reading", "读取"),
    "step.checking": Phrase("Checking every row", "逐行检查"),
    "step.storing": Phrase("Storing", "存储"),
    "step.balancing": Phrase("Comparing sums", "核对总数"),
    "step.publishing": Phrase("Publishing", "发布"),
    "studying": Phrase(
        "Forecasts and other studies are being worked out, for {age}.", "正在计算预测等分析，已用{age}。"
    ),
    "live": Phrase("{name} · {age} so far", "{name} · 已用{age}"),
    "seconds": Phrase("{count} seconds", "{count}秒", one="{count} second"),
    "live.rows": Phrase("{name} · {rows} rows read · {age} so far", "{name} · 已读{rows}行 · 已用{age}"),
}
_ADD = {
    "add": Phrase("Add a system", "添加系统"),
    "add.all": Phrase("Every system is connected.", "所有系统均已连接。"),
    "system": Phrase("System", "系统"),
    "way": Phrase("Where its data comes from", "数据来源"),
    "about.odoo": Phrase(
        "Odoo 16, 17 or 18: its PostgreSQL, or the backup that its database manager makes (ZIP or SQL).",
        "Odoo 16、17或18：其PostgreSQL数据库，或数据库管理器生成的备份（ZIP或SQL）。",
    ),
    "about.tryton": Phrase(
        "Tryton: its PostgreSQL, or a plain dump of it.", "Tryton：其PostgreSQL数据库，或纯文本转储。"
    ),
    "about.erpnext": Phrase("ERPNext 15: its MariaDB.", "ERPNext 15：其MariaDB数据库。"),
    "about.sap": Phrase(
        "SAP ECC or S/4HANA: exported tables, as VBAK and VBAP.", "SAP ECC或S/4HANA：导出的表，如VBAK、VBAP。"
    ),
    "about.salesforce": Phrase(
        "Salesforce: exported objects, as Account.csv and Opportunity.csv.",
        "Salesforce：导出的对象，如Account.csv、Opportunity.csv。",
    ),
    "about.hubspot": Phrase("HubSpot: exported objects.", "HubSpot：导出的对象。"),
    "about.dynamics": Phrase("Dynamics 365: exported tables.", "Dynamics 365：导出的表。"),
    "about.oracle": Phrase(
        "Oracle E-Business Suite: exported tables, as OE_ORDER_HEADERS_ALL.csv.",
        "Oracle E-Business Suite：导出的表，如OE_ORDER_HEADERS_ALL.csv。",
    ),
    "about.conversations": Phrase(
        "Conversations: mails (.eml), mailboxes (.mbox) and chats (JSON), their text kept.",
        "往来沟通：邮件（.eml）、邮箱（.mbox）和聊天记录（JSON），保留原文。",
    ),
    "about.files": Phrase(
        "Any files: CSV, Excel, JSON, Parquet or SQLite, one table each, as they are or packed as a ZIP.",
        "任意文件：CSV、Excel、JSON、Parquet或SQLite，每个文件一张表，可打包为ZIP。",
    ),
    "host": Phrase("Server", "服务器"),
    "host.help": Phrase("Its name or number, as erp.example.com.", "名称或IP地址，如erp.example.com。"),
    "port": Phrase("Port", "端口"),
    "database": Phrase("Database", "数据库"),
    "user": Phrase("User", "用户"),
    "user.help": Phrase(
        "A database user who may only read: the SQL below makes one.", "只读数据库用户，可用下方SQL创建。"
    ),
    "password": Phrase("Password", "密码"),
    "password.help": Phrase("It is encrypted on the disk and never shown again.", "加密保存，且不再显示。"),
    "password.kept": Phrase("leave empty to keep the one there is", "留空则沿用现有密码"),
    "encrypted": Phrase("Only over an encrypted connection", "仅使用加密连接"),
    "path": Phrase("File or folder", "文件或文件夹"),
    "path.help": Phrase(
        "On the machine that Tandem runs on, from its root. Whatever your system writes there is read again when it"
        " changes.",
        "位于运行Tandem的机器上的完整路径。文件变化后会自动重新读取。",
    ),
    "files": Phrase("Drop the files here", "将文件拖放到此处"),
    "files.help": Phrase(
        "All that the system exported, at most {size} MB a file; larger ones are read from a folder of this machine."
        " They replace what was dropped before; tables that are not among them stay as they are.",
        "系统导出的全部文件，每个不超过{size} MB；更大的文件请放入本机文件夹读取。"
        "它们取代之前上传的文件；未包含的表保持不变。",
    ),
    "own": Phrase("My files have columns of their own", "我的文件有自己的列名"),
    "own.help": Phrase(
        "Off: the files follow Tandem's templates. On: Tandem proposes what each column means, and you correct it.",
        "关闭：文件符合Tandem模板。开启：由Tandem建议各列含义，您可更正。",
    ),
    "sql": Phrase("SQL for a user who may only read", "创建只读用户的SQL"),
    "sql.how": Phrase(
        "Run this as the owner of the database, with a password of your own in its first line.",
        "请以数据库所有者身份运行，并将首行密码改为自己的密码。",
    ),
    "test": Phrase("Test", "测试"),
    "testing": Phrase("Reading from {source}", "正在读取{source}"),
    "name": Phrase("Name", "名称"),
    "minutes": Phrase("Minutes between refreshes", "刷新间隔（分钟）"),
    "go": Phrase("Connect and load", "连接并载入"),
    "upload_first": Phrase("Drop a file first.", "请先拖放文件。"),
}
_TRIAL = {
    "trial.seen": Phrase(
        "It can be read: {tables} tables with {rows} rows. Nothing was loaded yet.",
        "可以读取：{tables}张表，共{rows}行。尚未载入。",
    ),
    "trial.loaded": Phrase(
        "{loaded} of {rows} rows fit, in {tables} tables. Nothing was loaded yet.",
        "{tables}张表共{rows}行，其中{loaded}行符合要求。尚未载入。",
    ),
    "trial.nothing": Phrase("No table of it can be loaded: the table below says why.", "没有可载入的表，原因见下表。"),
    "trial.too_long": Phrase(
        "There was no answer in time. Check host, port and firewall, and test again.",
        "在时限内没有响应。请检查主机、端口和防火墙后重新测试。",
    ),
    "trial.large": Phrase(
        "It holds more than a test of three minutes can check. You may load it: every row is checked then as well, you"
        " see how far it is, and nothing is kept unless it adds up.",
        "数据量超过三分钟测试所能检查的范围。您可以直接载入：载入时同样逐行检查并显示进度，核对不符则不会保留任何数据。",
    ),
    "trial.refused": Phrase("It cannot be read: {message}", "无法读取：{message}"),
    "trial.absent": Phrase(
        "{count} tables are not there, because this system does without them: {names}.",
        "该系统未使用以下{count}张表：{names}。",
        one="{count} table is not there, because this system does without it: {names}.",
    ),
    "trial.ignored": Phrase(
        "Not read, because no table is known by that name: {names}.", "未读取（未识别的表名）：{names}。"
    ),
    "trial.more": Phrase("{names} and {count} more", "{names}等另{count}项"),
    "trial.tables": Phrase("What would be loaded", "将载入的内容"),
    "trial.problems": Phrase("What does not fit", "不符合要求的内容"),
    "tables": Phrase("What was loaded", "已载入的内容"),
    "tables.alt": Phrase("Each table with its rows and what becomes of them", "各表的行数及处理结果"),
    "problems": Phrase("What did not fit", "不符合要求的内容"),
    "problems.alt": Phrase("Each rule that rows broke, by table", "各表违反的规则"),
    "problems.none": Phrase("Every row fits.", "所有行均符合要求。"),
    "outcome.accept": Phrase("fits", "符合"),
    "outcome.accept_warn": Phrase("fits, see below", "符合，见下文"),
    "outcome.quarantine_rows": Phrase("some rows set aside", "部分行隔离"),
    "outcome.reject_table": Phrase("refused", "拒绝"),
}
_CHANGE = {
    "now": Phrase("Refresh now", "立即刷新"),
    "pause": Phrase("Pause", "暂停"),
    "resume": Phrase("Go on", "继续"),
    "change": Phrase("Change", "更改"),
    "remove": Phrase("Remove", "删除"),
    "remove.how": Phrase(
        "The connection and its password are forgotten. What it loaded stays.",
        "连接及其密码将被删除，已载入的数据保留。",
    ),
    "remove.do": Phrase("Remove {name}", "删除{name}"),
    "save": Phrase("Test and save", "测试并保存"),
    "confirm": Phrase("It is meant: load {table} as it came", "确认无误：按现状载入{table}"),
    "new_files": Phrase("New files", "新文件"),
    "fact.place": Phrase("Where", "位置"),
    "fact.minutes": Phrase("Refreshed", "刷新"),
    "fact.every": Phrase("every {count} minutes", "每{count}分钟", one="every minute"),
    "fact.once": Phrase("when new files are dropped", "上传新文件时"),
    "fact.last": Phrase("Last attempt", "上次尝试"),
    "fact.loaded": Phrase("Last loaded", "上次载入"),
    "fact.next": Phrase("Next", "下次"),
    "fact.message": Phrase("It said", "提示"),
    "done.add": Phrase("{name} is connected; it is loaded now", "{name}已连接，正在载入"),
    "done.change": Phrase("{name} is changed", "{name}已更改"),
    "done.remove": Phrase("{name} is removed", "{name}已删除"),
    "done.now": Phrase("{name} is refreshed next", "即将刷新{name}"),
    "done.pause": Phrase("{name} is paused", "{name}已暂停"),
    "done.resume": Phrase("{name} goes on", "{name}已继续"),
}
_REFUSED = {
    "refused.no_name": Phrase("Give the connection a name.", "请填写连接名称。"),
    "refused.odd_text": Phrase(
        "Something is too long, or holds signs that nobody can read.", "内容过长或包含不可读字符。"
    ),
    "refused.taken": Phrase("There is a connection of that name: choose another one.", "该名称已被使用，请换一个。"),
    "refused.system_taken": Phrase(
        "This system is connected already: change that connection, for two would mix their records.",
        "该系统已连接：请更改现有连接，否则两者的记录会混淆。",
    ),
    "refused.no_place": Phrase("Say where the data is.", "请说明数据所在位置。"),
    "refused.no_host": Phrase(
        "Write the server's name or number alone, as erp.example.com.", "请只填写服务器名称或IP，如erp.example.com。"
    ),
    "refused.no_database": Phrase("Name the database.", "请填写数据库名称。"),
    "refused.no_user": Phrase("Name the user.", "请填写用户。"),
    "refused.no_password": Phrase(
        "Enter the password again: it is handed to no other server or user.",
        "请重新输入密码：密码不会用于其他服务器或用户。",
    ),
    "refused.port": Phrase("A port is a number from 1 to 65535.", "端口为1至65535之间的数字。"),
    "refused.minutes": Phrase("Refresh every 1 to 1440 minutes.", "刷新间隔为1至1440分钟。"),
    "refused.no_path": Phrase(
        "There is no such file or folder on this machine: write its whole path, from the root.",
        "本机没有该文件或文件夹，请填写完整路径。",
    ),
    "refused.own_home": Phrase(
        "This is the folder that Tandem keeps its own files in: name another one.",
        "这是Tandem自己的文件夹，请选择其他位置。",
    ),
    "refused.no_secret": Phrase(
        "No password can be kept: TANDEM_SECRET is shorter than 16 letters.",
        "无法保存密码：TANDEM_SECRET少于16个字符。",
    ),
    "refused.gone": Phrase("Somebody removed this connection.", "该连接已被删除。"),
    "refused.too_many_files": Phrase(
        "These are too many files: pack them into one ZIP.", "文件过多，请打包为一个ZIP。"
    ),
    "refused.too_large": Phrase(
        "A file is too large to be dropped here: put it into a folder of this machine and name that.",
        "文件过大，请放入本机文件夹并填写其路径。",
    ),
    "refused.same_name": Phrase(
        "Two of the files have one name: rename one of them.", "有两个文件同名，请重命名其一。"
    ),
}
_MAPPING = {
    "map": Phrase("What your files mean", "文件的含义"),
    "map.propose": Phrase("Propose what the columns mean", "建议各列含义"),
    "map.proposing": Phrase("Reading the files and comparing their columns", "正在读取文件并比较各列"),
    "map.how": Phrase(
        "{count} tables were found, and {known} of their {columns} columns were recognised. Correct what is wrong, then"
        " save.",
        "找到{count}张表，{columns}列中识别出{known}列。请更正错误后保存。",
    ),
    "map.table": Phrase("Table", "表"),
    "map.to": Phrase("What its rows are", "每行表示什么"),
    "map.to.none": Phrase("not read", "不读取"),
    "map.columns": Phrase("Its columns", "各列"),
    "map.columns.alt": Phrase(
        "Each column with its first values and the field that it becomes", "各列的示例值及对应字段"
    ),
    "map.given": Phrase("What no column says", "没有对应列的内容"),
    "map.given.how": Phrase(
        "One value for all rows. What is empty here must be written before it can be used.",
        "对所有行使用同一个值。空白处必须填写。",
    ),
    "map.given.alt": Phrase("Each field that no column says, with its value", "没有对应列的字段及其取值"),
    "map.tables": Phrase("Tables found", "找到的表"),
    "map.tables.alt": Phrase("Each table with what it seems to be", "各表的推测含义"),
    "map.save": Phrase("Save this mapping", "保存映射"),
    "map.saved": Phrase("The mapping is saved: test it now.", "映射已保存，请测试。"),
    "map.refused": Phrase("It cannot be used yet: {message}", "尚不能使用：{message}"),
    "map.not_proposed": Phrase("Nothing can be proposed: {message}", "无法给出建议：{message}"),
    "map.missing": Phrase("Write first what no column says: {names}.", "请先填写没有对应列的内容：{names}。"),
}
_COLUMNS = {
    "audit.action.connection_added": Phrase("connected a system", "连接系统"),
    "audit.action.connection_changed": Phrase("changed a connection", "更改连接"),
    "audit.action.connection_paused": Phrase("paused a connection", "暂停连接"),
    "audit.action.connection_resumed": Phrase("resumed a connection", "恢复连接"),
    "audit.action.connection_removed": Phrase("removed a connection", "删除连接"),
    "audit.action.connection_asked": Phrase("asked for a refresh", "请求刷新"),
    "column.connections.name": Phrase("Connection", "连接"),
    "column.connections.source": Phrase("System", "系统"),
    "column.connections.state": Phrase("State", "状态"),
    "column.connections.place": Phrase("Where", "位置"),
    "column.connections.loaded_at": Phrase("Last loaded", "上次载入"),
    "column.connections.next_at": Phrase("Next", "下次"),
    "column.connections.rows_loaded": Phrase("Rows loaded", "载入行数"),
    "column.connections.rows_quarantined": Phrase("Set aside", "隔离行数"),
    "column.connect_loads.source_table": Phrase("Table", "表"),
    "column.connect_loads.outcome": Phrase("Outcome", "结果"),
    "column.connect_loads.rows_read": Phrase("Rows", "行数"),
    "column.connect_loads.rows_loaded": Phrase("Fit", "符合"),
    "column.connect_loads.rows_quarantined": Phrase("Set aside", "隔离"),
    "column.connect_loads.rows_duplicate": Phrase("Duplicates", "重复"),
    "column.connect_seen.source_table": Phrase("Table", "表"),
    "column.connect_seen.rows_read": Phrase("Rows", "行数"),
    "column.connect_problems.source_table": Phrase("Table", "表"),
    "column.connect_problems.told": Phrase("What is wrong", "问题"),
    "column.connect_problems.rows": Phrase("Rows", "行数"),
    "column.connect_proposed.table": Phrase("Table", "表"),
    "column.connect_proposed.to": Phrase("Seems to be", "推测为"),
    "column.connect_proposed.certainty": Phrase("Certainty", "把握"),
    "column.connect_proposed.columns": Phrase("Columns", "列数"),
    "column.connect_proposed.with_field": Phrase("Recognised", "已识别"),
    "column.connect_proposed.missing": Phrase("Missing", "缺少"),
    "column.connect_proposed.reason": Phrase("Why", "原因"),
    "column.connect_mapped.column": Phrase("Column", "列"),
    "column.connect_mapped.examples": Phrase("Its first values", "示例值"),
    "column.connect_mapped.field": Phrase("Field", "字段"),
    "column.connect_mapped.certainty": Phrase("Certainty", "把握"),
    "column.connect_mapped.reason": Phrase("Why", "原因"),
    "column.connect_given.field": Phrase("Field", "字段"),
    "column.connect_given.value": Phrase("Value", "取值"),
}
_NAMED = _PAGE | _STATES | _ADD | _TRIAL | _CHANGE | _REFUSED | _MAPPING
PHRASES = {key if key.startswith("menu.") else f"connect.{key}": phrase for key, phrase in _NAMED.items()} | _COLUMNS
