"""A journal entry as QuickBooks wants it: home currency, debits equal to credits. Source: Intuit's JournalEntry page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.heads import build_journal_dimensions, build_number
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.marker import note_with_marker
from allorders_qb.mapping.names import clean_text
from allorders_qb.mapping.payload import write_date, write_number
from allorders_qb.mapping.posting import JournalDocument, JournalLine, References
from allorders_qb.mapping.refs import find_account, make_ref
from allorders_qb.money import round_half_up

DEBIT, CREDIT = "Debit", "Credit"


def build_journal(
	document: JournalDocument, references: References, company: CompanyProfile, marker: str
) -> dict[str, Any]:
	"""Return the payload that creates the journal entry, numbers as Decimal. Lines of zero are left out.

	Raises MappingError where the lines do not add up to zero, are not in whole cents, or name an unknown account.
	"""
	about = document.source_name
	check_journal(document)
	payload: dict[str, Any] = {
		"TxnDate": write_date(document.posting_date),
		"Line": [_build_line(line, references, company, about) for line in document.lines if line.amount],
		"PrivateNote": note_with_marker(document.private_note, marker, about=about),
		**build_number(document.doc_number, about=about),
	}
	if company.multicurrency:
		payload.update(CurrencyRef=make_ref(company.home_currency), ExchangeRate=Decimal(1))
	return payload


def check_journal(document: JournalDocument) -> None:
	"""Raise MappingError unless the journal's lines add up to zero in whole cents and there is something in them."""
	about = document.source_name
	for line in document.lines:
		if round_half_up(line.amount) != line.amount:
			raise MappingError(
				f"{about}: {write_number(line.amount)} on {line.account} is not in whole cents. Save the document again.",
				field="Amount",
			)
	difference = sum((line.amount for line in document.lines), Decimal(0))
	if difference:
		raise MappingError(
			f"{about}: debits and credits of its journal entry differ by {difference}, so it was not sent. "
			"Report this with the document's name: it is a mistake of All Orders, not yours.",
			field="Amount",
		)
	if not any(line.amount for line in document.lines):
		raise MappingError(f"{about}: there is nothing to record, all amounts are zero.", field="Amount")


def is_zero_journal(document: JournalDocument) -> bool:
	"""Return whether every line is zero, so that there is nothing to record."""
	return not any(line.amount for line in document.lines)


def _build_line(
	line: JournalLine, references: References, company: CompanyProfile, about: str
) -> dict[str, Any]:
	detail: dict[str, Any] = {
		"PostingType": DEBIT if line.amount > 0 else CREDIT,
		"AccountRef": find_account(references.accounts, line.account, line.account_field, about=about),
	}
	detail.update(
		build_journal_dimensions(line.class_name, line.department, references, company, about=about)
	)
	built: dict[str, Any] = {
		"Amount": abs(line.amount),
		"DetailType": "JournalEntryLineDetail",
		"JournalEntryLineDetail": detail,
	}
	if text := clean_text(line.description):
		built["Description"] = check_length("Description", text, LIMITS["description"], about=about)
	return built
