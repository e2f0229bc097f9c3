"""JournalEntry: debits and credits as they are sent. A line on a receivable or payable is open to payments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import convert_to_home, settle_currency
from qbo_emulator.entities.headers import find_name
from qbo_emulator.entities.line_rules import LineIds
from qbo_emulator.entities.purchase_numbers import JOURNAL_WARNING, check_number
from qbo_emulator.entities.transaction import Transaction
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import COMMON, Choice, Day, Flag, Many, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up, to_cents
from qbo_emulator.party import CREDIT, OWED, REFERENCE, add_to_party
from qbo_emulator.store import Row
from qbo_emulator.work import Work, load_body

DETAIL, DESCRIPTION = "JournalEntryLineDetail", "DescriptionOnly"
DEBIT = "Debit"
OPEN_LINE = "OpenLine"
"""Stored with a journal and not shown: the Id of its line on a receivable or payable."""
PARTY_OF_ACCOUNT = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}
ZERO = Decimal(0)
LINES = Many(
	Struct(
		Id=Text(40), LineNum=ReadOnly(), Description=Text(4000), Amount=Number("amount"),
		DetailType=Choice(DETAIL, DESCRIPTION), LinkedTxn=ReadOnly(), LineEx=ReadOnly(), ProjectRef=ReadOnly(),
		JournalEntryLineDetail=Struct(
			PostingType=Choice(DEBIT, "Credit"), AccountRef=Reference(),
			Entity=Struct(Type=Choice("Customer", "Vendor", "Employee"), EntityRef=Reference()), ClassRef=Reference(),
			DepartmentRef=Reference(), TaxCodeRef=Reference(), TaxApplicableOn=Text(20), TaxAmount=Number("amount"),
			BillableStatus=Text(20), JournalCodeRef=Reference(),
		),
		DescriptionLineDetail=ReadOnly(), CustomField=ReadOnly(),
	)
)  # fmt: skip


class JournalEntry(Transaction):
	name = "JournalEntry"
	void_refusal = "nothing"
	renders = True
	linked_by = frozenset({"Payment", "BillPayment"})
	schema = Struct(
		**COMMON,
		Line=LINES,
		DocNumber=Text(21),
		TxnDate=Day(),
		PrivateNote=Text(4000),
		Adjustment=Flag(),
		CurrencyRef=Reference(),
		ExchangeRate=Number(),
		**dict.fromkeys(
			(
				"TotalAmt", "HomeTotalAmt", "TransactionLocationType", "RecurDataRef", "TxnTaxDetail", "LinkedTxn",
				"GlobalTaxCalculation", "TaxRateRef", "TxnSource",
			),
			ReadOnly(),
		),
	)  # fmt: skip
	columns = {
		"DocNumber": Column("doc_number", "text"),
		"TxnDate": Column("txn_date", "date"),
		"TotalAmt": Column("total", "money"),
		"Adjustment": in_body("Adjustment", "flag"),
		"CurrencyRef": in_body("CurrencyRef.value"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		home = {"value": work.company.home_currency}
		settle_currency(work, document, {"CurrencyRef": document.get("CurrencyRef", home)}, "account")
		if not document.get("Line"):
			raise Fault("2250", "The transaction needs at least one line", "Line")
		known = {line["Id"] for line in (previous or {}).get("Line", [])}
		document["Line"] = self.build_lines(work, document, known)
		document[OPEN_LINE] = self.find_open_line_id(work, document["Line"])
		check_number(work, self.name, document, previous, JOURNAL_WARNING)
		document.setdefault("Adjustment", False)
		debits, credits = self.sum_sides(document)
		if debits != credits:
			raise Fault("2300", f"Total debits {debits} do not match total credits {credits}", "Line")
		document["TotalAmt"] = debits
		if "ExchangeRate" in document:
			document["HomeTotalAmt"] = convert_to_home(debits, document["ExchangeRate"])
		return document

	def build_lines(self, work: Work, document: dict[str, Any], known: set[str]) -> list[dict[str, Any]]:
		"""Return the stored lines; their Ids begin with 0, as the service's do."""
		ids = LineIds(known, first=0)
		lines = []
		for line in document["Line"]:
			kind = line.get("DetailType")
			if kind is None:
				raise refuse_missing("Line.DetailType")
			stored = {"Id": ids.give(line.get("Id", "")), "LineNum": len(lines) + 1}
			if "Description" in line:
				stored["Description"] = line["Description"]
			stored["DetailType"] = kind
			if kind == DETAIL:
				stored["Amount"] = self.read_amount(line)
				stored[DETAIL] = self.build_detail(work, line.get(DETAIL, {}), document)
			lines.append(stored)
		return lines

	def find_open_line_id(self, work: Work, lines: list[dict[str, Any]]) -> str | None:
		"""Return the Id of the line on a receivable or payable. Raises 6000 for more than one."""
		found = []
		for line in list_posting_lines(lines):
			row = work.get("Account", line[DETAIL]["AccountRef"]["value"])
			if row and load_body(row.body)["AccountType"] in PARTY_OF_ACCOUNT:
				found.append(line["Id"])
		if len(found) > 1:
			raise refuse_business(
				"A journal entry can have one line on Accounts Receivable or Accounts Payable",
				"Line.AccountRef",
			)
		return found[0] if found else None

	def read_amount(self, line: dict[str, Any]) -> Decimal:
		if "Amount" not in line:
			raise refuse_missing("Line.Amount")
		if line["Amount"] < 0:
			raise Fault("2290", "The amount of a journal line cannot be negative", "Line.Amount")
		return round_half_up(line["Amount"])

	def build_detail(self, work: Work, detail: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
		"""Return a line's detail. Raises 2260, 6440 or 6000 for what it lacks."""
		if "PostingType" not in detail:
			raise Fault("2260", "The line needs a PostingType, Debit or Credit", "Line.PostingType")
		if "AccountRef" not in detail:
			raise Fault("6440", "The line names no account", "Line.AccountRef")
		_row, account = work.require("Account", detail["AccountRef"], "Line.AccountRef")
		stored: dict[str, Any] = {
			"PostingType": detail["PostingType"],
			"AccountRef": {"value": account["Id"], "name": account["FullyQualifiedName"]},
		}
		party = PARTY_OF_ACCOUNT.get(account["AccountType"])
		entity = detail.get("Entity", {})
		if party is not None:
			if entity.get("Type") != party or "EntityRef" not in entity:
				raise refuse_business(
					f"When you use {account['AccountType']}, you must choose a {party.lower()} in the Name field",
					"Line.Entity",
				)
			if account["CurrencyRef"]["value"] != document["CurrencyRef"]["value"]:
				raise refuse_business(
					f"{account['Name']} is not an account in {document['CurrencyRef']['value']}",
					"Line.AccountRef",
				)
		if "EntityRef" in entity:
			reference = {**entity["EntityRef"], **({"type": entity["Type"]} if "Type" in entity else {})}
			kind, found = find_name(work, reference, "Line.Entity")
			stored["Entity"] = {
				"Type": kind,
				"EntityRef": {"value": found["Id"], "name": found["DisplayName"]},
			}
			if party is not None and found["CurrencyRef"]["value"] != document["CurrencyRef"]["value"]:
				raise refuse_business(
					f"{found['DisplayName']} is not in {document['CurrencyRef']['value']}", "Line.Entity"
				)
		company = work.company
		for name, list_entity, preferences in (
			("ClassRef", "Class", ("ClassTrackingPerTxnLine", "ClassTrackingPerTxn")),
			("DepartmentRef", "Department", ("TrackDepartments",)),
		):
			if name in detail and any(company.get_preference("AccountingInfoPrefs", p) for p in preferences):
				stored[name] = work.refer(list_entity, detail[name], f"Line.{name}", "FullyQualifiedName")
		return stored

	def sum_sides(self, document: dict[str, Any]) -> tuple[Decimal, Decimal]:
		sides = {True: ZERO, False: ZERO}
		for line in list_posting_lines(document["Line"]):
			sides[line[DETAIL]["PostingType"] == DEBIT] += line["Amount"]
		return sides[True], sides[False]

	# ------------------------------------------------------------------------- its line on a receivable or payable

	def find_open_line(self, document: dict[str, Any]) -> dict[str, Any] | None:
		return next((line for line in document["Line"] if line["Id"] == document.get(OPEN_LINE)), None)

	def get_party(self, document: dict[str, Any]) -> int | None:
		line = self.find_open_line(document)
		return int(line[DETAIL]["Entity"]["EntityRef"]["value"]) if line else None

	def get_party_account(self, document: dict[str, Any]) -> int | None:
		line = self.find_open_line(document)
		return int(line[DETAIL]["AccountRef"]["value"]) if line else None

	def find_side(self, document: dict[str, Any]) -> int:
		"""A debited customer and a credited vendor are owed; the other way round it is a credit."""
		line = self.find_open_line(document)
		if line is None:
			return REFERENCE
		is_customer = line[DETAIL]["Entity"]["Type"] == "Customer"
		return OWED if is_customer == (line[DETAIL]["PostingType"] == DEBIT) else CREDIT

	def compute_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		line = self.find_open_line(document)
		return to_cents(line["Amount"]) if line else 0

	def compute_party_cents(self, work: Work, document: dict[str, Any]) -> int:
		return self.find_side(document) * self.compute_open_cents(work, document)

	def move_party(self, work: Work, document: dict[str, Any], sign: int) -> None:
		line = self.find_open_line(document)
		if line is not None:
			entity = line[DETAIL]["Entity"]
			cents = sign * self.compute_party_cents(work, document)
			add_to_party(work, entity["Type"], int(entity["EntityRef"]["value"]), cents)

	def check_link(
		self, work: Work, row: Row, document: dict[str, Any], payer: Transaction, paying: dict[str, Any]
	) -> None:
		"""Raise 620 for a payment of a kind that the journal's line is not for."""
		super().check_link(work, row, document, payer, paying)
		line = self.find_open_line(document)
		if line is None or line[DETAIL]["Entity"]["Type"] != payer.party_entity:
			raise Fault("620", f"JournalEntry {row.id} owes nothing to a {payer.party_entity}", "LinkedTxn")

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		rate = self.get_rate(document)
		postings = []
		for line in list_posting_lines(document["Line"]):
			detail = line[DETAIL]
			cents = to_cents(convert_to_home(line["Amount"], rate))
			cents = cents if detail["PostingType"] == DEBIT else -cents
			party = detail.get("Entity", {}).get("EntityRef", {}).get("value")
			memo = line.get("Description", "Journal entry")[:200]
			postings.append(
				ledger.Posting(
					int(detail["AccountRef"]["value"]), cents, memo, None if party is None else int(party)
				)
			)
		difference = -sum(posting.cents for posting in postings)
		if difference:
			account = work.company.get_role("exchange_gain_or_loss")
			postings.append(ledger.Posting(account, difference, "Rounding of the exchange rate"))
		return postings

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		del document[OPEN_LINE]
		return document


def list_posting_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
	return [line for line in lines if line["DetailType"] == DETAIL]
