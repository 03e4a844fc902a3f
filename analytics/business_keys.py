"""Keys by which firms and products are known anywhere: tax numbers, barcodes, e-mail domains, phone numbers.

Each function takes an expression of text and gives the key in its one form; null where it is none, or cannot be one.
"""

import re

import polars as pl

from analytics.tables.free_mail import FREE_MAIL

CREDIT_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
GTIN_LENGTHS = (8, 12, 13, 14)
IN_STORE = r"^0*2[0-9]{12}$"
FEWEST_SIGNS, FEWEST_DIGITS, COMPARED_DIGITS = 5, 7, 8


def plain(column: str) -> pl.Expr:
    """A key as it is compared: Unicode NFKC, lower case, without spaces around it; null where empty."""
    text = pl.col(column).str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    return pl.when(text != "").then(text)


def tax_number(column: str, country: str) -> pl.Expr:
    """A tax number, its letters and digits only, without the code of the party's own country before it. One that has
    the form of a unified social credit code and not its check digit was mistyped; one of zeros, of letters alone or
    with fewer than five signs is a placeholder: none of them is a key."""
    code = pl.col(column).str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    mistyped = code.str.contains(CREDIT_CODE) & ~_checked_credit_code(code)
    own = pl.col(country).fill_null("").str.to_uppercase()
    is_prefixed = (own.str.len_chars() == 2) & code.str.starts_with(own) & ~code.str.starts_with("CHE")
    bare = pl.when(is_prefixed).then(code.str.slice(2)).otherwise(code)
    is_key = bare.str.contains("[1-9]") & (bare.str.len_chars() >= FEWEST_SIGNS) & ~mistyped
    return pl.when(is_key).then(bare)


def _checked_credit_code(code: pl.Expr) -> pl.Expr:
    """GB 32100-2015: the sum of the first 17 characters, each times a power of 3 modulo 31, decides the last one."""
    numbers = [
        code.str.slice(place, 1).replace_strict(
            list(CREDIT_ALPHABET), list(range(31)), default=None, return_dtype=pl.Int64
        )
        for place in range(18)
    ]
    weighted = pl.sum_horizontal(number * pow(3, place, 31) for place, number in enumerate(numbers[:17]))
    return ((31 - weighted % 31) % 31 == numbers[17]).fill_null(value=False)


def gtin(column: str) -> pl.Expr:
    """A GTIN (EAN, UPC) as 14 digits, where its check digit is right; null for numbers that shops give themselves."""
    digits = pl.col(column).str.normalize("NFKC").str.replace_all(r"[\s-]", "")
    whole = digits.str.contains(r"^[0-9]+$") & digits.str.len_chars().is_in(GTIN_LENGTHS)
    padded = digits.str.zfill(14)
    each = [padded.str.slice(place, 1).cast(pl.Int64, strict=False) for place in range(14)]
    weighted = pl.sum_horizontal(digit * (1 if place % 2 else 3) for place, digit in enumerate(each))
    is_right = (weighted % 10 == 0) & padded.str.contains("[1-9]") & ~padded.str.contains(IN_STORE)
    return pl.when(whole & is_right).then(padded)


def is_like_a_gtin(column: str) -> pl.Expr:
    """True where a barcode has as many digits as a GTIN: with a wrong check digit it was mistyped."""
    digits = pl.col(column).str.normalize("NFKC").str.replace_all(r"[\s-]", "")
    return digits.str.contains(r"^[0-9]+$") & digits.str.len_chars().is_in(GTIN_LENGTHS)


def domain(column: str) -> pl.Expr:
    """The domain of an e-mail address, where it is a firm's own and not a provider's."""
    host = plain(column).str.extract(r"^[^@\s]+@([^@\s]+\.[^@\s.]+)$", 1).str.strip_prefix("www.")
    return pl.when(~host.is_in(list(FREE_MAIL))).then(host)


def phone(column: str) -> pl.Expr:
    """The last eight digits of a phone number: prefixes of countries and towns are written in many ways."""
    digits = pl.col(column).str.normalize("NFKC").str.replace(r"(?i)\s*(?:ext|x|durchwahl|-dw).*$", "")
    bare = digits.str.replace_all(r"[^0-9]", "")
    is_key = (bare.str.len_chars() >= FEWEST_DIGITS) & bare.str.contains(r"[1-9]")
    return pl.when(is_key).then(bare.str.tail(COMPARED_DIGITS))


def credit_code_of(first_seventeen: str) -> str:
    """A unified social credit code with its check digit, from its first 17 characters."""
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{17}", first_seventeen):
        raise ValueError("a credit code begins with 17 digits and capital letters, without I, O, S, V and Z")
    weighted = sum(CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_seventeen))
    return first_seventeen + CREDIT_ALPHABET[(31 - weighted) % 31]
