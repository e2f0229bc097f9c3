"""The ledger of one transaction, and balances of accounts."""


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
