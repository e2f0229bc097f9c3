"""The one rounding."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.money import line_amount, round_half_up, to_decimal


def test_to_decimal_reads_what_a_person_sees():
	assert to_decimal(0.1) == Decimal("0.1")
	assert to_decimal(1.005, 2) == Decimal("1.01")
	assert to_decimal(1e-7) == Decimal("0.0000001")
	assert to_decimal(" 12.50 ") == Decimal("12.50")
	assert to_decimal(7) == Decimal(7)
	assert to_decimal(None) == to_decimal("") == Decimal(0)
	assert str(to_decimal(3, 2)) == "3.00"


@pytest.mark.parametrize("value", ["twelve", "1,000", float("nan"), float("inf"), Decimal("NaN"), True])
def test_to_decimal_refuses_what_is_no_number(value):
	with pytest.raises(ValueError):
		to_decimal(value)


def test_half_goes_away_from_zero_and_there_is_no_minus_zero():
	assert [str(round_half_up(Decimal(text))) for text in ("0.005", "-0.005", "2.675", "-0.004")] == [
		"0.01",
		"-0.01",
		"2.68",
		"0.00",
	]


def test_line_amount_rounds_once():
	assert line_amount(Decimal(3), Decimal("0.335"), Decimal(0)) == Decimal("1.01")
	assert line_amount(Decimal(10000), Decimal("0.0425"), Decimal("8.333")) == Decimal("389.58")


@given(
	quantity=st.decimals(0, 10**6, places=6),
	price=st.decimals(-(10**6), 10**6, places=7),
	discount=st.decimals(0, 100, places=3),
)
def test_line_amount_is_within_half_a_cent_of_the_exact_value(quantity, price, discount):
	with localcontext(Context(prec=80)):
		exact = quantity * price * (100 - discount) / 100
		amount = line_amount(quantity, price, discount)
		assert abs(amount - exact) <= Decimal("0.005")
		assert amount == amount.quantize(Decimal("0.01"))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_every_float_survives(value):
	assert float(to_decimal(value)) == value
