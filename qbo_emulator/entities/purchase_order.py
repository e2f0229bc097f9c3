"""PurchaseOrder: non-posting; bills name it, and it closes when they have billed all of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import links
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.bill import PAYABLE_FIELDS
from qbo_emulator.entities.headers import refer_account
from qbo_emulator.entities.numbers import find_owner, refuse_duplicate, take_number
from qbo_emulator.entities.purchase_form import PurchaseForm
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault, refuse_missing
from qbo_emulator.fields import ADDRESS, EMAIL, Choice, Day, Reference, Struct, Text
from qbo_emulator.store import Row
from qbo_emulator.work import Work

OPEN, CLOSED = "Open", "Closed"
ZERO = Decimal(0)


class PurchaseOrder(PurchaseForm):
	name = "PurchaseOrder"
	sign = 0
	linked_by = frozenset({"Bill"})
	schema = Struct(
		**PAYABLE_FIELDS,
		POStatus=Choice(OPEN, CLOSED),
		DueDate=Day(),
		SalesTermRef=Reference(),
		ShipAddr=ADDRESS,
		ShipTo=Reference(),
		ShipMethodRef=Reference(),
		ClassRef=Reference(),
		POEmail=EMAIL,
		Memo=Text(4000),
		EmailStatus=Text(30),
	)
	columns = {
		**PurchaseForm.columns,
		"VendorRef": Column("party", "reference"),
		"POStatus": in_body("POStatus"),
	}

	def settle_accounts(self, work: Work, document: dict[str, Any], party: dict[str, Any]) -> None:
		if "APAccountRef" not in document:
			raise refuse_missing("APAccountRef")
		refer_account(work, document, "APAccountRef", ("Accounts Payable",))
		for name, entity in (("SalesTermRef", "Term"), ("ShipTo", "Customer")):
			if name in document:
				field = "DisplayName" if entity == "Customer" else "Name"
				document[name] = work.refer(entity, document[name], name, field)

	def settle_number(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""The sent number, else the former, else the next one: purchase orders number themselves."""
		number = document.get("DocNumber") or (previous or {}).get("DocNumber")
		if number is None:
			number = take_number(work, self.name)
		elif number != (previous or {}).get("DocNumber") and "allowduplicatedocnum" not in work.include:
			owner = find_owner(work, self.name, number)
			if owner is not None:
				raise refuse_duplicate(number, self.name, owner)
		document["DocNumber"] = number

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document.setdefault("POStatus", previous["POStatus"] if previous else OPEN)

	def note_links(self, work: Work, document: dict[str, Any], incoming: list[links.StoredLink]) -> None:
		if incoming and is_billed(work, document, incoming):
			document["POStatus"] = CLOSED

	def refresh(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""A change of its bills opens it again, unless they cover all of it."""
		document["POStatus"] = OPEN
		super().refresh(work, row, document)

	def check_link(
		self, work: Work, row: Row, document: dict[str, Any], payer: Transaction, paying: dict[str, Any]
	) -> None:
		"""Raise 620 for a closed order, another vendor's, or a line that it does not have."""
		super().check_link(work, row, document, payer, paying)
		if document["POStatus"] == CLOSED:
			raise Fault("620", f"PurchaseOrder {row.id} is closed", "Line.LinkedTxn")
		if payer.get_party(paying) != row.party:
			raise Fault("620", f"PurchaseOrder {row.id} belongs to another Vendor", "Line.LinkedTxn")
		known = {line["Id"] for line in document["Line"]}
		for _line, linked in list_line_links(paying, row.id):
			if linked["TxnLineId"] not in known:
				detail = f"PurchaseOrder {row.id} has no line {linked['TxnLineId']}"
				raise Fault("620", detail, "Line.LinkedTxn.TxnLineId")


def list_line_links(bill: dict[str, Any], order: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
	"""Return a bill's lines that bill an order, each with its link."""
	return [
		(line, linked)
		for line in bill["Line"]
		for linked in line.get("LinkedTxn", [])
		if linked["TxnType"] == PurchaseOrder.name and linked["TxnId"] == str(order)
	]


def is_billed(work: Work, document: dict[str, Any], incoming: list[links.StoredLink]) -> bool:
	"""Return whether bills cover every line of an order: its quantity, or its amount where it has none."""
	billed: dict[str, Decimal] = {}
	amounts: dict[str, Decimal] = {}
	for link in incoming:
		_entity, _row, bill = links.find_transaction(work, link.entity, link.id)
		for line, linked in list_line_links(bill, document["Id"]):
			key = linked["TxnLineId"]
			billed[key] = billed.get(key, ZERO) + line[line["DetailType"]].get("Qty", ZERO)
			amounts[key] = amounts.get(key, ZERO) + line["Amount"]
	for line in document["Line"]:
		quantity = line[line["DetailType"]].get("Qty")
		if quantity is not None and billed.get(line["Id"], ZERO) < quantity:
			return False
		if quantity is None and amounts.get(line["Id"], ZERO) < line["Amount"]:
			return False
	return True
