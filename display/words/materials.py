"""Words of materials that production may lack."""

from display.words.phrase import Phrase

PHRASES = {
    "materials.title": Phrase("What production will lack", "生产将缺的物料"),
    "materials.alt": Phrase(
        "Parts that may run out by the plan of production, with the day and the products that then stop",
        "按生产计划可能短缺的零件、日期及受影响的产品",
    ),
    "materials.none": Phrase(
        "By the plan of the next 84 days production lacks nothing, or you do not see all regions of a company.",
        "按未来84天计划生产不缺料，或您未能查看公司的全部地区。",
    ),
    "materials.working": Phrase(
        "Plans of production are being worked out after the refresh.", "刷新后正在计算生产计划。"
    ),
    "materials.note": Phrase(
        "Planned: what customers usually ask of the products, less what is there and on order of them, made in their "
        "usual lots and taken apart by their bills of materials; open work orders take theirs on top. By habit: as the "
        "chances above, from what production took so far.",
        "计划：按客户对产品的通常需求，扣除现有与在途，以通常批量生产并按物料清单展开；未结生产订单另计。按惯例：即上文缺货概率，依据以往耗用。",
    ),
    "materials.stops.more": Phrase("{names} and {count} more", "{names}等另{count}种"),
    "column.materials.item": Phrase("Part", "零件"),
    "column.materials.site": Phrase("Site", "地点"),
    "column.materials.may_run_out_on": Phrase("May run out", "可能断料"),
    "column.materials.likely_out_on": Phrase("Likely out", "很可能断料"),
    "column.materials.p_28": Phrase("Out in 28 days", "28天内缺料"),
    "column.materials.p_28_usual": Phrase("By habit (%)", "按惯例（%）"),
    "column.materials.stops": Phrase("Stops", "受影响产品"),
    "column.materials.on_hand": Phrase("On hand", "现有"),
    "column.materials.on_order": Phrase("On order", "在途"),
    "column.materials.ordered": Phrase("Work orders take", "订单耗用"),
    "column.materials.planned_84": Phrase("Planned, 84 days", "84天计划"),
    "column.materials.short_84": Phrase("Lacking", "短缺"),
    "column.materials.unit": Phrase("Unit", "单位"),
}
