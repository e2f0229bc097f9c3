"""The rows of the stock ledger: what a row holds, and how rows are added."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from allorders_qb.stock.rows import STANDARD_COLUMNS

ENTRY = "AO Stock Ledger Entry"
COLUMNS = (
	"item", "location", "quantity_change", "value_change", "kind", "posting_date", "sequence", "voucher_type",
	"voucher_no", "voucher_line", "is_reversal", "source_entry", "is_derived", "added_value", "cost_weight",
)  # fmt: skip


def insert_entries(rows: list[tuple]) -> None:
	"""Add rows (STANDARD_COLUMNS, then COLUMNS) to the ledger; nothing ever changes or removes them."""
	if rows:
		frappe.qb.into(frappe.qb.DocType(ENTRY)).columns(*STANDARD_COLUMNS, *COLUMNS).insert(*rows).run()


def find_line_entries(voucher_type: str, vouchers: Iterable[str], kind: str) -> dict[str, str]:
	"""Return the entry of that kind with which each line of these documents moved, by line; reversals are left out."""
	rows = frappe.get_all(
		ENTRY,
		filters={
			"voucher_type": voucher_type,
			"voucher_no": ("in", sorted(set(vouchers)) or [""]),
			"kind": kind,
			"is_reversal": 0,
		},
		fields=["name", "voucher_line"],
		order_by="name",
	)
	return {row.voucher_line: row.name for row in rows}
