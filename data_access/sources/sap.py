"""SAP ECC and S/4HANA from extracts of their tables (SE16N, reports, extractors): where each unified table comes from.

docs/sources/sap.md says the same in words. Keys are SAP's own, all-digit ones padded to their full length, because a
spreadsheet on the way may have cut their zeros; people see them without. One client (MANDT) is read at a time.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from analytics.tables import parsing
from data_access.exports import COMMA, POINT, SOURCE_ROW, WORD, Export, Kind, Vendor, known, mapping, of
from data_access.exports import columns as named
from data_access.exports import read as read_export
from data_access.extract import Database
from data_access.mapping import SHARED, Mapping, Reading
from data_access.sap_headings import labels

NO_DECIMALS = (
    "('BIF', 'CLP', 'COP', 'DJF', 'GNF', 'HUF', 'IDR', 'JPY', 'KMF', 'KRW', 'LAK', 'PYG', 'RWF', 'TWD', 'UGX', 'VND',"
    " 'VUV', 'XAF', 'XOF', 'XPF')"
)
THREE_DECIMALS = "('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')"
ENGLISH, CHINESE = "('E', 'EN')", "('1', 'ZH')"


def padded(width: int) -> Kind:
    """A key: 4711 and 000000000000004711 are one material, while 0A12 is itself."""

    def value(text: pl.Expr) -> pl.Expr:
        key = parsing.key_from(text)
        digits = key.str.strip_chars_start("0").str.zfill(width)
        return pl.when(key.str.contains(r"^[0-9]+$")).then(digits).otherwise(key)

    return Kind(value)


def day(text: pl.Expr) -> pl.Expr:
    """A day as 20250131, 2025-01-31, 2025/01/31, 2025.01.31 or 31.01.2025; 00000000 is none."""
    plain = text.str.strip_chars()
    year_first = plain.str.extract_groups(r"^(\d{4})[-./]?(\d{2})[-./]?(\d{2})(?:[ T]00:00:00)?$")
    day_first = plain.str.extract_groups(r"^(\d{2})\.(\d{2})\.(\d{4})$")
    first = [year_first.struct.field(part) for part in ("1", "2", "3")]
    second = [day_first.struct.field(part) for part in ("3", "2", "1")]
    iso = pl.concat_str([pl.coalesce(a, b) for a, b in zip(first, second, strict=True)], separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)


def no_day(text: pl.Expr) -> pl.Expr:
    """True where SAP keeps no day: nothing but zeros."""
    return text.str.contains(r"^[0\s./-]*$")


def numeral(text: pl.Expr, notation: str | None) -> pl.Expr:
    """A number with a point and its sign in front: from 1.234,50- as from 1,234.50- and 1234.50-.

    ``notation``: comma or point, whichever is the decimal one where the number itself does not tell. Where nothing
    tells, 1,234 is no number: it may be one thousand or one and a bit.
    """
    plain = text.str.replace_all(r"[\s\u00a0']", "")
    as_comma = plain.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    as_point = plain.str.replace_all(",", "", literal=True)
    chosen = (
        pl.when(plain.str.contains(COMMA_TELLS)).then(as_comma)
        .when(plain.str.contains(POINT_TELLS)).then(as_point)
        .when(pl.lit(notation == COMMA)).then(as_comma)
        .when(pl.lit(notation == POINT)).then(as_point)
        .when(~plain.str.contains(",", literal=True)).then(plain)
    )  # fmt: skip
    signed = pl.when(chosen.str.ends_with("-")).then("-" + chosen.str.head(-1)).otherwise(chosen)
    return pl.when(signed.str.contains(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$")).then(signed)


COMMA_TELLS = r",[0-9]{1,2}-?$|,[0-9]{4,}-?$|\.[0-9]{3}(?:\.[0-9]{3})*,|^-?0?,[0-9]|\.[0-9]{3}\.[0-9]{3}-?$"
POINT_TELLS = r"\.[0-9]{1,2}-?$|\.[0-9]{4,}-?$|,[0-9]{3}(?:,[0-9]{3})*\.|^-?0?\.[0-9]|,[0-9]{3},[0-9]{3}-?$"


def notation_of(numbers: Sequence[pl.Series]) -> str | None:
    """How the numbers of a file are written; None where none of them tells, or they contradict each other."""
    told = {
        notation
        for notation, pattern in ((COMMA, COMMA_TELLS), (POINT, POINT_TELLS))
        if any(series.str.contains(pattern).any() for series in numbers)
    }
    return told.pop() if len(told) == 1 else None


def _number(text: pl.Expr, notation: str | None) -> pl.Expr:
    return parsing.decimal_from(numeral(text, notation))


def _flag(text: pl.Expr) -> pl.Expr:
    """X is true, nothing is false; L and S in a deletion flag mean deleted and blocked."""
    return text.str.strip_chars().fill_null("") != ""


NUMBER = Kind(lambda text: _number(text, None), "not_a_number", by_notation=_number)
AMOUNT = Kind(lambda text: numeral(text, None), "not_a_number", by_notation=numeral)
DAY = Kind(day, "not_a_date", missing=no_day)
FLAG = Kind(_flag)
MATERIAL, PARTNER, DOCUMENT = padded(18), padded(10), padded(10)
CLIENT = {"mandt": padded(3)}


def _table(name: str, needs: str, *kinds: dict[str, Kind], document: str = "") -> Export:
    held = dict(CLIENT)
    for more in kinds:
        held |= more
    return Export(name=name, columns=held, needs=tuple(needs.lower().split()), headings=labels(held, document))


def _materials(names: str) -> dict[str, Kind]:
    return named(MATERIAL, names)


PLANT, COMPANY = {"werks": padded(4)}, padded(4)
PLACE = {"lgort": padded(4)}
ITEM = {"posnr": padded(6)}
SALE = {"vbeln": DOCUMENT} | ITEM
ORDERED = {"ebeln": DOCUMENT, "ebelp": padded(5)}
POSTED = {"bukrs": COMPANY, "belnr": DOCUMENT, "gjahr": padded(4)}
UP_DOWN = named(NUMBER, "UMVKZ UMVKN")
EXPORTS = (
    _table("T001", "bukrs", {"bukrs": COMPANY}, named(WORD, "BUTXT"), named(WORD, "WAERS LAND1")),
    _table("T001W", "werks", PLANT, {"bwkey": padded(4)}, named(WORD, "NAME1 ORT01"), named(WORD, "LAND1")),
    _table("T001L", "werks lgort", PLANT, PLACE, named(WORD, "LGOBE")),
    _table("T001K", "bwkey", {"bwkey": padded(4), "bukrs": COMPANY}),
    _table(
        "KNA1",
        "kunnr",
        named(PARTNER, "KUNNR ADRNR"),
        named(WORD, "NAME1 ORT01 TELF1 STCEG STCD1 BRSCH KUKLA"),
        named(WORD, "LAND1"),
        named(FLAG, "LOEVM STKZN"),
        named(DAY, "ERDAT"),
    ),
    _table("KNVV", "kunnr", named(PARTNER, "KUNNR"), named(WORD, "KDGRP")),
    _table("ADR6", "addrnumber", {"addrnumber": PARTNER}, named(WORD, "SMTP_ADDR")),
    _table(
        "LFA1",
        "lifnr",
        named(PARTNER, "LIFNR ADRNR"),
        named(WORD, "NAME1 ORT01 TELF1 STCEG STCD1"),
        named(WORD, "LAND1"),
        named(FLAG, "LOEVM"),
        named(DAY, "ERDAT"),
    ),
    _table(
        "MARA",
        "matnr",
        _materials("MATNR"),
        named(WORD, "MTART MATKL MEINS GEWEI VOLEH"),
        named(WORD, "EAN11 MAKTX"),
        named(NUMBER, "NTGEW VOLUM"),
        named(FLAG, "LVORM"),
        named(DAY, "ERSDA"),
    ),
    _table("MAKT", "matnr spras", _materials("MATNR"), named(WORD, "SPRAS"), named(WORD, "MAKTX")),
    _table("MARM", "matnr meinh", _materials("MATNR"), named(WORD, "MEINH"), named(NUMBER, "UMREZ UMREN")),
    _table(
        "MARC",
        "matnr werks",
        _materials("MATNR"),
        PLANT,
        named(NUMBER, "PLIFZ MINBE EISBE MABST BSTRF"),
        named(FLAG, "LVORM"),
    ),
    _table(
        "MARD",
        "matnr werks lgort labst",
        _materials("MATNR"),
        PLANT,
        PLACE,
        named(NUMBER, "LABST"),
        named(FLAG, "LVORM"),
    ),
    _table(
        "MBEW",
        "matnr bwkey",
        _materials("MATNR"),
        {"bwkey": padded(4)},
        named(WORD, "BWTAR VPRSV"),
        named(AMOUNT, "STPRS VERPR"),
        named(NUMBER, "PEINH"),
        named(FLAG, "LVORM"),
    ),
    _table(
        "VBAK",
        "vbeln",
        named(DOCUMENT, "VBELN KUNNR"),
        named(DAY, "ERDAT AUDAT VDATU"),
        named(WORD, "VBTYP WAERK GBSTK"),
        named(WORD, "BSTNK"),
        named(AMOUNT, "NETWR"),
        {"bukrs_vf": COMPANY},
        document="sales",
    ),
    _table("VBUK", "vbeln", {"vbeln": DOCUMENT}, named(WORD, "GBSTK WBSTK"), document="sales"),
    _table(
        "VBAP",
        "vbeln posnr kwmeng",
        SALE,
        _materials("MATNR"),
        PLANT,
        named(WORD, "ARKTX"),
        named(WORD, "VRKME MEINS WAERK ABGRU KMEIN"),
        named(NUMBER, "KWMENG KPEIN"),
        UP_DOWN,
        named(AMOUNT, "NETWR NETPR"),
        document="sales",
    ),
    _table(
        "VBEP",
        "vbeln posnr etenr edatu",
        SALE,
        {"etenr": padded(4)},
        named(DAY, "EDATU"),
        named(NUMBER, "WMENG BMENG"),
        document="sales",
    ),
    _table(
        "LIKP",
        "vbeln",
        named(DOCUMENT, "VBELN KUNNR KUNAG"),
        named(WORD, "VBTYP WBSTK KOSTK BOLNR"),
        named(DAY, "ERDAT LFDAT WADAT WADAT_IST PODAT"),
        document="delivery",
    ),
    _table(
        "LIPS",
        "vbeln posnr",
        SALE,
        _materials("MATNR"),
        PLANT,
        PLACE,
        {"vgbel": DOCUMENT, "vgpos": padded(6)},
        named(NUMBER, "LFIMG LGMNG"),
        UP_DOWN,
        document="delivery",
    ),
    _table(
        "VBRK",
        "vbeln",
        named(DOCUMENT, "VBELN KUNAG KUNRG"),
        {"bukrs": COMPANY},
        named(WORD, "VBTYP WAERK"),
        named(DAY, "FKDAT"),
        named(AMOUNT, "NETWR MWSBK"),
        named(FLAG, "FKSTO"),
        document="billing",
    ),
    _table(
        "VBRP",
        "vbeln posnr",
        SALE,
        _materials("MATNR"),
        {"aubel": DOCUMENT, "aupos": padded(6)},
        named(WORD, "ARKTX"),
        named(NUMBER, "FKIMG FKLMG"),
        UP_DOWN,
        named(AMOUNT, "NETWR WAVWR"),
        document="billing",
    ),
    _table(
        "EKKO",
        "ebeln",
        named(DOCUMENT, "EBELN LIFNR"),
        {"bukrs": COMPANY},
        named(WORD, "BSTYP WAERS"),
        named(FLAG, "LOEKZ FRGRL"),
        named(DAY, "BEDAT AEDAT"),
    ),
    _table(
        "EKPO",
        "ebeln ebelp menge",
        ORDERED,
        _materials("MATNR"),
        PLANT,
        PLACE,
        named(WORD, "TXZ01"),
        named(WORD, "MEINS BPRME"),
        named(NUMBER, "MENGE PEINH UMREZ UMREN"),
        named(AMOUNT, "NETPR NETWR"),
        named(FLAG, "LOEKZ ELIKZ RETPO"),
        named(DAY, "EINDT"),
    ),
    _table(
        "EKET",
        "ebeln ebelp etenr",
        ORDERED,
        {"etenr": padded(4)},
        named(DAY, "EINDT SLFDT"),
        named(NUMBER, "MENGE WEMNG"),
    ),
    _table(
        "EKBE",
        "ebeln ebelp belnr menge",
        ORDERED,
        {"gjahr": padded(4), "belnr": DOCUMENT, "buzei": padded(4), "zekkn": padded(2)},
        _materials("MATNR"),
        PLANT,
        named(WORD, "VGABE BWART SHKZG"),
        named(DAY, "BUDAT"),
        named(NUMBER, "MENGE"),
    ),
    _table(
        "AUFK",
        "aufnr",
        {"aufnr": padded(12), "bukrs": COMPANY},
        PLANT,
        named(WORD, "OBJNR"),
        named(FLAG, "LOEKZ"),
    ),
    _table("JEST", "objnr stat", named(WORD, "OBJNR STAT"), named(FLAG, "INACT")),
    _table(
        "AFKO",
        "aufnr",
        {"aufnr": padded(12), "stlnr": padded(8), "stlal": padded(2)},
        _materials("PLNBEZ"),
        named(NUMBER, "GAMNG"),
        named(DAY, "GSTRP GLTRP GSTRI GETRI"),
    ),
    _table(
        "AFPO",
        "aufnr",
        {"aufnr": padded(12), "posnr": padded(4), "dwerk": padded(4), "kdauf": DOCUMENT, "kdpos": padded(6)},
        _materials("MATNR"),
        named(NUMBER, "PSMNG WEMNG UMREZ UMREN"),
        named(FLAG, "ELIKZ XLOEK"),
    ),
    _table(
        "MAST",
        "matnr stlnr",
        _materials("MATNR"),
        PLANT,
        {"stlnr": padded(8), "stlal": padded(2)},
        named(WORD, "STLAN"),
    ),
    _table(
        "STKO",
        "stlnr",
        {"stlnr": padded(8), "stlal": padded(2)},
        named(WORD, "STLTY STLST"),
        named(NUMBER, "BMENG"),
        named(DAY, "DATUV"),
        named(FLAG, "LKENZ LOEKZ"),
    ),
    _table("STAS", "stlnr stlkn", {"stlnr": padded(8), "stlal": padded(2), "stlkn": padded(8)}, named(FLAG, "LKENZ")),
    _table(
        "STPO",
        "stlnr stlkn idnrk",
        {"stlnr": padded(8), "stlkn": padded(8), "stpoz": padded(8)},
        _materials("IDNRK"),
        named(WORD, "STLTY MEINS"),
        named(NUMBER, "MENGE"),
        named(DAY, "DATUV"),
        named(FLAG, "LKENZ"),
    ),
    _table("SKA1", "saknr", {"saknr": DOCUMENT}),
    _table("SKAT", "saknr", {"saknr": DOCUMENT}, named(WORD, "SPRAS"), named(WORD, "TXT50")),
    _table("BKPF", "bukrs belnr gjahr", POSTED, named(DAY, "BUDAT"), named(WORD, "WAERS HWAER BSTAT")),
    _table(
        "BSEG",
        "bukrs belnr gjahr buzei",
        POSTED,
        {"buzei": padded(3), "hkont": DOCUMENT},
        named(PARTNER, "KUNNR LIFNR"),
        _materials("MATNR"),
        named(WORD, "KOART SHKZG"),
        named(AMOUNT, "DMBTR WRBTR"),
        named(WORD, "SGTXT"),
    ),
    _table(
        "ACDOCA",
        "rbukrs belnr gjahr docln",
        {
            "rldnr": WORD,
            "rbukrs": COMPANY,
            "gjahr": padded(4),
            "belnr": DOCUMENT,
            "docln": padded(6),
            "racct": DOCUMENT,
        },
        named(PARTNER, "KUNNR LIFNR"),
        _materials("MATNR"),
        named(WORD, "RHCUR RWCUR KOART BSTAT"),
        named(AMOUNT, "HSL WSL"),
        named(DAY, "BUDAT"),
        named(WORD, "SGTXT"),
    ),
)


def shown(key: str) -> str:
    """A key as people see it: without the zeros in front, if it is all digits."""
    return f"case when {key} similar to '[0-9]+' then ltrim({key}, '0') else {key} end"


def money(amount: str, currency: str) -> str:
    """An amount as it is meant: tables keep two decimals whatever the currency, so 12.34 is 1234 yen.

    What a list screen shows without decimals, or with three, has been shifted already.
    """
    number = f"try_cast({amount} as decimal(24, 6))"
    none = f"when {currency} in {NO_DECIMALS} and {amount} like '%.%' then {number} * 100"
    three = (
        f"when {currency} in {THREE_DECIMALS} and {amount} not similar to '.*[.][0-9][0-9][0-9]' then {number} * 0.1"
    )
    return f"(case {none} {three} else {number} end)::decimal(24, 6)"


def in_base(quantity: str, up: str, down: str) -> str:
    """A quantity in the material's base unit by the two numbers that a document keeps for it; both 1 if it has none."""
    over, under = f"coalesce({{{up},}} 1)", f"coalesce({{{down},}} 1)"
    turned = f"round({quantity} * {over} / nullif({under}, 0), 6)::decimal(24, 6)"
    return f"case when {over} = {under} then {quantity} else {turned} end"


