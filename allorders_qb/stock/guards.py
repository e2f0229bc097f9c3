"""What protects the ledger from everybody but its writer, and from merges it cannot follow."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


class ComputedDocument(Document):
	"""A record that stock computes: nobody adds, changes, renames or deletes it by hand."""

	def before_insert(self) -> None:
		refuse_foreign_writer(self.doctype)

	def validate(self) -> None:
		refuse_foreign_writer(self.doctype)

	def before_change(self) -> None:
		refuse_foreign_writer(self.doctype)

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		refuse_foreign_writer(self.doctype)

	def on_trash(self) -> None:
		refuse_foreign_writer(self.doctype)


def refuse_foreign_writer(doctype: str) -> None:
	"""Raise: stock changes through documents only."""
	frappe.throw(
		_(
			"{0} cannot be added, changed or deleted by hand. Stock moves when a document is submitted or cancelled."
		).format(_(doctype)),
		title=_("Not Changed by Hand"),
	)


def has_moved(field: str, name: str) -> bool:
	"""Return whether an item (`field` = "item") or a location has any movement."""
	return bool(frappe.db.exists("AO Stock Ledger Entry", {field: name}))


def refuse_delete_of_moved(doctype: str, name: str) -> None:
	"""Refuse to delete a document that has moved stock: its ledger rows would explain nothing any more."""
	if frappe.db.exists("AO Stock Ledger Entry", {"voucher_type": doctype, "voucher_no": name}):
		frappe.throw(
			_("{0} {1} has moved stock and stays, cancelled, as the reason for it.").format(_(doctype), name),
			exc=frappe.LinkExistsError,
			title=_("Cannot Delete"),
		)


def refuse_merge_of_stocked(field: str, old: str, new: str) -> None:
	"""Refuse to merge two items, or two locations, that both have movements: their balances cannot be one row."""
	if has_moved(field, old) and has_moved(field, new):
		frappe.throw(
			_(
				"{0} and {1} both have movements in stock, so they cannot be merged. Make one of them inactive."
			).format(old, new),
			title=_("Cannot Merge"),
		)
