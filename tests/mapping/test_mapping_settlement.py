"""How much of a payment an invoice gets: up to both open balances, and never what is somebody else's."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.payment import Application, build_application, read_applications
from allorders_qb.mapping.settlement import Settlement, read_amount_on, read_elsewhere, settle

D = Decimal
TARGET, OTHER, THIRD = "130", "140", "150"


def in_quickbooks(total, **applied):
	"""A payment as QuickBooks has it; `applied` is what of it settles which invoice (``i130="40"``)."""
	lines = [
		{"Amount": D(amount), "LinkedTxn": [{"TxnId": name[1:], "TxnType": "Invoice"}]}
		for name, amount in applied.items()
	]
	settled = sum((line["Amount"] for line in lines), D(0))
	return {
		"Id": "77",
		"SyncToken": "3",
		"CustomerRef": {"value": "58"},
		"TotalAmt": D(total),
		"UnappliedAmt": D(total) - settled,
		"Line": lines,
	}


def invoice(balance):
	return {"Id": TARGET, "Balance": D(balance)}


@pytest.mark.parametrize(
	("total", "balance", "wanted", "take"),
	[
		("150", "100", "150", "100"),
		("50", "100", "50", "50"),
		("150", "100", "30", "30"),
		("150", "0", "150", "0"),
	],
)
def test_up_to_both_open_balances(total, balance, wanted, take):
	assert settle(in_quickbooks(total), invoice(balance), D(wanted), {}) == Settlement(D(0), D(take))


def test_what_is_there_already_is_not_applied_again():
	payment = in_quickbooks("100", i130="100")
	assert settle(payment, invoice("0"), D(100), {}) == Settlement(D(100), D(0))


def test_what_we_applied_before_is_not_taken_for_theirs():
	payment = in_quickbooks("100", i130="40")
	assert settle(payment, invoice("60"), D(60), {TARGET: D(40)}) == Settlement(D(0), D(60))


def test_what_quickbooks_applied_elsewhere_is_named_and_left():
	payment = in_quickbooks("100", i140="70")
	assert settle(payment, invoice("100"), D(100), {}) == Settlement(
		D(0), D(30), elsewhere=(Application(OTHER, D(70)),)
	)
	assert read_elsewhere(payment, {}) == (Application(OTHER, D(70)),)


def test_only_as_much_is_moved_as_is_lacking_and_never_our_own():
	payment = in_quickbooks("100", i140="30", i150="70")
	settlement = settle(payment, invoice("80"), D(80), {OTHER: D(30)}, may_move=True)
	assert settlement == Settlement(D(0), D(70), freed=(Application(THIRD, D(70)),))
	update = build_application(payment, [Application(TARGET, settlement.take)], settlement.freed)
	assert read_applications(update) == [Application(OTHER, D(30)), Application(TARGET, D(70))]


def test_what_is_gone_meanwhile_is_not_moved():
	with pytest.raises(MappingError, match="does not settle 70 of the invoice with the id 140"):
		build_application(in_quickbooks("100"), [Application(TARGET, D(70))], [Application(OTHER, D(70))])


@given(
	st.integers(1, 500), st.integers(0, 300), st.integers(0, 300), st.integers(0, 500), st.integers(1, 500),
	st.booleans(),
)  # fmt: skip
def test_the_sums_hold_whatever_quickbooks_has(total, here, there, balance, wanted, may_move):
	here = min(here, total)
	payment = in_quickbooks(str(total), i130=str(here), i140=str(min(there, total - here)))
	settlement = settle(payment, invoice(balance), D(wanted), {}, may_move)
	freed = sum((application.amount for application in settlement.freed), D(0))
	assert settlement.settled <= wanted
	assert settlement.take <= min(D(balance), payment["UnappliedAmt"] + freed)
	if not settlement.take:
		return
	update = build_application(payment, [Application(TARGET, settlement.take)], settlement.freed)
	assert read_amount_on(update, TARGET) == here + settlement.take
	assert sum(line["Amount"] for line in update["Line"]) <= total
