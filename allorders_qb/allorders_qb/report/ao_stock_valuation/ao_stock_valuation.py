"""AO Stock Valuation: quantity and value per item, first in, first out, now or at the end of a day; with the layers of now."""

from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum

from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.sync.counted_stock import shown


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict], list[dict]]:
	"""Return columns and rows; `filters` may hold item, to_date (else: now) and show_layers (of now)."""
	filters = frappe._dict(filters or {})
	stocks = read_stocks(filters)
	items = {
		row.name: row
		for row in frappe.get_all("AO Item", fields=["name", "item_name", "unit"], order_by="name")
	}
	layers = read_layers(filters) if not filters.to_date else {}
	rows = []
	for stock in stocks:
		quantity, value = to_decimal(stock.quantity, QUANTITY_PLACES), to_decimal(stock.value, 2)
		if not quantity and not value:
			continue
		own = layers.get(stock.item, [])
		rows.append(
			{
				"item": stock.item,
				"item_name": items[stock.item].item_name,
				"unit": items[stock.item].unit,
				"quantity": float(quantity),
				"value": float(value),
				"unit_cost": float(value / quantity) if quantity else None,
				"layers": len(own) if not filters.to_date else None,
				"indent": 0,
			}
		)
		if filters.show_layers:
			rows += [describe_layer(layer) for layer in own]
	columns = [*list_columns(), *(list_layer_columns() if filters.show_layers else [])]
	if filters.to_date or not shown.is_shown():
		return columns, rows
	readings = shown.get_readings()
	for row in rows:
		if reading := readings.get(row.get("item")):
			row.update(
				quickbooks_quantity=reading.quantity,
				quickbooks_value=reading.value,
				quickbooks_difference=float(to_decimal(row["value"], 2) - to_decimal(reading.value, 2)),
				quickbooks_read_at=reading.read_at,
			)
	place = [column["fieldname"] for column in columns].index("layers")
	return [*columns[:place], *list_quickbooks_columns(), *columns[place:]], rows


def list_quickbooks_columns() -> list[dict]:
	"""What QuickBooks has, as last read, and what our value differs by."""
	return [
		{
			"fieldname": "quickbooks_quantity",
			"label": _("Quantity in QuickBooks"),
			"fieldtype": "Float",
			"width": 120,
		},
		{
			"fieldname": "quickbooks_value",
			"label": _("Value in QuickBooks"),
			"fieldtype": "Currency",
			"width": 120,
		},
		{
			"fieldname": "quickbooks_difference",
			"label": _("Our Value Less QuickBooks'"),
			"fieldtype": "Currency",
			"width": 120,
		},
		{"fieldname": "quickbooks_read_at", "label": _("Read At"), "fieldtype": "Datetime", "width": 150},
	]


def read_stocks(filters: frappe._dict) -> list[frappe._dict]:
	"""Return item, quantity and value, by item: as they stand now, or as the ledger had them at the end of a day."""
	if not filters.to_date:
		return frappe.get_all(
			"AO Item Stock",
			filters={"item": filters.item} if filters.item else {},
			fields=["item", "on_hand as quantity", "value"],
			order_by="item",
		)
	entry = frappe.qb.DocType("AO Stock Ledger Entry")
	query = (
		frappe.qb.from_(entry)
		.select(entry.item, Sum(entry.quantity_change).as_("quantity"), Sum(entry.value_change).as_("value"))
		.where(entry.posting_date <= filters.to_date)
		.groupby(entry.item)
		.orderby(entry.item)
	)
	if filters.item:
		query = query.where(entry.item == filters.item)
	return query.run(as_dict=True)


def read_layers(filters: frappe._dict) -> dict[str, list[frappe._dict]]:
	"""Return the open layers by item, oldest first, each with the document that brought it (or, of a shortage, took it)."""
	layer, entry = frappe.qb.DocType("AO Stock Layer"), frappe.qb.DocType("AO Stock Ledger Entry")
	query = (
		frappe.qb.from_(layer)
		.join(entry)
		.on(entry.name == layer.entry)
		.select(
			layer.item, layer.posting_date, layer.is_shortage, layer.received, layer.quantity, layer.value,
			entry.voucher_type, entry.voucher_no,
		)
		.orderby(layer.item, layer.posting_date, layer.sequence)
	)  # fmt: skip
	if filters.item:
		query = query.where(layer.item == filters.item)
	layers: dict[str, list[frappe._dict]] = {}
	for row in query.run(as_dict=True):
		layers.setdefault(row.item, []).append(row)
	return layers


def describe_layer(layer: frappe._dict) -> dict:
	sign = -1 if layer.is_shortage else 1
	return {
		"posting_date": layer.posting_date,
		"voucher_type": layer.voucher_type,
		"voucher_no": layer.voucher_no,
		"received": layer.received,
		"quantity": sign * layer.quantity,
		"value": sign * layer.value,
		"unit_cost": layer.value / layer.quantity if layer.quantity else None,
		"indent": 1,
	}


def list_columns() -> list[dict]:
	return [
		{"fieldname": "item", "label": _("Item"), "fieldtype": "Link", "options": "AO Item", "width": 170},
		{"fieldname": "item_name", "label": _("Item Name"), "fieldtype": "Data", "width": 180},
		{"fieldname": "quantity", "label": _("Quantity"), "fieldtype": "Float", "width": 100},
		{"fieldname": "unit", "label": _("Unit"), "fieldtype": "Data", "width": 70},
		{"fieldname": "value", "label": _("Value"), "fieldtype": "Currency", "width": 120},
		{"fieldname": "unit_cost", "label": _("Unit Cost"), "fieldtype": "Currency", "width": 110},
		{"fieldname": "layers", "label": _("Layers"), "fieldtype": "Int", "width": 80},
	]


def list_layer_columns() -> list[dict]:
	"""Where a layer came from."""
	return [
		{"fieldname": "posting_date", "label": _("Came On"), "fieldtype": "Date", "width": 100},
		{"fieldname": "received", "label": _("Received"), "fieldtype": "Float", "width": 100},
		{"fieldname": "voucher_type", "label": _("By"), "fieldtype": "Data", "width": 120},
		{
			"fieldname": "voucher_no",
			"label": _("Document"),
			"fieldtype": "Dynamic Link",
			"options": "voucher_type",
			"width": 140,
		},
	]
