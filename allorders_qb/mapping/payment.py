"""A customer's payment as QuickBooks wants it, unapplied at first, and its application to invoices. Source: Intuit's Payment page.

Applying reads the payment, keeps every line that is not ours, and resends all lines: QuickBooks takes a list of lines as
the whole list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.heads import build_currency
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.marker import note_with_marker
from allorders_qb.mapping.names import clean_line
from allorders_qb.mapping.payload import write_date
from allorders_qb.mapping.posting import PaymentDocument, References
from allorders_qb.mapping.refs import find_ref
from allorders_qb.money import to_decimal


@dataclass(frozen=True)
class Application:
	"""How much of a payment goes to which invoice (its QuickBooks id)."""

	invoice_id: str
	amount: Decimal


def build_payment(
	document: PaymentDocument, references: References, company: CompanyProfile, marker: str
) -> dict[str, Any]:
	"""Return the payload that creates the payment, settling nothing yet. Raises MappingError naming the field."""
	about = document.source_name
	if document.total <= 0:
		raise MappingError(
			f"{about}, Amount: {document.total} is not above zero. Correct it.", field="Amount"
		)
	payload: dict[str, Any] = {
		"CustomerRef": find_ref(references.customers, document.party, "Customer", about=about),
		"TxnDate": write_date(document.posting_date),
		"TotalAmt": document.total,
		"PrivateNote": note_with_marker(document.private_note, marker, about=about),
		**build_currency(document.currency, document.exchange_rate, company, about=about),
	}
	if document.payment_account:
		payload["DepositToAccountRef"] = find_ref(
			references.accounts, document.payment_account, "Deposit To", about=about
		)
	if document.payment_method:
		payload["PaymentMethodRef"] = find_ref(
			references.payment_methods, document.payment_method, "Payment Method", about=about
		)
	if number := clean_line(document.payment_reference):
		payload["PaymentRefNum"] = check_length(
			"Payment Reference", number, LIMITS["payment_reference"], about=about
		)
	return payload


def read_unapplied(payment: Mapping[str, Any]) -> Decimal:
	"""Return how much of a payment, as QuickBooks has it, settles nothing yet."""
	return to_decimal(payment.get("UnappliedAmt"), 2)


def read_applications(payment: Mapping[str, Any]) -> list[Application]:
	"""Return what of a payment, as QuickBooks has it, goes to which invoices, in the order of its lines."""
	return [
		Application(str(link.get("TxnId")), to_decimal(line.get("Amount"), 2))
		for line in payment.get("Line") or ()
		for link in line.get("LinkedTxn") or ()
		if link.get("TxnType") == "Invoice"
	]


def build_application(
	payment: Mapping[str, Any], wanted: Sequence[Application], freed: Sequence[Application] = ()
) -> dict[str, Any]:
	"""Return the update that adds `wanted` to a payment as just read from QuickBooks, keeping every line it has.

	A line of the same invoice grows by the amount. `freed` is taken off the lines of other invoices first. Raises
	MappingError where more is wanted than is then unapplied, or more is to be freed than an invoice has of it.
	"""
	lines = [_keep_line(line) for line in payment.get("Line") or ()]
	for application in freed:
		_take_off(payment, lines, application)
	asked = sum((application.amount for application in wanted), Decimal(0))
	unapplied = read_unapplied(payment) + sum((application.amount for application in freed), Decimal(0))
	if asked > unapplied:
		raise MappingError(
			f"Payment {_name_payment(payment)} has {unapplied} left in QuickBooks, less than the {asked} that "
			"are to be applied. Look at it there: it may have been applied to something else.",
			field="Amount",
		)
	for application in wanted:
		own = next((line for line in lines if _settles(line, application.invoice_id)), None)
		if own:
			own["Amount"] = to_decimal(own["Amount"], 2) + application.amount
			continue
		lines.append({
			"Amount": application.amount,
			"LinkedTxn": [{"TxnId": application.invoice_id, "TxnType": "Invoice"}],
		})  # fmt: skip
	kept = (
		"CurrencyRef",
		"ExchangeRate",
		"TxnDate",
		"PrivateNote",
		"DepositToAccountRef",
		"PaymentMethodRef",
	)
	return {
		"Id": payment["Id"],
		"SyncToken": payment["SyncToken"],
		"sparse": True,
		"CustomerRef": {"value": payment["CustomerRef"]["value"]},
		"TotalAmt": to_decimal(payment["TotalAmt"], 2),
		"Line": [line for line in lines if line["Amount"]],
		**{name: _strip_name(payment[name]) for name in kept if payment.get(name)},
	}


def _take_off(payment: Mapping[str, Any], lines: Sequence[dict[str, Any]], application: Application) -> None:
	for line in lines:
		if _settles(line, application.invoice_id) and line["Amount"] >= application.amount:
			line["Amount"] -= application.amount
			return
	raise MappingError(
		f"Payment {_name_payment(payment)} does not settle {application.amount} of the invoice with the id "
		f"{application.invoice_id} any more. Look at it in QuickBooks.",
		field="Amount",
	)


def _name_payment(payment: Mapping[str, Any]) -> str:
	return str(payment.get("PaymentRefNum") or payment["Id"])


def _keep_line(line: Mapping[str, Any]) -> dict[str, Any]:
	return {
		"Amount": to_decimal(line.get("Amount"), 2),
		"LinkedTxn": [
			{key: link[key] for key in ("TxnId", "TxnType") if key in link}
			for link in line.get("LinkedTxn") or ()
		],
	}


def _settles(line: Mapping[str, Any], invoice_id: str) -> bool:
	links = line["LinkedTxn"]
	return (
		len(links) == 1 and links[0].get("TxnType") == "Invoice" and str(links[0].get("TxnId")) == invoice_id
	)


def _strip_name(value: Any) -> Any:
	return {"value": value["value"]} if isinstance(value, Mapping) and "value" in value else value
