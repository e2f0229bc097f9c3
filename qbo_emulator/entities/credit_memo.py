"""CreditMemo: gives back to a customer's account; applied to invoices by a payment, which may amount to 0."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, FollowUp, in_body
from qbo_emulator.entities.currency import find_receivable
from qbo_emulator.entities.payment import build_credit_application
from qbo_emulator.entities.sales_form import SALES_FIELDS, SalesForm
from qbo_emulator.fields import ReadOnly, Reference, Struct
from qbo_emulator.party import CREDIT
from qbo_emulator.store import Row
from qbo_emulator.work import Work


class CreditMemo(SalesForm):
	name = "CreditMemo"
	sign = -1
	side = CREDIT
	open_fields = ("RemainingCredit", "Balance")
	linked_by = frozenset({"Payment"})
	schema = Struct(
		**SALES_FIELDS,
		PaymentMethodRef=Reference(),
		SalesTermRef=Reference(),
		ARAccountRef=Reference(),
		RemainingCredit=ReadOnly(),
		InvoiceRef=Reference(),
	)
	columns = {
		**SalesForm.columns,
		"Balance": Column("balance", "money"),
		"SalesTermRef": in_body("SalesTermRef.value", "reference"),
	}

	def list_own_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		memo = f"Credit memo {document.get('DocNumber', '')}".strip()
		receivable = find_receivable(work, self.get_currency(work, document))
		cents = -self.compute_home_open_cents(work, document)
		return [ledger.Posting(receivable, cents, memo, self.get_party(document))]

	def list_follow_ups(self, work: Work, row: Row, document: dict[str, Any]) -> list[FollowUp]:
		return build_credit_application(work, row, document, "Invoice")
