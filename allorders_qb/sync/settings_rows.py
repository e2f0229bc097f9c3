"""Rows and links of single DocTypes (the settings), written and read without saving the whole.

Saving checks all that the settings refer to. What an installation or a migration adds must not fail because an account or a
company that somebody has deleted still stands there.
"""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _


def add_settings_rows(doctype: str, fieldname: str, rows: Iterable[dict[str, Any]]) -> None:
	"""Add rows to a table of a single DocType, behind those it has. Does not commit."""
	table = frappe.get_meta(doctype).get_field(fieldname).options
	where = {"parent": doctype, "parenttype": doctype, "parentfield": fieldname}
	last = frappe.get_all(table, filters=where, pluck="idx", order_by="idx desc", limit=1)
	for index, values in enumerate(rows, (last[0] if last else 0) + 1):
		row = frappe.new_doc(table)
		row.update({**where, **values, "idx": index})
		row.db_insert()
	frappe.clear_document_cache(doctype, doctype)


def list_lost_links(doctype: str) -> list[str]:
	"""A sentence for each field of a single DocType that names a record which is not here any more."""
	settings = frappe.get_doc(doctype)
	return [
		_("{0}: {1} {2} is not here any more. Choose another one, or leave it empty.").format(
			_(field.label), _(field.options), settings.get(field.fieldname)
		)
		for field in settings.meta.get_link_fields()
		if settings.get(field.fieldname)
		and not frappe.db.exists(field.options, settings.get(field.fieldname))
	]
