"""For tests of tax and currencies: a connected site of the British company, with VAT, pounds and euros."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from allorders_qb.tests.booked import BooksTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_vendor

STANDARD, REDUCED, ZERO_RATED, REVERSE, BLOCKED = "20.0% S", "5.0% R", "0.0% Z", "20.0% RC", "20.0% Blocked"
STOCK, COST, VAT, INCOME = "Stock Asset", "Cost of Sales", "VAT Control", "Sales of Product Income"
RECEIVABLE, PAYABLE = "Accounts Receivable (A/R)", "Accounts Payable (A/P)"
RECEIVABLE_EUR, PAYABLE_EUR = "Accounts Receivable (A/R) - EUR", "Accounts Payable (A/P) - EUR"
VARIANCE, CLEARING, NOT_BILLED = "Purchase Variance", "Landed Cost Clearing", "Received Not Billed"
VALUES = "Values Only"


class BritishTestCase(BooksTestCase):
	"""The home currency is the pound for the time of a test; customer and vendor trade in pounds."""

	COMPANY = "uk_trader"
	ACCOUNTS = {
		"inventory_asset_account": STOCK,
		"cost_of_goods_account": COST,
		"adjustment_account": "Stock Shrinkage",
		"scrap_account": "Stock Shrinkage",
		"cost_difference_account": "Stock Cost Difference",
		"manufacturing_clearing_account": "Production Clearing",
		"purchase_variance_account": VARIANCE,
		"labour_account": "Labour Applied",
		"subcontract_account": "Labour Applied",
		"overhead_account": "Overhead Applied",
		"landed_cost_clearing_account": CLEARING,
		"received_not_billed_account": NOT_BILLED,
		"deposit_account": "Undeposited Funds",
		"refund_account": "Current Account",
	}

	def setUp(self) -> None:
		self.set_up_settings(default_currency="GBP")
		super().setUp()
		self.choose_mode(VALUES)
		self.before = self.company.get_balances()
		self.customer = make_customer(currency="GBP", bill_to_country="GB").name
		self.vendor = make_vendor(currency="GBP").name
		self.item = make_item(purchase_cost=2, tax_code=STANDARD)

	def set_up_settings(self, **values: Any) -> None:
		"""Set fields of AO Settings until the test is over."""
		for field, value in values.items():
			former = frappe.db.get_single_value("AO Settings", field)
			frappe.db.set_single_value("AO Settings", field, value)
			self.addCleanup(restore_setting, field, former)
		frappe.clear_document_cache("AO Settings", "AO Settings")
		frappe.db.commit()

	def get_change(self, account: str) -> float:
		"""What an account's balance (home currency, debit positive) has gained since the test began."""
		return round(self.company.get_balances().get(account, 0) - self.before.get(account, 0), 2)

	def assert_changes(self, **expected: float) -> None:
		"""Compare accounts by the names of this module, in lower case; those not named have not moved."""
		names = {
			"stock": STOCK, "cost": COST, "vat": VAT, "income": INCOME, "receivable": RECEIVABLE, "payable": PAYABLE,
			"receivable_eur": RECEIVABLE_EUR, "payable_eur": PAYABLE_EUR, "variance": VARIANCE, "clearing": CLEARING,
			"not_billed": NOT_BILLED,
		}  # fmt: skip
		now = self.company.get_balances()
		found = {key: round(now.get(name, 0) - self.before.get(name, 0), 2) for key, name in names.items()}
		self.assertEqual(found, {**dict.fromkeys(names, 0), **expected})

	def assert_worth(self, *items: Document) -> None:
		"""What the stock account has gained is what our valuation has of these items."""
		values = [
			frappe.db.get_value("AO Item Stock", {"item": item.name}, "value") or 0
			for item in items or (self.item,)
		]
		self.assertEqual(self.get_change(STOCK), round(sum(values), 2))

	def get_only(self, entity: str) -> dict:
		"""The one transaction of its kind that is ours; the company has others."""
		found = [
			row
			for row in self.company.query(f"SELECT * FROM {entity}")
			if "[AO " in row.get("PrivateNote", "")
		]
		self.assertEqual(len(found), 1, entity)
		return found[0]


def restore_setting(field: str, value: Any) -> None:
	frappe.db.set_single_value("AO Settings", field, value)
	frappe.clear_document_cache("AO Settings", "AO Settings")
	frappe.db.commit()
