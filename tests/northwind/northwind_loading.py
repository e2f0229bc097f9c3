"""Northwind into a site, document by document, as people would have entered it. Needs a connected Frappe."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
from books_events import Receive, Ship, Year
from northwind_files import Northwind, Order, Row

from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import make_ship_doc

LOCATION = "Northwind Warehouse"
CURRENCY = "USD"
HUNDRED = Decimal(100)


def make(doctype: str, **values):
	"""Return a new document of these values, not saved yet."""
	return frappe.get_doc({"doctype": doctype, **values})


def insert(doctype: str, **values):
	"""Return a new document of these values, inserted."""
	return make(doctype, **values).insert()


def load_lists(northwind: Northwind) -> None:
	"""Enter shippers, sellers, customers, suppliers and products. Commits."""
	insert("AO Location", location_name=LOCATION)
	for shipper in northwind.shippers.values():
		insert("AO Shipping Method", method_name=shipper)
	for seller in northwind.sellers.values():
		insert("AO Sales Rep", rep_name=seller)
	for row in northwind.customers.values():
		load_customer(row)
	for row in northwind.suppliers.values():
		load_supplier(row)
	for row in northwind.products.values():
		load_product(row, northwind.categories[row["categoryID"]])
	frappe.db.commit()


def load_customer(row: Row) -> None:
	insert(
		"AO Customer",
		customer_name=row["companyName"],
		company_name=row["companyName"],
		contact_name=row["contactName"],
		phone=row["phone"],
		currency=CURRENCY,
		bill_to_line1=row["address"],
		bill_to_city=row["city"],
		bill_to_state=row["region"],
		bill_to_postal_code=row["postalCode"],
		bill_to_country=row["country"],
		notes=f"Northwind customer {row['customerID']}",
	)


def load_supplier(row: Row) -> None:
	insert(
		"AO Vendor",
		vendor_name=row["companyName"],
		contact_name=row["contactName"],
		phone=row["phone"],
		currency=CURRENCY,
		address_line1=row["address"],
		address_city=row["city"],
		address_state=row["region"],
		address_postal_code=row["postalCode"],
		address_country=row["country"],
	)


def load_product(row: Row, category: str) -> None:
	"""A discontinued product comes in active: it is still on old orders."""
	insert(
		"AO Item",
		item_code=row["productName"],
		description=f"{row['productName']}, {row['quantityPerUnit']}",
		sku=f"NW-{row['productID']}",
		category=category,
		unit_price=float(row["unitPrice"]),
	)


def receive_goods(event: Receive) -> str:
	"""Receive what a supplier brings in a month; the receiver's name. Commits."""
	doc = make(
		"AO Receiver",
		vendor=event.vendor,
		posting_date=event.day,
		location=LOCATION,
		vendor_invoice_number=event.name,
		lines=[
			{"item": line.item, "quantity": float(line.quantity), "unit_cost": float(line.unit_cost)}
			for line in event.lines
		],
	)
	doc.submit()
	frappe.db.commit()
	return doc.name


def enter_order(order: Order) -> str:
	"""Enter one order, submitted at once; its name. Commits."""
	doc = make(
		"AO Sales Order",
		customer=order.customer,
		order_date=order.ordered,
		requested_date=order.required,
		location=LOCATION,
		po_number=order.number,
		sales_rep=order.seller,
		ship_method=order.shipper,
		freight=float(order.freight),
		ship_to_line1=order.ship_to["shipAddress"],
		ship_to_city=order.ship_to["shipCity"],
		ship_to_state=order.ship_to["shipRegion"],
		ship_to_postal_code=order.ship_to["shipPostalCode"],
		ship_to_country=order.ship_to["shipCountry"],
		lines=[
			{
				"item": line.product,
				"quantity": float(line.quantity),
				"unit_price": float(line.unit_price),
				"discount_percent": float(line.discount * HUNDRED),
			}
			for line in order.lines
		],
	)
	doc.submit()
	frappe.db.commit()
	return doc.name


def ship_order(name: str, shipped: date) -> str:
	"""Ship all of an order on that date, with Create > Ship Doc; the ship doc's name. Commits."""
	doc = make_ship_doc(name)
	doc.posting_date = shipped
	doc.submit()
	frappe.db.commit()
	return doc.name


def load_cast(year: Year) -> None:
	"""Enter customers, suppliers and products by their names alone. Commits."""
	for name in year.customers:
		insert("AO Customer", customer_name=name, currency=CURRENCY)
	for name in year.vendors:
		insert("AO Vendor", vendor_name=name, currency=CURRENCY)
	for code, values in year.items.items():
		insert("AO Item", item_code=code, **values)
	frappe.db.commit()


def ship_alone(event: Ship) -> str:
	"""Ship without an order; the ship doc's name. Commits."""
	doc = make(
		"AO Ship Doc",
		customer=event.customer,
		posting_date=event.day,
		location=LOCATION,
		freight=float(event.freight),
		lines=[
			{
				"item": line.item,
				"quantity": float(line.quantity),
				"unit_price": float(line.unit_price),
				"discount_percent": float(line.discount),
			}
			for line in event.lines
		],
	)
	doc.submit()
	frappe.db.commit()
	return doc.name
