"""What must hold between a company's documents and its ledger, whatever settled whatever."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

CENT, ZERO = Decimal("0.01"), Decimal(0)
PAYERS = {"Payment": ("Customer", "Invoice", "CreditMemo"), "BillPayment": ("Vendor", "Bill", "VendorCredit")}
"""What settles: its party, what it pays, and what it may use as a credit."""
CLASSES = {"Customer": "Accounts Receivable (A/R)", "Vendor": "Accounts Payable (A/P)"}


def read_money(value) -> Decimal:
	return Decimal(str(value))


def check_ledger(books) -> dict[str, Decimal]:
	"""Debits equal credits, in all and in each transaction; return balances by account."""
	found = books.control("GET", "ledger")
	assert found["debits"] == found["credits"]
	by_account: dict[str, Decimal] = defaultdict(Decimal)
	by_transaction: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
	for entry in found["entries"]:
		amount = Decimal(entry["debit"]) - Decimal(entry["credit"])
		by_account[entry["account"]["name"]] += amount
		by_transaction[entry["entity"], entry["id"]] += amount
	assert not any(by_transaction.values())
	assert {name: str(value) for name, value in by_account.items() if value} == found["balances"]
	return by_account


def list_settled(documents, payer):
	"""Return (payer, TxnType, TxnId, amount) of every line that settles something."""
	return [
		(document, linked["TxnType"], linked["TxnId"], read_money(line["Amount"]))
		for document in documents[payer]
		for line in document["Line"]
		for linked in line["LinkedTxn"]
	]


def check_open_amounts(documents, payer, targets):
	"""What is open is the total less what settles it, and both sides name each other."""
	settled: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
	payers: dict[tuple[str, str], set[str]] = defaultdict(set)
	for document, kind, identifier, amount in list_settled(documents, payer):
		settled[kind, identifier] += amount
		payers[kind, identifier].add(document["Id"])
	for entity in targets:
		for document in documents[entity]:
			key = (entity, document["Id"])
			base = read_money(document["TotalAmt"]) - read_money(document.get("Deposit", 0))
			assert read_money(document["Balance"]) == base - settled.pop(key, ZERO) >= 0
			assert document["Balance"] or not document["HomeBalance"]  # no cent stays over by rounding
			named = {one["TxnId"] for one in document["LinkedTxn"] if one["TxnType"].startswith(payer)}
			assert named == payers.pop(key, set())
			if entity == "CreditMemo":
				assert document["RemainingCredit"] == document["Balance"]
	journals = {document["Id"]: document for document in documents["JournalEntry"]}
	for (kind, identifier), amount in settled.items():
		assert kind == "JournalEntry" and amount <= read_money(journals[identifier]["TotalAmt"])


def check_parties(company, payer, kind, pays, uses):
	"""Each party owes what is open on its transactions; the accounts hold the same in home currency."""
	documents = company.documents
	own: dict[str, Decimal] = defaultdict(Decimal)
	home = ZERO
	for entity, sign in ((pays, 1), (uses, -1)):
		for document in documents[entity]:
			own[document[f"{kind}Ref"]["value"]] += sign * read_money(document["Balance"])
			home += sign * read_money(document["HomeBalance"])
	journals = {identifier: (party, amount) for identifier, party, amount in list_journals(documents, kind)}
	debts = [*journals.values(), *list_deposited_debts(documents, kind)]
	for document in documents[payer]:
		unapplied = read_money(document["TotalAmt"])
		for line in document["Line"]:
			linked, amount = line["LinkedTxn"][0], read_money(line["Amount"])
			side = -1 if linked["TxnType"] == uses else 1
			if linked["TxnType"] == "JournalEntry":
				party, owed = journals[linked["TxnId"]]
				side = 1 if owed > 0 else -1
				debts.append((party, -side * amount))
			unapplied -= side * amount
		assert unapplied >= 0 and read_money(document.get("UnappliedAmt", unapplied)) == unapplied
		own[document[f"{kind}Ref"]["value"]] -= unapplied
		home -= (unapplied * read_money(document["ExchangeRate"])).quantize(CENT, ROUND_HALF_UP)
	for party, amount in debts:
		own[party] += amount
		home += amount
	records = {record["Id"]: record for record in company.documents[kind]}
	for identifier, record in records.items():
		assert read_money(record["Balance"]) == own[identifier], record["DisplayName"]
	if kind == "Customer":
		parent, job = company.customers[0][0], company.customers[1][0]
		assert read_money(records[parent]["BalanceWithJobs"]) == own[parent] + own[job]
	total = sum((value for name, value in company.balances.items() if name.startswith(CLASSES[kind])), ZERO)
	assert total == (home if kind == "Customer" else -home)


def list_journals(documents, kind):
	"""Return (Id, party, amount) of journals on a receivable or payable; positive where the payer's kind settles it."""
	found = []
	for document in documents["JournalEntry"]:
		for line in document["Line"]:
			detail = line["JournalEntryLineDetail"]
			if detail.get("Entity", {}).get("Type") == kind:
				owed = (detail["PostingType"] == "Debit") == (kind == "Customer")
				amount = read_money(line["Amount"])
				party = detail["Entity"]["EntityRef"]["value"]
				found.append((document["Id"], party, amount if owed else -amount))
	return found


def list_deposited_debts(documents, kind):
	"""Return (party, amount) of deposit lines on a receivable."""
	return [
		(entity["value"], -read_money(line["Amount"]))
		for document in documents["Deposit"]
		for line in document["Line"]
		for entity in [line.get("DepositLineDetail", {}).get("Entity", {})]
		if entity.get("type") == kind.upper()
	]


def check_estimates(documents):
	"""An estimate is closed while an invoice names it, and both sides show the link."""
	invoiced = {
		(linked["TxnId"], invoice["Id"])
		for invoice in documents["Invoice"]
		for linked in invoice["LinkedTxn"]
		if linked["TxnType"] == "Estimate"
	}
	shown = {
		(estimate["Id"], linked["TxnId"])
		for estimate in documents["Estimate"]
		for linked in estimate["LinkedTxn"]
	}
	assert invoiced == shown
	for estimate in documents["Estimate"]:
		assert (estimate["TxnStatus"] == "Closed") == bool(estimate["LinkedTxn"])
