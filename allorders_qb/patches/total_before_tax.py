"""Documents from before they had a tax of their own: what they came to was before tax, or with a tax that was entered.

And payments from before they had an amount in home money."""

import frappe

from allorders_qb.fulfilment.taxing import BEFORE_TAX
from allorders_qb.money import multiply, round_half_up, to_decimal

DOCTYPES = (
	"AO Sales Order", "AO Ship Doc", "AO Customer Return", "AO Purchase Order", "AO Receiver", "AO Vendor Bill", "AO Vendor Return",
)  # fmt: skip


def execute() -> None:
	for doctype in DOCTYPES:
		table = frappe.qb.DocType(doctype)
		is_empty = table.prices_are.isnull() | (table.prices_are == "")
		frappe.qb.update(table).set(table.prices_are, BEFORE_TAX).where(is_empty).run()
		fields = ["name", "total", "tax_total", "exchange_rate"]
		for row in frappe.get_all(doctype, filters={"net_total": 0}, fields=fields, order_by="name"):
			total, rate = to_decimal(row.total, 2), to_decimal(row.exchange_rate) or 1
			values = {
				"net_total": float(total - to_decimal(row.tax_total, 2)),
				"home_total": float(round_half_up(multiply(total, to_decimal(rate)))),
			}
			frappe.db.set_value(doctype, row.name, values, update_modified=False)
	fields = ["name", "amount", "exchange_rate"]
	for row in frappe.get_all("AO Payment", filters={"home_amount": 0}, fields=fields, order_by="name"):
		amount, rate = to_decimal(row.amount, 2), to_decimal(row.exchange_rate) or to_decimal(1)
		home_amount = float(round_half_up(multiply(amount, rate)))
		frappe.db.set_value("AO Payment", row.name, "home_amount", home_amount, update_modified=False)