def per(amount: str, unit: str) -> str:
    """A price of one, of a price that holds for 1, 10, 100 or 1000."""
    return f"round({amount} / nullif({unit}, 0), 6)::decimal(24, 6)"


def cost(row: str, currency: str, unit: str) -> str:
    """What one base unit costs: the standard price where that controls, else the moving price."""
    price = f"(case when {row}.vprsv = 'S' then {row}.stprs else {row}.verpr end)"
    return per(money(price, currency), unit)


BY_AREA = "from mbew m join t001k k on k.bwkey = m.bwkey join t001 c on c.bukrs = k.bukrs"
BY_FIRM = "from mbew m cross join (select min(b.waers) as waers from t001 b having min(b.waers) = max(b.waers)) c"


def where_agreed(value: str, areas: str) -> str:
    """The cost of a material or its currency, where all valuation areas agree on both."""
    priced = f"select m.matnr, c.waers, {cost('m', 'c.waers', 'm.peinh')} as cost {areas}"
    agreed = "min(v.cost) = max(v.cost) and min(v.waers) = max(v.waers)"
    chosen = f"case when {agreed} then min(v.{value}) end"
    return f"coalesce({{(select {chosen} from ({priced}) v where v.matnr = t.matnr),}} null)"


def positive(value: str) -> str:
    """A number, null where it is zero or less: SAP keeps no other word for none."""
    return f"case when {value} > 0 then {value} end"


