"""Deposit: payments and sales receipts brought from Undeposited Funds to the bank, with free lines and cash back."""

from __future__ import annotations

from typing import Any

from qbo_emulator import ledger, links
from qbo_emulator.entities.base import Column, in_body
from qbo_emulator.entities.currency import convert_to_home, settle_currency
from qbo_emulator.entities.depositable import settle_deposit_account
from qbo_emulator.entities.transaction import LINKED_TXN, ZERO, Transaction
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import COMMON, Choice, Day, Many, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up, to_cents
from qbo_emulator.party import add_to_party
from qbo_emulator.work import Work, load_body, require_field

DETAIL = "DepositLineDetail"
PARTY_OF_ACCOUNT_TYPE = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}


class EntityReference(Reference):
	"""``Entity``: who the money is from; its type is CUSTOMER, VENDOR or EMPLOYEE."""

	def __init__(self) -> None:
		super().__init__()
		self.fields["type"] = Text(20)


class Deposit(Transaction):
	name = "Deposit"
	depositable = frozenset({"Payment", "SalesReceipt"})
	schema = Struct(
		**COMMON,
		DepositToAccountRef=Reference(),
		TxnDate=Day(),
		DocNumber=Text(21),
		PrivateNote=Text(4000),
		DepartmentRef=Reference(),
		CurrencyRef=Reference(),
		ExchangeRate=Number(),
		CashBack=Struct(AccountRef=Reference(), Amount=Number("amount"), Memo=Text(4000)),
		Line=Many(
			Struct(
				Id=Text(40), LineNum=ReadOnly(), Description=Text(4000), Amount=Number("amount"), LinkedTxn=LINKED_TXN,
				DetailType=Choice(DETAIL), ProjectRef=ReadOnly(), CustomExtensions=ReadOnly(), LineEx=ReadOnly(),
				CustomField=ReadOnly(),
				DepositLineDetail=Struct(
					AccountRef=Reference(), Entity=EntityReference(), ClassRef=Reference(), PaymentMethodRef=Reference(),
					CheckNum=Text(21), TaxCodeRef=Reference(), TxnType=Text(30), TaxApplicableOn=Text(20),
				),
			)
		),
		**dict.fromkeys(
			(
				"TotalAmt", "HomeTotalAmt", "LinkedTxn", "TxnTaxDetail", "GlobalTaxCalculation", "TxnSource",
				"TransactionLocationType", "RecurDataRef", "TxnStatus",
			),
			ReadOnly(),
		),
	)  # fmt: skip
	columns = {
		"TxnDate": Column("txn_date", "date"),
		"DocNumber": Column("doc_number", "text"),
		"TotalAmt": Column("total", "money"),
		"DepositToAccountRef": in_body("DepositToAccountRef.value", "reference"),
		"DepartmentRef": in_body("DepartmentRef.value", "reference"),
		"CurrencyRef": in_body("CurrencyRef.value"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		require_field(document, "DepositToAccountRef")
		document["DepositToAccountRef"] = settle_deposit_account(work, document)
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		home = work.company.home_currency
		currency = document.get("CurrencyRef", {}).get("value", home)
		settle_currency(work, document, {"CurrencyRef": {"value": currency.upper()}})
		self.settle_department(work, document)
		known = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
		self.settle_lines(work, document, known)
		self.settle_total(work, document)
		return document

	def settle_department(self, work: Work, document: dict[str, Any]) -> None:
		if "DepartmentRef" not in document:
			return
		if work.company.get_preference("AccountingInfoPrefs", "TrackDepartments"):
			document["DepartmentRef"] = work.refer(
				"Department", document["DepartmentRef"], "DepartmentRef", "FullyQualifiedName"
			)
		else:
			del document["DepartmentRef"]

	def settle_lines(self, work: Work, document: dict[str, Any], known: set[str]) -> None:
		"""Check the lines: what is taken from Undeposited Funds, or money of another account. Raises 2020 without any."""
		last = max((int(identifier) for identifier in known if identifier.isdigit()), default=0)
		lines = []
		for line in require_field(document, "Line"):
			stored = self.build_linked(work, document, line) if line.get("LinkedTxn") else None
			stored = stored or self.build_free(work, line)
			identifier = line.get("Id", "")
			if identifier in known:
				known.discard(identifier)
			else:
				last += 1
				identifier = str(last)
			lines.append({"Id": identifier, "LineNum": len(lines) + 1, **stored})
		document["Line"] = lines

	def build_linked(
		self, work: Work, document: dict[str, Any], line: dict[str, Any]
	) -> dict[str, Any] | None:
		"""Return the line of a payment or sales receipt, which is deposited whole; None where the link names none."""
		linked = line["LinkedTxn"][0]
		kind, identifier = linked.get("TxnType", ""), linked.get("TxnId", "0")
		if identifier == "0":
			return None
		if kind not in self.depositable:
			raise Fault("620", f"A {kind} cannot be deposited", "Line.LinkedTxn.TxnType")
		if "TxnLineId" not in linked:
			raise refuse_missing("Line.LinkedTxn.TxnLineId")
		target, row, body = links.find_transaction(work, kind, identifier)
		undeposited = str(work.company.get_role("undeposited_funds"))
		if body["DepositToAccountRef"]["value"] != undeposited:
			raise Fault("620", f"{kind} {identifier} does not lie in Undeposited Funds", "Line.LinkedTxn")
		if target.get_currency(work, body) != self.get_currency(work, document):
			raise Fault("620", f"{kind} {identifier} is in another currency", "Line.LinkedTxn")
		if "Amount" in line and to_cents(line["Amount"]) != row.total:
			raise refuse_business(
				f"{kind} {identifier} is deposited whole: {body['TotalAmt']}", "Line.Amount"
			)
		linked = {"TxnId": identifier, "TxnType": kind, "TxnLineId": linked["TxnLineId"]}
		return {"Amount": body["TotalAmt"], "LinkedTxn": [linked]}

	def build_free(self, work: Work, line: dict[str, Any]) -> dict[str, Any]:
		"""Return a line of money from another account. Raises 2020, 6440, 2500, or 6000 for a debt of nobody."""
		if "Amount" not in line:
			raise refuse_missing("Line.Amount")
		detail = dict(line.get(DETAIL, {}))
		if "AccountRef" not in detail:
			raise Fault(
				"6440", "A line of a deposit needs a linked transaction or an account", "Line.AccountRef"
			)
		_row, account = work.require("Account", detail["AccountRef"], "Line.AccountRef")
		detail["AccountRef"] = {"value": account["Id"], "name": account["FullyQualifiedName"]}
		owner = PARTY_OF_ACCOUNT_TYPE.get(account["AccountType"])
		if owner and ("Entity" not in detail or detail["Entity"].get("type", owner).lower() != owner.lower()):
			raise refuse_business(f"A line to {account['Name']} needs a {owner} as its Entity", "Line.Entity")
		if "Entity" in detail:
			kind = owner or detail["Entity"].get("type", "Customer").capitalize()
			if kind not in ("Customer", "Vendor", "Employee"):
				raise Fault("2110", f"Line.Entity.type does not allow {kind[:60]!r}", "Line.Entity.type")
			reference = work.refer(kind, detail["Entity"], "Line.Entity", "DisplayName")
			detail["Entity"] = {**reference, "type": kind.upper()}
		if "PaymentMethodRef" in detail:
			detail["PaymentMethodRef"] = work.refer(
				"PaymentMethod", detail["PaymentMethodRef"], "Line.PaymentMethodRef"
			)
		described = {"Description": line["Description"]} if "Description" in line else {}
		amount = round_half_up(line["Amount"])
		return {**described, "Amount": amount, "DetailType": DETAIL, DETAIL: detail}

	def settle_total(self, work: Work, document: dict[str, Any]) -> None:
		total = sum((line["Amount"] for line in document["Line"]), ZERO)
		if "CashBack" in document:
			back = dict(document["CashBack"])
			for name in ("AccountRef", "Amount"):
				if name not in back:
					raise refuse_missing(f"CashBack.{name}")
			back["AccountRef"] = work.refer(
				"Account", back["AccountRef"], "CashBack.AccountRef", "FullyQualifiedName"
			)
			back["Amount"] = round_half_up(back["Amount"])
			if back["Amount"] < 0:
				raise Fault("2290", "Cash back cannot be negative", "CashBack.Amount")
			document["CashBack"] = back
			total -= back["Amount"]
		if total < 0:
			raise refuse_business("The transaction amount must be 0 or greater", "TotalAmt")
		document["TotalAmt"] = total
		if "ExchangeRate" in document:
			document["HomeTotalAmt"] = convert_to_home(total, document["ExchangeRate"])

	def list_links(self, document: dict[str, Any]) -> list[links.Link]:
		return [
			links.Link(linked["TxnType"], int(linked["TxnId"]))
			for line in document["Line"]
			for linked in line.get("LinkedTxn", [])
		]

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		"""Return bank and cash back against Undeposited Funds (at the payments' own rates) and the free accounts."""
		rate = self.get_rate(document)
		memo = f"Deposit {document.get('DocNumber', '')}".strip()
		bank = int(document["DepositToAccountRef"]["value"])
		postings = [ledger.Posting(bank, to_cents(convert_to_home(document["TotalAmt"], rate)), memo)]
		if "CashBack" in document:
			back = document["CashBack"]
			cents = to_cents(convert_to_home(back["Amount"], rate))
			postings.append(ledger.Posting(int(back["AccountRef"]["value"]), cents, "Cash back"))
		undeposited = work.company.get_role("undeposited_funds")
		for line in document["Line"]:
			if "LinkedTxn" in line:
				linked = line["LinkedTxn"][0]
				target, _row, body = links.find_transaction(work, linked["TxnType"], linked["TxnId"])
				cents = to_cents(convert_to_home(line["Amount"], target.get_rate(body)))
				postings.append(ledger.Posting(undeposited, -cents, memo, target.get_party(body)))
			else:
				detail = line[DETAIL]
				cents = to_cents(convert_to_home(line["Amount"], rate))
				party = detail.get("Entity", {}).get("value")
				account = int(detail["AccountRef"]["value"])
				text = line.get("Description", memo)[:200]
				postings.append(ledger.Posting(account, -cents, text, int(party) if party else None))
		difference = -sum(posting.cents for posting in postings)
		if difference:
			account = work.company.get_role("exchange_gain_or_loss")
			postings.append(ledger.Posting(account, difference, "Exchange gain or loss"))
		return postings

	def move_party(self, work: Work, document: dict[str, Any], sign: int) -> None:
		"""Lines to a receivable lower what their customer owes; lines to a payable raise what is owed to their vendor."""
		for line in document["Line"]:
			detail = line.get(DETAIL, {})
			if "Entity" not in detail:
				continue
			row = work.get("Account", detail["AccountRef"]["value"])
			party = int(detail["Entity"]["value"])
			kind = PARTY_OF_ACCOUNT_TYPE.get(load_body(row.body)["AccountType"]) if row else None
			if kind:
				cents = to_cents(line["Amount"]) * (-1 if kind == "Customer" else 1)
				add_to_party(work, kind, party, sign * cents)
