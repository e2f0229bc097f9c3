"""What the readers of journals share: accounts of QuickBooks Settings, and values that go from one account to another."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from frappe.utils import getdate

from allorders_qb.mapping.posting import JournalDocument, JournalLine

Account = tuple[str | None, str]
"""An account, and the label of the field that names it (for the refusal where it names none)."""


def name_account(settings: Any, fieldname: str, own: str | None = None) -> Account:
	"""The account that a document names itself (``own``), else the one of QuickBooks Settings."""
	return own or settings.get(fieldname) or None, settings.meta.get_label(fieldname)


def move_value(
	amount: Decimal, debit: Account, credit: Account, item: str, class_name: str | None = None
) -> list[JournalLine]:
	"""The two lines by which so much (home currency; negative: the other way) of an item's value changes accounts."""
	return [
		post_value(amount, debit, item, item, class_name),
		post_value(-amount, credit, item, item, class_name),
	]


def post_value(
	amount: Decimal,
	account: Account,
	description: str,
	item: str | None = None,
	class_name: str | None = None,
) -> JournalLine:
	"""One line: a debit when positive. ``item`` is whose value it is, where it is an item's."""
	name, field = account
	return JournalLine(name or "", amount, description, class_name, account_field=field, item=item)


def make_journal(
	doc: Any, kind: str, lines: Iterable[JournalLine], private_note: str | None = None
) -> JournalDocument:
	"""The journal of one role of a document, on its date, under its number, of its location."""
	department = doc.get("department") or None
	return JournalDocument(
		kind=kind,
		source_doctype=doc.doctype,
		source_name=doc.name,
		posting_date=getdate(doc.posting_date),
		doc_number=doc.name,
		lines=tuple(replace(line, department=department) for line in lines),
		private_note=private_note or None,
	)
