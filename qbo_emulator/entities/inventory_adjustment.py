"""InventoryAdjustment: quantity that comes or goes against an account; its cost is the stock engine's.

Source: Intuit's page on the entity. United States, Plus or Advanced only; an update must be sparse and repeat
AdjustAccountRef, TxnDate and Line.
"""

from __future__ import annotations

from typing import Any

from qbo_emulator import stock
from qbo_emulator.costing import ADJUSTMENT
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.headers import refer_account, settle_tracking
from qbo_emulator.entities.numbers import take_number
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import COMMON, Choice, Day, Many, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import from_scaled_quantity, to_scaled_quantity
from qbo_emulator.store import Row
from qbo_emulator.work import Work, require_field

DETAIL = "ItemAdjustmentLineDetail"
PARTY_ACCOUNTS = ("Accounts Receivable", "Accounts Payable")
SKUS = ("Plus", "Advanced")


class InventoryAdjustment(Transaction):
	name = "InventoryAdjustment"
	required_on_update = frozenset({"AdjustAccountRef", "TxnDate", "Line"})
	renders = True
	schema = Struct(
		**COMMON,
		AdjustAccountRef=Reference(),
		TxnDate=Day(),
		DocNumber=Text(21),
		PrivateNote=Text(4000),
		ClassRef=Reference(),
		DepartmentRef=Reference(),
		CustomerRef=Reference(),
		ShippingAdjustment=ReadOnly(),
		LinkedTxn=ReadOnly(),
		Line=Many(
			Struct(
				Id=Text(40),
				LineNum=ReadOnly(),
				Description=Text(4000),
				Amount=ReadOnly(),
				DetailType=Choice(DETAIL),
				ItemAdjustmentLineDetail=Struct(
					ItemRef=Reference(), QtyDiff=Number("quantity"), NewQty=Number("quantity"), SalesPrice=ReadOnly(),
					ClassRef=Reference(), CustomerRef=Reference(),
				),
			)
		),
	)  # fmt: skip
	columns = {
		"DocNumber": Column("doc_number", "text"),
		"TxnDate": Column("txn_date", "date"),
		"AdjustAccountRef": in_body("AdjustAccountRef.value", "reference"),
	}

	def check_update(self, cleaned: dict[str, Any]) -> None:
		"""Raise 2020 for an update that is not sparse, or lacks what has to be repeated."""
		if not cleaned.get("sparse"):
			raise refuse_missing("sparse")
		super().check_update(cleaned)

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		self.check_available(work)
		document = dict(sent)
		for name in ("AdjustAccountRef", "TxnDate", "Line"):
			require_field(document, name)
		if previous and not work.company.knobs["adjustment_date_editable"]:
			document["TxnDate"] = previous["TxnDate"]
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		_row, account = work.require("Account", document["AdjustAccountRef"], "AdjustAccountRef")
		if account["AccountType"] in PARTY_ACCOUNTS:
			raise Fault("6430", f"{account['Name']} is of type {account['AccountType']}", "AdjustAccountRef")
		refer_account(work, document, "AdjustAccountRef", (account["AccountType"],))
		settle_tracking(work, document)
		document["Line"] = self.build_lines(work, document, previous)
		self.settle_number(work, document, previous)
		return document

	def check_available(self, work: Work) -> None:
		"""Raise 5030 outside the United States, in a plan below Plus, and where inventory is not tracked."""
		company = work.company
		pairs = company.definition["company_info"].get("NameValue", [])
		plan = next((pair["Value"] for pair in pairs if pair["Name"] == "OfferingSku"), "")
		tracked = company.get_preference("ProductAndServicesPrefs", "QuantityOnHand")
		if company.uses_global_tax or not any(sku in plan for sku in SKUS) or not tracked:
			raise Fault(
				"5030", "Inventory adjustments are not available in this company", "InventoryAdjustment"
			)

	def settle_number(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""The sent number, else the former, else the next one (knob ``adjustment_number_required``: 2020)."""
		number = document.get("DocNumber") or (previous or {}).get("DocNumber")
		if number is None and work.company.knobs["adjustment_number_required"]:
			raise refuse_missing("DocNumber")
		document["DocNumber"] = number or take_number(work, self.name)

	def build_lines(
		self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None
	) -> list[dict[str, Any]]:
		before: dict[str, int] = {}
		for line in (previous or {}).get("Line", []):
			detail = line[DETAIL]
			item = detail["ItemRef"]["value"]
			before[item] = before.get(item, 0) + to_scaled_quantity(detail["QtyDiff"])
		lines = []
		for number, line in enumerate(document["Line"], start=1):
			if "DetailType" not in line:
				raise refuse_missing("Line.DetailType")
			stored = {"Id": str(number), "LineNum": number, "DetailType": DETAIL}
			if "Description" in line:
				stored["Description"] = line["Description"]
			lines.append({**stored, DETAIL: self.build_detail(work, line.get(DETAIL, {}), document, before)})
		return lines

	def build_detail(
		self, work: Work, detail: dict[str, Any], document: dict[str, Any], before: dict[str, int]
	) -> dict[str, Any]:
		"""Return the item and what it changes by. ``before`` is what the adjustment itself did so far, by item."""
		if "ItemRef" not in detail:
			raise refuse_missing("Line.ItemAdjustmentLineDetail.ItemRef")
		row, item = work.require("Item", detail["ItemRef"], "Line.ItemRef")
		if item["Type"] != "Inventory":
			raise refuse_business(f"{item['Name']} is not an inventory item", "Line.ItemRef")
		if document["TxnDate"] < item["InvStartDate"]:
			text = f"{item['Name']} is tracked from {item['InvStartDate']}; the adjustment is dated {document['TxnDate']}"
			raise Fault("6270", text, "TxnDate")
		if "QtyDiff" not in detail and "NewQty" not in detail:
			raise Fault("6520", f"{item['Name']}: the line needs a QtyDiff", "Line.QtyDiff")
		stored: dict[str, Any] = {"ItemRef": {"value": item["Id"], "name": item["FullyQualifiedName"]}}
		if "QtyDiff" in detail:
			stored["QtyDiff"] = detail["QtyDiff"]
		else:
			on_hand = (row.quantity or 0) - before.get(item["Id"], 0)
			stored["QtyDiff"] = detail["NewQty"] - from_scaled_quantity(on_hand)
		if "ClassRef" in detail:
			stored["ClassRef"] = work.refer(
				"Class", detail["ClassRef"], "Line.ClassRef", "FullyQualifiedName"
			)
		if "CustomerRef" in detail:
			stored["CustomerRef"] = work.refer(
				"Customer", detail["CustomerRef"], "Line.CustomerRef", "DisplayName"
			)
		return stored

	def build_moves(self, work: Work, document: dict[str, Any]) -> list[stock.Move]:
		account = int(document["AdjustAccountRef"]["value"])
		moves = []
		for line in document["Line"]:
			quantity = to_scaled_quantity(line[DETAIL]["QtyDiff"])
			if quantity:
				item = int(line[DETAIL]["ItemRef"]["value"])
				moves.append(stock.Move(item, quantity, ADJUSTMENT, offset=account))
		return moves

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		"""Its MetaData holds LastUpdatedTime alone."""
		document["MetaData"] = {"LastUpdatedTime": document["MetaData"]["LastUpdatedTime"]}
		return document
