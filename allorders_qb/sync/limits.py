"""What QuickBooks could not take, refused at saving, while the person who wrote it can still change it."""

from typing import Any

import frappe
from frappe import _

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, MAX_LINES, check_length

MARKER_ROOM = 100
"""Characters of the private note that stay free for our marker."""

TEXT_LIMITS: dict[str, dict[str, int]] = {
	"AO Ship Doc": {
		"customer_note": LIMITS["customer_memo"],
		"private_note": LIMITS["private_note"] - MARKER_ROOM,
		"ship_method": LIMITS["ship_method"],
		"tracking_number": LIMITS["tracking_number"],
	},
	"AO Customer Return": {
		"customer_note": LIMITS["customer_memo"],
		"private_note": LIMITS["private_note"] - MARKER_ROOM,
	},
	"AO Work Order": {"notes": LIMITS["private_note"] - MARKER_ROOM},
	"AO Quantity Adjustment": {"notes": LIMITS["private_note"] - MARKER_ROOM},
	"AO Cost True-Up": {"notes": LIMITS["private_note"] - MARKER_ROOM},
	"AO Value Adjustment": {"notes": LIMITS["private_note"] - MARKER_ROOM},
	"AO Payment": {
		"payment_reference": LIMITS["payment_reference"],
		"private_note": LIMITS["private_note"] - MARKER_ROOM,
	},
	"AO Customer": {
		"customer_name": LIMITS["name"],
		"email": LIMITS["email"],
		"phone": LIMITS["phone"],
		"notes": LIMITS["customer_notes"],
	},
	"AO Vendor": {
		"vendor_name": LIMITS["name"],
		"email": LIMITS["email"],
		"phone": LIMITS["phone"],
		"account_number": LIMITS["account_number"],
		"tax_id": LIMITS["tax_id"],
		"notes": LIMITS["customer_notes"],
	},
	"AO Item": {
		"item_code": LIMITS["name"],
		"description": LIMITS["description"],
		"purchase_description": LIMITS["purchase_description"],
		"sku": LIMITS["sku"],
	},
}
LINE_LIMITS = {
	"AO Ship Doc": {"description": LIMITS["description"]},
	"AO Customer Return": {"description": LIMITS["description"]},
}


def check_record(doc: Any) -> None:
	"""Throw, naming document, row and field, where a text is longer or lines are more than QuickBooks takes."""
	about = doc.name or _(doc.doctype)
	try:
		for fieldname, limit in TEXT_LIMITS.get(doc.doctype, {}).items():
			check_length(_(doc.meta.get_label(fieldname)), doc.get(fieldname) or "", limit, about=about)
		for fieldname, limit in LINE_LIMITS.get(doc.doctype, {}).items():
			for line in doc.lines:
				check_length(
					_(line.meta.get_label(fieldname)),
					line.get(fieldname) or "",
					limit,
					about=about,
					row=line.idx,
				)
	except MappingError as error:
		frappe.throw(str(error), title=_("Too Long for QuickBooks"))
	if doc.doctype in LINE_LIMITS and len(doc.lines) > MAX_LINES:
		frappe.throw(
			_("{0} has {1} lines; QuickBooks takes {2}. Split it into several.").format(
				about, len(doc.lines), MAX_LINES
			),
			title=_("Too Long for QuickBooks"),
		)