def text_of(material: str, languages: str) -> str:
    """A material's description in one of some languages."""
    return of("makt", "maktx", f"o.matnr = {material} and upper(o.spras) in {languages}")


def only_plant(items: str, of_document: str) -> str:
    """The plant of a document's items, where it is the same for all of them."""
    one = "case when min(i.werks) = max(i.werks) then min(i.werks) end"
    return f"coalesce({{(select {one} from {items} i where {of_document}),}} null)"


def signed(value: str, indicator: str) -> str:
    """SHKZG carries the sign: S (Soll) adds, H (Haben) takes away."""
    return f"case {indicator} when 'H' then - {value} else {value} end"


PLANT_COMPANY = f"""coalesce({{(select min(k.bukrs) from t001w w join t001k k on k.bwkey = w.bwkey
    where w.werks = t.werks),}} {of("t001k", "bukrs", "o.bwkey = t.werks")})"""
ORDER_COMPANY = of("vbak", "bukrs_vf", "o.vbeln = t.vbeln")
PURCHASE_COMPANY = of("ekko", "bukrs", "o.ebeln = t.ebeln")
BASE_UNIT = of("mara", "meins", "o.matnr = t.matnr")
ONLY_CURRENCY = """coalesce({(select case when min(o.waers) = max(o.waers) then min(o.waers) end from t001 o),}
    {(select case when min(o.hwaer) = max(o.hwaer) then min(o.hwaer) end from bkpf o),} null)"""
AREA_CURRENCY = f"""coalesce({{(select min(c.waers) from t001k k join t001 c on c.bukrs = k.bukrs
    where k.bwkey = t.bwkey),}} {ONLY_CURRENCY})"""
IS_SALE = "{coalesce(t.vbtyp, 'C') in ('B', 'C', 'E', 'I') and} true"
IS_DELIVERY = "{coalesce(t.vbtyp, 'J') = 'J' and} true"
IS_ORDER = "{coalesce(t.bstyp, 'F') = 'F' and} true"
IS_BILL = "('M', 'O', 'P', '5', '6')"
NOT_REJECTED = "{t.abgru is null and} true"
OVERALL = f"coalesce({{t.gbstk,}} {of('vbuk', 'gbstk', 'o.vbeln = t.vbeln')})"
ALL_REJECTED = """coalesce({(select bool_and(o.abgru is not null) from vbap o where o.vbeln = t.vbeln),} false)"""
ITEM_CURRENCY = f"coalesce({{t.waerk,}} {of('vbak', 'waerk', 'o.vbeln = t.vbeln')})"
LINE_KEY = "t.vbeln || '/' || t.posnr"
PROMISED = """coalesce({(select max(o.edatu) from vbep o
    where o.vbeln = t.vbeln and o.posnr = t.posnr and o.bmeng > 0),} null)"""
