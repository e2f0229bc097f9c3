"""Tax outside the US: the sums. Rates are rounded once a transaction; Intuit's page on non-US sales tax."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qbo_emulator.entities.global_tax import Rate, Taxed, compute, spread

STANDARD = Rate("1", "Standard 20%", Decimal(20))
REDUCED = Rate("2", "Reduced 5%", Decimal(5))
GST, PST = Rate("3", "GST", Decimal(5)), Rate("4", "PST", Decimal("9.975"))
REVERSED = Rate("5", "Reverse charge", Decimal(-20))
BLOCKED = Rate("6", "Blocked input tax", Decimal(20), recoverable=False)


def make_lines(*lines: tuple[str, tuple[Rate, ...]]) -> list[Taxed]:
	return [Taxed(Decimal(amount), rates) for amount, rates in lines]


def test_emulator_tax_is_rounded_once_a_rate_not_once_a_line():
	lines = make_lines(*[("0.12", (STANDARD,))] * 3)
	result = compute(lines, inclusive=False)
	assert result.total == Decimal("0.07")  # three lines rounded one by one would make 0.06
	assert result.bases[STANDARD] == Decimal("0.36")


def test_emulator_a_code_of_two_rates_yields_two_tax_lines():
	detail = compute(make_lines(("200", (GST, PST))), inclusive=False).build_detail()
	assert [line["Amount"] for line in detail["TaxLine"]] == [Decimal("10.00"), Decimal("19.95")]
	assert detail["TotalTax"] == Decimal("29.95")
	assert detail["TaxLine"][1]["TaxLineDetail"]["NetAmountTaxable"] == 200


def test_emulator_tax_inclusive_lines_are_valued_net():
	result = compute(make_lines(("120", (STANDARD,)), ("21", (REDUCED,)), ("7", ())), inclusive=True)
	assert result.nets == [Decimal(100), Decimal(20), Decimal(7)]
	assert result.amounts == {STANDARD: Decimal(20), REDUCED: Decimal(1)}


def test_emulator_reverse_charge_nets_to_nothing():
	result = compute(make_lines(("50", (STANDARD, REVERSED))), inclusive=False)
	assert result.total == 0 and result.amounts[REVERSED] == -10


def test_emulator_unrecoverable_tax_is_part_of_the_cost():
	result = compute(make_lines(("50", (BLOCKED,)), ("50", (STANDARD,))), inclusive=False)
	assert result.costs == [Decimal(60), Decimal(50)]
	assert (result.total, result.recoverable) == (20, 10)


def test_emulator_prescribed_tax_amount_is_kept():
	result = compute(make_lines(("100", (STANDARD,))), inclusive=False, overrides={"1": Decimal("19.99")})
	assert result.total == Decimal("19.99")


def test_emulator_discount_lowers_what_is_taxed():
	lines = make_lines(("100", (STANDARD,)), ("100", ()))
	assert compute(lines, inclusive=False, discount=Decimal(20)).amounts == {STANDARD: Decimal(18)}
	gross = compute(make_lines(("120", (STANDARD,))), inclusive=True, discount=Decimal(10))
	assert (gross.nets, gross.total, gross.bases[STANDARD]) == ([Decimal(100)], Decimal(18), 90)


CENTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)
CODES = st.sampled_from([(STANDARD,), (REDUCED,), (GST, PST), (), (BLOCKED,)])


@given(st.lists(st.tuples(CENTS, CODES), min_size=1, max_size=8))
def test_emulator_nets_and_tax_make_the_gross_to_the_cent(lines):
	result = compute(make_lines(*lines), inclusive=True)
	assert sum(result.nets) + result.total == sum(amount for amount, _rates in lines)
	assert sum(result.costs) + result.recoverable == sum(result.grosses)
	excluded = compute(make_lines(*lines), inclusive=False)
	assert sum(excluded.grosses) == sum(excluded.nets) + excluded.total


@given(st.decimals(-1000, 1000, places=2), st.lists(CENTS, min_size=1, max_size=9))
def test_emulator_a_spread_amount_loses_no_cent(total, weights):
	parts = spread(total, weights)
	assert sum(parts) == total and len(parts) == len(weights)


def test_emulator_spread_over_nothing():
	assert spread(Decimal(0), []) == []
	assert spread(Decimal(3), [Decimal(0)]) == [Decimal(3)]
