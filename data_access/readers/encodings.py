"""How the bytes of a text file are to be read: UTF-8, UTF-16 as declared, GB18030 on strong evidence, else refused."""

import codecs
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data_access.readers.delivery import Finding, TableRefused
from data_access.readers.files import Piece, room

BLOCK = 8 * 1024 * 1024
FEWEST_HANZI = 4
FIRST_LATE = 0xC9

COMMON_HANZI = frozenset(
    "的一是不在有人这中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开"
    "但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世"
    "位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形"
    "社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运限集团贸易商店厂客户订单"
    "供库存价备注省县街号楼室先李陈刘杨黄赵周吴徐孙胡朱林何郭罗宋郑谢唐冯丽伟芳娜敏静强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰红京沪津广深圳州江苏浙福建湖械材料元箱包装零件轴承螺"
)


@dataclass(frozen=True)
class Utf8Text:
    """A text file that is valid UTF-8, with or without a byte order mark."""

    path: Path
    warnings: tuple[Finding, ...]


def as_utf8(piece: Piece) -> Utf8Text:
    """The file as valid UTF-8, rewritten where it came in another encoding; refuses what is not surely text."""
    if not piece.path.stat().st_size:
        return Utf8Text(piece.path, ())
    with piece.path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _recognised(piece, content)


def _recognised(piece: Piece, content: mmap.mmap) -> Utf8Text:
    if content[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise TableRefused("encoding", f"{piece.label} is UTF-32, which we do not read; save it as UTF-8.")
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Utf8Text(_rewritten(content, "utf-16", piece), ())
    _refuse_nul(content, piece.label)
    broken = first_broken_byte(content)
    if broken is None:
        return Utf8Text(piece.path, ())
    return Utf8Text(_guessed(content, broken, piece), (_guess(piece.label),))


def _refuse_nul(content: mmap.mmap, file: str) -> None:
    position = content.find(b"\0")
    if position >= 0:
        raise TableRefused(
            "nul_bytes",
            f"{file} holds a NUL at byte {position} (line {_line(content, position)}), so it is damaged or no text; "
            "save it as UTF-8.",
        )


def first_broken_byte(content: bytes | mmap.mmap) -> int | None:
    """Offset of the first byte that is not UTF-8; None when all of it is."""
    start, size = 0, len(content)
    while start < size:
        block = content[start : start + BLOCK]
        try:
            start += codecs.utf_8_decode(block, "strict", start + BLOCK >= size)[1]
        except UnicodeDecodeError as error:
            return start + error.start
    return None


def _guessed(content: mmap.mmap, broken: int, piece: Piece) -> Path:
    if not looks_like_gb18030(content[:]):
        raise TableRefused(
            "encoding",
            f"{piece.label} is not valid UTF-8 at byte {broken} (line {_line(content, broken)}), damaged or saved in "
            "another encoding; export it again as UTF-8.",
        )
    return _rewritten(content, "gb18030", piece)


def _guess(file: str) -> Finding:
    return Finding(
        "encoding_guessed",
        f"{file} is not UTF-8; it was read as GB18030 (Chinese): check the names, and export it as UTF-8 next time.",
    )


def looks_like_gb18030(content: bytes) -> bool:
    """Strong evidence only: all of it decodes, nearly all is everyday Chinese, and little of it happens to be UTF-8."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [character for character in text if not character.isascii()]
    hanzi = [character for character in foreign if "\u4e00" <= character <= "\u9fff"]
    return len(hanzi) >= FEWEST_HANZI and not _mostly_utf8(content) and _everyday(foreign, hanzi)


def _everyday(foreign: list[str], hanzi: list[str]) -> bool:
    """Usual characters, many of them common, and some from the end of the alphabet, where Korean in EUC-KR has none."""
    usual = sum(map(_is_usual, foreign))
    common = sum(character in COMMON_HANZI for character in hanzi)
    late = sum(character.encode("gb18030")[0] >= FIRST_LATE for character in hanzi)
    return usual >= 0.9 * len(foreign) and common >= 0.35 * len(hanzi) and late >= 0.15 * len(hanzi)


def _is_usual(character: str) -> bool:
    """A character of GB2312's first level, or Chinese punctuation, or a full-width form."""
    code = character.encode("gb18030")
    return len(code) == 2 and code[1] >= 0xA1 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3))


def _mostly_utf8(content: bytes) -> bool:
    seen = content.decode("utf-8", "replace")
    broken = seen.count("\ufffd")
    return sum(not character.isascii() for character in seen) - broken > broken


def _rewritten(content: mmap.mmap, encoding: str, piece: Piece) -> Path:
    target = room(piece.scratch)
    with target.open("wb") as out:
        for text in _decoded(content, encoding, piece.label):
            out.write(text.encode("utf-8", "surrogatepass"))
    return target


def _decoded(content: mmap.mmap, encoding: str, file: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    size = len(content)
    try:
        for start in range(0, size, BLOCK):
            piece = decoder.decode(content[start : start + BLOCK], start + BLOCK >= size)
            if "\0" in piece:
                raise TableRefused(
                    "nul_bytes", f"{file} holds a NUL character, so it is damaged; export it again as UTF-8."
                )
            yield piece
    except UnicodeDecodeError as error:
        raise TableRefused(
            "encoding",
            f"{file} begins as {encoding.upper()}, but is broken after byte {start}; export it again as UTF-8.",
        ) from error


def _line(content: mmap.mmap, position: int) -> int:
    return content[:position].count(b"\n") + 1
