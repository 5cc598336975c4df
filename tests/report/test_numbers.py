import pytest

from vretlib.report.numbers import Style, halves, parse, presumed, style_of, style_of_values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.90", 0.9),
        ("85", 85.0),
        ("7,190", 7190.0),
        ("1.6M", 1_600_000.0),
        ("3040M", 3_040_000_000.0),
        ("25k", 25_000.0),
        ("96.44%", 0.9644),
        ("3.5 ·10−4", 0.00035),
        ("−0.3", -0.3),
        ("0", 0.0),
    ],
)
def test_printed_numbers_are_read_in_every_form_the_papers_use(text, number):
    assert parse(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize("text", ["0578", "64, 512", "2:14:10", "1,079h", "-", "", "720x304", "1,23", "Cosine"])
def test_what_is_no_well_formed_number_is_none(text):
    assert parse(text) is None


def test_a_note_offers_its_presumed_number():
    assert presumed("misprint: presumably 0.578 (decimal point missing; the L1 row prints 0.578)") == 0.578
    assert presumed("as printed; the prose says 0.9153") is None


def test_obtained_numbers_follow_the_printed_column():
    assert style_of(["86M", "1.6M", "2M", "-"]).write(1_250_000) == "1.2M"
    assert style_of(["0.98", "0.9"]).write(0.987) == "0.99"
    assert style_of(["85", "2591"]).write(12345.0) == "12,345"


def test_decimals_grow_where_the_column_would_hide_the_number():
    column = style_of(["85", "25"])
    assert column.write(0.1534) == "0.15"
    assert column.write(3.0) == "3"
    assert column.write(0.0) == "0"
    assert column.write(42.7) == "43"


def test_medians_have_a_decimal_where_they_are_not_whole():
    assert [halves(x) for x in (150.5, 25.5, 24.0, 1026.0)] == ["150.5", "25.5", "24", "1,026"]


def test_differences_are_signed_and_no_coarser_than_the_number_beside_them():
    assert Style(2).write_difference(-0.031, beside="0.87") == "−0.03"
    assert Style(2).write_difference(0.004, beside="0.98") == "0.00"
    assert Style(0).write_difference(-84.85, beside="0.15") == "−84.85"
    assert Style(1, "M").write_difference(300_000, beside="1.5M") == "+0.3M"


def test_numbers_without_printed_example_show_three_digits_of_the_largest():
    assert style_of_values([1.0, 20.0]).decimals == 0
    assert style_of_values([0.5, 0.25]).decimals == 3
    assert style_of_values([12.34, 1.5]).decimals == 1
    assert style_of_values([]).decimals == 0
