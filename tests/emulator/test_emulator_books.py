"""Debits equal credits, and the books agree with the documents, after any sequence of operations."""

from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
	Bundle,
	RuleBasedStateMachine,
	consumes,
	invariant,
	rule,
	run_state_machine_as_test,
)

AMOUNTS = st.decimals("0.01", "9999.99", places=2)
DAYS = st.dates().filter(lambda day: 2000 <= day.year <= 2030)


def sum_money(values) -> Decimal:
	return sum((Decimal(str(value)) for value in values), Decimal(0))


def build_machine(books):
	customers = [books.customer(f"C{number}") for number in range(3)]
	stocked = {
		"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 1000, "InvStartDate": "1999-01-01", "PurchaseCost": 3.33,
		"ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	items = [books.item("Tape"), books.item("Service", Type="Service"), books.item("Pump", **stocked)]
	line = st.builds(
		lambda item, quantity, price, code: books.line(
			item, float(quantity * price), Qty=quantity, UnitPrice=float(price), TaxCodeRef={"value": code}
		),
		st.sampled_from(items), st.integers(1, 9), AMOUNTS, st.sampled_from(["TAX", "NON"]),
	)  # fmt: skip
	shipping = AMOUNTS.map(
		lambda amount: {
			"Amount": float(amount), "DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": {"ItemRef": {"value": "SHIPPING_ITEM_ID"}},
		}
	)  # fmt: skip
	discount = st.integers(0, 100).map(
		lambda percent: {
			"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": percent}
		}
	)  # fmt: skip
	lines = st.tuples(
		st.lists(line, min_size=1, max_size=4), st.lists(shipping, max_size=1), st.lists(discount, max_size=1)
	)

	class Machine(RuleBasedStateMachine):
		invoices = Bundle("invoices")

		@rule(
			target=invoices, lines=lines, customer=st.sampled_from(customers), day=DAYS, after=st.booleans()
		)
		def create(self, lines, customer, day, after):
			more = {"TxnDate": day.isoformat(), "ApplyTaxAfterDiscount": after}
			return books.invoice(*sum(lines, []), customer=customer, **more)["Id"]

		@rule(invoice=invoices, lines=lines, customer=st.sampled_from(customers), day=DAYS)
		def change(self, invoice, lines, customer, day):
			token = books.read("invoice", invoice)["SyncToken"]
			body = {"Id": invoice, "SyncToken": token, "sparse": True, "CustomerRef": {"value": customer}}
			books.make("invoice", {**body, "Line": sum(lines, []), "TxnDate": day.isoformat()})

		@rule(invoice=invoices)
		def void(self, invoice):
			token = books.read("invoice", invoice)["SyncToken"]
			books.make("invoice", {"Id": invoice, "SyncToken": token}, operation="void")

		@rule(invoice=consumes(invoices))
		def delete(self, invoice):
			token = books.read("invoice", invoice)["SyncToken"]
			books.make("invoice", {"Id": invoice, "SyncToken": token}, operation="delete")

		@rule(invoice=invoices)
		def fail(self, invoice):
			assert (
				books.post("invoice", {"Id": invoice, "SyncToken": "99", "sparse": True}).status_code == 400
			)

		@invariant()
		def agree(self):
			ledger = books.control("GET", "ledger")
			assert ledger["debits"] == ledger["credits"]
			by_account: dict[str, Decimal] = {}
			for entry in ledger["entries"]:
				name = entry["account"]["name"]
				by_account[name] = (
					by_account.get(name, Decimal(0)) + Decimal(entry["debit"]) - Decimal(entry["credit"])
				)
			assert {name: str(value) for name, value in by_account.items() if value} == ledger["balances"]
			found = books.query("select * from Invoice maxresults 1000").get("Invoice", [])
			receivable = Decimal(ledger["balances"].get("Accounts Receivable (A/R)", "0"))
			assert receivable == sum_money(invoice["Balance"] for invoice in found)
			tax = -Decimal(ledger["balances"].get("Sales Tax Payable", "0"))
			assert tax == sum_money(invoice["TxnTaxDetail"]["TotalTax"] for invoice in found)
			for customer in books.query("select * from Customer")["Customer"]:
				own = [
					invoice["Balance"]
					for invoice in found
					if invoice["CustomerRef"]["value"] == customer["Id"]
				]
				assert Decimal(str(customer["Balance"])) == sum_money(own)

	return Machine


def test_emulator_books_agree_after_any_sequence(books):
	settings_ = settings(
		max_examples=5, stateful_step_count=12, deadline=None, database=None,
		suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
	)  # fmt: skip
	run_state_machine_as_test(build_machine(books), settings=settings_)


def test_emulator_ledger_of_one_transaction(books):
	invoice = books.invoice(books.line(books.item(), 100, TaxCodeRef={"value": "TAX"}), DocNumber="SD-1")
	books.invoice(books.line("1", 50), customer="1")
	entries = books.control("GET", "ledger", entity="Invoice", id=invoice["Id"])["entries"]
	assert [(entry["account"]["name"], entry["debit"], entry["credit"]) for entry in entries] == [
		("Accounts Receivable (A/R)", "110.30", "0.00"),
		("Sales of Product Income", "0.00", "100.00"),
		("Sales Tax Payable", "0.00", "10.30"),
	]
	assert {entry["doc_number"] for entry in entries} == {"SD-1"}


def test_emulator_account_shows_its_balance(books):
	books.invoice(books.line(books.item(), 100))
	assert books.read("account", "10")["CurrentBalance"] == 100
	assert books.read("account", "31")["CurrentBalance"] == 100
