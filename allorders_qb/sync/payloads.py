"""From a local record to the QuickBooks object for it: reads what mapping needs, and lets mapping build it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import frappe

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.comparison import compare_sales_form
from allorders_qb.mapping.customer import build_customer
from allorders_qb.mapping.customer import same_values as same_customer
from allorders_qb.mapping.item import build_item
from allorders_qb.mapping.item import same_values as same_item
from allorders_qb.mapping.posting import PostingDocument, References
from allorders_qb.mapping.sales_form import build_sales_form
from allorders_qb.mapping.vendor import build_vendor
from allorders_qb.mapping.vendor import same_values as same_vendor
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import get_ids
from allorders_qb.sync.readers.lists import read_customer, read_item, read_vendor
from allorders_qb.sync.readers.ship_doc import read_ship_doc

DOCUMENT_READERS = {"AO Ship Doc": read_ship_doc}
RECORD_READERS = {"AO Customer": read_customer, "AO Vendor": read_vendor, "AO Item": read_item}
RECORD_BUILDERS = {"AO Customer": build_customer, "AO Vendor": build_vendor, "AO Item": build_item}
SAME_VALUES = {"AO Customer": same_customer, "AO Vendor": same_vendor, "AO Item": same_item}
INVOICE_ROLE = "invoice"


@dataclass(frozen=True)
class Surroundings:
	"""What the company is like and how it calls things: the second half of every payload."""

	realm_id: str
	company: CompanyProfile
	mirrors: dict[str, dict[str, str]] = field(default_factory=dict)
	"""By DocType: local name -> QuickBooks Id. Read once, for as long as this lives (one drain)."""

	def get_mirror(self, doctype: str) -> dict[str, str]:
		if doctype not in self.mirrors:
			self.mirrors[doctype] = _read_mirror(doctype, self.realm_id)
		return self.mirrors[doctype]

	def find_mirrored(self, doctype: str, quickbooks_id: str) -> str | None:
		"""The local name of what QuickBooks has under that id, or None."""
		return next(
			(name for name, known in self.get_mirror(doctype).items() if known == quickbooks_id), None
		)

	def forget_mirror(self, doctype: str) -> None:
		"""Have a list read anew at the next look: it has changed."""
		self.mirrors.pop(doctype, None)


def read_document(doc: Any) -> PostingDocument:
	"""The neutral posting document of a posting document."""
	return DOCUMENT_READERS[doc.doctype](doc)


def build_transaction(doc: Any, role: str, marker: str, around: Surroundings) -> dict:
	"""The payload of one role of a document. Raises ``mapping.errors.MappingError``."""
	posting = read_document(doc)
	settings = frappe.get_cached_doc("AO Settings")
	items = [line.item for line in posting.lines]
	references = _read_references(
		around,
		customers=[posting.party],
		items=[*items, settings.freight_item, settings.discount_item],
	)
	if role == INVOICE_ROLE:
		return build_sales_form(
			posting,
			references,
			around.company,
			marker=marker,
			freight_item=settings.freight_item,
			discount_item=settings.discount_item,
			freight_tax_code=_get_tax_code(settings.freight_item) if posting.freight else None,
		)
	raise KeyError(f"{doc.doctype} has no role {role}")


def _get_tax_code(item: str | None) -> str | None:
	return frappe.get_cached_value("AO Item", item, "tax_code") if item else None


def is_zero(doc: Any) -> bool:
	"""Whether every amount of the document is zero, so that there is nothing to record."""
	posting = read_document(doc)
	return not posting.total and not posting.freight and not any(line.amount for line in posting.lines)


def compare_transaction(doc: Any, around: Surroundings, answer: dict):
	"""What QuickBooks made of it against ours: ``mapping.comparison.Comparison``."""
	return compare_sales_form(read_document(doc), around.company, answer)


def build_record(
	doc: Any, around: Surroundings, current: dict | None, changed: Collection[str] | None = None
) -> dict:
	"""The payload of a list record: a create, or an update of ``current`` in the ``changed`` fields (None: in all)."""
	settings = frappe.get_cached_doc(SETTINGS)
	record = RECORD_READERS[doc.doctype](doc, settings)
	references = _read_references(around, customers=[doc.get("parent_customer")])
	return RECORD_BUILDERS[doc.doctype](record, references, around.company, current, changed)


def has_same_values(doctype: str, payload: dict, remote: dict) -> bool:
	"""Whether a record found in QuickBooks was made with exactly our values."""
	return SAME_VALUES[doctype](payload, remote)


def _read_references(around: Surroundings, customers=(), items=()) -> References:
	return References(
		customers=get_ids(around.realm_id, "AO Customer", [name for name in customers if name]),
		items=get_ids(around.realm_id, "AO Item", [name for name in items if name]),
		terms=around.get_mirror("QuickBooks Term"),
		tax_codes=around.get_mirror("QuickBooks Tax Code"),
		accounts=around.get_mirror("QuickBooks Account"),
		classes=around.get_mirror("QuickBooks Class"),
	)


def _read_mirror(doctype: str, realm_id: str) -> dict[str, str]:
	return dict(
		frappe.get_all(
			doctype,
			filters={"realm_id": realm_id},
			fields=["name", "quickbooks_id"],
			order_by="name",
			as_list=True,
		)
	)
