"""Estimates: they post nothing, and an invoice that names one closes it."""

import pytest


@pytest.fixture
def offer(books):
	customer, item = books.customer(), books.item()

	def estimate(**more):
		body = {"CustomerRef": {"value": customer}, "Line": [books.line(item, 40)], **more}
		return books.make("estimate", body)

	def invoice(estimate, customer=customer):
		linked = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
		return books.invoice_body(books.line(item, 40), customer=customer, LinkedTxn=linked)

	estimate.customer, estimate.item, estimate.invoice = customer, item, invoice
	return estimate


def test_emulator_estimate_posts_nothing(books, offer):
	"""Intuit docs: estimate. Required: CustomerRef, Line; TxnStatus is Pending until somebody decides."""
	estimate = offer()
	assert (estimate["TotalAmt"], estimate["TxnStatus"]) == (40, "Pending") and "Balance" not in estimate
	assert books.balances() == {} and books.read("customer", offer.customer)["Balance"] == 0
	books.refuse(books.post("estimate", {"Line": [books.line(offer.item)]}), "2020")
	books.refuse(books.post("estimate", {"CustomerRef": {"value": offer.customer}}), "2020")


def test_emulator_estimate_lines_are_item_subtotal_discount(books, offer):
	"""[C] python-quickbooks' estimate test: Line[0] item, [1] subtotal, [2] discount."""
	discount = {
		"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10},
	}  # fmt: skip
	estimate = offer(Line=[discount, books.line(offer.item, 50)])
	kinds = [line["DetailType"] for line in estimate["Line"]]
	assert kinds == ["SalesItemLineDetail", "SubTotalLineDetail", "DiscountLineDetail"]
	assert estimate["TotalAmt"] == 45


def test_emulator_estimate_status_is_one_of_four(books, offer):
	"""Intuit docs: estimate. Pending, Accepted, Closed, Rejected."""
	estimate = offer()
	body = {"Id": estimate["Id"], "SyncToken": "0", "sparse": True, "TxnStatus": "Accepted"}
	assert books.make("estimate", {**body, "AcceptedBy": "Ann"})["TxnStatus"] == "Accepted"
	books.refuse(books.post("estimate", {**body, "SyncToken": "1", "TxnStatus": "Perhaps"}), "2110")
	found = books.query("select * from Estimate where TxnStatus = 'Accepted'")
	assert found["Estimate"][0]["AcceptedBy"] == "Ann"


def test_emulator_invoice_from_an_estimate_closes_it(books, offer):
	"""Intuit docs: invoice.LinkedTxn TxnType Estimate; both sides show it, the estimate's SyncToken rises."""
	estimate = offer()
	invoice = books.make("invoice", offer.invoice(estimate))
	assert invoice["LinkedTxn"] == [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
	closed = books.read("estimate", estimate["Id"])
	assert (closed["TxnStatus"], closed["SyncToken"]) == ("Closed", "1")
	assert closed["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
	paid = books.payment(offer.customer, 40, books.apply(40, invoice))
	kinds = [linked["TxnType"] for linked in books.read("invoice", invoice["Id"])["LinkedTxn"]]
	assert kinds == ["Estimate", "Payment"] and paid["UnappliedAmt"] == 0


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_emulator_estimate_opens_again_with_its_invoice_gone(books, offer, operation):
	"""Which status it has then is not confirmed by Intuit: Pending, or Accepted where it has an AcceptedDate."""
	estimate = offer(AcceptedDate="2026-03-01")
	invoice = books.make("invoice", offer.invoice(estimate))
	books.drop("invoice", invoice, operation=operation)
	opened = books.read("estimate", estimate["Id"])
	assert (opened["TxnStatus"], opened["LinkedTxn"]) == ("Accepted", [])


def test_emulator_estimate_link_can_be_taken_off(books, offer):
	"""A full update without LinkedTxn drops the link; a sparse one without it keeps it."""
	estimate = offer()
	invoice = books.make("invoice", offer.invoice(estimate))
	sparse = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	assert books.make("invoice", sparse)["LinkedTxn"]
	full = {
		"Id": invoice["Id"], "SyncToken": "1", "CustomerRef": invoice["CustomerRef"], "Line": invoice["Line"],
	}  # fmt: skip
	assert books.make("invoice", full)["LinkedTxn"] == []
	assert books.read("estimate", estimate["Id"])["TxnStatus"] == "Pending"


def test_emulator_estimate_that_cannot_be_linked(books, offer):
	"""620: another customer's, one that was invoiced already; 2500: one that is not there."""
	estimate = offer()
	other = books.customer("Other")
	books.refuse(books.post("invoice", offer.invoice(estimate, customer=other)), "620")
	books.refuse(books.post("invoice", offer.invoice({"Id": "99"})), "2500")
	books.make("invoice", offer.invoice(estimate))
	books.refuse(books.post("invoice", offer.invoice(estimate)), "620")
	books.preferences(SalesFormsPrefs={"UsingProgressInvoicing": True})
	books.make("invoice", offer.invoice(estimate))
	assert len(books.read("estimate", estimate["Id"])["LinkedTxn"]) == 2


def test_emulator_deleted_estimate_leaves_its_invoice(books, offer):
	estimate = offer()
	books.refuse(books.drop("estimate", estimate, operation="void"), "500")
	invoice = books.make("invoice", offer.invoice(estimate))
	assert books.drop("estimate", estimate, operation="delete").status_code == 200
	left = books.read("invoice", invoice["Id"])
	assert left["LinkedTxn"] == [] and left["Balance"] == 40