REQUESTED = f"""coalesce({{(select min(o.edatu) from vbep o
    where o.vbeln = t.vbeln and o.posnr = t.posnr and o.wmeng > 0),}} {of("vbak", "vdatu", "o.vbeln = t.vbeln")})"""
OF_A_SALE = """coalesce({(select bool_or(coalesce(o.vbtyp, 'C') in ('B', 'C', 'E', 'I'))
    from vbak o where o.vbeln = t.vbeln),} true)"""
ISSUED = of("likp", "wadat_ist", "o.vbeln = t.vbeln")
PICKED = of("likp", "kostk", "o.vbeln = t.vbeln")
SHIPPED = f"coalesce({{t.lgmng,}} {in_base('t.lfimg', 't.umvkz', 't.umvkn')})"


def sites(table: str, places: str, *, name: str, land: str, derived: bool) -> Mapping:
    """Plants and, as parts of their rows, their storage locations; ``places`` is SQL for lgort and lgobe of these."""
    site = "case when place.lgort is null then t.werks else t.werks || '/' || place.lgort end"
    return mapping(
        "sites",
        table,
        key="key",
        part_of=SOURCE_ROW,
        joins=f"cross join lateral (select null::text as lgort, null::text as lgobe {places}) place",
        plain={},
        reads={
            "key": f"t.{SOURCE_ROW} || '/' || coalesce(place.lgort, '')",
            "site_id": site,
            "name": f"case when place.lgort is null then {name}"
            " else concat_ws(' / ', t.werks, coalesce(place.lgobe, place.lgort)) end",
            "code": "coalesce(place.lgort, t.werks)",
            "kind": "case when place.lgort is null then 'plant' else 'location' end",
            "parent_site_id": "case when place.lgort is not null then t.werks end",
            "main_site_id": "t.werks",
            "country": land,
            "region": land,
            "is_active": "true",
        },
        company=PLANT_COMPANY,
        where="t.werks is not null",
        left_out="rows that name no plant",
        derived=derived,
    )


SHARED_SUBJECTS = (
    mapping(
        "companies",
        "T001",
        plain={"company_id": "bukrs", "name": "butxt", "currency": "waers", "country": "land1"},
        reads={"is_active": "true"},
        company="t.bukrs",
    ),
    sites(
        "T001W",
        "{union all select l.lgort, l.lgobe from t001l l where l.werks = t.werks}",
        name="coalesce({t.name1,} t.werks)",
        land="{t.land1}",
        derived=False,
    ),
    sites("MARD", "union all select t.lgort, null", name="t.werks", land="", derived=True),
    *(sites(table, "", name="t.werks", land="", derived=True) for table in ("MARC", "VBAP", "EKPO")),
)

PRODUCT_SUBJECTS = (
    mapping(
        "product_categories",
        "MARA",
        plain={"category_id": "matkl"},
        reads={"name": "t.matkl", "path": "t.matkl"},
        where="t.matkl is not null",
        left_out="materials without a group",
        company=f"'{SHARED}'",
        derived=True,
    ),
    mapping(
        "products",
        "MARA",
        plain={"product_id": "matnr", "barcode": "ean11", "category_id": "matkl", "unit": "meins"},
        reads={
            "sku": shown("t.matnr"),
            "name": f"coalesce({text_of('t.matnr', ENGLISH)}, {{t.maktx,}} {of('makt', 'maktx', 'o.matnr = t.matnr')},"
            f" {shown('t.matnr')})",
            "name_zh": text_of("t.matnr", CHINESE),
            "kind": "case {when t.mtart = 'DIEN' then 'service' when t.mtart in ('NLAG', 'UNBW') then 'consumable'}"
            " when false then null else 'storable' end",
            "cost": f"coalesce({where_agreed('cost', BY_AREA)}, {where_agreed('cost', BY_FIRM)})",
            "currency": f"coalesce({where_agreed('waers', BY_AREA)}, {where_agreed('waers', BY_FIRM)})",
            "lead_time_days": "coalesce({(select case when min(o.plifz) = max(o.plifz) then min(o.plifz) end"
            " from marc o where o.matnr = t.matnr and o.plifz > 0),} null)",
            "weight": "{case upper(t.gewei) when 'KG' then t.ntgew when 'G' then t.ntgew * 0.001"
            " when 'TO' then t.ntgew * 1000 when 'T' then t.ntgew * 1000 end}",
            "volume": "{case upper(t.voleh) when 'M3' then t.volum when 'L' then t.volum * 0.001"
            " when 'CCM' then t.volum * 0.000001 when 'CM3' then t.volum * 0.000001 end}",
            "created_on": "{t.ersda}",
            "is_active": "not coalesce({t.lvorm,} false)",
        },
        company=f"'{SHARED}'",
        assumes={
            "name": "the English description, else any other, else the number",
            "lead_time_days": "the planned delivery time, where all plants agree",
            "kind": "materials of type DIEN are services, NLAG and UNBW are not counted, all others are",
        },
    ),
    mapping(
        "product_costs",
        "MBEW",
        plain={"product_id": "matnr"},
        reads={
            "product_cost_id": "t.matnr || '/' || t.bwkey",
            "cost": cost("t", AREA_CURRENCY, "coalesce({t.peinh,} 1)"),
            "currency": AREA_CURRENCY,
        },
        company=of("t001k", "bukrs", "o.bwkey = t.bwkey"),
        where="{t.bwtar is null and} true",
        left_out="valuation types of materials with split valuation",
        assumes={"cost": "the standard price where the price control is S, else the moving price, for one base unit"},
    ),
    mapping(
        "unit_conversions",
        "MARM",
        plain={"product_id": "matnr", "from_unit": "meinh"},
        reads={
            "unit_conversion_id": "t.matnr || '/' || t.meinh",
            "to_unit": BASE_UNIT,
            "factor": "round(t.umrez / nullif(t.umren, 0), 6)::decimal(24, 6)",
        },
        company=f"'{SHARED}'",
        where=f"t.meinh is distinct from {BASE_UNIT}",
        left_out="the base units themselves",
    ),
    mapping(
        "reorder_rules",
        "MARC",
        plain={"product_id": "matnr"},
        reads={
            "reorder_rule_id": "t.matnr || '/' || t.werks",
            "site_id": "t.werks",
            "minimum_quantity": f"coalesce({{{positive('t.minbe')},}} {{{positive('t.eisbe')},}} null)",
            "maximum_quantity": f"{{{positive('t.mabst')}}}",
            "multiple_quantity": f"{{{positive('t.bstrf')}}}",
            "is_active": "not coalesce({t.lvorm,} false)",
        },
        company=PLANT_COMPANY,
        where="{coalesce(t.minbe, 0) > 0 or} {coalesce(t.eisbe, 0) > 0 or} {coalesce(t.mabst, 0) > 0 or} false",
        left_out="plants where a material has neither reorder point, nor safety stock, nor maximum",
        assumes={"minimum_quantity": "the reorder point; the safety stock where there is none"},
    ),
    mapping(
        "inventory_levels",
        "MARD",
        plain={"product_id": "matnr", "on_hand": "labst"},
        reads={"site_id": "t.werks || '/' || t.lgort", "as_of_on": "current_date::text"},
        company=PLANT_COMPANY,
        full_within="as_of_on",
        assumes={
            "on_hand": "unrestricted stock; what is in inspection, blocked or in transfer is not at hand",
            "as_of_on": "the day on which the files were written",
        },
    ),
)

