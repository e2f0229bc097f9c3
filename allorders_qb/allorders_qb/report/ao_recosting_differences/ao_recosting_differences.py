"""What was posted for each document against what it costs by now, where a later document has changed that."""

from frappe import _

from allorders_qb.sync.true_up import list_differences


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict]]:
	"""Return columns and rows: the document, what its posting did to inventory, what our ledger says by now, the difference."""
	columns = [
		_make_column("posting_date", _("Date"), "Date"),
		_make_column("reference_doctype", _("Document Type"), "Link", "DocType"),
		{**_make_column("reference_name", _("Document"), "Dynamic Link", "reference_doctype"), "width": 180},
		_make_column("posted_value", _("Posted"), "Currency"),
		_make_column("current_value", _("By Now"), "Currency"),
		_make_column("difference", _("Difference"), "Currency"),
		{**_make_column("account", _("Against"), "Link", "QuickBooks Account"), "width": 180},
	]
	rows = [{**found.show(), "posting_date": found.posting_date} for found in list_differences()]
	return columns, rows


def _make_column(fieldname: str, label: str, fieldtype: str, options: str | None = None) -> dict:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"options": options,
		"width": 130,
	}
