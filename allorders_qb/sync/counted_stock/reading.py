"""What QuickBooks has in stock, and what each transaction did to it: from its reports, at the moment they are asked for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import frappe

from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.faults import OutcomeUnknown, word_silence
from allorders_qb.qbo.reports import (
	HOME_AMOUNT,
	LEDGER,
	LEDGER_COLUMNS,
	VALUATION,
	LedgerLine,
	Stock,
	read_ledger,
	read_valuation,
)
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import LINK, load_object
from allorders_qb.sync.registry import LIST_ROLE

ZERO = Decimal(0)
NOTHING = Stock(ZERO, ZERO)


@dataclass(frozen=True)
class TheirSide:
	"""QuickBooks' stock at the end of a day, in home currency.

	``stock`` by our item; ``moved`` by (Id of a transaction, our item) from a first day on; ``unclear`` are the items whose
	value and transactions do not add up in QuickBooks' own reports. What is not linked to an item of ours is left out.
	"""

	stock: dict[str, Stock]
	moved: dict[tuple[str, str], Decimal]
	unclear: set[str]


def read_stock(client: QuickBooksClient, realm_id: str, day: date) -> dict[str, Stock]:
	"""QuickBooks' stock of our items at the end of a day. One request."""
	items = get_items(realm_id)
	found = read_valuation(client.report(VALUATION, {"report_date": day.isoformat()}))
	return {items[item]: stock for item, stock in found.items() if item in items}


def read_total(client: QuickBooksClient, day: date) -> Decimal:
	"""What everything that QuickBooks counts is worth at the end of a day, ours or not. One request."""
	found = read_valuation(client.report(VALUATION, {"report_date": day.isoformat()}))
	return sum((stock.value for stock in found.values()), ZERO)


def read_their_side(client: QuickBooksClient, realm_id: str, start: date, day: date) -> TheirSide:
	"""Their side at the end of ``day``, with what moved from ``start`` on. Three requests, more where the ledger is long."""
	before = read_stock(client, realm_id, start - timedelta(days=1))
	moved = read_moves(client, realm_id, start, day)
	stock = read_stock(client, realm_id, day)
	sums: dict[str, Decimal] = defaultdict(Decimal)
	for (_transaction, item), amount in moved.items():
		sums[item] += amount
	unclear = {
		item
		for item in {*before, *stock, *sums}
		if before.get(item, NOTHING).value + sums[item] != stock.get(item, NOTHING).value
	}
	return TheirSide(stock, moved, unclear)


def read_moves(
	client: QuickBooksClient, realm_id: str, start: date, end: date
) -> dict[tuple[str, str], Decimal]:
	"""What each transaction dated in a period did to the value of each of our items, by (Id, our item)."""
	items, moved = get_items(realm_id), defaultdict(Decimal)
	for line in _read_lines(client, get_asset_accounts(realm_id), start, end):
		if line.item in items:
			moved[line.transaction, items[line.item]] += line.amount
	return dict(moved)


def _read_lines(
	client: QuickBooksClient, accounts: Iterable[str], start: date, end: date
) -> list[LedgerLine]:
	"""The ledger of these accounts; a period that is too long for one report is halved."""
	asked = {
		"start_date": start.isoformat(),
		"end_date": end.isoformat(),
		"account": ",".join(accounts),
		"columns": ",".join((*LEDGER_COLUMNS, HOME_AMOUNT)),
	}
	found = read_ledger(client.report(LEDGER, asked)) if start <= end else []
	if found is not None:
		return found
	if start == end:
		raise OutcomeUnknown(word_silence(f"QuickBooks' ledger of {start} is too long to be read", True))
	middle = start + (end - start) // 2
	return [
		*_read_lines(client, accounts, start, middle),
		*_read_lines(client, accounts, middle + timedelta(days=1), end),
	]


def get_items(realm_id: str) -> dict[str, str]:
	"""QuickBooks Id -> our item."""
	rows = frappe.get_all(
		LINK,
		filters={"realm_id": realm_id, "reference_doctype": "AO Item", "role": LIST_ROLE},
		fields=["quickbooks_id", "reference_name"],
		order_by="reference_name",
	)
	return {row.quickbooks_id: row.reference_name for row in rows}


def get_asset_accounts(realm_id: str) -> list[str]:
	"""The Ids of the accounts that QuickBooks keeps our items in: that of the settings, and any other that an item names there."""
	account = frappe.db.get_single_value(SETTINGS, "inventory_asset_account")
	found = {frappe.db.get_value("QuickBooks Account", account, "quickbooks_id")}
	snapshots = frappe.get_all(
		LINK,
		filters={
			"realm_id": realm_id,
			"reference_doctype": "AO Item",
			"snapshot": ("like", "%AssetAccountRef%"),
		},
		pluck="snapshot",
		order_by="reference_name",
	)
	for snapshot in snapshots:
		found.add((load_object(snapshot).get("AssetAccountRef") or {}).get("value"))
	return sorted(account for account in found if account)
