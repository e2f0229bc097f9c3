"""What tax comes to: per line and rate, once; what is in a price; what a person has entered. Pure."""

import random
import unittest
from decimal import Decimal

from allorders_qb.fulfilment.tax import TaxedLine, TaxRate, choose_freight_code, compute_tax

STANDARD, REDUCED, REVERSED = (
	TaxRate("20 %", Decimal(20)),
	TaxRate("5 %", Decimal(5)),
	TaxRate("20 % reversed", Decimal(-20)),
)


def tax_lines(*lines: tuple[str, tuple[TaxRate, ...]]) -> list[TaxedLine]:
	return [TaxedLine(Decimal(amount), rates) for amount, rates in lines]


class TestTax(unittest.TestCase):
	def test_each_line_is_rounded_once(self) -> None:
		found = compute_tax(tax_lines(*[("10.13", (STANDARD,))] * 3), inclusive=False)
		self.assertEqual((found.net, found.tax), (Decimal("30.39"), Decimal("6.09")))
		self.assertEqual(
			[(rate.net, rate.tax) for rate in found.rates], [(Decimal("30.39"), Decimal("6.09"))]
		)

	def test_a_price_holds_its_tax(self) -> None:
		found = compute_tax(
			tax_lines(("0.03", (STANDARD,)), ("9.99", (STANDARD, REDUCED)), ("7", ())), inclusive=True
		)
		self.assertEqual([line.net for line in found.lines], [Decimal("0.02"), Decimal("7.99"), Decimal("7")])
		self.assertEqual(found.net + found.tax, Decimal("17.02"))

	def test_reverse_charge_comes_to_nothing_and_is_told(self) -> None:
		found = compute_tax(tax_lines(("60", (STANDARD, REVERSED))), inclusive=False)
		self.assertEqual([rate.tax for rate in found.rates], [Decimal(12), Decimal(-12)])
		self.assertEqual(found.tax, 0)

	def test_what_is_entered_is_shared(self) -> None:
		lines = tax_lines(("100", (STANDARD,)), ("50", (REDUCED,)))
		found = compute_tax(lines, inclusive=False, entered=Decimal("22"))
		self.assertEqual([rate.tax for rate in found.rates], [Decimal("19.56"), Decimal("2.44")])
		untaxed = tax_lines(("10", (TaxRate("0 %", Decimal(0)),)), ("30", (TaxRate("0 %", Decimal(0)),)))
		self.assertEqual(
			[line.tax for line in compute_tax(untaxed, False, Decimal(1)).lines],
			[Decimal("0.25"), Decimal("0.75")],
		)
		reverse = compute_tax(tax_lines(("60", (STANDARD, REVERSED))), False, Decimal("0.02"))
		self.assertEqual(reverse.tax, Decimal("0.02"))
		with self.assertRaises(ValueError):
			compute_tax(tax_lines(("10", ())), False, Decimal(1))

	def test_whatever_the_numbers_nothing_is_lost(self) -> None:
		dice = random.Random(20260305)
		for _round in range(300):
			rates = (STANDARD, REDUCED, REVERSED, TaxRate("8.875 %", Decimal("8.875")))
			lines = [
				TaxedLine(
					Decimal(dice.randrange(100000)).scaleb(-2), tuple(dice.sample(rates, dice.randrange(3)))
				)
				for _line in range(dice.randrange(1, 6))
			]
			inclusive = dice.choice([True, False])
			entered = dice.choice([None, Decimal(dice.randrange(5000)).scaleb(-2)])
			if not any(line.rates for line in lines):
				entered = None
			found = compute_tax(lines, inclusive, entered)
			gross = sum(line.amount for line in lines)
			self.assertEqual(found.net, gross - found.tax if inclusive else gross)
			self.assertEqual(sum(rate.tax for rate in found.rates), found.tax)
			if entered is not None:
				self.assertEqual(found.tax, entered)

	def test_freight_follows_the_goods(self) -> None:
		self.assertEqual(choose_freight_code(None, ["A", "A"]), "A")
		self.assertEqual(choose_freight_code("B", ["A", "C"]), "B")
		self.assertIsNone(choose_freight_code(None, ["A", "C"]))
