"""What a document needs in QuickBooks before it can go there itself: its party and its items."""

from typing import Any

import frappe

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.sales_form import list_needed
from allorders_qb.sync.connection import get_company_profile, get_connection
from allorders_qb.sync.links import get_ids
from allorders_qb.sync.payloads import read_document
from allorders_qb.sync.registry import POSTING_TYPES


def get_needed_records(doc: Any, company: CompanyProfile | None = None) -> list[tuple[str, str]]:
	"""(DocType, name) of every list record that the document's transactions refer to, the party first.

	What is needed besides (an item for freight, one for a discount) depends on the company; before one is
	connected it is left out here and found when the document is sent.
	"""
	posting_type = POSTING_TYPES[doc.doctype]
	connection = get_connection() if company is None else None
	if connection and connection.preferences:
		company = get_company_profile(connection)
	items = {line.item for line in doc.lines if line.item}
	if company:
		items |= _list_charges(doc, company)
	return [
		(posting_type.party_doctype, doc.get(posting_type.party_field)),
		*(("AO Item", item) for item in sorted(items)),
	]


def _list_charges(doc: Any, company: CompanyProfile) -> frozenset[str]:
	"""Items of the document's own lines and charges. A document that can't be mapped needs nothing more: it is
	stopped, with its reason, when its payload is built."""
	settings = frappe.get_cached_doc("AO Settings")
	try:
		return list_needed(read_document(doc), company, settings.freight_item, settings.discount_item).items
	except MappingError:
		return frozenset()


def get_missing_records(realm_id: str | None, needed: list[tuple[str, str]]) -> list[tuple[str, str]]:
	"""Those of ``needed`` that have no counterpart in that company yet, in the same order."""
	if not realm_id:
		return needed
	linked = {
		doctype: get_ids(realm_id, doctype, [name for kind, name in needed if kind == doctype])
		for doctype in {kind for kind, _name in needed}
	}
	return [(doctype, name) for doctype, name in needed if name not in linked[doctype]]
