"""TimeActivity: hours that an employee or a vendor worked. It does not post."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.clock import parse_stamp
from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import COMMON, Choice, Day, Flag, Number, ReadOnly, Reference, Struct, Text, Whole
from qbo_emulator.money import round_half_up
from qbo_emulator.work import Work, require_field

REFERENCES = (
	("CustomerRef", "Customer", "DisplayName"),
	("ItemRef", "Item", "FullyQualifiedName"),
	("ClassRef", "Class", "FullyQualifiedName"),
	("DepartmentRef", "Department", "FullyQualifiedName"),
)


class TimeActivity(Entity):
	name = sequence = "TimeActivity"
	operations = frozenset({"read", "query", "create", "update", "delete"})
	schema = Struct(
		**COMMON,
		NameOf=Choice("Employee", "Vendor"),
		EmployeeRef=Reference(),
		VendorRef=Reference(),
		CustomerRef=Reference(),
		ItemRef=Reference(),
		ClassRef=Reference(),
		DepartmentRef=Reference(),
		PayrollItemRef=ReadOnly(),
		TxnDate=Day(),
		BillableStatus=Choice("Billable", "NotBillable", "HasBeenBilled"),
		Taxable=Flag(),
		HourlyRate=Number(),
		CostRate=Number(),
		Hours=Whole(0, 8760),
		Minutes=Whole(0, 59),
		Seconds=Whole(0, 59),
		BreakHours=Whole(0, 24),
		BreakMinutes=Whole(0, 59),
		BreakSeconds=Whole(0, 59),
		StartTime=Text(40),
		EndTime=Text(40),
		Description=Text(4000),
		TransactionLocationType=ReadOnly(),
		AttachableRef=ReadOnly(),
		LinkedTxn=ReadOnly(),
	)
	columns = {
		"TxnDate": Column("txn_date", "date"),
		"NameOf": in_body("NameOf"),
		"BillableStatus": in_body("BillableStatus"),
		"EmployeeRef": in_body("EmployeeRef.value", "reference"),
		"VendorRef": in_body("VendorRef.value", "reference"),
		"CustomerRef": in_body("CustomerRef.value", "reference"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		kind = require_field(document, "NameOf")
		name = f"{kind}Ref"
		document[name] = work.refer(kind, require_field(document, name), name, "DisplayName")
		for reference, entity, name_field in REFERENCES:
			if reference in document:
				document[reference] = work.refer(entity, document[reference], reference, name_field)
		self.settle_time(work, document)
		document.setdefault("TxnDate", work.today)
		document.setdefault("BillableStatus", "NotBillable")
		document.setdefault("Taxable", False)
		document.setdefault("HourlyRate", Decimal(0))
		if document["BillableStatus"] == "Billable" and "CustomerRef" not in document:
			raise refuse_business("Billable time needs a customer", "CustomerRef")
		return document

	def settle_time(self, work: Work, document: dict[str, Any]) -> None:
		"""Check hours and minutes, or compute them from start and end less the break. Raises 2020, 2060 or 6000."""
		if "StartTime" not in document and "EndTime" not in document:
			if not document.get("Hours") and not document.get("Minutes"):
				raise refuse_missing("Hours")
			return
		moments = []
		for name in ("StartTime", "EndTime"):
			try:
				moments.append(parse_stamp(require_field(document, name), work.company.zone))
			except ValueError:
				raise Fault("2060", f"Invalid time in {name}", name) from None
		pause = 60 * document.get("BreakHours", 0) + document.get("BreakMinutes", 0)
		minutes = int(round_half_up(Decimal(moments[1] - moments[0]) / 60, 0)) - pause
		if minutes <= 0:
			raise refuse_business("The end of a time activity lies after its start", "EndTime")
		document["Hours"], document["Minutes"] = divmod(minutes, 60)

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"txn_date": document["TxnDate"]}