PARTY_SUBJECTS = (
    mapping(
        "customers",
        "KNA1",
        plain={"customer_id": "kunnr", "name": "name1", "country": "land1", "city": "ort01", "phone": "telf1"},
        reads={
            "number": shown("t.kunnr"),
            "region": "{t.land1}",
            "email": of("adr6", "smtp_addr", "o.addrnumber = t.adrnr"),
            "segment": f"coalesce({of('knvv', 'kdgrp', 'o.kunnr = t.kunnr')}, {{t.kukla,}} null)",
            "industry": "{t.brsch}",
            "tax_number": "coalesce({t.stceg,} {t.stcd1,} null)",
            "created_on": "{t.erdat}",
            "is_company": "not coalesce({t.stkzn,} false)",
            "is_active": "not coalesce({t.loevm,} false)",
        },
        company=f"'{SHARED}'",
    ),
    mapping(
        "suppliers",
        "LFA1",
        plain={"supplier_id": "lifnr", "name": "name1", "country": "land1", "city": "ort01", "phone": "telf1"},
        reads={
            "number": shown("t.lifnr"),
            "email": of("adr6", "smtp_addr", "o.addrnumber = t.adrnr"),
            "tax_number": "coalesce({t.stceg,} {t.stcd1,} null)",
            "created_on": "{t.erdat}",
            "is_active": "not coalesce({t.loevm,} false)",
        },
        company=f"'{SHARED}'",
    ),
)

SALES_SUBJECTS = (
    mapping(
        "sales_orders",
        "VBAK",
        plain={"sales_order_id": "vbeln", "customer_id": "kunnr", "currency": "waerk", "customer_reference": "bstnk"},
        reads={
            "number": shown("t.vbeln"),
            "status": f"case when {ALL_REJECTED} then 'cancelled' {{when t.vbtyp = 'B' then 'quoted'}}"
            f" when {OVERALL} = 'C' then 'done' else 'confirmed' end",
            "ordered_at": "coalesce({t.audat,} {t.erdat,} null)::timestamp",
            "requested_on": "{t.vdatu}",
            "promised_on": "coalesce({(select max(o.edatu) from vbep o"
            " where o.vbeln = t.vbeln and o.bmeng > 0),} null)",
            "amount_untaxed": money("t.netwr", "t.waerk"),
        },
        company="{t.bukrs_vf}",
        where=IS_SALE,
        left_out="documents that are no orders and no quotations: inquiries, contracts, returns, requests for notes",
        assumes={
            "status": "cancelled when all items are rejected, done when SAP says it is processed",
            "promised_on": "the last schedule line that was confirmed, of all items; what was promised first is not"
            " kept by SAP, and is what Tandem saw first of an order that was new to it",
        },
    ),
    mapping(
        "sales_order_lines",
        "VBAP",
        plain={
            "sales_order_id": "vbeln",
            "product_id": "matnr",
            "description": "arktx",
            "source_quantity": "kwmeng",
            "source_unit": "vrkme",
        },
        reads={
            "sales_order_line_id": LINE_KEY,
            "line_number": "t.posnr::bigint",
            "quantity": in_base("t.kwmeng", "t.umvkz", "t.umvkn"),
            "delivered_quantity": f"""case when coalesce({of("mara", "mtart", "o.matnr = t.matnr")}, '') <> 'DIEN'
                then coalesce({{(select coalesce(sum(d.shipped), 0) from (
                    select o.vgbel, o.vgpos, coalesce(o.lgmng, 0) as shipped from lips o
                    join likp h on h.vbeln = o.vbeln and h.wadat_ist is not null) d
                    where d.vgbel = t.vbeln and d.vgpos = t.posnr),}} null) end""",
            "invoiced_quantity": f"""coalesce({{(select coalesce(sum(
                case when h.vbtyp in ('O', '6') then - o.fklmg else o.fklmg end), 0) from vbrp o
                join vbrk h on h.vbeln = o.vbeln and h.vbtyp in {IS_BILL} and not h.fksto
                where o.aubel = t.vbeln and o.aupos = t.posnr),}} null)""",
            "unit_price": "case when coalesce({t.kmein,} t.vrkme) = t.vrkme then"
            f" {positive(per(money('t.netpr', ITEM_CURRENCY), 'coalesce({t.kpein,} 1)'))} end",
            "amount_untaxed": money("t.netwr", ITEM_CURRENCY),
            "currency": ITEM_CURRENCY,
            "requested_on": REQUESTED,
            "promised_on": PROMISED,
        },
        company=ORDER_COMPANY,
        where=f"{NOT_REJECTED} and {OF_A_SALE}",
        left_out="items that were rejected, and items of documents that are no orders and no quotations",
        assumes={
            "promised_on": "the last schedule line that was confirmed",
        },
    ),
)

DELIVERY_SUBJECTS = (
    mapping(
        "shipments",
        "LIKP",
        plain={"shipment_id": "vbeln", "tracking_number": "bolnr"},
        reads={
            "number": shown("t.vbeln"),
            "sales_order_id": """coalesce({(select case when min(i.vgbel) = max(i.vgbel) then min(i.vgbel) end
                from lips i join vbak o on o.vbeln = i.vgbel where i.vbeln = t.vbeln
                and coalesce(o.vbtyp, 'C') in ('B', 'C', 'E', 'I')),} null)""",
            "customer_id": f"coalesce({known('kna1', 't.kunag', 'kunnr')}, {known('kna1', 't.kunnr', 'kunnr')})",
            "site_id": only_plant("lips", "i.vbeln = t.vbeln"),
            "status": "case when t.wadat_ist is not null {or t.wbstk = 'C'} then 'done'"
            " {when t.kostk = 'C' then 'ready'} else 'planned' end",
            "planned_at": "coalesce({t.wadat,} {t.lfdat,} null)::timestamp",
            "shipped_at": "t.wadat_ist::timestamp",
            "delivered_at": "{case when t.podat >= t.wadat_ist then t.podat::timestamp end}",
        },
        company="coalesce({(select min(o.bukrs_vf) from lips i join vbak o on o.vbeln = i.vgbel"
        " where i.vbeln = t.vbeln),} null)",
        where=IS_DELIVERY,
        left_out="returns, inbound deliveries and other documents that are no deliveries to customers",
        assumes={"delivered_at": "the day of the proof of delivery, where there is one"},
    ),
    mapping(
        "shipment_lines",
        "LIPS",
        plain={"shipment_id": "vbeln", "product_id": "matnr"},
        reads={
            "shipment_line_id": LINE_KEY,
            "sales_order_line_id": """coalesce({(select min(o.vbeln || '/' || o.posnr) from vbap o
                where o.vbeln = t.vgbel and o.posnr = t.vgpos and o.abgru is null),} null)""",
            "quantity": SHIPPED,
            "shipped_quantity": f"case when {ISSUED} is not null then {SHIPPED} else 0 end",
            "status": f"case when {ISSUED} is not null then 'done' when {PICKED} = 'C' then 'ready' else 'planned' end",
        },
        company=of("vbak", "bukrs_vf", "o.vbeln = t.vgbel"),
        where="t.matnr is not null {and exists (select 1 from likp h where h.vbeln = t.vbeln"
        " and coalesce(h.vbtyp, 'J') = 'J')}",
        left_out="items without a material, and items of documents that are no deliveries to customers",
    ),
)

