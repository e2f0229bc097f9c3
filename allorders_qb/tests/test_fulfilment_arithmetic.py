"""The arithmetic of orders, in Decimals; and that the forms compute the same."""

import json
import random
import shutil
import subprocess
import unittest
from datetime import date
from decimal import Decimal
from pathlib import Path

import frappe

from allorders_qb.fulfilment.arithmetic import (
	CANCELLED,
	DRAFT,
	SUBMITTED,
	Fulfilment,
	PricedLine,
	add_up,
	choose_tax_code,
	compute_due_date,
	compute_order_status,
	compute_percent_filled,
	share_amount,
)
from allorders_qb.fulfilment.tax import TaxedLine, TaxRate, compute_tax
from allorders_qb.money import line_amount, to_decimal
from allorders_qb.stock.quantities import format_quantity


def fulfil(*pairs: tuple[str, str]) -> list[Fulfilment]:
	return [Fulfilment(Decimal(ordered), Decimal(shipped)) for ordered, shipped in pairs]


class TestArithmetic(unittest.TestCase):
	def test_status(self) -> None:
		untouched, begun, done = (
			fulfil(("3", "0")),
			fulfil(("3", "1"), ("1", "0")),
			fulfil(("3", "3"), ("1", "1")),
		)
		for docstatus, is_closed, lines, expected in (
			(DRAFT, False, untouched, "Draft"),
			(SUBMITTED, False, untouched, "Open"),
			(SUBMITTED, False, begun, "Partially Shipped"),
			(SUBMITTED, False, done, "Closed"),
			(SUBMITTED, True, untouched, "Closed"),
			(CANCELLED, True, begun, "Cancelled"),
		):
			self.assertEqual(compute_order_status(docstatus, is_closed, lines), expected)

	def test_percent(self) -> None:
		for lines, expected in (
			(fulfil(("3", "1")), "33.33"),
			(fulfil(("3", "2")), "66.66"),
			(fulfil(("1000000", "999999.999999")), "99.99"),
			(fulfil(("1", "1"), ("3", "0")), "25.00"),
			(fulfil(("1", "5"), ("3", "0")), "25.00"),
			(fulfil(("0.5", "0.5")), "100.00"),
			([], "0"),
		):
			self.assertEqual(compute_percent_filled(lines), Decimal(expected))

	def test_shares_add_up_to_the_cent(self) -> None:
		thirds = share_amount(Decimal("10.00"), {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)})
		self.assertEqual(thirds, {"a": Decimal("3.33"), "b": Decimal("3.33"), "c": Decimal("3.34")})
		self.assertEqual(
			share_amount(Decimal("9"), {"a": Decimal(0), "b": Decimal(0)}),
			{"a": Decimal("4.50"), "b": Decimal("4.50")},
		)
		self.assertEqual(share_amount(Decimal("9"), {}), {})

	def test_due_date_tax_code_and_writing(self) -> None:
		self.assertEqual(compute_due_date(date(2026, 2, 27), 2), date(2026, 3, 1))
		self.assertEqual(compute_due_date(date(2026, 2, 27), 0), date(2026, 2, 27))
		self.assertIsNone(compute_due_date(date(2026, 2, 27), None))
		exempt = frozenset({"NON"})
		self.assertEqual(choose_tax_code("TAX", "NON", exempt), "NON")
		self.assertEqual(choose_tax_code("NON", "TAX", exempt), "NON")
		self.assertEqual(choose_tax_code(None, "TAX", exempt), "TAX")
		self.assertIsNone(choose_tax_code(None, None, exempt))
		written = [
			format_quantity(Decimal(text)) for text in ("12.000000", "100", "2.50", "0.000001", "-3.0")
		]
		self.assertEqual(written, ["12", "100", "2.5", "0.000001", "-3"])

	def test_totals_round_each_line_once(self) -> None:
		half_cents = [PricedLine(Decimal(1), Decimal("0.125"), Decimal(0))] * 3
		totals = add_up(half_cents, Decimal("1.00"))
		self.assertEqual((totals.subtotal, totals.total), (Decimal("0.39"), Decimal("1.39")))


@unittest.skipUnless(shutil.which("node"), "needs Node to run the form's script")
class TestTheFormComputesTheSame(unittest.TestCase):
	def test_amounts_and_sums(self) -> None:
		cases = self.make_cases()
		script = Path(frappe.get_app_path("allorders_qb", "public", "js", "ao_money.js")).read_text()
		script += """
			const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
			const money = globalThis.allorders_qb.money;
			const amounts = cases.map((line) => money.line_amount(...line));
			console.log(JSON.stringify({ amounts, total: money.add_up(amounts) }));
		"""
		answer = subprocess.run(
			["node", "-e", script],
			input=json.dumps(cases),
			capture_output=True,
			text=True,
			check=True,
			timeout=60,
		)
		shown = json.loads(answer.stdout)
		expected = [
			line_amount(to_decimal(q, 6), to_decimal(p, 7), to_decimal(d or 0, 6)) for q, p, d in cases
		]
		self.assertEqual([to_decimal(amount) for amount in shown["amounts"]], expected)
		self.assertEqual(to_decimal(shown["total"], 2), sum(expected))

	def test_taxes(self) -> None:
		dice = random.Random(20260304)
		cases = [
			[0.03, [20], True],
			[10.13, [20], False],
			[60, [20, -20], False],
			[-5, [8.875], True],
			[0, [5], True],
		]
		cases += [
			[
				round(dice.uniform(0, 900), 2),
				[dice.choice([20, 5, 8.875, 10.3, 19, 2.1]) for _rate in range(dice.randrange(3))],
				dice.choice([True, False]),
			]
			for _number in range(500)
		]
		script = Path(frappe.get_app_path("allorders_qb", "public", "js", "ao_money.js")).read_text()
		script += """
			const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
			const money = globalThis.allorders_qb.money;
			console.log(JSON.stringify(cases.map((line) => money.line_taxes(...line))));
		"""
		answer = subprocess.run(
			["node", "-e", script],
			input=json.dumps(cases),
			capture_output=True,
			text=True,
			check=True,
			timeout=60,
		)
		for (amount, percents, inclusive), shown in zip(cases, json.loads(answer.stdout), strict=True):
			rates = tuple(TaxRate(str(number), to_decimal(rate)) for number, rate in enumerate(percents))
			line = compute_tax([TaxedLine(to_decimal(amount, 2), rates)], inclusive).lines[0]
			self.assertEqual(
				[to_decimal(tax, 2) for tax in shown], list(line.by_rate.values()), (amount, percents)
			)

	def make_cases(self) -> list[list[float | None]]:
		"""Return lines (quantity, unit price, discount): the awkward ones, and many at random."""
		awkward = [
			[1, 0.125, 0],
			[1, 2.675, 0],
			[3, 1.115, None],
			[7, 4.525, 33.333],
			[1, 1.005, 0],
			[1e-6, 5000, 0],
			[1e-7, 50000000, 0],
			[0.0000005, 50000, 0],
			[999999999, 999, 0.000001],
			[1, 10, 100],
			[12.5, 0.0000001, 0],
		]
		dice = random.Random(20260302)
		return awkward + [
			[
				round(dice.uniform(0, 500), dice.randrange(7)),
				round(dice.uniform(0, 900), dice.randrange(8)),
				dice.choice([None, 0, 5, 15, 33.333, round(dice.uniform(0, 100), dice.randrange(7))]),
			]
			for _number in range(2000)
		]
