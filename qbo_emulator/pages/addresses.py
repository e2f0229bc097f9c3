"""Where the page of a record is: the addresses that QuickBooks' own pages have, as far as they are known."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from qbo_emulator.company import Company
from qbo_emulator.entities import ENTITIES
from qbo_emulator.pages.html import Html, link

PAGE_NAMES = {
	"Payment": "recvpayment", "JournalEntry": "journal", "Purchase": "expense", "InventoryAdjustment": "inventoryadjustment",
}  # fmt: skip
"""Pages of transactions that are not called as their entity is, in lower case."""
LIST_PAGES = {
	"Customer": ("customerdetail", "nameId"),
	"Vendor": ("vendordetail", "nameId"),
	"Item": ("item", "itemId"),
	"Account": ("register", "accountId"),
}


def list_transaction_kinds() -> list[str]:
	"""Return the names of the transactions that are emulated, in alphabetical order."""
	return sorted(name for name, entity in ENTITIES.items() if entity.is_transaction)


def get_page_name(entity: str) -> str:
	return PAGE_NAMES.get(entity, entity.lower())


def build_address(company: Company, path: str, **parameters: Any) -> str:
	"""Return an address within the company's pages."""
	return f"{path}?{urlencode({**parameters, 'companyId': company.realm})}"


def link_record(company: Company, entity: str, identifier: Any, text: object) -> Html | str:
	"""Return a link to a record's page; the text alone for a kind that has none."""
	if entity in LIST_PAGES:
		page, key = LIST_PAGES[entity]
	elif entity in ENTITIES and ENTITIES[entity].is_transaction:
		page, key = get_page_name(entity), "txnId"
	else:
		return str(text)
	return link(build_address(company, f"/app/{page}", **{key: identifier}), text)
