"""Why our value and QuickBooks' differ, by the document, and the account that the difference is booked against.

A work order's goes against *Manufacturing Clearing*, which then ends at zero; that of a quantity or value adjustment against
the account of the adjustment itself; freight and duty that a bill carries in another currency against *Landed Cost Clearing*;
everything else, returns and what costs otherwise by now, against the item's cost of goods.
"""

from decimal import Decimal
from typing import Any

import frappe

from allorders_qb.fulfilment.receiving import BILL_LATER
from allorders_qb.mapping.purchase import ACCOUNT_LINE
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.sync.inventory import COST_OF_GOODS
from allorders_qb.sync.links import LINK, load_object

ZERO = Decimal(0)

WORK_ORDER, LANDED_COST, VALUE_ADJUSTMENT, RETURN, RECOSTING = (
	"Work Order",
	"Landed Cost",
	"Value Adjustment",
	"Return",
	"Recosting",
)
CAUSES = {
	"AO Work Order": WORK_ORDER,
	"AO Value Adjustment": VALUE_ADJUSTMENT,
	"AO Customer Return": RETURN,
	"AO Vendor Return": RETURN,
}
"""By document type; whatever else moves stock is there at another cost by now."""
ADJUSTMENTS = ("AO Quantity Adjustment", "AO Value Adjustment")


def find_cause(doctype: str, name: str) -> str:
	"""The cause of what a document's value differs by."""
	if doctype == "AO Vendor Bill" and frappe.db.exists("AO Vendor Bill Landed Cost", {"parent": name}):
		return LANDED_COST
	return CAUSES.get(doctype, RECOSTING)


def find_account(doctype: str, name: str, item: str, settings: Any) -> str | None:
	"""The account that a document's difference is booked against; None where the settings name none."""
	if doctype == "AO Work Order":
		return settings.manufacturing_clearing_account
	if doctype in ADJUSTMENTS:
		return frappe.db.get_value(doctype, name, "account") or settings.adjustment_account
	return find_cost_account(item, settings)


def find_cost_account(item: str, settings: Any) -> str | None:
	"""The account that QuickBooks books the item's cost of goods on."""
	account = frappe.get_cached_value("AO Item", item, "expense_account")
	if account and frappe.get_cached_value("QuickBooks Account", account, "account_type") == COST_OF_GOODS:
		return account
	return settings.cost_of_goods_account


def find_landed_difference(realm_id: str, receiver: str, settings: Any) -> Decimal:
	"""What freight and duty of a receiver add to the goods beyond what its bill took off again: cents that the rate makes."""
	clearing = frappe.db.get_value(
		"QuickBooks Account", settings.landed_cost_clearing_account, "quickbooks_id"
	)
	snapshot = frappe.db.get_value(
		LINK,
		{
			"realm_id": realm_id,
			"reference_doctype": "AO Receiver",
			"reference_name": receiver,
			"entity": "Bill",
		},
		"snapshot",
	)
	if frappe.db.get_value("AO Receiver", receiver, "billing") == BILL_LATER:
		# Its goods are on several bills; what the rate makes of them is found out with the cost of goods.
		return ZERO
	costs = frappe.get_all(
		"AO Receiver Line", filters={"parent": receiver}, pluck="landed_cost", order_by="idx"
	)
	added = sum((to_decimal(cost, 2) for cost in costs), ZERO)
	if not snapshot or not clearing or not added:
		return ZERO
	bill = load_object(snapshot)
	rate = to_decimal(bill.get("ExchangeRate")) or Decimal(1)
	taken_off = sum(
		(
			round_half_up(multiply(-to_decimal(line["Amount"]), rate))
			for line in bill.get("Line") or ()
			if (line.get(ACCOUNT_LINE) or {}).get("AccountRef", {}).get("value") == clearing
		),
		ZERO,
	)
	return added - taken_off
