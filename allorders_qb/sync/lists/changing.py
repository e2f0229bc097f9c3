"""Many of our records changed at once by what QuickBooks has of them.

They are read in a few statements, child tables included; each goes through its checks and leaves a version; left out, as for
many new ones (``bulk``), are the other notices of a single save (realtime, after-save hooks).
"""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.model.naming import set_new_name

Record = dict[str, Any]
"""A record's columns, and the rows of its child tables under their field names."""


def read_records(doctype: str, names: list[str]) -> dict[str, Record]:
	"""Those of these records that are here, by name; locked until the transaction ends."""
	table = frappe.qb.DocType(doctype)
	found = (
		frappe.qb.from_(table)
		.select(table.star)
		.where(table.name.isin(names))
		.orderby(table.name)
		.for_update()
		.run(as_dict=True)
	)
	records = {values.name: {**values, "doctype": doctype} for values in found}
	for field in frappe.get_meta(doctype).get_table_fields():
		for values in records.values():
			values[field.fieldname] = []
		for row in _read_children(doctype, field, list(records)):
			records[row.parent][field.fieldname].append(row)
	return records


def _read_children(doctype: str, field: Any, names: list[str]) -> list[Record]:
	return frappe.get_all(
		field.options,
		filters={"parent": ("in", [*names, ""]), "parenttype": doctype, "parentfield": field.fieldname},
		fields=["*"],
		order_by="parent, idx",
	)


def make_document(record: Record) -> Any:
	"""The document of a record that was read; each call makes another one."""
	copied = {
		key: [dict(row) for row in value] if isinstance(value, list) else value
		for key, value in record.items()
	}
	return frappe.get_doc(copied)


def check_change(doc: Any, before: Any) -> None:
	"""What ``Document.save`` does before it writes; what the document refers to was looked up just now. Raises as that does."""
	doc.flags.ignore_permissions = True
	doc.set_user_and_timestamp()
	doc._doc_before_save, doc._action = before, "save"
	doc.run_before_save_methods()
	doc._validate()


def write_changes(changes: Iterable[tuple[Any, Any]]) -> None:
	"""Write checked documents of one DocType, each with what it was before, and their versions. Does not commit."""
	versions = []
	for doc, before in changes:
		doc.db_update()
		doc.clear_cache()
		version = frappe.new_doc("Version")
		if doc.meta.track_changes and version.update_version_info(before, doc):
			versions.append(version)
	_insert_versions(versions)


def _insert_versions(versions: list[Any]) -> None:
	if not versions:
		return
	for version in versions:
		version.set_user_and_timestamp()
		# By a sequence in one release of Frappe, by a hash in another.
		set_new_name(version)
	columns = frappe.get_meta("Version").get_valid_columns()
	records = [version.get_valid_dict(convert_dates_to_str=True) for version in versions]
	frappe.db.bulk_insert(
		"Version", columns, [[record.get(column) for column in columns] for record in records]
	)