BILLED = f"coalesce({{t.fklmg,}} {in_base('t.fkimg', 't.umvkz', 't.umvkn')})"
BILL_CURRENCY = of("vbrk", "waerk", "o.vbeln = t.vbeln")
BILL_SIGN = "case when (select min(o.vbtyp) from vbrk o where o.vbeln = t.vbeln) in ('O', '6') then -1 else 1 end"
CREDIT = "case when t.vbtyp in ('O', '6') then -1 else 1 end"

BILLING_SUBJECTS = (
    mapping(
        "invoices",
        "VBRK",
        plain={"invoice_id": "vbeln", "invoiced_on": "fkdat", "currency": "waerk"},
        reads={
            "number": shown("t.vbeln"),
            "kind": "case when t.vbtyp in ('O', '6') then 'credit_note' else 'invoice' end",
            "customer_id": "coalesce({t.kunag,} {t.kunrg,} null)",
            "sales_order_id": """coalesce({(select case when min(i.aubel) = max(i.aubel) then min(i.aubel) end
                from vbrp i join vbak o on o.vbeln = i.aubel where i.vbeln = t.vbeln
                and coalesce(o.vbtyp, 'C') in ('B', 'C', 'E', 'I')),} null)""",
            "status": "case {when t.fksto then 'cancelled'} when false then null else 'posted' end",
            "amount_untaxed": f"{CREDIT} * {money('t.netwr', 't.waerk')}",
            "amount_tax": f"{CREDIT} * {money('t.mwsbk', 't.waerk')}",
            "amount_total": f"{CREDIT} * ({money('t.netwr', 't.waerk')} + {money('t.mwsbk', 't.waerk')})",
        },
        company="{t.bukrs}",
        where=f"t.vbtyp in {IS_BILL}",
        left_out="documents that cancel others, which say so themselves, and pro forma invoices",
    ),
    mapping(
        "invoice_lines",
        "VBRP",
        plain={"invoice_id": "vbeln", "product_id": "matnr", "description": "arktx"},
        reads={
            "invoice_line_id": LINE_KEY,
            "sales_order_line_id": """coalesce({(select min(o.vbeln || '/' || o.posnr) from vbap o
                where o.vbeln = t.aubel and o.posnr = t.aupos and o.abgru is null),} null)""",
            "quantity": f"{BILL_SIGN} * {BILLED}",
            "amount_untaxed": f"{BILL_SIGN} * {money('t.netwr', BILL_CURRENCY)}",
            "cost_amount": f"{BILL_SIGN} * {money('t.wavwr', BILL_CURRENCY)}",
            "currency": BILL_CURRENCY,
        },
        company=of("vbrk", "bukrs", "o.vbeln = t.vbeln"),
        where=f"exists (select 1 from vbrk h where h.vbeln = t.vbeln and h.vbtyp in {IS_BILL})",
        left_out="items of documents that cancel others, and of pro forma invoices",
    ),
)

BOUGHT = in_base("t.menge", "t.umrez", "t.umren")
ORDER_CURRENCY = of("ekko", "waers", "o.ebeln = t.ebeln")
RECEIPT = in_base(
    signed("t.menge", "t.shkzg"),
    "(select min(o.umrez) from ekpo o where o.ebeln = t.ebeln and o.ebelp = t.ebelp)",
    "(select min(o.umren) from ekpo o where o.ebeln = t.ebeln and o.ebelp = t.ebelp)",
)
RECEIVED_MOVES = "('101', '102', '105', '106', '122', '123', '161', '162')"


def history(kind: str, rows: str = "") -> str:
    """What an item's history adds up to, in the order's unit: 1 are goods receipts, 2 are bills."""
    return f"""coalesce({{(select coalesce(sum(case when o.shkzg = 'H' then - o.menge else o.menge end), 0) from ekbe o
        where o.ebeln = t.ebeln and o.ebelp = t.ebelp and o.vgabe = '{kind}' {rows}),}} null)"""


PURCHASE_SUBJECTS = (
    mapping(
        "purchase_orders",
        "EKKO",
        plain={"purchase_order_id": "ebeln", "supplier_id": "lifnr", "currency": "waers"},
        reads={
            "number": shown("t.ebeln"),
            "status": "case {when t.loekz then 'cancelled'}"
            " {when (select bool_and(o.loekz) from ekpo o where o.ebeln = t.ebeln) then 'cancelled'}"
            " {when t.frgrl then 'quoted'}"
            " {when (select bool_and(o.elikz) from ekpo o where o.ebeln = t.ebeln and not o.loekz) then 'done'}"
            " when false then null else 'confirmed' end",
            "ordered_at": "coalesce({t.bedat,} {t.aedat,} null)::timestamp",
            "site_id": only_plant("ekpo", "i.ebeln = t.ebeln"),
            "amount_untaxed": f"{{(select sum({money('i.netwr', 't.waers')}) from ekpo i"
            " where i.ebeln = t.ebeln and not coalesce(i.loekz, false))}",
            "due_on": "coalesce({(select max(o.eindt) from eket o where o.ebeln = t.ebeln),} null)",
        },
        company="{t.bukrs}",
        where=IS_ORDER,
        left_out="requests for quotations, contracts and scheduling agreements",
        assumes={"status": "done when delivery is completed for all items; quoted while it waits for release"},
    ),
    mapping(
        "purchase_order_lines",
        "EKPO",
        plain={
            "purchase_order_id": "ebeln",
            "product_id": "matnr",
            "description": "txz01",
            "source_quantity": "menge",
            "source_unit": "meins",
        },
        reads={
            "purchase_order_line_id": "t.ebeln || '/' || t.ebelp",
            "line_number": "t.ebelp::bigint",
            "quantity": BOUGHT,
            "received_quantity": in_base(
                f"coalesce({history('1', f'and o.bwart in {RECEIVED_MOVES}')},"
                " {(select sum(o.wemng) from eket o where o.ebeln = t.ebeln and o.ebelp = t.ebelp),} null)",
                "t.umrez",
                "t.umren",
            ),
            "invoiced_quantity": in_base(history("2"), "t.umrez", "t.umren"),
            "unit_price": "case when coalesce({t.bprme,} t.meins) = t.meins then"
            f" {positive(per(money('t.netpr', ORDER_CURRENCY), 'coalesce({t.peinh,} 1)'))} end",
            "amount_untaxed": money("t.netwr", ORDER_CURRENCY),
            "currency": ORDER_CURRENCY,
            "due_on": "coalesce({(select max(o.eindt) from eket o where o.ebeln = t.ebeln and o.ebelp = t.ebelp),}"
            " {t.eindt,} null)",
            "first_due_on": "coalesce({(select max(o.slfdt) from eket o"
            " where o.ebeln = t.ebeln and o.ebelp = t.ebelp),} null)",
            "received_on": "coalesce({(select max(o.budat) from ekbe o where o.ebeln = t.ebeln and o.ebelp = t.ebelp"
            " and o.vgabe = '1' and o.bwart in ('101', '105')),} null)",
        },
        company=PURCHASE_COMPANY,
        where="{not t.loekz and} {not t.retpo and} true"
        " {and exists (select 1 from ekko o where o.ebeln = t.ebeln and coalesce(o.bstyp, 'F') = 'F')}",
        left_out="deleted and blocked items, returns to suppliers, and items of documents that are no orders",
        assumes={
            "first_due_on": "the statistical delivery date of the schedule lines, which SAP keeps as first agreed"
        },
    ),
    mapping(
        "receipts",
        "EKBE",
        plain={"purchase_order_id": "ebeln", "site_id": "werks"},
        reads={
            "receipt_id": "t.gjahr || '/' || t.belnr || '/' || t.ebeln",
            "number": shown("t.belnr"),
            "supplier_id": of("ekko", "lifnr", "o.ebeln = t.ebeln"),
            "status": "'done'",
            "received_at": "t.budat::timestamp",
        },
        company=PURCHASE_COMPANY,
        where=f"t.vgabe = '1' and t.bwart in {RECEIVED_MOVES}",
        left_out="bills, delivery costs and movements that bring nothing in or back",
        derived=True,
    ),
    mapping(
        "receipt_lines",
        "EKBE",
        plain={"product_id": "matnr"},
        reads={
            "receipt_line_id": "concat_ws('/', t.gjahr, t.belnr, t.ebeln, t.ebelp, {t.buzei,} {t.zekkn,} null)",
            "receipt_id": "t.gjahr || '/' || t.belnr || '/' || t.ebeln",
            "purchase_order_line_id": """coalesce({(select min(o.ebeln || '/' || o.ebelp) from ekpo o
                where o.ebeln = t.ebeln and o.ebelp = t.ebelp and not o.loekz),} null)""",
            "quantity": RECEIPT,
            "received_quantity": RECEIPT,
            "status": "'done'",
        },
        company=PURCHASE_COMPANY,
        where=f"t.vgabe = '1' and t.bwart in {RECEIVED_MOVES} and t.matnr is not null",
        left_out="bills, delivery costs, movements that bring nothing in or back, and receipts without a material",
        assumes={"received_quantity": "movements 102, 106, 122 and 162 take away what 101, 105, 123 and 161 brought"},
    ),
)

