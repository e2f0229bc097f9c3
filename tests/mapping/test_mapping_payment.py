"""Payments: unapplied first; applying keeps every line that is not ours."""

from datetime import date
from decimal import Decimal

import pytest
from provisions import MARKER, REFERENCES, US, check_golden

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.payment import (
	Application,
	build_application,
	build_payment,
	read_applications,
	read_unapplied,
)
from allorders_qb.mapping.posting import PaymentDocument

D = Decimal
OURS = [Application("130", D("40.00"))]


def make_payment(**values):
	return PaymentDocument(
		**{
			"kind": "payment",
			"source_doctype": "AO Payment",
			"source_name": "PM-2026-00009",
			"party": 'Bob\'s "Best" Bakery',
			"posting_date": date(2026, 11, 23),
			"currency": "USD",
			"exchange_rate": D(1),
			"total": D("150.00"),
			**values,
		}
	)


def in_quickbooks(*lines, unapplied="150.00", **values):
	"""A payment as QuickBooks returns it, with the noise it adds."""
	return {
		"Id": "77",
		"SyncToken": "3",
		"CustomerRef": {"value": "58", "name": "Bob"},
		"TxnDate": "2026-11-23",
		"TotalAmt": D("150.00"),
		"UnappliedAmt": D(unapplied),
		"PrivateNote": MARKER,
		"DepositToAccountRef": {"value": "35", "name": "Checking"},
		"Line": list(lines),
		**values,
	}


def line(amount, txn, kind="Invoice"):
	return {
		"Amount": D(amount),
		"LinkedTxn": [{"TxnId": txn, "TxnType": kind}],
		"LineEx": {"any": [{"name": "noise"}]},
	}


def test_a_deposit():
	payment = make_payment(
		payment_account="Checking",
		payment_method="Check",
		payment_reference="4711",
		private_note="For SO-2026-00003.",
	)
	payload = build_payment(payment, REFERENCES, US, MARKER)
	assert "Line" not in payload
	check_golden("payment", payload)


def test_nothing_is_not_received():
	with pytest.raises(MappingError, match="PM-2026-00009, Amount: 0 is not above zero"):
		build_payment(make_payment(total=D(0)), REFERENCES, US, MARKER)


def test_applying_keeps_what_is_not_ours():
	payment = in_quickbooks(line("10.00", "9"), line("5.00", "8", "CreditMemo"), unapplied="135.00")
	check_golden("payment_applied", build_application(payment, OURS))


def test_a_line_of_the_same_invoice_grows():
	payload = build_application(in_quickbooks(line("10.00", "130"), unapplied="140.00"), OURS)
	assert payload["Line"] == [{"Amount": D("50.00"), "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}]


def test_the_payment_read_is_not_changed():
	payment = in_quickbooks(line("10.00", "130"), unapplied="140.00")
	build_application(payment, OURS)
	assert payment["Line"] == [line("10.00", "130")]


def test_more_than_is_left_is_refused():
	with pytest.raises(MappingError, match="has 39.99 left in QuickBooks, less than the 40.00"):
		build_application(in_quickbooks(unapplied="39.99"), OURS)


def test_what_it_settles_is_read_back():
	payment = in_quickbooks(line("10.00", "130"), line("5.00", "8", "CreditMemo"), unapplied="135")
	assert read_applications(payment) == [Application("130", D("10.00"))]
	assert read_unapplied(payment) == D("135.00")
