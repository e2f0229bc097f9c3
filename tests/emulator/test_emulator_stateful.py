"""After any sequence of operations the books balance and agree with the documents, whatever settles whatever.

One company with two currencies, a customer with a sub-customer, and every entity that posts. The emulator may refuse an
operation (HTTP 400), but then nothing has changed; it never fails.
"""

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
	RuleBasedStateMachine,
	initialize,
	invariant,
	precondition,
	rule,
	run_state_machine_as_test,
)

from tests.emulator.agreement import (
	CENT,
	CLASSES,
	PAYERS,
	ZERO,
	check_estimates,
	check_ledger,
	check_open_amounts,
	check_parties,
	list_journals,
	read_money,
)

SALES_FORMS = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt", "Estimate")
PURCHASE_FORMS = ("Bill", "VendorCredit", "Purchase")
OTHERS = ("Deposit", "JournalEntry", "InventoryAdjustment")
POSTING = (*SALES_FORMS, *PURCHASE_FORMS, *PAYERS, *OTHERS)
RECEIVABLE, PAYABLE = "10", "20"

AMOUNTS = st.decimals("0.01", "999.99", places=2)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(str)
RATES = st.decimals("0.5", "1.5", places=4)
PICK = st.integers(0, 10**6)
SHARES = st.lists(st.sampled_from([1, 33, 50, 100, 100, 101]), min_size=1, max_size=3)
"""Percents of what is open that a payment gives to each of the first open transactions."""


class Company:
	"""The company as a client sees it: its documents and balances after the last operation."""

	accepted: Counter = Counter()
	"""How many writes of each entity were accepted, over all examples."""

	def __init__(self, books) -> None:
		self.books = books
		self.documents: dict[str, list[dict]] = {}
		self.balances: dict[str, Decimal] = {}
		books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
		parent = books.customer("Parent")
		self.customers = [
			(parent, "USD"),
			(books.customer("Job", Job=True, ParentRef={"value": parent}), "USD"),
			(books.customer("Kunde", CurrencyRef={"value": "EUR"}), "EUR"),
		]
		self.vendors = [
			(books.make("vendor", {"DisplayName": "Supplier"})["Id"], "USD"),
			(
				books.make("vendor", {"DisplayName": "Lieferant", "CurrencyRef": {"value": "EUR"}})["Id"],
				"EUR",
			),
		]
		pump = {
			"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 20, "InvStartDate": "2019-01-01",
			"PurchaseCost": 3.33, "ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
		}  # fmt: skip
		self.pump = books.item("Pump", **pump)
		self.items = [books.item("Tape", ExpenseAccountRef={"value": "40"}), self.pump]
		self.open_documents()

	def open_documents(self) -> None:
		"""Begin with something to settle: a debt and a credit of every party."""
		for parties, kind, entities, detail in (
			(self.customers, "Customer", ("Invoice", "CreditMemo"), "SalesItemLineDetail"),
			(self.vendors, "Vendor", ("Bill", "VendorCredit"), "ItemBasedExpenseLineDetail"),
		):
			for number, party in enumerate(parties):
				for entity in entities:
					line = self.line(detail, self.items[number % 2], 3, Decimal("33.35"))
					head = self.head(party, kind, Decimal("1.0877"), "2024-05-01")
					self.books.make(entity.lower(), {**head, "Line": [line]})

	def load(self) -> None:
		"""Read everything anew, in one batch of queries."""
		items = [
			{"bId": entity, "Query": f"select * from {entity} orderby Id maxresults 1000"}
			for entity in (*POSTING, *CLASSES)
		]
		answer = self.books.post("batch", {"BatchItemRequest": items}).json()
		self.documents = {
			item["bId"]: item["QueryResponse"].get(item["bId"], []) for item in answer["BatchItemResponse"]
		}
		self.balances = check_ledger(self.books)

	def head(self, party: tuple[str, str], kind: str, rate: Decimal, day: str) -> dict:
		"""Return party, currency, rate and date of a transaction."""
		identifier, currency = party
		return {
			f"{kind}Ref": {"value": identifier}, "CurrencyRef": {"value": currency}, "TxnDate": day,
			"ExchangeRate": str(rate) if currency == "EUR" else 1,
		}  # fmt: skip

	def line(self, detail: str, item: str, quantity: int, price: Decimal) -> dict:
		inner = {"ItemRef": {"value": item}, "Qty": quantity, "UnitPrice": str(price)}
		return {"Amount": str(price * quantity), "DetailType": detail, detail: inner}

	def write(self, entity: str, body: dict, **parameters) -> dict | None:
		"""Post; return the answer's document, or None for a refusal, which must have changed nothing."""
		answer = self.books.post(entity.lower(), body, **parameters)
		if answer.status_code == 200:
			self.accepted[entity] += 1
			return answer.json()[entity]
		assert answer.status_code == 400, answer.text
		assert answer.json()["Fault"]["type"] == "ValidationFault", answer.text
		after = {name: Decimal(value) for name, value in self.books.balances().items()}
		assert after == {name: value for name, value in self.balances.items() if value}
		return None


