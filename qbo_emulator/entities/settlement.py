"""What Payment and BillPayment share: lines that settle other transactions, the unapplied rest, exchange gain or loss."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger, links
from qbo_emulator.entities.currency import convert_to_home
from qbo_emulator.entities.transaction import LINKED_TXN, ZERO, Transaction
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import Flag, Many, Number, ReadOnly, Struct, Text
from qbo_emulator.money import from_cents, round_half_up, to_cents
from qbo_emulator.party import OWED
from qbo_emulator.work import Work

PAYMENT_LINES = Many(
	Struct(
		Id=Text(40), LineNum=ReadOnly(), Description=Text(4000), Amount=Number("amount"), LinkedTxn=LINKED_TXN,
		DetailType=ReadOnly(), LineEx=ReadOnly(),
	)
)  # fmt: skip
CREDIT_CARD = Struct(
	CreditChargeInfo=Struct(
		Type=Text(40), NameOnAcct=Text(100), CcExpiryMonth=Number(), CcExpiryYear=Number(),
		BillAddrStreet=Text(255), PostalCode=Text(30), Amount=Number("amount"), ProcessPayment=Flag(), Number=ReadOnly(),
	),
	CreditChargeResponse=Struct(
		Status=Text(40), CCTransId=Text(40), AuthCode=Text(100), TxnAuthorizationTime=Text(40),
		TxnAuthorizationStamp=ReadOnly(), CardSecurityCodeMatch=ReadOnly(),
	),
)  # fmt: skip


def build_line_noise(target_id: str, open_cents: int, number: str) -> dict[str, Any]:
	"""Return ``LineEx`` as the service sends it with every line of a payment; it means nothing to a client."""
	pairs = (
		("txnId", target_id),
		("txnOpenBalance", str(from_cents(open_cents))),
		("txnReferenceNumber", number),
	)
	return {
		"any": [
			{
				"name": "{http://schema.intuit.com/finance/v3}NameValue",
				"declaredType": "com.intuit.schema.finance.v3.NameValue",
				"scope": "javax.xml.bind.JAXBElement$GlobalScope",
				"value": {"Name": name, "Value": value},
				"nil": False,
				"globalScope": True,
				"typeSubstituted": False,
			}
			for name, value in pairs
		]
	}


def check_unsettled(document: dict[str, Any]) -> None:
	"""Raise 6450 before a void where the card was charged by Intuit and the charge is settled."""
	card = document.get("CreditCardPayment", {})
	if card.get("CreditChargeInfo", {}).get("ProcessPayment") and (
		card.get("CreditChargeResponse", {}).get("Status") == "Completed"
	):
		raise Fault("6450", "The card was charged and the charge is settled; it cannot be voided")


class Settlement(Transaction):
	direction = 1
	"""1 where money comes in and a receivable goes (Payment), -1 the other way round (BillPayment)."""
	payable_types: frozenset[str] = frozenset()
	"""TxnTypes that a line may name."""

	def settle_total(self, document: dict[str, Any]) -> None:
		"""Round TotalAmt. Raises 2020 without one and 2290 below zero."""
		if "TotalAmt" not in document:
			raise refuse_missing("TotalAmt")
		document["TotalAmt"] = round_half_up(document["TotalAmt"])
		if document["TotalAmt"] < 0:
			raise Fault("2290", "TotalAmt cannot be negative", "TotalAmt")

	def settle_lines(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Check the lines and the sums of what is paid and credited. Raises 620, 2020, 2030, 2290 or 6000.

		Whether an amount is still open is checked when the links are made.
		"""
		own = {}
		if previous is not None:
			own = {
				(link.target_entity, link.target_id): link.cents or 0
				for link in links.list_outgoing(work, self.name, int(previous["Id"]))
			}
		lines = []
		for line in document.get("Line", []):
			stored = self.build_line(work, line, own)
			if stored is not None:
				lines.append(stored)
		document["Line"] = lines
		paid, credited = self.sum_sides(work, document)
		total = to_cents(document["TotalAmt"])
		if paid - credited > total:
			raise refuse_business(
				f"The lines apply {from_cents(paid - credited)}, the {self.name} amounts to {from_cents(total)}",
				"Line.Amount",
			)
		if credited > paid:
			raise refuse_business(
				f"The lines use credits of {from_cents(credited)} for only {from_cents(paid)}", "Line.Amount"
			)

	def build_line(
		self, work: Work, line: dict[str, Any], own: dict[tuple[str, int], int]
	) -> dict[str, Any] | None:
		"""Return a stored line with what it settles; None for one that names nothing or settles 0."""
		linked = [entry for entry in line.get("LinkedTxn", []) if entry.get("TxnId", "0") != "0"]
		if not linked:
			return None
		if len(linked) > 1:
			raise Fault("620", "A payment line can settle one transaction", "Line.LinkedTxn")
		kind, identifier = linked[0].get("TxnType", ""), linked[0]["TxnId"]
		if kind not in self.payable_types:
			raise Fault("620", f"A {self.name} cannot settle a {kind}", "Line.LinkedTxn.TxnType")
		if not identifier.isdigit():
			raise Fault("2030", f"Invalid ID : {identifier[:60]}", "Line.LinkedTxn.TxnId")
		if "Amount" not in line:
			raise refuse_missing("Line.Amount")
		amount = round_half_up(line["Amount"])
		if amount < 0:
			raise Fault("2290", "The amount applied to a transaction cannot be negative", "Line.Amount")
		if not amount:
			return None
		target, row, body = links.find_transaction(work, kind, identifier)
		open_cents = (row.balance or 0) + own.get((kind, int(identifier)), 0)
		return {
			"Amount": amount,
			"LinkedTxn": [{"TxnId": identifier, "TxnType": target.name}],
			"LineEx": build_line_noise(identifier, open_cents, body.get("DocNumber", "")),
		}

	def sum_sides(self, work: Work, document: dict[str, Any]) -> tuple[int, int]:
		"""Return the cents of what the lines pay and of the credits they use."""
		paid = credited = 0
		for line in document.get("Line", []):
			linked = line["LinkedTxn"][0]
			target, _row, body = links.find_transaction(work, linked["TxnType"], linked["TxnId"])
			if target.find_side(body) == OWED:
				paid += to_cents(line["Amount"])
			else:
				credited += to_cents(line["Amount"])
		return paid, credited

	def list_links(self, document: dict[str, Any]) -> list[links.Link]:
		return [
			links.Link(
				line["LinkedTxn"][0]["TxnType"], int(line["LinkedTxn"][0]["TxnId"]), to_cents(line["Amount"])
			)
			for line in document["Line"]
		]

	def compute_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		"""Return what is left of the money, unapplied."""
		paid, credited = self.sum_sides(work, document)
		return to_cents(document["TotalAmt"]) - paid + credited

	def compute_party_cents(self, work: Work, document: dict[str, Any]) -> int:
		return -to_cents(document["TotalAmt"])

	def build_settlement_postings(
		self, work: Work, document: dict[str, Any], money_account: int, party_account: int
	) -> list[ledger.Posting]:
		"""Return the money, what leaves the receivable or payable, and the realised exchange gain or loss.

		What is settled leaves at the rate of its own transaction, what stays unapplied at the payment's.
		"""
		rate, party, sign = self.get_rate(document), self.get_party(document), self.direction
		memo = f"{self.name} {document.get('PaymentRefNum') or document.get('DocNumber') or ''}".strip()

		def convert(amount: Decimal) -> int:
			return sign * to_cents(convert_to_home(amount, rate))

		postings = [ledger.Posting(money_account, convert(document["TotalAmt"]), memo, party)]
		for link in links.list_outgoing(work, self.name, int(document["Id"])):
			cents = -sign * link.side * (link.home_cents or 0)
			target, _row, body = links.find_transaction(work, link.target_entity, link.target_id)
			account = target.get_party_account(body) or party_account
			postings.append(ledger.Posting(account, cents, memo, link.party))
		unapplied = from_cents(self.compute_open_cents(work, document))
		postings.append(ledger.Posting(party_account, -convert(unapplied), memo, party))
		difference = -sum(posting.cents for posting in postings)
		if difference:
			account = work.company.get_role("exchange_gain_or_loss")
			postings.append(ledger.Posting(account, difference, "Exchange gain or loss", party))
		return postings

	def blank(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return the payment with amount 0, nothing settled, and "Voided" before its private note."""
		voided = {**document, "TotalAmt": ZERO, "Line": [], "LinkedTxn": []}
		if "HomeTotalAmt" in voided:
			voided["HomeTotalAmt"] = ZERO
		self.add_void_note(voided)
		return voided
