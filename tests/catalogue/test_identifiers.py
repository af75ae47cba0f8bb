"""Identifiers: published examples, the formulas by hand, and what python-stdnum says."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean
from stdnum import isni as stdnum_isni
from stdnum import isrc as stdnum_isrc

from workbench.catalogue import identifiers


def forms(kind: str, *texts: str | None) -> list[str | None]:
    form, _ = identifiers.KINDS[kind]
    return pl.DataFrame({"x": texts}, {"x": pl.String}).select(form(pl.col("x")))["x"].to_list()


def said(function, kind: str, *texts: str | None) -> list[str | None]:
    frame = pl.DataFrame({"x": texts}, {"x": pl.String})
    return frame.select(said=function(kind, pl.col("x")))["said"].to_list()


@pytest.mark.parametrize("text", ["GBAYE6800011", "gb-aye-68-00011", "ISRC GB AYE 68 00011",
                                  "ISRC: GB-AYE-68-00011", " GBAYE6800011\t",
                                  "ＧＢＡＹＥ6800011"])  # fmt: skip
def test_an_isrc_has_one_form(text):
    assert forms("isrc", text) == ["GBAYE6800011"]


def test_what_is_no_isrc():
    bad = ["GBAYE680001", "GBAYE68000111", "1BAYE6800011", "GBAYE68O0011", "", None, "n/a"]
    assert forms("isrc", *bad) == [None] * 7
    problems = said(identifiers.problem, "isrc", *bad)
    assert [problem is not None for problem in problems] == [True] * 4 + [False] * 3


def test_a_prefix_that_is_not_on_the_list_is_a_warning_only():
    assert forms("isrc", "ZQABC2400001") == ["ZQABC2400001"]
    assert said(identifiers.problem, "isrc", "ZQABC2400001") == [None]
    warnings = said(identifiers.warning, "isrc", "ZQABC2400001", "QZABC2400001", "nothing", None)
    assert "ZQ" in warnings[0] and warnings[1:] == [None, None, None]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("724384960650", "0724384960650"),  # UPC-A
        ("0724384960650", "0724384960650"),  # the same as EAN-13
        ("00724384960650", "0724384960650"),  # and as GTIN-14
        ("7 24384 96065 0", "0724384960650"),
        ("724384960650.0", "0724384960650"),  # a spreadsheet's number
        ("10724384960657", "10724384960657"),  # a box of them is another article
        ("4006381333931", "4006381333931"),  # GS1's own example
        ("094633247529", "0094633247529"),
        ("94633247529", "0094633247529"),  # its zero lost
        ("724384960651", None),
        ("7.24385E+11", None),
        ("0000000000000", None),
        ("123", None),
        (None, None),
    ],
)
def test_one_product_one_number(text, form):
    assert forms("upc", text) == [form]


def test_zeros_put_back_are_told():
    assert said(identifiers.warning, "upc", "94633247529", "094633247529")[1] is None
    assert "put back" in said(identifiers.warning, "upc", "94633247529")[0]
    assert "agree" in said(identifiers.problem, "upc", "724384960651")[0]


def test_works_and_people():
    assert forms("iswc", "T-034.524.680-1", "T0345246801", "t0345246802", "034.524.680-1") == [
        "T0345246801", "T0345246801", None, None,
    ]  # fmt: skip
    # Picasso's numbers, the published example: 2 + 2x7 + 2x8 + 9x9 = 113, so 7 completes the ten
    assert forms("ipi_base", "I-000000229-7", "I0000002297", "I-000000229-8") == [
        "I-000000229-7", "I-000000229-7", None,
    ]  # fmt: skip
    # 7x1 + 6x4 + 5x1 + 3x7 + 2x3 = 63, and 101 - 63 = 38
    assert forms("ipi", "00014107338", "14107338", "014107338", "00014107339", "0") == [
        "00014107338", None, "00014107338", None, None,
    ]  # fmt: skip
    assert forms("isni", "0000 0001 2281 955X", "https://isni.org/isni/000000012281955x") == [
        "000000012281955X", "000000012281955X",
    ]  # fmt: skip
    assert forms("isni", "0000000122819550", "0000000000000000") == [None, None]
    assert forms("grid", "A1-2425G-ABC1234002-M", "A12425GABC1234002M", "A12425GABC1234002N") == [
        "A12425GABC1234002M", "A12425GABC1234002M", None,
    ]  # fmt: skip


@given(st.text(alphabet="ABGQZ019- .", max_size=16))
@settings(deadline=None, max_examples=40)
def test_isrcs_agree_with_stdnum(text):
    form = forms("isrc", text)[0]
    if stdnum_isrc.is_valid(text):
        assert form is not None
    if form is not None:
        assert stdnum_isrc.compact(form) == form and len(form) == 12
        assert forms("isrc", form) == [form]
        assert (said(identifiers.warning, "isrc", form)[0] is None) == stdnum_isrc.is_valid(form)


@given(st.integers(10**9, 10**12 - 1))
@settings(deadline=None, max_examples=40)
def test_every_length_of_one_article_number_agrees(front):
    whole = f"{front:012d}"
    code = whole + ean.calc_check_digit(whole)
    assert forms("upc", code, f"0{code}", code.lstrip("0")) == [code] * 3
    wrong = whole + str((int(code[-1]) + 1) % 10)
    assert forms("upc", wrong) == [None]


@given(st.integers(1, 10**15 - 1))
@settings(deadline=None, max_examples=40)
def test_isnis_agree_with_stdnum(front):
    for last in "0123456789X":
        number = f"{front:015d}{last}"
        assert (forms("isni", number)[0] is not None) == stdnum_isni.is_valid(number)


@given(st.integers(1, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
@settings(deadline=None, max_examples=40)
def test_one_wrong_digit_is_found(front, place, by):
    digits = [int(d) for d in f"{front:09d}"]
    total = (1 + sum((i + 1) * d for i, d in enumerate(digits))) % 10
    whole = f"T{front:09d}{(10 - total) % 10}"
    assert forms("iswc", whole) == [whole]
    if (place + 1) * by % 10:
        digits[place] = (digits[place] + by) % 10
        wrong = "T" + "".join(map(str, digits)) + whole[-1]
        assert forms("iswc", wrong) == [None]
