"""Who a request is from: the request id under which QuickBooks knows it, and the marker it carries.

Source: ``accounting.md`` 2 of the design notes, Intuit's blog on ``requestid`` (36 characters fit everywhere).
"""

import hashlib
import secrets
from typing import Any

import frappe
from frappe.utils import get_datetime

SETTINGS = "QuickBooks Settings"


def get_installation_id() -> str:
	"""The few letters that tell this site's transactions from another's in the same company.

	Made once, in the current transaction, under the lock of its own row; never changed afterwards.
	"""
	known = frappe.db.get_single_value(SETTINGS, "installation_id")
	if known:
		return known
	made = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _letter in range(6))
	frappe.db.set_single_value(SETTINGS, "installation_id", made)
	return made


def get_document_seed(doc: Any) -> str:
	"""What makes a document's marker its own: the site, and the moment the document was made.

	A site that was restored from a backup gives the same numbers out again, to other documents.
	"""
	return f"{get_installation_id()} {get_datetime(doc.creation).isoformat()}"


def make_request_id(row: frappe._dict, realm_id: str) -> str:
	"""36 characters that stay the same for the same (company, document, role, operation, generation, attempt).

	The document counts with the moment of its creation: a deleted draft's name can be given out again.
	"""
	created = frappe.db.get_value(row.reference_doctype, row.reference_name, "creation")
	parts = (
		realm_id,
		get_installation_id(),
		row.reference_doctype,
		row.reference_name,
		get_datetime(created).isoformat() if created else "",
		row.role,
		row.operation,
		row.generation,
		row.attempt,
	)
	return "ao" + hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:34]
