"""InventoryValuationSummary: quantity on hand and its value, item by item, as the ledger's stock postings give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.money import from_cents, from_scaled_quantity, round_half_up
from qbo_emulator.reports.period import Query
from qbo_emulator.reports.shapes import make_cells, make_column, make_report
from qbo_emulator.work import load_body

ASSET_TYPE = "Other Current Asset"


def load_values(query: Query, day: str) -> dict[int, tuple[int, int]]:
	"""Return (scaled quantity, cents) of each stocked item at the end of a day, from the postings to asset accounts."""
	rows = query.work.store.find(query.company.key, "Account")
	accounts = [int(row.id) for row in rows if load_body(row.body)["AccountType"] == ASSET_TYPE]
	cursor = query.work.store.execute(
		"SELECT item, coalesce(sum(quantity), 0), sum(cents) FROM posting WHERE company = ? AND txn_date <= ?"
		f" AND item IS NOT NULL AND account IN ({', '.join('?' * len(accounts))}) GROUP BY item",
		(query.company.key, day, *accounts),
	)
	return {item: (quantity, cents) for item, quantity, cents in cursor}


def build_inventory_valuation(query: Query) -> dict[str, Any]:
	day = query.get_report_day(query.today.isoformat())
	values = load_values(query, day)
	wanted = query.get_ids("item")
	rows: list[dict[str, Any]] = []
	total = 0
	items = [(row, load_body(row.body)) for row in query.work.store.find(query.company.key, "Item")]
	descending = query.get_choice("sort_order", "ascend", "ascend", "descend") == "descend"
	for row, body in sorted(
		items, key=lambda pair: pair[1]["FullyQualifiedName"].casefold(), reverse=descending
	):
		if body["Type"] != "Inventory" or (wanted and row.id not in wanted):
			continue
		scaled, cents = values.get(int(row.id), (0, 0))
		if not row.active and not scaled and not cents:
			continue
		total += cents
		quantity = from_scaled_quantity(scaled)
		average = round_half_up(from_cents(cents) / quantity) if scaled else Decimal(0)
		cells = [body.get("Sku", ""), format_quantity(quantity), str(from_cents(cents)), f"{average:.2f}"]
		rows.append({"ColData": make_cells(body["FullyQualifiedName"], row.id, cells)})
	if rows:
		rows.append(
			{
				"ColData": make_cells("TOTAL", None, ["", "", str(from_cents(total)), ""]),
				"group": "GrandTotal",
			}
		)
	titles = (("SKU", "sku"), ("Qty", "qty"), ("Asset Value", "asset_value"), ("Avg Cost", "avg_cost"))
	columns = [make_column("", "ProductsAndService", "products_and_service")]
	columns += [make_column(title, "Money", key) for title, key in titles]
	macro = query.parameters.get("date_macro", "today").lower()
	header = {} if "report_date" in query.parameters else {"DateMacro": macro}
	header.update(StartPeriod=day, EndPeriod=day)
	return make_report(query, header, columns, rows, bool(rows), [("report_date", day)])


def format_quantity(quantity: Decimal) -> str:
	"""Return a quantity with two decimals, or as many more as it has."""
	places = max(2, -int(quantity.normalize().as_tuple().exponent))
	return f"{quantity:.{places}f}"
