"""What forms ask about the company: which fields it has a use for."""

import frappe

from allorders_qb.api.permissions import ROLES, require_any_role
from allorders_qb.sync import dimensions


@frappe.whitelist()
def get_dimensions() -> dict[str, bool]:
	"""Return whether QuickBooks tracks classes and locations; both, as long as no company is connected."""
	require_any_role(tuple(sorted(ROLES)))
	return dimensions.get_dimensions()
