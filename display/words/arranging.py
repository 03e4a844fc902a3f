"""Words of the columns and order that a reader chooses for a table."""

from display.words.phrase import Phrase

PHRASES = {
    "arranging": Phrase("Columns", "列与排序"),
    "arranging.columns": Phrase("Columns, in your order", "显示的列（按所选顺序）"),
    "arranging.order": Phrase("Order", "排序"),
    "arranging.own": Phrase("As Tandem orders it", "默认排序"),
    "arranging.up": Phrase("{column}, lowest first", "{column}（升序）"),
    "arranging.down": Phrase("{column}, highest first", "{column}（降序）"),
    "arranging.long": Phrase("A table of more than {count} rows keeps its order.", "超过{count}行的表格保持默认排序。"),
}
