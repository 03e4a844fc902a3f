"""Erasing a person: its name is found in no file of the home afterwards, whatever brings the person again; nobody else
and no number changes."""

import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from analytics.erasing import ERASED, MENTIONING, PERSONAL, mentions, unmentioned, words_of
from analytics.tables import TABLES, needs, references
from data_access import audit, deliveries, erasures, studies, traces
from data_access.home import Home
from data_access.journal import Journal
from data_access.snapshot import current
from data_access.sources import files
from data_access.store import Store
from refresh import erasing, publication
from refresh.run import NoSuchPerson, Request, erase, refresh, rehearse
from tests.refresh.deliveries import Firm, lines, orders, products, request, table, write
from tests.test_cli import told

AT = datetime(2026, 4, 1, tzinfo=UTC)
NAME, MAIL, PHONE = "Wilhelmina Überall", "mina@example.org", "+49 30 5550101"
OTHER = "Otto Other"
PEOPLE = "customer_id,name,email,phone,city,is_company,country"
CUSTOMERS = (f"C1,{NAME},{MAIL},{PHONE},Kiel,false,DE", f"C2,{OTHER},otto@example.org,+49 40 5550102,Ulm,false,DE")
CONTACTS = "contact_id,customer_id,name,email,role,country"
TALKS = "interaction_id,customer_id,channel,occurred_at,subject,body"
LEADS = "lead_id,name,contact_name,email,status,created_at"


def delivery(*customers: str) -> dict[str, str]:
    """Two private persons with an order, a ticket and a conversation; others mention the first by name."""
    return {
        "products": products("P1"),
        "customers": table(PEOPLE, *(customers or CUSTOMERS)),
        "contacts": table(CONTACTS, f"K1,C1,{NAME},{MAIL},herself,DE", "K2,C2,Olga Other,olga@example.org,wife,DE"),
        "sales_orders": orders("S1,C1", "S2,C2"),
        "sales_order_lines": lines("L1,S1,P1,2,2.50", "L2,S2,P1,1,4.00"),
        "tickets": table("ticket_id,customer_id,opened_at,status,subject,body", "T1,C1,2026-02-01,open,Pump,It leaks"),
        "interactions": table(
            TALKS,
            "I1,C1,phone,2026-02-02,Pump,She wants it mended",
            f"I2,C2,phone,2026-02-03,Neighbour,Knows {NAME.upper()} well",
            f"I3,C404,phone,2026-02-03,Aside,{NAME} called",
            "I4,C1,nowhere,2026-02-03,Aside,Her own words",
        ),
        "leads": table(LEADS, f"A1,Pumps,{NAME},{MAIL.upper()},open,2026-01-01"),
    }


