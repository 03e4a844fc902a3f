"""The master of our slides: wide, our colours and type, a title that holds the message, a quiet line at its left."""

import re

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.util import Emu, Inches

from display.theme import LIGHT

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE, TITLE_TOP, TITLE_HEIGHT = Inches(0.6), Inches(0.62), Inches(0.95)
INNER = Emu(WIDTH - 2 * EDGE)
LATIN, CHINESE = "Calibri", "Microsoft YaHei"
TITLE_SIZE = 26
MESSAGE = "Title Only"
KEPT_PLACEHOLDERS = ("title", "ctrTitle")
MARK = f"""<p:sp {nsdecls("p", "a")}>
<p:nvSpPr><p:cNvPr id="99" name="Mark"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(0.1)}" cy="{HEIGHT}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>
<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"""


def deck() -> Deck:
    """An empty deck with our master and one layout: a title, and room below it."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    master = made.slide_master
    for layout in list(master.slide_layouts):
        if layout.name != MESSAGE:
            master.slide_layouts.remove(layout)
    for holder in (master, master.slide_layouts[0]):
        _without_extras(holder)
        _placed(holder)
    _titled(master)
    master.shapes._spTree.append(parse_xml(MARK))  # noqa: SLF001 - the library adds no shapes to a master
    _themed(master)
    return made


def _without_extras(holder: object) -> None:
    """Without the places for dates, numbers and bodies that nothing of ours fills."""
    for shape in list(holder.placeholders):  # type: ignore[attr-defined]
        if shape.element.ph.get("type", "body") not in KEPT_PLACEHOLDERS:
            shape.element.getparent().remove(shape.element)


def _placed(holder: object) -> None:
    for shape in holder.placeholders:  # type: ignore[attr-defined]
        shape.left, shape.top, shape.width, shape.height = EDGE, TITLE_TOP, INNER, TITLE_HEIGHT


def _titled(master: object) -> None:
    """Titles are left, strong, dark, and stand in the middle of their room."""
    style = master.element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))  # type: ignore[attr-defined]
    style.set("algn", "l")
    run = style.find(qn("a:defRPr"))
    run.set("sz", str(TITLE_SIZE * 100))
    run.set("b", "1")
    for shape in master.placeholders:  # type: ignore[attr-defined]
        body = shape.element.txBody.find(qn("a:bodyPr"))
        body.set("anchor", "ctr")
        body.set("lIns", "0")


def _themed(master: object) -> None:
    """Our palette as the colours of the theme, so that charts that somebody adds look like ours."""
    part = master.part.part_related_by(RELATION.THEME)  # type: ignore[attr-defined]
    tree = etree.fromstring(part.blob)
    named = dict(zip((f"accent{number}" for number in range(1, 6)), LIGHT.series, strict=True))
    named |= {"dk1": LIGHT.ink, "lt1": LIGHT.page, "dk2": LIGHT.muted, "lt2": "#F5F7FA", "accent6": LIGHT.context}
    named |= {"hlink": LIGHT.series[0], "folHlink": LIGHT.series[3]}
    for name, colour in named.items():
        (slot,) = tree.iter(qn(f"a:{name}"))
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr"), val=colour.lstrip("#"))
    for latin in tree.iter(qn("a:latin")):
        latin.set("typeface", LATIN)
    for eastern in tree.iter(qn("a:ea")):
        eastern.set("typeface", CHINESE)
    part._blob = re.sub(rb'name="Office Theme"', b'name="Tandem"', etree.tostring(tree))  # noqa: SLF001 - no other way