ITEM_OF = "o.aufnr = t.aufnr"
FINISHED = """coalesce({(select bool_or(j.stat in ('I0045', 'I0046') and not coalesce(j.inact, false))
    from aufk o join jest j on j.objnr = o.objnr where o.aufnr = t.aufnr),}
    {(select bool_and(o.elikz) from afpo o where o.aufnr = t.aufnr),} false)"""
RELEASED = """coalesce({(select bool_or(j.stat = 'I0002' and not coalesce(j.inact, false))
    from aufk o join jest j on j.objnr = o.objnr where o.aufnr = t.aufnr),} true)"""
DROPPED = """coalesce({(select bool_or(o.loekz) from aufk o where o.aufnr = t.aufnr),}
    {(select bool_and(o.xloek) from afpo o where o.aufnr = t.aufnr),} false)"""
MADE_BY = """coalesce(
    {(select min(o.matnr) from mast o where o.stlnr = t.stlnr and o.stlal = t.stlal),}
    {(select case when min(o.plnbez) = max(o.plnbez) then min(o.plnbez) end
      from afko o where o.stlnr = t.stlnr and o.stlal = t.stlal),} null)"""
BILL_SIZE = "(select min(o.bmeng) from stko o where o.stlnr = t.stlnr and o.stlal = alternative.stlal)"
SAME_UNIT = of("mara", "meins", "o.matnr = t.idnrk")

PRODUCTION_SUBJECTS = (
    mapping(
        "boms",
        "STKO",
        plain={"valid_from_on": "datuv"},
        reads={
            "bom_id": "t.stlnr || '/' || t.stlal",
            "code": shown("t.stlnr"),
            "product_id": MADE_BY,
            "kind": "case {when (select min(o.stlan) from mast o where o.stlnr = t.stlnr and o.stlal = t.stlal) = '5'"
            " then 'kit'} when false then null else 'make' end",
            "quantity": "t.bmeng",
            "is_active": "coalesce({t.stlst,} '1') in ('1', '01') {and not t.loekz} {and not t.lkenz}",
        },
        company=f"'{SHARED}'",
        where="{coalesce(t.stlty, 'M') = 'M' and} true",
        left_out="bills of documents, equipment and orders",
        assumes={
            "product_id": "the material that MAST assigns; without MAST, what production orders make by it",
            "kind": "a bill for sales (usage 5) is a kit",
        },
    ),
    mapping(
        "bom_lines",
        "STPO",
        joins="""left join (
                select item.stlnr, item.stlkn, min(item.stlal) as stlal from (
                    select i.stlnr, i.stlkn, coalesce({(select min(o.stlal) from stas o
                        where o.stlnr = i.stlnr and o.stlkn = i.stlkn),} min(k.stlal)) as stlal
                    from stpo i left join stko k on k.stlnr = i.stlnr group by i.stlnr, i.stlkn) item
                group by item.stlnr, item.stlkn) alternative
            on alternative.stlnr = t.stlnr and alternative.stlkn = t.stlkn""",
        plain={"component_id": "idnrk", "source_quantity": "menge", "source_unit": "meins", "valid_from_on": "datuv"},
        reads={
            "bom_line_id": "concat_ws('/', t.stlnr, t.stlkn, {t.stpoz,} null)",
            "bom_id": "t.stlnr || '/' || alternative.stlal",
            "product_id": """coalesce(
                {(select min(o.matnr) from mast o where o.stlnr = t.stlnr and o.stlal = alternative.stlal),}
                {(select case when min(o.plnbez) = max(o.plnbez) then min(o.plnbez) end
                  from afko o where o.stlnr = t.stlnr and o.stlal = alternative.stlal),} null)""",
            "quantity_per": f"""round(case when t.meins = coalesce({SAME_UNIT}, t.meins) then t.menge
                {{else (select min(o.umrez / nullif(o.umren, 0)) from marm o
                    where o.matnr = t.idnrk and o.meinh = t.meins) * t.menge}} end
                / nullif({BILL_SIZE}, 0), 6)::decimal(24, 6)""",
        },
        company=f"'{SHARED}'",
        where="{coalesce(t.stlty, 'M') = 'M' and} {not t.lkenz and} t.idnrk is not null",
        left_out="deleted items, texts and documents, and items of bills that are not for materials",
        assumes={"bom_id": "the alternative that STAS assigns; without STAS, the first one of the bill"},
    ),
    mapping(
        "work_orders",
        "AFKO",
        plain={"work_order_id": "aufnr", "due_on": "gltrp"},
        reads={
            "number": shown("t.aufnr"),
            "product_id": f"coalesce({of('afpo', 'matnr', ITEM_OF)}, {{t.plnbez,}} null)",
            "bom_id": of("stko", "stlnr || '/' || o.stlal", "o.stlnr = t.stlnr and o.stlal = t.stlal"),
            "site_id": f"coalesce({of('afpo', 'dwerk', ITEM_OF)}, {of('aufk', 'werks', ITEM_OF)})",
            "status": f"case when {DROPPED} then 'cancelled' when {FINISHED} then 'done'"
            f" when not {RELEASED} then 'draft' else 'confirmed' end",
            "quantity": "coalesce({t.gamng,} {(select sum(o.psmng) from afpo o where o.aufnr = t.aufnr),} null)",
            "produced_quantity": "coalesce({(select sum(o.wemng) from afpo o where o.aufnr = t.aufnr),} null)",
            "planned_start_at": "{t.gstrp::timestamp}",
            "started_at": "{t.gstri::timestamp}",
            "finished_at": "{t.getri::timestamp}",
            "sales_order_id": of("afpo", "kdauf", f"{ITEM_OF} and o.kdauf in (select v.vbeln from vbak v)"),
            "sales_order_line_id": of(
                "afpo",
                "kdauf || '/' || o.kdpos",
                f"{ITEM_OF} and (o.kdauf || '/' || o.kdpos) in"
                " (select v.vbeln || '/' || v.posnr from vbap v where v.abgru is null)",
            ),
        },
        company=of("aufk", "bukrs", ITEM_OF),
        assumes={
            "status": "done when technically complete or closed, or when its delivery is; a draft until it is released",
        },
    ),
)

