"""Firms as two systems write them: the same firm in a CRM with the errors of people, and other firms that look like it.

Everything is drawn with a seed. What is one firm is known, so precision and recall can be counted.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from analytics.business_keys import credit_code_of

FAMILIES = (
    *("Müller", "Schäfer", "Hoffmann", "Köhler", "Brandt", "Lindqvist", "Moreau", "Lefèvre", "Garnier", "Castellano"),
    *(
        "Petersen",
        "Wójcik",
        "Novotny",
        "Ferreira",
        "Thompson",
        "Callahan",
        "Whitfield",
        "Okonkwo",
        "Rasmussen",
        "Bauer",
    ),
)
BRANCHES = (
    *("Maschinenbau", "Pumps", "Hydraulics", "Manufacturing", "Industries", "Technology", "Systems", "Engineering"),
    *("Valves", "Wholesale", "Metallbau", "Electric", "Automation", "Foods", "Instruments", "Plastics"),
)
KINDS = ("Nord", "Alpha", "Royal", "Delta", "Rhein", "Atlas", "Union", "Vega", "Baltic", "Crown", "Prima", "Terra")
FORMS = {
    "GmbH": ("GmbH", "G.m.b.H.", "Gesellschaft mit beschränkter Haftung", "gmbh", ""),
    "GmbH & Co. KG": ("GmbH & Co. KG", "GmbH und Co. KG", "GmbH&Co.KG", ""),
    "AG": ("AG", "Aktiengesellschaft", "A.G.", ""),
    "Ltd": ("Ltd", "Ltd.", "Limited", "LTD", ""),
    "Inc": ("Inc", "Inc.", "Incorporated", "INC", ""),
    "LLC": ("LLC", "L.L.C.", "Limited Liability Company", ""),
    "S.A.": ("S.A.", "SA", "Société Anonyme", ""),
    "有限公司": ("有限公司", "有限责任公司", ""),
}
TOWNS = ("Kiel", "Köln", "Lyon", "Leeds", "Ulm", "Porto", "Gdańsk", "Boston", "Turin", "Malmö", "Brno", "Graz")
HANZI_TOWNS = ("上海", "苏州", "深圳", "宁波")
HANZI_NAMES = ("明达", "华信", "东方", "金龙", "瑞丰", "恒通", "新远", "天诚", "永盛", "海润", "博瑞", "嘉禾")
HANZI_BRANCHES = ("机械", "电子", "贸易", "仪器", "阀门", "化工", "包装", "自动化")
SHORT = {
    "Maschinenbau": "Masch.",
    "Manufacturing": "Mfg.",
    "Technology": "Tech.",
    "Systems": "Sys.",
    "Engineering": "Eng.",
    "Industries": "Ind.",
    "Electric": "Elec.",
    "Wholesale": "Whsl.",
}
SISTERS = ("Logistik", "Holding", "Service", "Leasing", "Immobilien")


@dataclass(frozen=True)
class Record:
    """One record of a firm in one system; ``firm`` is what nobody knows: which firm it is."""

    firm: str
    words: tuple[str, ...]
    form: str
    city: str | None
    email: str | None
    phone: str | None
    tax_number: str | None
    is_hanzi: bool = False

    @property
    def name(self) -> str:
        """The name with its legal form."""
        return ("" if self.is_hanzi else " ").join(word for word in (*self.words, self.form) if word)


def firms(count: int, draw: random.Random) -> list[Record]:
    """So many different firms, up to 12,000; every fourth is Chinese. No two have the same name in the same town."""
    made: dict[tuple[str, ...], Record] = {}
    while len(made) < count:
        number = len(made)
        record = _chinese(number, draw) if number % 4 == 3 else _western(number, draw)
        made.setdefault((*record.words, str(record.city)), record)
    return list(made.values())


def _western(number: int, draw: random.Random) -> Record:
    words = (draw.choice(KINDS), draw.choice(FAMILIES), draw.choice(BRANCHES))[draw.random() < 0.4 :]
    host = f"{words[-2].lower().encode('ascii', 'ignore').decode()}-{number}.example"
    tax = f"DE{draw.randrange(10**8, 10**9)}"
    phone = f"+49 {draw.randrange(30, 999)} {draw.randrange(10**6, 10**8)}"
    form = draw.choice([form for form in FORMS if form.isascii()])
    return Record(str(number), words, form, draw.choice(TOWNS), f"info@{host}", phone, tax)


def _chinese(number: int, draw: random.Random) -> Record:
    town = draw.choice(HANZI_TOWNS)
    words = (town, draw.choice(HANZI_NAMES) + draw.choice(HANZI_NAMES), draw.choice(HANZI_BRANCHES))
    tax = credit_code_of(f"91310000{draw.randrange(10**8, 10**9)}")
    phone = f"+86 21 {draw.randrange(10**7, 10**8)}"
    return Record(str(number), words, "有限公司", town, f"sales@f{number}.example", phone, tax, is_hanzi=True)


def typed(record: Record, draw: random.Random) -> Record:
    """One typing error in the longest word: two letters swapped, one left out, or one twice."""
    longest = max(record.words, key=len)
    if record.is_hanzi or len(longest) < 4:
        return record
    place = draw.randrange(1, len(longest) - 1)
    wrong = draw.choice(
        (
            longest[:place] + longest[place + 1] + longest[place] + longest[place + 2 :],
            longest[:place] + longest[place + 1 :],
            longest[:place] + longest[place] + longest[place:],
        )
    )
    return replace(record, words=tuple(wrong if word == longest else word for word in record.words))


def other_form(record: Record, draw: random.Random) -> Record:
    """The legal form written otherwise, or not at all."""
    return replace(record, form=draw.choice(FORMS[record.form]))


def shortened(record: Record, _draw: random.Random) -> Record:
    """A usual abbreviation."""
    return replace(record, words=tuple(SHORT.get(word, word) for word in record.words))


def swapped(record: Record, _draw: random.Random) -> Record:
    """The words in another order; a Chinese name without its town."""
    words = record.words[1:] if record.is_hanzi else record.words[::-1]
    return replace(record, words=words)


def without_accents(record: Record, _draw: random.Random) -> Record:
    """Umlauts as two letters, other accents left out, all in capitals."""
    table = str.maketrans({"ü": "ue", "ä": "ae", "ö": "oe", "è": "e", "ó": "o"})
    return replace(record, words=tuple(word.translate(table).upper() for word in record.words))


def full_width(record: Record, _draw: random.Random) -> Record:
    """In full-width characters, as a Chinese keyboard writes them."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return replace(record, words=tuple(word.translate(wide) for word in record.words))


