"""From a local record to the QuickBooks object for it: reads what mapping needs, and lets mapping build it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import frappe

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.customer import build_customer
from allorders_qb.mapping.customer import same_values as same_customer
from allorders_qb.mapping.dispatch import Posting, build_posting, list_needed_records
from allorders_qb.mapping.item import build_item
from allorders_qb.mapping.item import same_values as same_item
from allorders_qb.mapping.posting import References
from allorders_qb.mapping.vendor import build_vendor
from allorders_qb.mapping.vendor import same_values as same_vendor
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import get_ids
from allorders_qb.sync.postings import read_charges
from allorders_qb.sync.readers.lists import read_customer, read_item, read_vendor
from allorders_qb.sync.registry import LIST_DOCTYPES

RECORD_READERS = {"AO Customer": read_customer, "AO Vendor": read_vendor, "AO Item": read_item}
RECORD_BUILDERS = {"AO Customer": build_customer, "AO Vendor": build_vendor, "AO Item": build_item}
SAME_VALUES = {"AO Customer": same_customer, "AO Vendor": same_vendor, "AO Item": same_item}


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


def build_transaction(posting: Posting, marker: str, around: Surroundings) -> dict:
	"""The payload of one posting. Raises ``mapping.errors.MappingError``."""
	charges = read_charges()
	needed = list_needed_records(posting, around.company, charges)
	return build_posting(posting, _read_references(around, needed), around.company, marker, charges)


def build_record(
	doc: Any, around: Surroundings, current: dict | None, changed: Collection[str] | None = None
) -> dict:
	"""The payload of a list record: a create, or an update of ``current`` in the ``changed`` fields (None: in all)."""
	settings = frappe.get_cached_doc(SETTINGS)
	record = RECORD_READERS[doc.doctype](doc, settings)
	references = _read_references(around, [("Customer", doc.get("parent_customer"))])
	return RECORD_BUILDERS[doc.doctype](record, references, around.company, current, changed)


def has_same_values(doctype: str, payload: dict, remote: dict) -> bool:
	"""Whether a record found in QuickBooks was made with exactly our values."""
	return SAME_VALUES[doctype](payload, remote)


def _read_references(around: Surroundings, needed: list[tuple[str, str | None]]) -> References:
	"""The ids of what a payload may name; ``needed`` are the records (list, local name) that are kept here as well."""
	ids = {
		kind: get_ids(
			around.realm_id, doctype, [name for list_name, name in needed if name and list_name == kind]
		)
		for kind, doctype in LIST_DOCTYPES.items()
	}
	return References(
		customers=ids["Customer"],
		vendors=ids["Vendor"],
		items=ids["Item"],
		terms=around.get_mirror("QuickBooks Term"),
		tax_codes=around.get_mirror("QuickBooks Tax Code"),
		tax_rates=around.get_mirror("QuickBooks Tax Rate"),
		accounts=around.get_mirror("QuickBooks Account"),
		classes=around.get_mirror("QuickBooks Class"),
		departments=around.get_mirror("QuickBooks Department"),
		payment_methods=around.get_mirror("QuickBooks Payment Method"),
		customer_types=around.get_mirror("QuickBooks Customer Type"),
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