BOOKED = "o.bukrs = t.bukrs and o.belnr = t.belnr and o.gjahr = t.gjahr"
BOOKS = f"coalesce({of('bkpf', 'hwaer', BOOKED)}, {of('t001', 'waers', 'o.bukrs = t.bukrs')})"
FOREIGN = of("bkpf", "waers", BOOKED)
NO_UNIVERSAL_JOURNAL = "true {and (select count(*) from acdoca) = 0}"


def accounts(table: str, column: str) -> Mapping:
    """Accounts that postings name, where SKA1 was not exported."""
    return mapping(
        "ledger_accounts",
        table,
        plain={"ledger_account_id": column},
        reads={
            "code": shown(f"t.{column}"),
            "name": shown(f"t.{column}"),
            "kind": "case {t.koart when 'D' then 'receivable' when 'K' then 'payable'} when null then null"
            " else 'other' end",
            "is_active": "true",
        },
        company=f"'{SHARED}'",
        derived=True,
    )


MONEY_SUBJECTS = (
    mapping(
        "ledger_accounts",
        "SKA1",
        plain={"ledger_account_id": "saknr"},
        reads={
            "code": shown("t.saknr"),
            "name": f"coalesce({of('skat', 'txt50', f'o.saknr = t.saknr and upper(o.spras) in {ENGLISH}')},"
            f" {of('skat', 'txt50', 'o.saknr = t.saknr')}, {shown('t.saknr')})",
            "kind": "'other'",
            "is_active": "true",
        },
        company=f"'{SHARED}'",
        assumes={"kind": "other: SAP's tables of accounts do not say what an account is in the statements"},
    ),
    accounts("BSEG", "hkont"),
    accounts("ACDOCA", "racct"),
    mapping(
        "ledger_entries",
        "BSEG",
        plain={"ledger_account_id": "hkont", "description": "sgtxt"},
        reads={
            "ledger_entry_id": "concat_ws('/', t.bukrs, t.gjahr, t.belnr, t.buzei)",
            "document_number": shown("t.belnr"),
            "posted_on": of("bkpf", "budat", BOOKED),
            "status": f"case when coalesce({of('bkpf', 'bstat', BOOKED)}, '') in ('V', 'W', 'Z') then 'draft'"
            " else 'posted' end",
            "debit": f"case when t.shkzg = 'H' then 0 else {money('t.dmbtr', BOOKS)} end",
            "credit": f"case when t.shkzg = 'H' then {money('t.dmbtr', BOOKS)} else 0 end",
            "currency": BOOKS,
            "foreign_amount": f"case when {FOREIGN} <> {BOOKS} then {signed(money('t.wrbtr', FOREIGN), 't.shkzg')} end",
            "foreign_currency": f"nullif({FOREIGN}, {BOOKS})",
            "customer_id": known("kna1", "t.kunnr", "kunnr"),
            "supplier_id": known("lfa1", "t.lifnr", "lifnr"),
            "product_id": known("mara", "t.matnr", "matnr"),
        },
        company="t.bukrs",
        where=NO_UNIVERSAL_JOURNAL,
        left_out="all of them where ACDOCA is in the export, which holds the same postings",
    ),
    mapping(
        "ledger_entries",
        "ACDOCA",
        plain={"ledger_account_id": "racct", "posted_on": "budat", "description": "sgtxt"},
        reads={
            "ledger_entry_id": "concat_ws('/', t.rbukrs, t.gjahr, t.belnr, t.docln)",
            "document_number": shown("t.belnr"),
            "status": "'posted'",
            "debit": f"greatest({money('t.hsl', 't.rhcur')}, 0)",
            "credit": f"greatest(- {money('t.hsl', 't.rhcur')}, 0)",
            "currency": "t.rhcur",
            "foreign_amount": f"case when t.rwcur <> t.rhcur then {money('t.wsl', 't.rwcur')} end",
            "foreign_currency": "{nullif(t.rwcur, t.rhcur)}",
            "customer_id": known("kna1", "t.kunnr", "kunnr"),
            "supplier_id": known("lfa1", "t.lifnr", "lifnr"),
            "product_id": known("mara", "t.matnr", "matnr"),
        },
        company="t.rbukrs",
        where="{coalesce(t.rldnr, '0L') = '0L' and} true",
        left_out="ledgers beside the leading one (0L)",
    ),
)

MAPPINGS: tuple[Mapping, ...] = (
    *SHARED_SUBJECTS,
    *PRODUCT_SUBJECTS,
    *PARTY_SUBJECTS,
    *SALES_SUBJECTS,
    *DELIVERY_SUBJECTS,
    *BILLING_SUBJECTS,
    *PURCHASE_SUBJECTS,
    *PRODUCTION_SUBJECTS,
    *MONEY_SUBJECTS,
)


def probe(database: Database) -> None:
    """Refuses an export of several clients: their keys are the same and mean different things."""
    tables = [name for name, columns in database.columns.items() if "mandt" in columns]
    if not tables:
        return
    told = " union ".join(f"select distinct mandt from {name} where mandt is not null" for name in tables)
    clients = database.rows(f"{told} order by mandt").to_series().to_list()
    if len(clients) > 1:
        listed = " and ".join(clients)
        raise database.refusal("several_clients", f"{{place}} holds the clients {listed}: export one of them.")


SAME = {"ACDOCA": "BSEG", "BSEG": "ACDOCA"}
SAP = Vendor(
    name="sap", title="SAP", exports=EXPORTS, mappings=MAPPINGS, probe=probe, notation=notation_of, instead=SAME
)


def read(path: Path, *, partial: bool = False) -> Reading:
    """What an export of SAP's tables holds."""
    return read_export(path, SAP, partial=partial)


__all__ = ["EXPORTS", "MAPPINGS", "SAP", "day", "numeral", "read"]
