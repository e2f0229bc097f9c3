"""What forms ask about the company: which fields it has a use for."""

import frappe

from allorders_qb.sync import dimensions


@frappe.whitelist()
def get_dimensions() -> dict[str, bool]:
	"""Return whether QuickBooks tracks classes and locations; both, as long as no company is connected.

	For everybody who is logged in: a document's form asks it, and a site's own roles may read documents too.
	"""
	return dimensions.get_dimensions()
