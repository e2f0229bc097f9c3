"""Which of class and location the connected company tracks, as its preferences were last read."""

from allorders_qb.sync.connection import get_company_profile, get_connection, get_realm_id


def get_dimensions() -> dict[str, bool]:
	"""Whether QuickBooks tracks ``classes`` and ``locations``; both, as long as no company has told us."""
	realm_id = get_realm_id()
	connection = get_connection(realm_id) if realm_id else None
	if not connection or not connection.preferences:
		return {"classes": True, "locations": True}
	company = get_company_profile(connection)
	return {
		"classes": company.tracks_classes_per_line or company.tracks_classes_per_transaction,
		"locations": company.tracks_departments,
	}
