"""An item as QuickBooks wants it, and back. Source: Intuit's Item page.

What is kept in stock goes as Inventory where QuickBooks counts too, else as NonInventory, and what is not as Service. An
Inventory item is made with nothing on hand: a quantity would post to Opening Balance Equity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.customer import EXEMPT, TAXABLE
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, PRICE_PLACES, check_length
from allorders_qb.mapping.names import clean_text, sanitise_name
from allorders_qb.mapping.neutral import (
	CODE,
	NAME,
	NUMBER,
	REFERENCE,
	TICKED,
	ListField,
	read_check,
	read_number,
	read_ref,
	read_text,
)
from allorders_qb.mapping.parts import Around, Part, build_new, build_update
from allorders_qb.mapping.payload import write_date
from allorders_qb.mapping.people import ACTIVITY_PART, INACTIVE, read_name
from allorders_qb.mapping.posting import ItemRecord, References
from allorders_qb.mapping.refs import find_account, find_ref
from allorders_qb.mapping.same import same_values
from allorders_qb.money import round_half_up

__all__ = ["FIELDS", "NEVER_ITEMS", "OUR_TYPES", "QUICKBOOKS_TYPES", "build_item", "read_item", "same_values"]

INVENTORY = "Inventory"
NON_INVENTORY = "NonInventory"
SERVICE = "Service"
QUICKBOOKS_TYPES = {
	"Inventory Part": NON_INVENTORY,
	"Non-inventory Part": NON_INVENTORY,
	"Assembly": NON_INVENTORY,
	"Service": SERVICE,
	"Other Charge": SERVICE,
}
OUR_TYPES = {INVENTORY: "Inventory Part", NON_INVENTORY: "Non-inventory Part", SERVICE: "Service"}
"""What an item that was made in QuickBooks becomes here."""


def is_counterpart(ours: str | None, theirs: str) -> bool:
	"""Return whether an item of our type can be one of QuickBooks' type. Who counts the stock is the inventory mode's matter."""
	return (QUICKBOOKS_TYPES.get(ours or "") == SERVICE) == (theirs == SERVICE)


NEVER_ITEMS = ("Category", "Group")
"""Types that are no items of ours: a category only sorts them, a bundle is put together on the sales form."""

FIELDS = (
	ListField("item_code", "Item", NAME),
	ListField("item_type", "Item Type", CODE, reported=True),
	ListField("description", "Description"),
	ListField("sku", "SKU"),
	ListField("unit_price", "Unit Price", NUMBER),
	ListField("tax_code", "Tax Code", REFERENCE, silent=True),
	ListField("purchase_description", "Purchase Description"),
	ListField("purchase_cost", "Purchase Cost", NUMBER),
	ListField("income_account", "Income Account", REFERENCE, silent=True),
	ListField("expense_account", "Expense Account", REFERENCE, silent=True),
	INACTIVE,
)


def read_item(remote: Mapping[str, Any], company: CompanyProfile) -> dict[str, str]:
	"""Return the neutral record of an item as QuickBooks gives it; references are ids, `item_type` is QuickBooks' own."""
	tax_code = ""
	if company.using_sales_tax and company.is_us:
		tax_code = TAXABLE if read_check(remote.get("Taxable")) else EXEMPT
	elif company.using_sales_tax:
		tax_code = read_ref(remote, "SalesTaxCodeRef")
	return {
		"item_code": read_name(remote, "Name"),
		"item_type": str(remote.get("Type") or ""),
		"description": read_text(remote.get("Description")),
		"sku": read_text(remote.get("Sku")),
		"unit_price": read_number(remote.get("UnitPrice")),
		"tax_code": tax_code,
		"purchase_description": read_text(remote.get("PurchaseDesc")),
		"purchase_cost": read_number(remote.get("PurchaseCost")),
		"income_account": read_ref(remote, "IncomeAccountRef"),
		"expense_account": read_ref(remote, "ExpenseAccountRef"),
		"inactive": "" if read_check(remote.get("Active", True)) else TICKED,
	}


