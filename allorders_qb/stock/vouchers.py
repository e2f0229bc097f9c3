"""What a document has moved, as the ledger says now: its value by line, later corrections included. Reads only."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.query_builder.functions import Sum

from allorders_qb.money import to_decimal
from allorders_qb.stock.entries import ENTRY


def read_line_values(voucher_type: str, voucher_no: str) -> dict[str, Decimal]:
	"""Return the value that each line of a document moved, in home currency, to the cent, out negative; one query."""
	entry = frappe.qb.DocType(ENTRY)
	rows = (
		frappe.qb.from_(entry)
		.select(entry.voucher_line, Sum(entry.value_change).as_("value"))
		.where((entry.voucher_type == voucher_type) & (entry.voucher_no == voucher_no))
		.groupby(entry.voucher_line)
		.orderby(entry.voucher_line)
		.run(as_dict=True)
	)
	return {row.voucher_line: to_decimal(row.value, 2) for row in rows}
