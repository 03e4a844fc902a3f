"""Words of rights: what each capability allows, who the roles are, looking through a role's eyes, and refusals."""

from display.words.phrase import Phrase

PHRASES = {
    "menu.access": Phrase("Rights", "权限"),
    "menu.access.help": Phrase(
        "Who may see what, and Tandem as each role sees it.", "谁可以查看什么，以及各角色所见的 Tandem。"
    ),
    "right.overview.read": Phrase("Overview", "总览"),
    "right.overview.read.help": Phrase(
        "Sees the overview: how the firm does, and what needs a decision.",
        "可查看总览：公司表现以及需要决策的事项。",
    ),
    "right.sales.read": Phrase("Sales", "销售"),
    "right.sales.read.help": Phrase(
        "Sees orders, deliveries, revenue, customers and deals.", "可查看订单、交货、收入、客户与商机。"
    ),
    "right.receivables.read": Phrase("Receivables", "应收账款"),
    "right.receivables.read.help": Phrase(
        "Sees what customers owe, and since when it is overdue.", "可查看客户欠款金额及逾期时间。"
    ),
    "right.inventory.read": Phrase("Inventory", "库存"),
    "right.inventory.read.help": Phrase(
        "Sees stock, demand and what runs out. What it is worth needs Costs as well.",
        "可查看库存、需求及缺货情况；金额还需成本权限。",
    ),
    "right.purchasing.read": Phrase("Purchasing", "采购"),
    "right.purchasing.read.help": Phrase(
        "Sees purchase orders and how punctual suppliers are. Prices need Costs as well.",
        "可查看采购订单与供应商准时情况；价格还需成本权限。",
    ),
    "right.service.read": Phrase("Service", "服务"),
    "right.service.read.help": Phrase(
        "Sees tickets, complaints and returns. Their texts need Personal data as well.",
        "可查看工单、投诉与退货；其文本还需个人信息权限。",
    ),
    "right.health.read": Phrase("Data health", "数据健康"),
    "right.health.read.help": Phrase(
        "Sees how old sources are, what was loaded, which rows were set aside.",
        "可查看各数据源的新旧程度、已载入的数据以及被隔离的行。",
    ),
    "right.sources.manage": Phrase("Manage sources", "管理数据源"),
    "right.sources.manage.help": Phrase("Connects sources and refreshes them.", "可连接并刷新数据源。"),
    "right.accounts.manage": Phrase("Manage accounts", "管理账号"),
    "right.accounts.manage.help": Phrase(
        "Adds, changes and removes accounts; only an owner makes an owner.",
        "可新增、修改和删除账号；只有所有者能设立所有者。",
    ),
    "right.persons.erase": Phrase("Erase persons", "删除个人信息"),
    "right.persons.erase.help": Phrase(
        "Erases a person on request, for good, in everything that Tandem keeps.",
        "可应请求在 Tandem 保存的全部数据中永久删除个人信息。",
    ),
    "right.rights.read": Phrase("Rights", "权限"),
    "right.rights.read.help": Phrase("Sees who may see what: this page.", "可查看谁有权查看什么，即本页面。"),
    "right.costs": Phrase("Costs", "成本"),
    "right.costs.help": Phrase(
        "Sees what goods cost: unit costs, purchase prices, bills, value of stock.",
        "可查看货物成本：单位成本、采购价、账单、库存金额。",
    ),
    "right.margins": Phrase("Margins", "毛利"),
    "right.margins.help": Phrase(
        "Sees what revenue leaves after the cost of sales, and what of it is at risk.",
        "可查看扣除销售成本后的毛利及其风险。",
    ),
    "right.personal_data": Phrase("Personal data", "个人信息"),
    "right.personal_data.help": Phrase(
        "Sees who persons are and what they wrote. Firms are named to everybody.",
        "可查看个人身份及其所写内容；企业名称对所有人可见。",
    ),
    "right.payroll": Phrase("Payroll", "薪酬"),
    "right.payroll.help": Phrase("Sees what working hours and departments cost.", "可查看工时成本与各部门的人工成本。"),
    "role.owner.help": Phrase(
        "Owns the firm or this machine, and sees everything.", "公司或本机的所有者，可查看全部。"
    ),
    "role.executive.help": Phrase(
        "Leads the firm: sees all its figures, costs and margins, but no personal data.",
        "领导公司：可查看全部业务数字、成本与毛利，但不含个人信息。",
    ),
    "role.manager.help": Phrase(
        "Runs supply: sees stock, purchases and costs, but no margins.",
        "负责供应：可查看库存、采购与成本，但不含毛利。",
    ),
    "role.sales.help": Phrase(
        "Serves customers: knows them by name and what they owe, but not what goods cost.",
        "服务客户：了解客户姓名与欠款，但不了解货物成本。",
    ),
    "role.administrator.help": Phrase(
        "Keeps Tandem running: sees the health of the data, none of the business.",
        "维护系统运行：可查看数据健康状况，但看不到业务内容。",
    ),
    "rights.title": Phrase(
        "{count} roles: what each of them sees, and what it never does",
        "{count}个角色各自能看到什么、不能看到什么",
    ),
    "rights.caption": Phrase(
        "Rights cut rows and columns before anything is summed, shown or exported.",
        "权限在汇总、显示或导出之前即对行和列生效。",
    ),
    "rights.eyes": Phrase("See Tandem as a role sees it", "以角色视角查看 Tandem"),
    "rights.look": Phrase("Look through its eyes", "以此角色查看"),
    "rights.looking": Phrase("You are looking through its eyes now", "当前正以此角色查看"),
    "rights.matrix": Phrase("What each role may see and do", "各角色可查看和操作的内容"),
    "rights.matrix.alt": Phrase(
        "Each right with its meaning, and for each role whether it has it", "各项权限的含义，以及各角色是否拥有"
    ),
    "rights.pages": Phrase("Which pages each role has", "各角色可打开的页面"),
    "rights.pages.alt": Phrase(
        "Each page with the right it needs, and for each role whether it opens", "各页面所需权限，以及各角色能否打开"
    ),
    "rights.rows": Phrase(
        "A viewer may also be limited to some companies and regions: rows of others do not come out, in no sum either. "
        "Narrow your view to one in the sidebar to see it as such a person does.",
        "还可以将查看者限定在部分公司和地区：其他公司和地区的数据不会出现，也不会计入任何合计。"
        "可在侧边栏中缩小范围，查看该人员所见内容。",
    ),
    "rights.granted.yes": Phrase("Yes", "有"),
    "rights.granted.no": Phrase("No", "无"),
    "column.rights.right": Phrase("Right", "权限"),
    "column.rights.meaning": Phrase("What it allows", "含义"),
    "column.rights.owner": Phrase("Owner", "所有者"),
    "column.rights.executive": Phrase("Executive", "管理层"),
    "column.rights.manager": Phrase("Manager", "经理"),
    "column.rights.sales": Phrase("Sales", "销售"),
    "column.rights.administrator": Phrase("Administrator", "系统管理员"),
    "column.page_rights.page": Phrase("Page", "页面"),
    "column.page_rights.right": Phrase("Right it needs", "所需权限"),
    "column.page_rights.owner": Phrase("Owner", "所有者"),
    "column.page_rights.executive": Phrase("Executive", "管理层"),
    "column.page_rights.manager": Phrase("Manager", "经理"),
    "column.page_rights.sales": Phrase("Sales", "销售"),
    "column.page_rights.administrator": Phrase("Administrator", "系统管理员"),
    "eyes.role": Phrase("You are looking through the eyes of: {role}", "您正在以此角色查看：{role}"),
    "eyes.only.as_company": Phrase("only {names}", "仅限{names}"),
    "eyes.only.as_region": Phrase("only region {names}", "仅限地区{names}"),
    "eyes.only.as_employee": Phrase("only customers of {names}", "仅限{names}的客户"),
    "eyes.own": Phrase(
        "You see your own customers. Stock counts what all customers ask for; whatever else is known only of all"
        " together (targets, campaigns, forecasts) is left out.",
        "您只能看到自己的客户。库存按全部客户的需求计算；其他仅有全体客户合计的内容（目标、营销活动、预测）不显示。",
    ),
    "rights.own_customers": Phrase("Sales who sees only the customers of", "仅可查看以下员工客户的销售"),
    "rights.own_customers.none": Phrase("Choose an employee", "选择员工"),
    "eyes.back": Phrase("Back to your own view", "返回自己的视图"),
    "eyes.narrow": Phrase("Limit to a company or region", "限定公司或地区"),
    "eyes.as_company": Phrase("Companies that may be seen", "可查看的公司"),
    "eyes.as_region": Phrase("Regions that may be seen", "可查看的地区"),
    "guard.expired": Phrase("Your session has ended. Sign in again.", "您的会话已结束，请重新登录。"),
    "mishap": Phrase(
        "Something went wrong, and this page is not complete. Reload it; if that does not help, "
        "tell your administrator the reference {reference}.",
        "出现问题，此页面未能完整显示。请刷新页面；如仍未解决，请将编号 {reference} 告知系统管理员。",
    ),
    "rights.doc.title": Phrase("Rights", "权限"),
    "rights.doc.made": Phrase(
        "Generated from the table in `analytics/access.py` by `python -m display.rights`.",
        "由 `python -m display.rights` 根据 `analytics/access.py` 中的表格生成。",
    ),
    "rights.doc.roles": Phrase("Roles", "角色"),
    "rights.doc.rights": Phrase("Rights of each role", "各角色的权限"),
    "rights.doc.columns": Phrase("Columns that need a right", "需要权限的列"),
    "rights.doc.columns.how": Phrase(
        "Without the right these columns are empty from the scan on, in every sum, search and export.",
        "没有相应权限时，这些列从读取起即为空，在合计、搜索和导出中均不可见。",
    ),
    "rights.doc.persons": Phrase(
        "Name, city and tax number of a customer who is a private person need the right to personal data as well.",
        "个人客户的名称、城市和税号同样需要个人信息权限。",
    ),
}