def build_item(
	record: ItemRecord,
	references: References,
	company: CompanyProfile,
	current: Mapping[str, Any] | None = None,
	changed: Collection[str] | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates an item, or updates `current` in the `changed` fields (all without them).

	The type is set only at creation: an item keeps its type in QuickBooks. Raises MappingError naming the field.
	"""
	about = f"Item {record.code}"
	around = Around(references, company, about, current, None if changed is None else frozenset(changed))
	if current is not None:
		return build_update((*_PARTS, ACTIVITY_PART), record, around, current, changed)
	if record.item_type not in QUICKBOOKS_TYPES:
		raise MappingError(
			f'{about}, Item Type: "{record.item_type}" has no counterpart in QuickBooks. '
			f"Choose one of {', '.join(QUICKBOOKS_TYPES)}.",
			field="Item Type",
		)
	built = build_new(_PARTS, record, around)
	if record.parent_id:
		built.update(SubItem=True, ParentRef={"value": record.parent_id})
	if not record.asset_account:
		return {**built, "Type": QUICKBOOKS_TYPES[record.item_type]}
	return {**built, **_build_inventory(record, around)}


def _build_inventory(record: ItemRecord, around: Around) -> dict[str, Any]:
	"""What makes an item one that QuickBooks counts: set when it is made, and never changed by us."""
	if record.inventory_start_date is None:
		raise MappingError(
			f"{around.about}: Start of Inventory is empty in QuickBooks Settings. Enter from which date QuickBooks counts.",
			field="Start of Inventory",
		)
	return {
		"Type": INVENTORY,
		"TrackQtyOnHand": True,
		"QtyOnHand": Decimal(0),
		"InvStartDate": write_date(record.inventory_start_date),
		"AssetAccountRef": find_account(
			around.references.accounts, record.asset_account, "Inventory Asset Account", about=around.about
		),
	}


def _build_name(record: ItemRecord, around: Around) -> dict[str, Any]:
	name = record.quickbooks_name or record.code
	return {"Name": sanitise_name(name, field="Item Code", about=around.about)}


def _build_description(record: ItemRecord, around: Around) -> dict[str, Any]:
	"""A new item without a description is described by its name."""
	text = clean_text(record.description)
	if not text and around.current is None:
		text = clean_text(record.name)
	return {
		"Description": check_length("Description", text, LIMITS["description"], about=around.about)
		if text
		else None
	}


def _build_sku(record: ItemRecord, around: Around) -> dict[str, Any]:
	sku = clean_text(record.sku)
	return {"Sku": check_length("SKU", sku, LIMITS["sku"], about=around.about) if sku else None}


def _build_price(record: ItemRecord, around: Around) -> dict[str, Any]:
	return {"UnitPrice": round_half_up(record.unit_price, PRICE_PLACES)}


def _build_income_account(record: ItemRecord, around: Around) -> dict[str, Any]:
	if not record.income_account:
		raise MappingError(
			f"{around.about}, Income Account is empty, and QuickBooks posts its sales there. "
			"Choose one on the item, or a default one in QuickBooks Settings.",
			field="Income Account",
		)
	return {
		"IncomeAccountRef": find_ref(
			around.references.accounts, record.income_account, "Income Account", about=around.about
		)
	}


def _build_purchase(record: ItemRecord, around: Around) -> dict[str, Any]:
	"""What we pay for it: only with an expense account, without which QuickBooks has no place for a purchase."""
	if not record.expense_account:
		return {}
	text = clean_text(record.purchase_description)
	return {
		"ExpenseAccountRef": find_ref(
			around.references.accounts, record.expense_account, "Expense Account", about=around.about
		),
		"PurchaseCost": round_half_up(record.purchase_cost, PRICE_PLACES),
		"PurchaseDesc": check_length(
			"Purchase Description", text, LIMITS["purchase_description"], about=around.about
		)
		if text
		else None,
	}


def _build_tax(record: ItemRecord, around: Around) -> dict[str, Any]:
	company = around.company
	if not company.using_sales_tax or not record.tax_code:
		return {}
	if company.is_us:
		return {"Taxable": around.references.tax_codes.get(record.tax_code, record.tax_code) != EXEMPT}
	return {
		"SalesTaxCodeRef": find_ref(
			around.references.tax_codes, record.tax_code, "Tax Code", about=around.about
		)
	}


_PARTS = (
	Part(("item_code", "inactive"), _build_name),
	Part(("income_account",), _build_income_account),
	Part(("unit_price",), _build_price),
	Part(("description",), _build_description),
	Part(("sku",), _build_sku),
	Part(("expense_account", "purchase_cost", "purchase_description"), _build_purchase),
	Part(("tax_code",), _build_tax),
)
