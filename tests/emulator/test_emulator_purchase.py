"""Purchase, PurchaseOrder and Transfer."""

import pytest

RENT, BANK, CARD, SAVINGS, PAYABLE = "50", "1", "21", "2", "20"


def build_purchase(books, *lines, **more):
	lines = lines or (books.charged(RENT, 25),)
	return {"PaymentType": "Check", "AccountRef": {"value": BANK}, "Line": list(lines), **more}


# ------------------------------------------------------------------------------------------- Purchase


@pytest.mark.parametrize(
	("kind", "account", "name"),
	[("Cash", BANK, "Checking"), ("Check", BANK, "Checking"), ("CreditCard", CARD, "Company Credit Card")],
)
def test_emulator_purchase_pays_at_once(books, kind, account, name):
	"""[D] Cash, Check or CreditCard; no party is needed and nobody's balance moves."""
	vendor = books.vendor()
	body = build_purchase(books, PaymentType=kind, AccountRef={"value": account}, EntityRef={"value": vendor})
	purchase = books.make("purchase", body)
	assert purchase["EntityRef"] == {"value": vendor, "name": "Dukes Supply", "type": "Vendor"}
	assert books.balances() == {name: "-25.00", "Rent or Lease": "25.00"}
	assert books.read("vendor", vendor)["Balance"] == 0
	books.change("purchase", purchase, "delete")
	assert books.balances() == {}


def test_emulator_purchase_refunded_to_the_card(books):
	"""[D] Credit true is a refund: the other way round, and only with a credit card."""
	books.make(
		"purchase", build_purchase(books, PaymentType="CreditCard", AccountRef={"value": CARD}, Credit=True)
	)
	assert books.balances() == {"Company Credit Card": "25.00", "Rent or Lease": "-25.00"}
	books.refuse(books.post("purchase", build_purchase(books, Credit=True)), "6000")


def test_emulator_purchase_moves_stock(books):
	pump = books.stocked_item()
	books.make("purchase", build_purchase(books, books.bought(pump, 4, 10)))
	assert books.layers(pump) == [("4", "40.00")]
	refund = build_purchase(
		books, books.bought(pump, 1, 10), PaymentType="CreditCard", AccountRef={"value": CARD}, Credit=True
	)
	books.make("purchase", refund)
	assert books.layers(pump) == [("3", "30.00")] and books.read("item", pump)["QtyOnHand"] == 3


@pytest.mark.parametrize(
	("change", "code"),
	[
		({"PaymentType": None}, "2020"),
		({"PaymentType": "Barter"}, "2110"),
		({"AccountRef": None}, "2020"),
		({"AccountRef": {"value": CARD}}, "6430"),
		({"EntityRef": {"value": "999"}}, "2500"),
		({"EntityRef": {"value": "1", "type": "Vendor"}}, "2500"),
		({"Line": None}, "2250"),
	],
)
def test_emulator_purchase_refuses(books, change, code):
	books.refuse(books.post("purchase", build_purchase(books, **change)), code)
	assert books.balances() == {}


