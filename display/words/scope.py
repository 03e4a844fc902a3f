"""Words of what is asked: periods and what they are compared with, filters, saved views, links, and how old data is."""

from display.words.phrase import Phrase

PHRASES = {
    "period": Phrase("Period", "期间"),
    "period.month": Phrase("This month to date", "本月至今"),
    "period.quarter": Phrase("This quarter to date", "本季度至今"),
    "period.year": Phrase("This year to date", "本年至今"),
    "period.last_month": Phrase("Last month", "上月"),
    "period.last_quarter": Phrase("Last quarter", "上季度"),
    "period.last_year": Phrase("Last year", "去年"),
    "period.days": Phrase("Last {count} days", "近{count}天", one="Last day"),
    "period.two_days": Phrase("Between two days…", "自定义日期…"),
    "period.first": Phrase("From", "开始日期"),
    "period.last": Phrase("To", "结束日期"),
    "comparison": Phrase("Compared with", "对比"),
    "comparison.last_year": Phrase("Last year", "去年同期"),
    "comparison.before": Phrase("Period before", "上一期"),
    "comparison.days": Phrase("{now} against {then}", "{now}，对比{then}"),
    "filters.count": Phrase("Filters · {count}", "筛选 · {count}"),
    "filters.left_out": Phrase(
        "The link asks for something that is not here, or not yours to see, and it was left out: {asked}.",
        "链接中的以下条件不存在或您无权查看，已忽略：{asked}。",
    ),
    "views": Phrase("Saved views", "已保存的视图"),
    "views.save": Phrase("Save view", "保存视图"),
    "views.name": Phrase("Name", "名称"),
    "views.save.how": Phrase(
        "The page with its period and filters, under a name of your own. It always shows current data.",
        "以您自定的名称保存此页面及其期间和筛选条件，打开时始终显示最新数据。",
    ),
    "views.save.do": Phrase("Save", "保存"),
    "views.done.save": Phrase("Saved as “{name}”.", "已保存为“{name}”。"),
    "views.change": Phrase("Change a saved view", "管理已保存的视图"),
    "views.which": Phrase("Saved view", "视图"),
    "views.open": Phrase("Open “{name}”", "打开“{name}”"),
    "views.new_name": Phrase("New name", "新名称"),
    "views.rename": Phrase("Rename", "重命名"),
    "views.done.rename": Phrase("Renamed to “{name}”.", "已重命名为“{name}”。"),
    "views.delete": Phrase("Delete", "删除"),
    "views.done.delete": Phrase("“{name}” is deleted.", "“{name}”已删除。"),
    "views.more": Phrase("{count} more", "另有{count}个"),
    "views.refused.no_name": Phrase("Give the view a name.", "请输入视图名称。"),
    "views.refused.long_name": Phrase("A name has at most {most} characters.", "名称最多{most}个字符。"),
    "views.refused.odd_name": Phrase(
        "The name holds characters that cannot be seen. Type it anew.", "名称中含有不可见字符，请重新输入。"
    ),
    "views.refused.taken": Phrase(
        "There is already a view of that name. Choose another name, or delete the old view first.",
        "已有同名视图。请使用其他名称，或先删除原视图。",
    ),
    "views.refused.too_many": Phrase(
        "There is no room for another view. Delete one that you no longer need.",
        "视图数量已达上限。请先删除不再需要的视图。",
    ),
    "views.refused.too_large": Phrase(
        "Too much is chosen here to be saved. Choose fewer filters.", "所选筛选条件过多，无法保存。请减少筛选条件。"
    ),
    "views.refused.gone": Phrase("The view was deleted meanwhile.", "该视图已被删除。"),
    "share": Phrase("Copy link", "复制链接"),
    "share.how": Phrase(
        "Whoever opens it sees the same question with their own rights and in their own language.",
        "打开此链接的人将看到相同的内容，权限和语言以其本人为准。",
    ),
    "fresh.as_of": Phrase("Data as of {day} · {age} old", "数据截至{day} · {age}前更新"),
    "fresh.stale": Phrase("Data as of {day} · {sources}", "数据截至{day} · {sources}"),
    "fresh.source": Phrase("{source} is {age} old", "{source}已有{age}未更新"),
    "fresh.failed": Phrase("{source} is {age} old, its last refresh failed", "{source}已有{age}未更新，上次刷新失败"),
    "fresh.snapshot": Phrase("{age} old, refresh the sources", "已有{age}未更新，请刷新数据源"),
}