def moved(record: Record, draw: random.Random) -> Record:
    """At its former address."""
    return replace(record, city=draw.choice(HANZI_TOWNS if record.is_hanzi else TOWNS))


DISTORTIONS: tuple[Callable[[Record, random.Random], Record], ...] = (
    typed,
    other_form,
    shortened,
    swapped,
    without_accents,
    full_width,
    moved,
)


def as_in_the_crm(record: Record, draw: random.Random) -> Record:
    """The same firm as sales people wrote it: one or two distortions, and some of what is known left out."""
    for distort in draw.sample(DISTORTIONS, draw.choice((1, 1, 2))):
        record = distort(record, draw)
    mailbox = f"{draw.choice(('m.smith', 'office', 'wang.li'))}@{str(record.email).partition('@')[2]}"
    phone = str(record.phone).replace("+49 ", "0").replace("+86 ", "0086-").replace(" ", draw.choice(("-", "/", "")))
    return replace(
        record,
        city=record.city if draw.random() < 0.9 else None,
        email=mailbox if draw.random() < 0.7 else None,
        phone=phone if draw.random() < 0.65 else None,
        tax_number=record.tax_number if draw.random() < 0.4 else None,
    )


def near_misses(record: Record, number: int, draw: random.Random) -> list[Record]:
    """Other firms that look like this one: of the same name in another town, its subsidiary, its sequels, its sister of
    another legal form, its neighbour whose short name differs in a letter."""
    own = f"{number}-other.example"
    phone = f"+49 {draw.randrange(30, 999)} {draw.randrange(10**6, 10**8)}"
    towns = [town for town in (HANZI_TOWNS if record.is_hanzi else TOWNS) if town != record.city]
    elsewhere = replace(record, city=draw.choice(towns), email=f"info@{own}", phone=phone, tax_number=None)
    if record.is_hanzi:
        return [replace(elsewhere, firm=f"{number} elsewhere", words=(str(elsewhere.city), *record.words[1:]))]
    same_place = replace(record, phone=None, tax_number=None)
    forms = [form for form in FORMS if form not in (record.form, "有限公司")]
    return [
        replace(elsewhere, firm=f"{number} elsewhere"),
        replace(same_place, firm=f"{number} subsidiary", words=(*record.words, draw.choice(SISTERS))),
        replace(same_place, firm=f"{number} sister", form=draw.choice(forms)),
    ]


def sequels(count: int, draw: random.Random) -> tuple[list[Record], list[Record]]:
    """Branches that only a number tells apart: number 1 in the ERP, number 2 in the CRM, at one domain and town."""
    first = [replace(_western(10**6 + number, draw), tax_number=None, phone=None) for number in range(count)]
    return (
        [replace(each, firm=f"{each.firm} I", words=(*each.words, "1")) for each in first],
        [replace(each, firm=f"{each.firm} II", words=(*each.words, "2")) for each in first],
    )


def two_systems(count: int, seed: int) -> pl.DataFrame:
    """The records of an ERP and a CRM, with ``firm``: seven of ten firms are in both, every fifth has near misses."""
    draw = random.Random(seed)  # noqa: S311 - drawn with a seed, so that every run tests the same firms
    every = firms(count, draw)
    crm = [as_in_the_crm(each, draw) for each in every if draw.random() < 0.7]
    others = [miss for number, each in enumerate(every) if number % 5 == 0 for miss in near_misses(each, number, draw)]
    ones, twos = sequels(count // 20, draw)
    return pl.concat([_frame("erp", [*every, *ones]), _frame("crm", [*crm, *others, *twos])])


def _frame(source: str, records: list[Record]) -> pl.DataFrame:
    columns = ("firm", "name", "city", "email", "phone", "tax_number")
    rows = [
        [f"{source}:{number}", source, *(getattr(each, name) for name in columns)]
        for number, each in enumerate(records)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("record_id", "source", *columns), pl.String), orient="row")


def precision_and_recall(records: pl.DataFrame, pairs: pl.DataFrame) -> tuple[float, float]:
    """The share of the pairs (left, right) that are one firm, and the share of the firms in both systems that were
    paired."""
    firm = dict(records.select("record_id", "firm").iter_rows())
    found = set(pairs.select("left", "right").iter_rows())
    right = {firm[left] for left, other in found if firm[left] == firm[other]}
    in_both = records.group_by("firm").agg(pl.col("source").n_unique()).filter(pl.col("source") == 2).height
    return sum(firm[left] == firm[other] for left, other in found) / max(1, len(found)), len(right) / in_both
