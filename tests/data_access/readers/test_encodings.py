"""A text is read in the encoding it was written in, or refused; never turned into other letters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.readers.encodings import first_broken_byte, looks_like_gb18030
from tests.data_access.readers.deliveries import cells, read_one, refusal, text_of

LINES = ("customer_id,name,country,created_at", "C1,上海机械有限公司,CN,2025-01-10", "C2,Müller,DE,2025-01-11")
NAMES = ["上海机械有限公司", "Müller"]


def _names(place: Path, content: bytes) -> list[str | None]:
    return [row[1] for row in cells(read_one(place, "customers.csv", content))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_declared_encodings_are_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    table = read_one(tmp_path, "customers.csv", text_of(*LINES).decode().encode(encoding))
    assert [row[1] for row in cells(table)] == NAMES
    assert table.frame.columns[1] == "customer_id"
    assert table.warnings == ()


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_unicode_text_of_a_spreadsheet_program_is_read(tmp_path: Path, mark: bytes, encoding: str) -> None:
    content = mark + text_of(*LINES).decode().replace(",", "\t").encode(encoding)
    assert _names(tmp_path, content) == NAMES


@pytest.mark.parametrize("encoding", ["gb18030", "gbk"])
def test_chinese_text_of_an_older_kind_is_read_with_a_warning_that_names_it(tmp_path: Path, encoding: str) -> None:
    content = text_of(*LINES[:2]).decode().encode(encoding)
    table = read_one(tmp_path, "customers.csv", content)
    assert [row[1] for row in cells(table)] == NAMES[:1]
    (warning,) = table.warnings
    assert warning.rule == "encoding_guessed"
    assert "GB18030" in warning.detail


def test_a_broken_byte_in_utf8_is_refused_with_its_place(tmp_path: Path) -> None:
    content = text_of(*LINES)
    position = content.index("ü".encode())
    rule, detail = refusal(tmp_path, "customers.csv", content[:position] + b"\xff" + content[position:])
    assert rule == "encoding"
    assert f"byte {position}" in detail
    assert "line 3" in detail


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Müller Größe", "cp1252"),
        ("Ürün Çağrı Öztürk", "cp1254"),
        ("Привет мир", "cp1251"),
        ("안녕하세요 대한민국", "euc-kr"),
        ("삼성전자 주식회사 제품 주문 상품", "euc-kr"),
        ("цена", "koi8-r"),
        ("ひらがなカタカナ", "euc-jp"),
        ("日本語の会社", "shift_jis"),
        ("中華民國臺灣繁體", "big5"),
    ],
)
def test_other_encodings_are_refused_and_not_read_as_chinese(tmp_path: Path, name: str, encoding: str) -> None:
    content = text_of(LINES[0], f"C1,{name},XX,2025-01-10").decode().encode(encoding)
    assert refusal(tmp_path, "customers.csv", content)[0] == "encoding"


@pytest.mark.parametrize(
    "text", ["客户名称 上海机械有限公司 张伟", "深圳市华强电子有限公司", "北京科技发展有限公司 王芳 螺栓 库存数量"]
)
def test_everyday_chinese_is_recognised(text: str) -> None:
    assert looks_like_gb18030(f"C1,{text},CN\n".encode("gb18030"))


def test_a_nul_byte_is_refused_with_its_place(tmp_path: Path) -> None:
    rule, detail = refusal(tmp_path, "customers.csv", text_of(*LINES).replace(b"DE", b"D\0"))
    assert rule == "nul_bytes"
    assert "line 3" in detail


def test_utf16_without_a_mark_and_utf32_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "customers.csv", "customer_id,name".encode("utf-16-le"))[0] == "nul_bytes"


def test_utf32_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "customers.csv", "customer_id,name".encode("utf-32"))[0] == "encoding"


def test_half_a_character_at_the_end_of_utf16_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "customers.csv", text_of(*LINES).decode().encode("utf-16") + b"\x41")[0] == "encoding"


def test_a_broken_byte_far_into_a_file_is_found() -> None:
    assert first_broken_byte(b"a" * 9_000_000 + b"\xff") == 9_000_000


@pytest.mark.parametrize("text", ["Corporación Construcción Producción", "СССССС"])
def test_utf8_with_broken_bytes_is_damaged_even_where_it_would_make_everyday_chinese(text: str) -> None:
    assert not looks_like_gb18030(text.encode() + b"\xb9\xab")


@pytest.mark.parametrize("text", ["揍诅卒醉", "有限公司新カタカナ"])
def test_rare_characters_and_kana_are_no_evidence_of_chinese(text: str) -> None:
    assert not looks_like_gb18030(text.encode("gb18030"))


@given(st.binary(max_size=40))
def test_the_first_broken_byte_is_where_python_finds_it(content: bytes) -> None:
    try:
        content.decode("utf-8")
        expected = None
    except UnicodeDecodeError as error:
        expected = error.start
    assert first_broken_byte(content) == expected


@given(st.text())
def test_what_is_utf8_is_never_taken_for_chinese_of_an_older_kind(text: str) -> None:
    content = text.encode()
    assert first_broken_byte(content) is None or not looks_like_gb18030(content)


@given(
    st.text(alphabet=st.sampled_from("上海北京有限公司机械贸易产品客户"), min_size=2), st.binary(min_size=1, max_size=1)
)
def test_chinese_utf8_with_a_broken_byte_is_damaged_not_of_an_older_kind(text: str, byte: bytes) -> None:
    content = text.encode() + byte + text.encode()
    assert first_broken_byte(content) is None or not looks_like_gb18030(content)
