"""One transaction of every kind, from plain bodies, for tests that must hold for all of them."""

from collections.abc import Iterator

PUMP = {
	"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 1000, "InvStartDate": "2020-01-01", "PurchaseCost": 6,
	"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
}  # fmt: skip
BANK, CARD, RENT, UNDEPOSITED = "1", "21", "50", "12"


class Stage:
	"""The names and items that the transactions need; ``text`` stands in every place that takes free text."""

	def __init__(self, books, text: str = "plain") -> None:
		self.books = books
		self.text = text
		self.customer = books.customer(f"Customer {text}"[:100], Notes=text)
		self.vendor = books.make("vendor", {"DisplayName": f"Vendor {text}"[:100]})["Id"]
		self.pump = books.item(f"Pump {text}"[:100], **PUMP)
		self.tape = books.item(f"Tape {text}"[:100], ExpenseAccountRef={"value": "52"})
		self.serial = 0

	def ref(self, value: str) -> dict:
		return {"value": value}

	def sale(self, item: str, quantity: int = 1, price: float = 20) -> dict:
		detail = {"ItemRef": self.ref(item), "Qty": quantity, "UnitPrice": price}
		line = {
			"Amount": quantity * price,
			"DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": detail,
		}
		return {**line, "Description": self.text}

	def purchase(self, item: str, quantity: int = 1, price: float = 7) -> dict:
		detail = {"ItemRef": self.ref(item), "Qty": quantity, "UnitPrice": price}
		line = {
			"Amount": quantity * price,
			"DetailType": "ItemBasedExpenseLineDetail",
			"Description": self.text,
		}
		return {**line, "ItemBasedExpenseLineDetail": detail}

	def expense(self, amount: float = 12.5) -> dict:
		detail = {"AccountRef": self.ref(RENT)}
		line = {"Amount": amount, "DetailType": "AccountBasedExpenseLineDetail", "Description": self.text}
		return {**line, "AccountBasedExpenseLineDetail": detail}

	def journal(self, side: str, account: str, amount: float = 5) -> dict:
		detail = {"PostingType": side, "AccountRef": self.ref(account)}
		line = {"Amount": amount, "DetailType": "JournalEntryLineDetail", "Description": self.text}
		return {**line, "JournalEntryLineDetail": detail}

	def list_bodies(self, day: str) -> Iterator[tuple[str, dict]]:
		"""Yield (entity, body) of every kind that stands alone."""
		sold = {
			"CustomerRef": self.ref(self.customer),
			"Line": [self.sale(self.pump, 3), self.sale(self.tape, 2)],
		}
		bought = {"VendorRef": self.ref(self.vendor), "Line": [self.purchase(self.pump, 4), self.expense()]}
		yield "Estimate", dict(sold)
		yield "Invoice", dict(sold)
		yield "SalesReceipt", dict(sold)
		yield "CreditMemo", dict(sold)
		yield "RefundReceipt", {**sold, "DepositToAccountRef": self.ref(BANK)}
		yield "PurchaseOrder", {**bought, "APAccountRef": self.ref("20")}
		yield "Bill", dict(bought)
		yield "VendorCredit", {"VendorRef": self.ref(self.vendor), "Line": [self.purchase(self.pump, 1)]}
		yield "Purchase", {"AccountRef": self.ref(BANK), "PaymentType": "Cash", "Line": [self.expense()]}
		yield "JournalEntry", {"Line": [self.journal("Debit", RENT), self.journal("Credit", BANK)]}
		yield "Transfer", {"FromAccountRef": self.ref(BANK), "ToAccountRef": self.ref("2"), "Amount": 3}
		card = {"BankAccountRef": self.ref(BANK), "CreditCardAccountRef": self.ref(CARD), "Amount": 4}
		yield "CreditCardPaymentTxn", card
		adjusted = {"ItemRef": self.ref(self.pump), "QtyDiff": -2}
		yield (
			"InventoryAdjustment",
			{
				"AdjustAccountRef": self.ref("42"),
				"TxnDate": day,
				"Line": [{"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": adjusted}],
			},
		)

	def make(self, entity: str, body: dict, day: str) -> dict:
		"""Create a transaction with a date, a number of its own where its kind has one, and the text as its note."""
		more = {"TxnDate": day, "PrivateNote": self.text}
		self.serial += 1
		if entity not in ("Payment", "Transfer", "CreditCardPaymentTxn"):
			more["DocNumber"] = f"<i>{self.serial}"
		return self.books.make(entity.lower(), {**more, **body})

	def make_all(self, day: str = "2026-03-05") -> dict[str, dict]:
		"""Make one of every kind and settle the open ones; returns them by entity."""
		made = {entity: self.make(entity, body, day) for entity, body in self.list_bodies(day)}
		half = {"CustomerRef": self.ref(self.customer), "TotalAmt": 30}
		applied = [{"Amount": 25, "LinkedTxn": [{"TxnId": made["Invoice"]["Id"], "TxnType": "Invoice"}]}]
		made["Payment"] = self.make("Payment", {**half, "Line": applied}, day)
		linked = [{"TxnId": made["Payment"]["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
		line = {"Amount": 30, "LinkedTxn": linked}
		made["Deposit"] = self.make("Deposit", {"DepositToAccountRef": self.ref(BANK), "Line": [line]}, day)
		paid = [{"Amount": 20, "LinkedTxn": [{"TxnId": made["Bill"]["Id"], "TxnType": "Bill"}]}]
		check = {
			"PayType": "Check",
			"CheckPayment": {"BankAccountRef": self.ref(BANK)},
			"TotalAmt": 20,
			"Line": paid,
		}
		made["BillPayment"] = self.make("BillPayment", {"VendorRef": self.ref(self.vendor), **check}, day)
		return made
