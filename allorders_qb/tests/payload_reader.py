"""A payload as it left, made comparable: what is another in every run (names, numbers, dates) stands as what it is."""

from __future__ import annotations

import json
import re
from typing import Any

from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.tests.emulated import Company

LISTS = {
	"AccountRef": "Account",
	"IncomeAccountRef": "Account",
	"ExpenseAccountRef": "Account",
	"AssetAccountRef": "Account",
	"DepositToAccountRef": "Account",
	"AdjustAccountRef": "Account",
	"APAccountRef": "Account",
	"TaxCodeRef": "TaxCode",
	"SalesTermRef": "Term",
}
"""Fields that name one of the company's own lists, whose names are the same in every run."""

ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
MARKER = re.compile(r"(\[AO .*/\d+) [a-z0-9]{6}\]")


def describe_payload(company: Company, doc: Document, payload: str) -> dict[str, Any]:
	"""Return the payload of one of a document's rows with stand-ins: accounts and codes by their names, parties and items in
	the order in which they appear, the document's number, its dates, and the marker without its letters. Numbers are text."""
	names = {
		entity: {row["Id"]: row["Name"] for row in company.query(f"SELECT * FROM {entity} MAXRESULTS 1000")}
		for entity in sorted(set(LISTS.values()))
	}
	said: dict[str, str] = {}

	def stand_in(kind: str, value: str) -> str:
		known = sum(1 for name in said.values() if name.startswith(f"{kind} "))
		return said.setdefault(f"{kind} {value}", f"{kind} {known + 1}")

	def read(field: str, value: Any) -> Any:
		if isinstance(value, dict):
			if field.endswith("Ref") and "value" in value:
				return read_reference(field, value["value"])
			return {key: read(key, part) for key, part in value.items()}
		if isinstance(value, list):
			return [read(field, part) for part in value]
		return read_text(value) if isinstance(value, str) else value

	def read_reference(field: str, quickbooks_id: str) -> str:
		listed = names.get(LISTS.get(field, ""), {})
		return listed.get(quickbooks_id) or stand_in(field.removesuffix("Ref"), quickbooks_id)

	def read_text(text: str) -> str:
		text = MARKER.sub(r"\1 …]", text).replace(doc.name, "{name}")
		text = ISO_DATE.sub(lambda found: _name_date(doc, found.group()), text)
		mentioned = [record for record in _list_records(doc) if record in text]
		for record in sorted(mentioned, key=text.index):
			text = text.replace(record, stand_in("Name", record))
		return text

	return read("", json.loads(payload, parse_float=str, parse_int=str))


def _name_date(doc: Document, text: str) -> str:
	return "{posting_date}" if getdate(text) == getdate(doc.posting_date) else "{another date}"


def _list_records(doc: Document) -> list[str]:
	"""The names of items and of other documents that a payload's texts may mention."""
	rows = [doc, *doc.get_all_children()]
	fields = ("item", "receiver", "reference_name", "vendor_invoice_number", "purchase_order")
	found = {str(row.get(field)) for row in rows for field in fields if row.get(field)}
	return sorted(found - {doc.name})
