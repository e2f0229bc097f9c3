"""A list record of ours as its neutral record, and QuickBooks' values written into one."""

from typing import Any

import frappe
from frappe.utils import cint

from allorders_qb.mapping.customer import EXEMPT, TAXABLE
from allorders_qb.mapping.item import OUR_TYPES, QUICKBOOKS_TYPES
from allorders_qb.mapping.neutral import CHECK, NUMBER, REFERENCE, TICKED, read_number, read_text
from allorders_qb.money import to_decimal
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.inventory import get_fixed_values
from allorders_qb.sync.links import get_ids, get_owner_of
from allorders_qb.sync.lists.definitions import LISTS, ListDefinition
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.plain import make_plain

TAX_CODE = "QuickBooks Tax Code"
UNKNOWN = "?"
"""What stands before the name of something that QuickBooks does not have."""


class MissingReference(Exception):
	"""A QuickBooks record refers to another one that we do not have (yet): ``doctype`` of ours, QuickBooks' ``id``."""

	def __init__(self, doctype: str, quickbooks_id: str):
		super().__init__(f"{doctype} {quickbooks_id}")
		self.doctype = doctype
		self.quickbooks_id = quickbooks_id


def read_ours(doc: Any, around: Surroundings, quickbooks_id: str = "") -> dict[str, str]:
	"""The neutral record of a document; ``quickbooks_id`` is that of its twin, which its name may carry."""
	definition = LISTS[doc.doctype]
	values, fixed = {}, read_fixed(doc)
	for field in definition.fields:
		value = fixed.get(field.fieldname, doc.get(field.fieldname))
		if field.fieldname == definition.name_field:
			values[field.fieldname] = get_shared_name(doc, quickbooks_id)
		elif field.fieldname == "item_type":
			values[field.fieldname] = QUICKBOOKS_TYPES.get(value, "")
		elif field.kind == REFERENCE:
			values[field.fieldname] = _find_id(definition, field.fieldname, value, around)
		elif field.kind == CHECK:
			values[field.fieldname] = TICKED if cint(value) else ""
		elif field.kind == NUMBER:
			values[field.fieldname] = read_number(to_decimal(value))
		else:
			values[field.fieldname] = read_text(value)
	return values


def read_fixed(doc: Any) -> dict[str, Any]:
	"""The fields of a record that are not its own to say, with their values: what the inventory mode decides of an item."""
	if doc.doctype != "AO Item":
		return {}
	return get_fixed_values(doc, frappe.get_cached_doc(SETTINGS))


def get_shared_name(doc: Any, quickbooks_id: str) -> str:
	"""The name that both sides know a record by.

	Where QuickBooks has two names that are one for our database, or two items of one name below different parents, ours
	is told apart by the id or by the whole path.
	"""
	if doc.doctype == "AO Item" and doc.quickbooks_fully_qualified_name == doc.name:
		return doc.name.rpartition(":")[2]
	return doc.name.removesuffix(make_id_suffix(quickbooks_id)) if quickbooks_id else doc.name


def make_id_suffix(quickbooks_id: str) -> str:
	"""What tells a record of ours from another whose name is the same to our database."""
	return f" ({quickbooks_id})"


def _find_id(definition: ListDefinition, fieldname: str, name: str | None, around: Surroundings) -> str:
	if not name:
		return ""
	doctype = definition.references[fieldname]
	if doctype in LISTS:
		return get_ids(around.realm_id, doctype, [name]).get(name) or f"{UNKNOWN}{name}"
	found = around.get_mirror(doctype).get(name) or f"{UNKNOWN}{name}"
	if doctype == TAX_CODE and around.company.is_us:
		return EXEMPT if found == EXEMPT else TAXABLE
	return found


def find_local_name(doctype: str, quickbooks_id: str, around: Surroundings) -> str | None:
	"""Our name of what QuickBooks refers to; None for no reference. Raises ``MissingReference``."""
	if not quickbooks_id:
		return None
	if doctype in LISTS:
		owner = get_owner_of(around.realm_id, LISTS[doctype].entity, quickbooks_id)
		if owner and owner.reference_doctype == doctype:
			return owner.reference_name
	elif found := around.find_mirrored(doctype, quickbooks_id):
		return found
	raise MissingReference(doctype, quickbooks_id)


def write_values(doc: Any, values: dict[str, str], around: Surroundings) -> None:
	"""Set a document's fields to neutral values (all but its name). Saves nothing. Raises ``MissingReference``."""
	definition = LISTS[doc.doctype]
	for fieldname, value in values.items():
		if fieldname != definition.name_field:
			doc.set(fieldname, make_local(definition, fieldname, value, around))


def make_local(definition: ListDefinition, fieldname: str, value: str, around: Surroundings) -> Any:
	"""A neutral value as our field holds it. Raises ``MissingReference``."""
	field = definition.get_field(fieldname)
	if fieldname == "item_type":
		return OUR_TYPES.get(value)
	if fieldname == "currency":
		return value if value and frappe.db.exists("Currency", value, cache=True) else None
	if field.kind == REFERENCE:
		return find_local_name(definition.references[fieldname], value, around)
	if field.kind == CHECK:
		return cint(value == TICKED)
	if field.kind == NUMBER:
		return float(value or 0)
	return make_plain(value)


def show_value(definition: ListDefinition, fieldname: str, value: str | None, around: Surroundings) -> str:
	"""A neutral value as a person reads it."""
	if value in (None, ""):
		return "" if definition.get_field(fieldname).kind != CHECK else frappe._("No")
	field = definition.get_field(fieldname)
	if field.kind == CHECK:
		return frappe._("Yes")
	if field.kind == REFERENCE:
		try:
			return find_local_name(definition.references[fieldname], value, around) or ""
		except MissingReference:
			return value.lstrip(UNKNOWN)
	return make_plain(value)