def test_emulator_purchase_type_is_required_on_every_update(books):
	"""[L] Purchase.PaymentType must be repeated even on a sparse update."""
	purchase = books.make("purchase", build_purchase(books))
	body = {"Id": purchase["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	error = books.refuse(books.post("purchase", body), "2020")
	assert error["Detail"] == "Required parameter PaymentType is missing in the request"
	assert books.make("purchase", {**body, "PaymentType": "Check"})["PrivateNote"] == "x"


def test_emulator_purchase_has_no_void(books):
	"""[L] ``operation=void``: HTTP 400, code 500, element Operation."""
	purchase = books.make("purchase", build_purchase(books))
	answer = books.post("purchase", {"Id": purchase["Id"], "SyncToken": "0"}, operation="void")
	error = books.refuse(answer, "500")
	assert (error["Detail"], error["element"]) == ("Operation void is not supported.", "Operation")


def test_emulator_purchase_check_numbers(books):
	books.make("purchase", build_purchase(books, DocNumber="1001"))
	books.refuse(books.post("purchase", build_purchase(books, DocNumber="1001")), "6140")
	books.make("purchase", build_purchase(books, DocNumber="1001", PaymentType="Cash"))


# ------------------------------------------------------------------------------------------- PurchaseOrder


class Order:
	def __init__(self, books):
		self.books, self.vendor = books, books.vendor()
		self.pump = books.stocked_item()
		lines = [books.bought(self.pump, 10, 6), books.charged(RENT, 20)]
		self.body = {"VendorRef": {"value": self.vendor}, "APAccountRef": {"value": PAYABLE}, "Line": lines}
		self.record = books.make("purchaseorder", self.body)

	def link(self, line, number):
		linked = {"TxnId": self.record["Id"], "TxnType": "PurchaseOrder", "TxnLineId": number}
		return {**line, "LinkedTxn": [linked]}

	def bill(self, quantity, rent):
		lines = [
			self.link(self.books.bought(self.pump, quantity, 6), "1"),
			self.link(self.books.charged(RENT, rent), "2"),
		]
		return self.books.bill(*lines, vendor=self.vendor)

	def read(self):
		return self.books.read("purchaseorder", self.record["Id"])


@pytest.fixture
def order(books):
	return Order(books)


def test_emulator_purchaseorder_posts_nothing(order):
	"""[D] Non-posting; it numbers itself and is open."""
	assert (order.record["POStatus"], order.record["TotalAmt"]) == ("Open", 80)
	assert order.record["DocNumber"] and order.books.balances() == {}
	assert order.books.read("item", order.pump)["QtyOnHand"] == 0
	order.books.change("purchaseorder", order.record, "delete")
	assert order.books.query("select * from PurchaseOrder") == {}


@pytest.mark.parametrize(
	("change", "code"),
	[
		({"VendorRef": None}, "2020"),
		({"APAccountRef": None}, "2020"),
		({"APAccountRef": {"value": BANK}}, "6430"),
		({"Line": None}, "2250"),
		({"POStatus": "Lost"}, "2110"),
	],
)
def test_emulator_purchaseorder_refuses(order, change, code):
	order.books.refuse(order.books.post("purchaseorder", {**order.body, **change}), code)


def test_emulator_purchaseorder_numbers(order):
	order.books.make("purchaseorder", {**order.body, "DocNumber": "PO-7"})
	order.books.refuse(order.books.post("purchaseorder", {**order.body, "DocNumber": "PO-7"}), "6140")


def test_emulator_purchaseorder_closes_when_it_is_billed(order):
	"""[D] Bills link to it by line, both show it; it closes when everything is billed and opens with the last bill gone."""
	first = order.bill(4, 20)
	assert first["LinkedTxn"] == [{"TxnId": order.record["Id"], "TxnType": "PurchaseOrder"}]
	assert first["Line"][0]["LinkedTxn"][0]["TxnLineId"] == "1"
	seen = order.read()
	assert (seen["POStatus"], seen["LinkedTxn"]) == ("Open", [{"TxnId": first["Id"], "TxnType": "Bill"}])
	second = order.books.bill(order.link(order.books.bought(order.pump, 6, 6), "1"), vendor=order.vendor)
	assert order.read()["POStatus"] == "Closed"
	answer = order.books.post(
		"bill",
		{
			"VendorRef": {"value": order.vendor},
			"Line": [order.link(order.books.bought(order.pump, 1, 6), "1")],
		},
	)
	order.books.refuse(answer, "620")
	order.books.change("bill", second, "delete")
	assert order.read()["POStatus"] == "Open"


def test_emulator_purchaseorder_follows_a_changed_bill(order):
	bill = order.bill(4, 20)
	lines = [
		order.link(order.books.bought(order.pump, 10, 6), "1"),
		order.link(order.books.charged(RENT, 20), "2"),
	]
	order.books.change("bill", bill, Line=lines, VendorRef={"value": order.vendor})
	assert order.read()["POStatus"] == "Closed"


def test_emulator_purchaseorder_closed_by_hand(order):
	order.bill(4, 20)
	assert order.books.change("purchaseorder", order.record, POStatus="Closed")["POStatus"] == "Closed"


def test_emulator_purchaseorder_links_need_their_line(order):
	"""[D] TxnLineId is required for Bill links."""
	line = order.link(order.books.bought(order.pump, 1, 6), "1")
	del line["LinkedTxn"][0]["TxnLineId"]
	body = {"VendorRef": {"value": order.vendor}, "Line": [line]}
	order.books.refuse(order.books.post("bill", body), "2020")
	line["LinkedTxn"][0]["TxnLineId"] = "9"
	order.books.refuse(order.books.post("bill", body), "620")
	line["LinkedTxn"][0]["TxnLineId"] = "1"
	order.books.refuse(
		order.books.post("bill", {**body, "VendorRef": {"value": order.books.vendor("Other")}}), "620"
	)


def test_emulator_purchaseorder_deleted_leaves_the_bill(order):
	bill = order.bill(4, 20)
	order.books.change("purchaseorder", order.record, "delete")
	bill = order.books.read("bill", bill["Id"])
	assert bill["LinkedTxn"] == [] and all("LinkedTxn" not in line for line in bill["Line"])
	assert order.books.layers(order.pump) == [("4", "24.00")]


# ------------------------------------------------------------------------------------------- Transfer


def test_emulator_transfer(books):
	body = {"FromAccountRef": {"value": BANK}, "ToAccountRef": {"value": SAVINGS}, "Amount": 40}
	transfer = books.make("transfer", body)
	assert books.balances() == {"Checking": "-40.00", "Savings": "40.00"}
	books.change("transfer", transfer, Amount=10)
	assert books.balances()["Savings"] == "10.00"
	books.change("transfer", transfer, "delete")
	assert books.balances() == {}
	for change, code in (
		({"FromAccountRef": None}, "2020"),
		({"Amount": None}, "2020"),
		({"Amount": 0}, "2290"),
		({"ToAccountRef": {"value": BANK}}, "6000"),
		({"ToAccountRef": {"value": RENT}}, "6430"),
	):
		books.refuse(books.post("transfer", {**body, **change}), code)
