"""AO Payment -> money received from a customer, settling nothing yet."""

from typing import Any

from frappe.utils import getdate

from allorders_qb.mapping.posting import PaymentDocument
from allorders_qb.money import to_decimal


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, PaymentDocument]:
	"""The payment alone: it is applied by rows of their own, when it and an invoice are in QuickBooks."""
	return {
		"payment": PaymentDocument(
			kind="payment",
			source_doctype=doc.doctype,
			source_name=doc.name,
			party=doc.customer,
			posting_date=getdate(doc.posting_date),
			currency=doc.currency,
			exchange_rate=to_decimal(doc.exchange_rate or 1),
			total=to_decimal(doc.amount, 2),
			payment_account=doc.deposit_account or None,
			payment_method=doc.payment_method or None,
			payment_reference=doc.payment_reference or None,
			private_note=doc.private_note or None,
		)
	}