def everything(place: Home) -> Iterator[tuple[Path, bytes]]:
    """Every file of a home as its bytes; what is packed in columns also as text."""
    for path in sorted(path for path in place.folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        yield path, content
        if path.suffix == ".parquet":
            yield path, pl.read_parquet(path, glob=False).write_json().encode()


def holding(place: Home, *words: str) -> list[str]:
    """The files in which one of the words stands, in whatever spelling."""
    found = traces.spellings(words)
    return sorted({path.name for path, content in everything(place) if traces.holds(content, found)})


def ask(place: Home, table_name: str = "customers", key: str = "files:C1") -> None:
    erasures.keep(place, "ada", AT, [(table_name, key)])


def carry_out(place: Home) -> erasing.Erased:
    """What is erased in tables and files, without publishing it: in a part of the time."""
    store = Store(place.database_url)
    try:
        return erasing.carry_out(place, store, at=AT)
    finally:
        store.close()


def loaded(firm: Firm, source: str, **tables: str) -> None:
    """Loads tables as a system would bring them, without publishing them."""
    path = firm.deliver(tables)
    report = rehearse(firm.home, Request(source=source, read=lambda _since: replace(files.read(path), source=source)))
    assert report.outcome == "loaded", report.message


def repair(value: str) -> dict[str, object]:
    return {"source": "files", "source_table": "x", "record": {"a": value}, "values": {"a": "b"}}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm that has the person in its tables, in their history, set aside, in a study, a journal, a log and a
    delivery: made once, and copied for each test."""
    place = Home(tmp_path_factory.mktemp("once") / "home")
    sent = tmp_path_factory.mktemp("sent")
    first = request(write(sent / "first", delivery(CUSTOMERS[0].replace("Kiel", "Bonn"), CUSTOMERS[1])))
    assert rehearse(place, first).outcome == "loaded"
    assert refresh(place, request(write(sent / "second", delivery()))).outcome == "loaded"
    said = pl.DataFrame({"company_id": ["*"], "said": [f"{NAME} is late"], "n": [1]})
    studies.save(place, "voices", current(place), {"voices": said}, as_of_on=AT.date(), at=AT)
    Journal(place, "repairs").append("ada", AT, repair(f"Dear {NAME}"))
    audit.note(place, AT, "ada", "took_away", f"{NAME} timeline")
    (place.folder / "tandem.log").write_text(f"looked for {json.dumps(NAME)}\n", encoding="utf-8")
    uploaded = gzip.compress(delivery()["customers"].encode())
    deliveries.keep(place, [("customers.csv.gz", io.BytesIO(uploaded))])
    deliveries.keep(place, [("products.csv", io.BytesIO(products("P1").encode()))])
    return place.folder


@pytest.fixture
def known(once: Path, home: Path, tmp_path: Path) -> Firm:
    """The same, of this test alone."""
    shutil.copytree(once, home)
    return Firm(tmp_path / "deliveries")


def test_the_name_stands_in_no_file_and_stays_away_when_the_record_comes_again(known: Firm) -> None:
    words = (NAME, MAIL, PHONE, "She wants it mended", "Her own words", "It leaks")
    amounts = known.stored("sales_order_lines", "sales_order_line_id", "amount_untaxed")
    assert {"tandem.db", "tandem.log", "repairs.ndjson", "customers.parquet"} <= set(holding(known.home, *words))
    ask(known.home)
    told = erase(known.home)
    assert told.files == {"studies": 1, "texts": 3, "deliveries": 1}
    assert (told.rows["customers"], told.aside) == (2, 2)
    for _ in range(2):
        assert holding(known.home, *words) == []
        assert known.stored("sales_order_lines", "sales_order_line_id", "amount_untaxed") == amounts
        assert known.shown("customers", "name", "email") == [(ERASED, None), (OTHER, "otto@example.org")]
        assert known.shown("contacts", "name") == [None, "Olga Other"]
        assert known.shown("interactions", "body") == [None, f"Knows {ERASED} well"]
        assert known.shown("leads", "contact_name", "email") == [(None, None)]
        assert known.send(delivery()).tables["interactions"]["quarantined"] == 2
    assert known.count("SELECT COUNT(*) FROM customers_history") == 1, "only the move from Bonn, without a name"
    known.send({"customers": table(PEOPLE, CUSTOMERS[0])}, partial=True)
    assert holding(known.home, *words) == []
    assert json.loads(Journal(known.home, "repairs").path.read_text(encoding="utf-8"))["number"] == 1


def test_a_contact_is_erased_without_the_firm_it_works_for(firm: Firm) -> None:
    loaded(firm, "files", **delivery(f"C1,Pump Ltd,{MAIL},{PHONE},Kiel,true,DE", CUSTOMERS[1]))
    ask(firm.home, "contacts", "files:K1")
    carry_out(firm.home)
    assert holding(firm.home, NAME, MAIL) == []
    assert firm.stored("customers", "name", "city") == [("Pump Ltd", "Kiel"), (OTHER, "Ulm")]
    assert firm.stored("interactions", "body") == ["She wants it mended", f"Knows {ERASED} well"]


def test_the_person_is_known_by_its_address_in_another_system(known: Firm) -> None:
    ask(known.home)
    carry_out(known.home)
    loaded(known, "crm", customers=table(PEOPLE, f"9,Mina Ü.,{MAIL},,Kiel,false,DE", f"8,{NAME},,,Kiel,false,DE"))
    assert known.stored("customers", "customer_id", "name")[:2] == [("crm:8", NAME), ("crm:9", ERASED)]


def test_erased_persons_are_never_taken_for_one(known: Firm) -> None:
    ask(known.home)
    carry_out(known.home)
    erasures.keep(known.home, "ada", AT, [("customers", "crm:9")])
    loaded(known, "crm", customers=table(PEOPLE, "9,Max Muster,max@example.org,,Kiel,false,DE"))
    assert known.stored("identities", "record_id") == []


def test_an_address_that_several_persons_share_marks_none_of_them(firm: Firm) -> None:
    loaded(firm, "files", **delivery(CUSTOMERS[0], CUSTOMERS[1].replace("otto@example.org", "olga@example.org")))
    ask(firm.home, "contacts", "files:K2")
    carry_out(firm.home)
    assert firm.stored("customers", "name") == [NAME, OTHER]
    assert firm.stored("contacts", "name") == [NAME, None]


@pytest.mark.parametrize("moment", ["data_access.store.Store.compact", "refresh.publication.keep_only"])
def test_a_kill_at_any_step_is_made_good_by_the_next_refresh(
    known: Firm, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(known.home)

    def killed(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moment, killed)
        with pytest.raises(KeyboardInterrupt):
            erase(known.home)
    known.send({"products": products("P1")})
    assert holding(known.home, NAME, MAIL, "It leaks") == []
    assert publication.carried_out(known.home) == erasures.erasures(known.home).entries


def test_what_is_kept_of_an_erased_person_is_a_salted_hash(known: Firm) -> None:
    ask(known.home)
    assert carry_out(known.home).rows["customers"] == 2
    ask(known.home)
    assert carry_out(known.home).entries == 3, "asked twice, and its address"
    kept = Journal(known.home, erasures.SUBJECT).path.read_text(encoding="utf-8")
    marks = [mark for line in kept.splitlines() for mark in json.loads(line)["what"]["marks"]]
    assert len(marks) == 3
    assert all(len(mark) == 64 for mark in marks)
    assert erasures.erasures(known.home).marked("customers", ["files:C1", "files:C2"]) == {"files:C1"}
    assert erasures.erasures(known.home).marked("contacts", ["files:C1"]) == frozenset()


def test_either_database_forgets(firm: Firm, new_postgres_database: Callable[[], str], home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_DATABASE_URL", new_postgres_database())
        for _ in range(2):
            loaded(firm, "files", **delivery())
            ask(firm.home)
            carry_out(firm.home)
        for name in ("customers", "customers_history", "contacts", "interactions", "quarantine"):
            column = {"quarantine": "record", "interactions": "body"}.get(name, "name")
            assert firm.count(f"SELECT COUNT(*) FROM {name} WHERE {column} LIKE '%{NAME}%'") == 0
    assert home.exists()


def test_a_key_names_all_records_of_a_customer(known: Firm) -> None:
    store = Store(known.home.database_url)
    with store.load() as load:
        assert erasing.meant(load, "files:C2") == [("customers", "files:C2")]
        assert erasing.meant(load, "files:K2") == [("contacts", "files:K2")]
        assert erasing.meant(load, "files:C404") == []
    store.close()
    with pytest.raises(NoSuchPerson, match="no customer and no contact"):
        erase(known.home, "ada", "files:C404")
    assert not (known.home.folder / erasures.SALT_FILE).exists()
    assert known.snapshot().erasures == 0


MANY = ("Maria", "Sales", "Marks", "Léa", "张伟", "5550101", "mina@example.org")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Maria, MARIA and maria.", "#, # and #."),
        ("Mariana, Anamaria, Maria2", "Mariana, Anamaria, Maria2"),
        ("maria@x.org, maria.lopez@x.org, x@maria.org", "maria@x.org, maria.lopez@x.org, x@maria.org"),
        ("to mina@example.org", "to #"),
        ("xmina@example.org", "xmina@example.org"),
        ("找Maria谈, 请张伟回电", "找#谈, 请#回电"),
        ("Léandre met Léa", "Léandre met Léa"),
        (r'{"marks": ["Marks", "one\nMarks"]}', r'{"marks": ["#", "one\n#"]}'),
        ('{"role": "sales", "report": "sales_week"}', '{"role": "sales", "report": "sales_week"}'),
        ('{"n": 5550101, "m":5550101, "p": "5550101"}', '{"n": 5550101, "m":5550101, "p": "#"}'),
    ],
)
def test_a_name_is_taken_out_where_it_stands_alone_and_torn_out_of_nothing(said: str, left: str) -> None:
    words = words_of("contacts", pl.DataFrame({"name": MANY}))
    assert mentions(words).sub("#", said) == left
    rows = pl.DataFrame({"body": [said, None]})
    assert unmentioned("tickets", rows, words)["body"].to_list() == [left.replace("#", ERASED), None]
    assert mentions(()).sub("#", said) == said


def test_a_short_name_is_torn_out_of_no_table_and_no_file(firm: Firm) -> None:
    others = table(LEADS, "A1,Sales of Mariana,Mariana Costa,mariana@x.org,open,2026-01-01")
    contacts = table(CONTACTS, "K1,C2,Sales,s@x.org,desk,DE", "K2,C2,Marks,m@x.org,boss,DE", "K3,C2,Maria,a@x.org,,DE")
    tickets = table("ticket_id,customer_id,opened_at,status,subject,body", "T1,C2,2026-02-01,open,Wholesales,ask Maria")
    asked = delivery(*CUSTOMERS) | {"contacts": contacts, "leads": others, "tickets": tickets}
    loaded(firm, "files", **asked)
    Journal(firm.home, "repairs").append("ada", AT, repair("Maria"))
    views = firm.home.folder / "views.json"
    views.write_text(json.dumps({"role": "sales", "said": "Maria"}), encoding="utf-8")
    for key in ("K1", "K2", "K3"):
        ask(firm.home, "contacts", f"files:{key}")
    for _ in range(2):
        carry_out(firm.home)
        assert firm.stored("leads", "name", "contact_name", "email") == [
            (f"{ERASED} of Mariana", "Mariana Costa", "mariana@x.org")
        ]
        assert firm.stored("tickets", "subject", "body") == [("Wholesales", f"ask {ERASED}")]
        assert json.loads(views.read_text(encoding="utf-8")) == {"role": "sales", "said": "xxxxx"}
        assert Journal(firm.home, "repairs").entries()[0].what["record"] == {"a": "xxxxx"}


def packed(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", content)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "latin-1", "gb18030"])
def test_a_word_is_found_in_old_encodings_and_within_what_is_packed(encoding: str) -> None:
    word = "Wilhelmina Berg" if encoding == "gb18030" else NAME
    content, found = f"x;{word};y".encode(encoding), traces.spellings([word])
    assert traces.holds(content, found)
    assert traces.holds(packed(gzip.compress(content)), found)
    assert not traces.holds(packed(b"nobody"), found)
    assert not traces.holds(b"PK\x03\x04 damaged", found)


TELLING = {name: set(needs(schema)) for name, schema in TABLES.items() if "personal_data" in needs(schema).values()}
OF_OTHERS = {"suppliers", "employees", "users", "quarantine"}


@pytest.mark.parametrize("name", sorted(TELLING.keys() - OF_OTHERS))
def test_every_column_that_needs_personal_data_is_emptied(name: str) -> None:
    personal = {column for column, need in needs(TABLES[name]).items() if need == "personal_data"}
    assert personal <= set(PERSONAL[name])
    assert name in {"customers", "contacts"} or {"customers", "contacts"} & set(references(TABLES[name]).values())


@pytest.mark.parametrize("told", [PERSONAL, MENTIONING])
def test_what_is_emptied_exists(told: dict[str, tuple[str, ...]]) -> None:
    unknown = {table: [name for name in names if name not in TABLES[table].columns()] for table, names in told.items()}
    assert not any(unknown.values())


def test_the_terminal_names_who_is_not_there_and_asks_before_it_erases(known: Firm) -> None:
    unknown = told("erase", "files:C404", "--yes")
    assert (unknown.code, "no customer and no contact" in unknown.sentence) == (2, True)
    assert told("erase", "files:C1", typed="n\n").code == 2
    assert known.shown("customers", "name")[0] == NAME
