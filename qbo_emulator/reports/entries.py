"""Ledger lines of transactions, as the detail reports show them, and their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qbo_emulator.clock import format_stamp
from qbo_emulator.money import from_scaled_quantity
from qbo_emulator.reports.period import Query
from qbo_emulator.reports.shapes import format_cents, make_column

MAX_CELLS = 400_000
TOO_MUCH = "Unable to display more data. Please reduce the date range."
"""Intuit's limit of a report's answer, and what it says when there is more."""
TITLES = {
	"tx_date": ("Date", "Date"),
	"txn_type": ("Transaction Type", "String"),
	"doc_num": ("Num", "String"),
	"is_no_post": ("Posting", "String"),
	"name": ("Name", "String"),
	"memo": ("Memo/Description", "String"),
	"account_name": ("Account", "String"),
	"other_account": ("Split", "String"),
	"split_acc": ("Split", "String"),
	"item_name": ("Product/Service", "String"),
	"quantity": ("Qty", "Quantity"),
	"due_date": ("Due Date", "Date"),
	"create_date": ("Create Date", "Date"),
	"last_mod_date": ("Last Modified", "Date"),
	"debt_amt": ("Debit", "Money"),
	"credit_amt": ("Credit", "Money"),
	"subt_nat_amount": ("Amount", "Money"),
	"subt_nat_open_bal": ("Open Balance", "Money"),
	"rbal_nat_amount": ("Balance", "Money"),
}
"""Column keys with their titles and types."""
TYPE_NAMES = {
	"CreditMemo": "Credit Memo", "SalesReceipt": "Sales Receipt", "RefundReceipt": "Refund", "JournalEntry": "Journal Entry",
	"VendorCredit": "Vendor Credit", "BillPayment": "Bill Payment", "InventoryAdjustment": "Inventory Qty Adjust",
	"CreditCardPaymentTxn": "Credit Card Payment", "Purchase": "Expense", "PurchaseOrder": "Purchase Order", "Item": "Inventory Starting Value",
}  # fmt: skip
"""What reports call a kind of transaction where it is not its own name."""


@dataclass(frozen=True)
class Entry:
	"""One ledger line. ``cents`` is debit positive."""

	entity: str
	identifier: int
	day: str
	doc_number: str
	account: int
	cents: int
	party: int | None
	item: int | None
	quantity: int | None
	memo: str
	due: str
	created: int
	updated: int


def list_entries(query: Query, where: str, values: Sequence[Any], limit: int) -> Iterator[Entry]:
	"""Yield ledger lines by account, day and the order they were made; ``where`` is on ``p``, the postings."""
	cursor = query.work.store.execute(
		"SELECT p.entity, p.id, p.txn_date, coalesce(o.doc_number, ''), p.account, p.cents, p.party, p.item, p.quantity,"
		" p.memo, coalesce(o.due_date, ''), coalesce(o.created, 0), coalesce(o.updated, 0) FROM posting p"
		" LEFT JOIN object o ON o.company = p.company AND o.entity = p.entity AND o.id = p.id"
		f" WHERE p.company = ? {where} ORDER BY p.account, p.txn_date, p.pk LIMIT ?",
		(query.company.key, *values, limit),
	)
	for row in cursor:
		yield Entry(*row)


def choose_columns(query: Query, default: Sequence[str]) -> list[str]:
	"""Return the keys of the columns asked for, in the report's own order; unknown ones are passed over."""
	asked = [key.strip().lower() for key in query.parameters.get("columns", "").split(",")]
	known = [key for key in TITLES if key in asked]
	return known or list(default)


def make_entry_columns(keys: Sequence[str]) -> list[dict[str, Any]]:
	return [make_column(*TITLES[key], key) for key in keys]


class Names:
	"""Names of accounts, parties and items by Id, and the other account of a transaction."""

	def __init__(self, query: Query) -> None:
		self.query = query
		self.accounts = self._load("name", "Account")
		self.parties = self._load("name", "Customer", "Vendor", "Employee")
		self.items = self._load("name", "Item")
		self._splits: dict[tuple[str, int], list[int]] = {}

	def _load(self, column: str, *entities: str) -> dict[int, str]:
		cursor = self.query.work.store.execute(
			f"SELECT id, {column} FROM object WHERE company = ? AND entity IN ({', '.join('?' * len(entities))})",
			(self.query.company.key, *entities),
		)
		return dict(cursor.fetchall())

	def get_split(self, entry: Entry) -> dict[str, str]:
		"""Return the account on the other side, or "-Split-" where there are several."""
		key = (entry.entity, entry.identifier)
		if key not in self._splits:
			cursor = self.query.work.store.execute(
				"SELECT DISTINCT account FROM posting WHERE company = ? AND entity = ? AND id = ?",
				(self.query.company.key, *key),
			)
			self._splits[key] = [row[0] for row in cursor]
		others = [account for account in self._splits[key] if account != entry.account]
		if len(others) == 1:
			return {"value": self.accounts.get(others[0], ""), "id": str(others[0])}
		return {"value": "-Split-", "id": ""}


def name_type(entity: str) -> str:
	return TYPE_NAMES.get(entity, entity)


def make_cell(key: str, entry: Entry, names: Names, amount: int, balance: int) -> dict[str, str]:
	"""Return one cell of a ledger line. ``amount`` and ``balance`` are in the account's natural sign."""
	if key == "subt_nat_amount":
		return {"value": format_cents(amount)}
	if key == "rbal_nat_amount":
		return {"value": format_cents(balance)}
	return CELLS[key](entry, names)


def make_name_cell(names: dict[int, str], identifier: int | None) -> dict[str, str]:
	return {"value": names.get(identifier or 0, ""), "id": str(identifier or "")}


CELLS: dict[str, Callable[[Entry, Names], dict[str, str]]] = {
	"tx_date": lambda entry, _names: {"value": entry.day},
	"txn_type": lambda entry, _names: {"value": name_type(entry.entity), "id": str(entry.identifier)},
	"doc_num": lambda entry, _names: {"value": entry.doc_number},
	"is_no_post": lambda _entry, _names: {"value": "Yes"},
	"name": lambda entry, names: make_name_cell(names.parties, entry.party),
	"memo": lambda entry, _names: {"value": entry.memo},
	"account_name": lambda entry, names: make_name_cell(names.accounts, entry.account),
	"other_account": lambda entry, names: names.get_split(entry),
	"split_acc": lambda entry, names: names.get_split(entry),
	"item_name": lambda entry, names: make_name_cell(names.items, entry.item),
	"quantity": lambda entry, _names: {
		"value": "" if entry.quantity is None else str(from_scaled_quantity(entry.quantity))
	},
	"due_date": lambda entry, _names: {"value": entry.due},
	"create_date": lambda entry, names: {"value": format_day(names.query, entry.created)},
	"last_mod_date": lambda entry, names: {"value": format_day(names.query, entry.updated)},
	"debt_amt": lambda entry, _names: {"value": format_cents(entry.cents) if entry.cents > 0 else ""},
	"credit_amt": lambda entry, _names: {"value": format_cents(-entry.cents) if entry.cents < 0 else ""},
	"subt_nat_open_bal": lambda _entry, _names: {"value": ""},
}
"""What stands in each column but the two that run up. A function each, as a ledger has many lines and few columns are shown."""


def format_day(query: Query, seconds: int) -> str:
	return format_stamp(seconds, query.company.zone)[:10] if seconds else ""