def has_links(document: dict) -> bool:
	return bool(document.get("LinkedTxn") or any(line.get("LinkedTxn") for line in document["Line"]))


def build_machine(books):
	class Machine(RuleBasedStateMachine):
		has_documents = precondition(lambda self: any(self.company.documents[entity] for entity in POSTING))

		@initialize()
		def open_company(self):
			books.control("POST", "reset")
			self.company = Company(books)

		# -------------------------------------------------------------------------------- writing

		@rule(
			entity=st.sampled_from(SALES_FORMS), party=PICK, item=PICK, quantity=st.integers(-2, 9), price=AMOUNTS,
			rate=RATES, day=DAYS, code=st.sampled_from(["TAX", "NON"]), discount=st.none() | st.integers(0, 100),
			deposit=st.booleans(), estimate=st.none() | PICK,
		)  # fmt: skip
		def sell(self, entity, party, item, quantity, price, rate, day, code, discount, deposit, estimate):
			company = self.company
			customer = company.customers[party % len(company.customers)]
			line = company.line("SalesItemLineDetail", company.items[item % 2], quantity, price)
			line["SalesItemLineDetail"]["TaxCodeRef"] = {"value": code}
			body = {**company.head(customer, "Customer", rate, day), "Line": [line]}
			if discount is not None:
				percent = {"PercentBased": True, "DiscountPercent": discount}
				body["Line"].append({"DetailType": "DiscountLineDetail", "DiscountLineDetail": percent})
			if entity == "RefundReceipt":
				body["DepositToAccountRef"] = {"value": "1"}
			if entity == "Invoice" and deposit:
				body["Deposit"] = "0.01"
			estimates = company.documents["Estimate"] if entity == "Invoice" and estimate is not None else []
			if estimates:
				chosen = estimates[estimate % len(estimates)]
				body["LinkedTxn"] = [{"TxnId": chosen["Id"], "TxnType": "Estimate"}]
			company.write(entity, body)

		@rule(
			entity=st.sampled_from(PURCHASE_FORMS), party=PICK, item=PICK, quantity=st.integers(1, 9), price=AMOUNTS,
			rate=RATES, day=DAYS,
		)  # fmt: skip
		def buy(self, entity, party, item, quantity, price, rate, day):
			company = self.company
			vendor = company.vendors[party % len(company.vendors)]
			line = company.line("ItemBasedExpenseLineDetail", company.items[item % 2], quantity, price)
			body = {**company.head(vendor, "Vendor", rate, day), "Line": [line]}
			if entity == "Purchase":
				body.update(PaymentType="Cash", AccountRef={"value": "1"})
				body["EntityRef"] = {**body.pop("VendorRef"), "type": "Vendor"}
			company.write(entity, body)

		@rule(
			entity=st.sampled_from(sorted(PAYERS)), party=PICK, shares=SHARES, use_credit=st.booleans(), extra=AMOUNTS,
			rate=RATES, day=DAYS, again=st.none() | PICK, journal=st.none() | PICK,
		)  # fmt: skip
		def settle(self, entity, party, shares, use_credit, extra, rate, day, again, journal):
			"""Pay what is open, in parts or too much, with credits, with a journal; or apply a payment anew."""
			company = self.company
			kind, pays, uses = PAYERS[entity]
			parties = company.customers if kind == "Customer" else company.vendors
			chosen = parties[party % len(parties)]
			debtor = parties[
				party // 7 % 2 if kind == "Customer" and chosen == parties[0] else party % len(parties)
			]
			lines, total = self.spread(pays, kind, debtor[0], shares)
			if use_credit and total > 0:
				credits, credited = self.spread(uses, kind, debtor[0], [min(shares[0], 100)])
				lines, total = [*lines, *credits], total - credited
			journals = list_journals(company.documents, kind)
			if journal is not None and journals:
				identifier, _party, amount = journals[journal % len(journals)]
				share = (abs(amount) * shares[0] / 100).quantize(CENT, ROUND_HALF_UP)
				linked = [{"TxnId": identifier, "TxnType": "JournalEntry"}]
				lines = [*lines, {"Amount": str(share), "LinkedTxn": linked}]
				total += share if amount > 0 else -share
			total = max(total, ZERO) + (extra if extra < 500 else ZERO)
			body = {**company.head(chosen, kind, rate, day), "TotalAmt": str(total), "Line": lines}
			if entity == "BillPayment":
				body.update(PayType="Check", CheckPayment={"BankAccountRef": {"value": "1"}})
			existing = company.documents[entity]
			if again is not None and existing:
				old = existing[again % len(existing)]
				body.update(Id=old["Id"], SyncToken=old["SyncToken"])
			company.write(entity, body)

		def spread(self, entity, kind, party, shares):
			"""Return lines over a party's open transactions and the sum of them."""
			lines, total = [], ZERO
			own = [
				one
				for one in self.company.documents[entity]
				if one.get(f"{kind}Ref", {}).get("value") == party
			]
			for document, share in zip([one for one in own if one["Balance"]], shares, strict=False):
				amount = (read_money(document["Balance"]) * share / 100).quantize(CENT, ROUND_HALF_UP)
				linked = [{"TxnId": document["Id"], "TxnType": entity}]
				lines.append({"Amount": str(amount), "LinkedTxn": linked})
				total += amount
			return lines, total

		@rule(
			pick=PICK,
			flag=st.booleans(),
			amount=AMOUNTS,
			difference=st.integers(-5, 5).filter(bool),
			day=DAYS,
		)
		def write_other(self, pick, flag, amount, difference, day):
			entity = OTHERS[pick % len(OTHERS)]
			pick //= len(OTHERS)
			if entity == "Deposit":
				self.deposit(pick, flag, amount if amount < 300 else None, day)
			elif entity == "JournalEntry":
				self.journal(amount, flag, bool(pick % 2), day)
			else:
				self.adjust(difference, day)

		def deposit(self, pick, cash, free, day):
			"""Bring a payment or sales receipt to the bank, with money that settles a customer's debt."""
			company = self.company
			kind = ("Payment", "SalesReceipt")[pick % 2]
			found = company.documents[kind]
			lines = []
			if found:
				chosen = found[pick // 2 % len(found)]
				linked = {"TxnId": chosen["Id"], "TxnType": kind, "TxnLineId": "0"}
				lines.append({"LinkedTxn": [linked]})
			if free is not None or not lines:
				entity = {"value": company.customers[0][0], "type": "CUSTOMER"}
				detail = {"AccountRef": {"value": RECEIVABLE}, "Entity": entity}
				lines.append(
					{"Amount": str(free or 1), "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
				)
			currency = chosen["CurrencyRef"] if found else {"value": "USD"}
			if currency["value"] == "EUR":
				lines = lines[:1]
			body = {
				"DepositToAccountRef": {"value": "1"},
				"CurrencyRef": currency,
				"TxnDate": day,
				"Line": lines,
			}
			if cash:
				body["CashBack"] = {"AccountRef": {"value": "29"}, "Amount": "0.01"}
			company.write("Deposit", body)

		def journal(self, amount, debit, customer, day):
			"""Owe or be owed by a journal entry; payments may settle it."""
			company = self.company
			kind, account = ("Customer", RECEIVABLE) if customer else ("Vendor", PAYABLE)
			party = (company.customers if customer else company.vendors)[0][0]
			owner = {"Type": kind, "EntityRef": {"value": party}}
			sides = ("Debit", "Credit") if debit else ("Credit", "Debit")
			details = (
				{"PostingType": sides[0], "AccountRef": {"value": account}, "Entity": owner},
				{"PostingType": sides[1], "AccountRef": {"value": "29"}},
			)
			lines = [
				{
					"Amount": str(amount),
					"DetailType": "JournalEntryLineDetail",
					"JournalEntryLineDetail": detail,
				}
				for detail in details
			]
			company.write("JournalEntry", {"TxnDate": day, "CurrencyRef": {"value": "USD"}, "Line": lines})

		def adjust(self, difference, day):
			detail = {"ItemRef": {"value": self.company.pump}, "QtyDiff": difference}
			line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}
			body = {"TxnDate": day, "AdjustAccountRef": {"value": "40"}, "Line": [line]}
			self.company.write("InventoryAdjustment", body)

		def choose(self, pick, linked):
			"""Return an entity's name and one of all documents, or of those that settle something or are settled."""
			found = [(entity, one) for entity in POSTING for one in self.company.documents[entity]]
			if linked:
				found = [pair for pair in found if has_links(pair[1])] or found
			return found[pick % len(found)]

		@has_documents
		@rule(pick=PICK, linked=st.booleans(), day=DAYS, rate=RATES, price=AMOUNTS, party=st.none() | PICK)
		def change(self, pick, linked, day, rate, price, party):
			"""Change date, rate, amount or party of a transaction that may be settled already."""
			entity, document = self.choose(pick, linked)
			body = {**document, "TxnDate": day}
			if document.get("CurrencyRef", {}).get("value") == "EUR":
				body["ExchangeRate"] = str(rate)
			first = document["Line"][0] if document.get("Line") else {}
			for detail in ("SalesItemLineDetail", "ItemBasedExpenseLineDetail"):
				if detail in first and "Qty" in first[detail]:
					inner = {**first[detail], "UnitPrice": str(price)}
					amount = str(read_money(inner["Qty"]) * price)
					body["Line"] = [{**first, "Amount": amount, detail: inner}]
			if party is not None and entity in SALES_FORMS:
				body["CustomerRef"] = {"value": self.company.customers[party % 2][0]}
			body["sparse"] = True
			self.company.write(entity, body)

		@has_documents
		@rule(pick=PICK, linked=st.booleans(), how=st.sampled_from(["delete", "void"]))
		def drop(self, pick, linked, how):
			entity, document = self.choose(pick, linked)
			parameters = {"operation": how}
			if how == "void":
				if entity in ("Bill", "JournalEntry"):
					return  # these refuse with HTTP 200, which their own tests show
				if entity != "Invoice":
					parameters = {"operation": "update", "include": "void"}
				if entity not in ("Invoice", "SalesReceipt", *PAYERS):
					parameters = {"operation": "void"}
			body = {"Id": document["Id"], "SyncToken": document["SyncToken"], "sparse": True}
			self.company.write(entity, body, **parameters)

		@rule(payments=st.booleans(), credit=st.booleans())
		def prefer(self, payments, credit):
			books.preferences(SalesFormsPrefs={"AutoApplyPayments": payments, "AutoApplyCredit": credit})

		# -------------------------------------------------------------------------------- agreeing

		@invariant()
		def agree(self):
			company = self.company
			company.load()
			documents = company.documents
			for payer, (kind, pays, uses) in PAYERS.items():
				check_open_amounts(documents, payer, (pays, uses))
				check_parties(company, payer, kind, pays, uses)
			check_estimates(documents)

	return Machine


def test_emulator_books_agree_after_any_sequence(books):
	# Shrinking takes minutes over HTTP; take the phases away here when a failure has to be understood.
	settings_ = settings(
		max_examples=25, stateful_step_count=25, phases=set(Phase) - {Phase.shrink, Phase.explain}, deadline=None, database=None,
		suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
	)  # fmt: skip
	run_state_machine_as_test(build_machine(books), settings=settings_)
	assert Company.accepted.total() > 60 and Company.accepted["Payment"] and Company.accepted["Invoice"]
