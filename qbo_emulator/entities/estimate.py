"""Estimate: an offer that posts nothing; an invoice that links to it closes it."""

from __future__ import annotations

from typing import Any

from qbo_emulator import links
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.headers import settle_due_date
from qbo_emulator.entities.sales_form import SALES_FIELDS, SalesForm
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault
from qbo_emulator.fields import Choice, Day, Reference, Struct, Text
from qbo_emulator.store import Row
from qbo_emulator.work import Work

PENDING, ACCEPTED, CLOSED = "Pending", "Accepted", "Closed"


class Estimate(SalesForm):
	name = "Estimate"
	sign = 0
	linked_by = frozenset({"Invoice"})
	schema = Struct(
		**SALES_FIELDS,
		TxnStatus=Choice(PENDING, ACCEPTED, CLOSED, "Rejected", "Converted"),
		ExpirationDate=Day(),
		AcceptedBy=Text(100),
		AcceptedDate=Day(),
		DueDate=Day(),
		SalesTermRef=Reference(),
	)
	columns = {
		**SalesForm.columns,
		"DueDate": Column("due_date", "date"),
		"TxnStatus": in_body("TxnStatus"),
		"ExpirationDate": in_body("ExpirationDate", "date"),
		"SalesTermRef": in_body("SalesTermRef.value", "reference"),
	}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document.setdefault("TxnStatus", PENDING)
		if "SalesTermRef" in document:
			settle_due_date(work, document)

	def note_links(self, work: Work, document: dict[str, Any], incoming: list[links.StoredLink]) -> None:
		"""Close an estimate that was invoiced; open it again when its last invoice is gone."""
		if any(link.entity == "Invoice" for link in incoming):
			document["TxnStatus"] = CLOSED
		elif any(linked["TxnType"] == "Invoice" for linked in document.get("LinkedTxn", [])):
			document["TxnStatus"] = ACCEPTED if "AcceptedDate" in document else PENDING

	def check_link(
		self, work: Work, row: Row, document: dict[str, Any], payer: Transaction, paying: dict[str, Any]
	) -> None:
		"""Raise 620 for another customer's estimate, or one that was invoiced and is not invoiced in parts."""
		super().check_link(work, row, document, payer, paying)
		if self.get_party(document) != payer.get_party(paying):
			raise Fault("620", f"Estimate {row.id} belongs to another customer", "LinkedTxn")
		if links.list_incoming(work, self.name, row.id) and not work.company.get_preference(
			"SalesFormsPrefs", "UsingProgressInvoicing"
		):
			raise Fault("620", f"Estimate {row.id} was invoiced already", "LinkedTxn")
