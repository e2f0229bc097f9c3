"""Lines of purchases: what may be sent, what the service makes of them, what they cost, and what they move of stock."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from qbo_emulator import ledger, stock
from qbo_emulator.costing import BILL, VENDOR_CREDIT
from qbo_emulator.entities.currency import convert_to_home
from qbo_emulator.entities.global_tax import PURCHASE, settle_global_tax
from qbo_emulator.entities.line_rules import LineIds, check_line_count, settle_price
from qbo_emulator.entities.sales_lines import LINE_TAX_CODES
from qbo_emulator.entities.transaction import LINKED_TXN
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import Choice, Field, Many, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up, to_cents, to_scaled_quantity
from qbo_emulator.work import Work

ITEM, ACCOUNT = "ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail"
ZERO = Decimal(0)
EXPENSE_DETAIL: dict[str, Field] = {
	"CustomerRef": Reference(),
	"ClassRef": Reference(),
	"TaxCodeRef": Reference(),
	"BillableStatus": Choice("Billable", "NotBillable", "HasBeenBilled"),
	"TaxInclusiveAmt": Number("amount"),
	"TaxAmount": Number("amount"),
	"MarkupInfo": ReadOnly(),
	"ExpenseDetailLineDetailEx": ReadOnly(),
}
LINES = Many(
	Struct(
		Id=Text(40), LineNum=ReadOnly(), Description=Text(4000), Amount=Number("amount"), DetailType=Choice(ITEM, ACCOUNT),
		LinkedTxn=LINKED_TXN, CustomField=ReadOnly(), LineEx=ReadOnly(), ProjectRef=ReadOnly(), Received=ReadOnly(),
		ItemBasedExpenseLineDetail=Struct(
			**EXPENSE_DETAIL, ItemRef=Reference(), ItemAccountRef=ReadOnly(), PriceLevelRef=Reference(), UnitPrice=Number(),
			Qty=Number("quantity"), RatePercent=Number("percent"),
		),
		AccountBasedExpenseLineDetail=Struct(**EXPENSE_DETAIL, AccountRef=Reference()),
	)
)  # fmt: skip


class PurchaseLineBuilder:
	"""Builds the stored lines of one purchase from the sent ones. Raises Fault where a rule is broken.

	``posts`` is False for a purchase order, to which the rules of stock do not apply yet.
	"""

	def __init__(self, work: Work, txn_date: str, known_ids: set[str], posts: bool = True) -> None:
		self.work = work
		self.txn_date = txn_date
		self.ids = LineIds(known_ids)
		self.posts = posts

	def build(self, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
		check_line_count(sent)
		return [self.build_line(line, number) for number, line in enumerate(sent, start=1)]

	def build_line(self, line: dict[str, Any], number: int) -> dict[str, Any]:
		kind = line.get("DetailType")
		if kind is None:
			raise refuse_missing("Line.DetailType")
		if "Amount" not in line:
			raise refuse_missing("Line.Amount")
		detail = dict(line.get(kind, {}))
		stored: dict[str, Any] = {"Id": self.ids.give(line.get("Id", "")), "LineNum": number}
		if "Description" in line:
			stored["Description"] = line["Description"]
		stored["Amount"] = round_half_up(line["Amount"])
		if line.get("LinkedTxn"):
			stored["LinkedTxn"] = [self.check_link(linked) for linked in line["LinkedTxn"]]
		stored["DetailType"] = kind
		stored[kind] = self.price(line, detail) if kind == ITEM else self.charge(detail)
		self.add_references(stored[kind], detail)
		return stored

	def check_link(self, linked: dict[str, Any]) -> dict[str, Any]:
		"""Check the order a line bills. Raises 2020: the line of the order must be named."""
		if linked.get("TxnType") != "PurchaseOrder" or not linked.get("TxnId", "").isdigit():
			raise Fault("620", f"A line cannot bill a {linked.get('TxnType')}", "Line.LinkedTxn")
		if "TxnLineId" not in linked:
			raise refuse_missing("Line.LinkedTxn.TxnLineId")
		return linked

	def charge(self, detail: dict[str, Any]) -> dict[str, Any]:
		if "AccountRef" not in detail:
			raise Fault("6440", "The line names no account", "Line.AccountRef")
		return {
			"AccountRef": self.work.refer(
				"Account", detail["AccountRef"], "Line.AccountRef", "FullyQualifiedName"
			)
		}

	def price(self, line: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
		"""Return the detail of an item line with the account that it goes to."""
		if "ItemRef" not in detail:
			raise Fault("6440", "The line names no item", "Line.ItemRef")
		_row, item = self.work.require("Item", detail["ItemRef"], "Line.ItemRef")
		priced, quantity = settle_price(line, detail)
		reference = {"value": item["Id"], "name": item["FullyQualifiedName"]}
		stored: dict[str, Any] = {"ItemRef": reference, **priced}
		stored["ItemAccountRef"] = self.find_account(item, quantity, line["Amount"])
		return stored

	def find_account(self, item: dict[str, Any], quantity: Decimal | None, amount: Decimal) -> dict[str, str]:
		"""Return where an item's purchase goes: an Inventory item to its asset account. Raises 6000, 6270 or 6520."""
		name = item["Name"]
		if item["Type"] in ("Category", "Group"):
			raise refuse_business(
				f"{name} is a {item['Type']} and cannot stand on an item line", "Line.ItemRef"
			)
		if item["Type"] != "Inventory":
			if "ExpenseAccountRef" not in item:
				raise refuse_business(
					f"{name} has no expense account and cannot be purchased", "Line.ItemRef"
				)
			return item["ExpenseAccountRef"]
		if self.posts and self.txn_date < item["InvStartDate"]:
			detail = (
				f"{name} is tracked from {item['InvStartDate']}; the transaction is dated {self.txn_date}"
			)
			raise Fault("6270", detail, "TxnDate")
		if quantity is None and amount:
			raise Fault("6520", f"{name} is tracked; its line needs a Qty", "Line.Qty")
		return item["AssetAccountRef"]

	def add_references(self, stored: dict[str, Any], detail: dict[str, Any]) -> None:
		"""Add customer, class and tax code, as the company's preferences allow."""
		company = self.work.company
		stored["BillableStatus"] = detail.get("BillableStatus", "NotBillable")
		if "CustomerRef" in detail:
			stored["CustomerRef"] = self.work.refer(
				"Customer", detail["CustomerRef"], "Line.CustomerRef", "DisplayName"
			)
		elif stored["BillableStatus"] != "NotBillable":
			raise refuse_business("A billable line needs a customer", "Line.CustomerRef")
		if "ClassRef" in detail and company.get_preference("AccountingInfoPrefs", "ClassTrackingPerTxnLine"):
			stored["ClassRef"] = self.work.refer(
				"Class", detail["ClassRef"], "Line.ClassRef", "FullyQualifiedName"
			)
		if company.uses_global_tax:
			stored.update(
				{name: detail[name] for name in ("TaxCodeRef", "TaxInclusiveAmt") if name in detail}
			)
			return
		code = detail.get("TaxCodeRef", {}).get("value", "NON")
		if code not in LINE_TAX_CODES:
			raise Fault("6100", f"Line tax code {code} is not allowed: use TAX or NON", "Line.TaxCodeRef")
		stored["TaxCodeRef"] = {"value": code}


