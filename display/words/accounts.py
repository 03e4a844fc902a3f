"""Words of accounts: signing in and out, who has one, and what the audit log tells."""

from display.words.phrase import Phrase

PHRASES = {
    "sign_in.title": Phrase("Sign in to Tandem", "登录 Tandem"),
    "sign_in.user": Phrase("Name", "用户名"),
    "sign_in.password": Phrase("Password", "密码"),
    "sign_in.go": Phrase("Sign in", "登录"),
    "sign_in.wrong": Phrase("Name or password is not right.", "用户名或密码不正确。"),
    "sign_in.locked": Phrase(
        "Too many wrong passwords. Try again in 15 minutes, or ask your administrator.",
        "密码错误次数过多。请 15 分钟后再试，或联系管理员。",
    ),
    "sign_in.ended": Phrase(
        "This account has reached its last day. Ask your administrator.", "该账号已到期。请联系管理员。"
    ),
    "sign_in.with": Phrase("Sign in with the firm's account", "使用公司账号登录"),
    "sign_in.provider": Phrase(
        "Your firm's account could not be used just now. Try again, or sign in with a password.",
        "公司账号登录未成功。请重试，或使用密码登录。",
    ),
    "sign_in.still_there": Phrase(
        "You are signed out here, and still signed in with the firm's account. On a shared machine sign out there too.",
        "您已退出本系统，但公司账号仍处于登录状态。使用公用电脑时请一并退出。",
    ),
    "sign_in.not_invited": Phrase(
        "You have no account here yet. Ask an administrator to invite you.", "您在此还没有账号。请联系管理员邀请您。"
    ),
    "sign_in.again": Phrase("You are signed out.", "您已退出登录。"),
    "sign_in.as": Phrase("{user}, {role}", "{user}，{role}"),
    "sign_out": Phrase("Sign out", "退出登录"),
    "accounts": Phrase("Accounts", "账号"),
    "accounts.alt": Phrase("Accounts with role, reach and last day.", "账号及其角色、范围和到期日。"),
    "accounts.none": Phrase(
        "There are no accounts yet: this machine alone is answered, and whoever sits there is the owner. With the first"
        " account everybody signs in.",
        "目前没有账号：仅响应本机，本机使用者即所有者。创建首个账号后，所有人都需登录。",
    ),
    "accounts.lost": Phrase(
        "{user} is limited to what the data does not know: {codes}. After a change of system, companies, regions and"
        " employees can have other keys. {user} sees less than was meant, never more: choose anew under Change an"
        " account.",
        "{user} 的权限限定于数据中不存在的对象：{codes}。更换系统后，公司、地区和员工的编号可能改变。"
        "{user} 只会看到更少、不会看到更多的数据：请在“修改账号”中重新选择。",
    ),
    "accounts.new": Phrase("New account", "新增账号"),
    "accounts.change": Phrase("Change an account", "修改账号"),
    "accounts.which": Phrase("Account", "账号"),
    "accounts.user": Phrase("Name", "用户名"),
    "accounts.role": Phrase("Role", "角色"),
    "accounts.companies": Phrase("Companies", "公司"),
    "accounts.regions": Phrase("Regions", "地区"),
    "accounts.employees": Phrase("Only customers of", "仅限其客户"),
    "accounts.employees.help": Phrase(
        "For the role Sales: this account then sees the customers that these employees look after, and no others.",
        "适用于销售角色：该账号只能看到这些员工负责的客户。",
    ),
    "accounts.ends_on": Phrase("Last day", "到期日"),
    "accounts.is_locked.yes": Phrase("yes", "是"),
    "accounts.is_locked.no": Phrase("no", "否"),
    "accounts.password": Phrase("Password", "密码"),
    "accounts.password.help": Phrase("At least 12 characters, without the name.", "至少 12 个字符，且不含用户名。"),
    "accounts.new_password": Phrase("New password", "新密码"),
    "accounts.everything": Phrase("All", "全部"),
    "accounts.add": Phrase("Add", "新增"),
    "accounts.save": Phrase("Save", "保存"),
    "accounts.set_password": Phrase("Set password", "设置密码"),
    "accounts.sign_out_everywhere": Phrase("Sign out everywhere", "在所有设备退出"),
    "accounts.remove": Phrase("Remove", "删除"),
    "accounts.remove.sure": Phrase("Remove {user} for good", "永久删除 {user}"),
    "accounts.done": Phrase("Done.", "已完成。"),
    "accounts.only_owner": Phrase(
        "Only an owner makes, changes or removes an owner.", "只有所有者能设立、修改或删除所有者。"
    ),
    "accounts.by_provider": Phrase("Signs in with the firm's account", "使用公司账号登录"),
    "accounts.by_provider.help": Phrase(
        "The name is the e-mail address that the provider has verified. No password is needed.",
        "用户名须为身份提供方已验证的电子邮箱，无需密码。",
    ),
    "accounts.refused.no_name": Phrase("Enter a name.", "请输入用户名。"),
    "accounts.refused.odd_name": Phrase(
        "The name has blanks around it, hidden characters or more than 80 letters.",
        "用户名首尾有空格、含隐藏字符或超过 80 个字符。",
    ),
    "accounts.refused.taken": Phrase("There is an account of this name.", "该用户名已存在。"),
    "accounts.refused.unknown": Phrase("The account is gone.", "该账号已不存在。"),
    "accounts.refused.no_role": Phrase("Choose a role.", "请选择角色。"),
    "accounts.refused.not_sales": Phrase(
        "Only the role Sales can be limited to own customers.", "只有销售角色可以限定为仅看自己的客户。"
    ),
    "accounts.refused.short_password": Phrase("The password needs at least 12 characters.", "密码至少需要 12 个字符。"),
    "accounts.refused.long_password": Phrase("The password has more than 256 characters.", "密码超过 256 个字符。"),
    "accounts.refused.own_name": Phrase("The password holds the name.", "密码中包含用户名。"),
    "accounts.refused.no_subject": Phrase(
        "Say by what the provider knows the person.", "请说明身份提供方如何识别此人。"
    ),
    "accounts.refused.last_one": Phrase(
        "At least one account has to be an owner's, without a last day.", "至少要有一个无到期日的所有者账号。"
    ),
    "column.accounts.user": Phrase("Name", "用户名"),
    "column.accounts.role": Phrase("Role", "角色"),
    "column.accounts.companies": Phrase("Companies", "公司"),
    "column.accounts.regions": Phrase("Regions", "地区"),
    "column.accounts.employees": Phrase("Only customers of", "仅限其客户"),
    "column.accounts.ends_on": Phrase("Last day", "到期日"),
    "column.accounts.is_locked": Phrase("Locked", "已锁定"),
    "audit": Phrase("What was done", "操作记录"),
    "audit.alt": Phrase("Who did what, the latest first.", "操作记录，最近的在前。"),
    "audit.none": Phrase("Nothing yet.", "暂无记录。"),
    "column.audit.at": Phrase("When", "时间"),
    "column.audit.user": Phrase("Who", "用户"),
    "column.audit.action": Phrase("What", "操作"),
    "column.audit.subject": Phrase("Which", "对象"),
    "audit.action.sign_in": Phrase("signed in", "登录"),
    "audit.action.sign_in_wrong": Phrase("wrong password", "密码错误"),
    "audit.action.sign_in_locked": Phrase("tried while locked out", "锁定期间尝试登录"),
    "audit.action.sign_in_provider": Phrase("was not let in by the provider", "身份提供方登录失败"),
    "audit.action.sign_in_not_invited": Phrase("tried without being invited", "未受邀请尝试登录"),
    "audit.action.sign_in_ended": Phrase("tried after the last day", "到期后尝试登录"),
    "audit.action.sign_out": Phrase("signed out", "退出登录"),
    "audit.action.signed_out_everywhere": Phrase("signed out everywhere", "在所有设备退出"),
    "audit.action.page": Phrase("opened", "打开页面"),
    "audit.action.file": Phrase("took away", "下载文件"),
    "audit.action.account_added": Phrase("added an account", "新增账号"),
    "audit.action.account_changed": Phrase("changed an account", "修改账号"),
    "audit.action.account_removed": Phrase("removed an account", "删除账号"),
    "audit.action.password_changed": Phrase("set a password", "设置密码"),
}