def compute_costs(work: Work, document: dict[str, Any]) -> tuple[list[Decimal], Decimal]:
	"""Return what each line costs, tax that is not recoverable included, and the recoverable tax."""
	if not work.company.uses_global_tax:
		return [line["Amount"] for line in document["Line"]], ZERO
	taxed = settle_global_tax(work, copy.deepcopy(document), PURCHASE, document.get("TxnTaxDetail"))
	return taxed.costs, taxed.recoverable


def build_purchase_postings(
	work: Work, document: dict[str, Any], party: int | None, sign: int
) -> list[ledger.Posting]:
	"""Return what the lines are charged to, and recoverable tax; each converted to home currency by itself.

	``sign`` is -1 for what gives back (vendor credit, refund of a credit card).
	"""
	rate = document.get("ExchangeRate", Decimal(1))
	costs, recoverable = compute_costs(work, document)
	postings = []
	for line, cost in zip(document["Line"], costs, strict=True):
		detail = line[line["DetailType"]]
		cents = sign * to_cents(convert_to_home(cost, rate))
		reference = detail["AccountRef"] if line["DetailType"] == ACCOUNT else detail["ItemAccountRef"]
		item, quantity = None, None
		memo = line.get("Description", reference["name"])[:200]
		if line["DetailType"] == ITEM:
			item = int(detail["ItemRef"]["value"])
			memo = line.get("Description", detail["ItemRef"]["name"])[:200]
			if "Qty" in detail and stock.is_tracked(work, item):
				quantity = sign * to_scaled_quantity(detail["Qty"])
		postings.append(ledger.Posting(int(reference["value"]), cents, memo, party, item, quantity))
	if recoverable:
		cents = sign * to_cents(convert_to_home(recoverable, rate))
		postings.append(ledger.Posting(work.company.get_role("sales_tax"), cents, "Tax on purchases", party))
	return postings


def build_purchase_moves(
	work: Work, document: dict[str, Any], party: int | None, sign: int
) -> list[stock.Move]:
	"""Return what the lines move of Inventory items, at their home amount; a negative quantity goes the other way."""
	rate = document.get("ExchangeRate", Decimal(1))
	costs, _recoverable = compute_costs(work, document)
	moves = []
	for line, cost in zip(document["Line"], costs, strict=True):
		detail = line[line["DetailType"]]
		quantity = sign * to_scaled_quantity(detail.get("Qty", ZERO))
		if line["DetailType"] == ITEM and quantity and stock.is_tracked(work, detail["ItemRef"]["value"]):
			cents = sign * to_cents(convert_to_home(cost, rate))
			kind = BILL if sign > 0 else VENDOR_CREDIT
			moves.append(stock.Move(int(detail["ItemRef"]["value"]), quantity, kind, cents, party=party))
	return moves
