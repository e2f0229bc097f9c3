"""An item as QuickBooks wants it. Source: Intuit's Item page.

Until QuickBooks counts stock too, what is kept in stock goes as NonInventory and what is not as Service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, PRICE_PLACES, check_length
from allorders_qb.mapping.names import clean_text, sanitise_name
from allorders_qb.mapping.posting import ItemRecord, References
from allorders_qb.mapping.refs import find_ref
from allorders_qb.mapping.same import same_values
from allorders_qb.money import round_half_up

__all__ = ["QUICKBOOKS_TYPES", "build_item", "same_values"]

NON_INVENTORY = "NonInventory"
SERVICE = "Service"
QUICKBOOKS_TYPES = {
	"Inventory Part": NON_INVENTORY,
	"Non-inventory Part": NON_INVENTORY,
	"Assembly": NON_INVENTORY,
	"Service": SERVICE,
	"Other Charge": SERVICE,
}


def build_item(
	record: ItemRecord,
	references: References,
	company: CompanyProfile,
	current: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates an item, or sparsely updates `current` (the object as QuickBooks has it).

	The type is set only at creation: an item keeps its type in QuickBooks. Raises MappingError naming the field.
	"""
	about = f"Item {record.code}"
	if record.item_type not in QUICKBOOKS_TYPES:
		raise MappingError(
			f'{about}, Item Type: "{record.item_type}" has no counterpart in QuickBooks. '
			f"Choose one of {', '.join(QUICKBOOKS_TYPES)}.",
			field="Item Type",
		)
	if not record.income_account:
		raise MappingError(
			f"{about}, Income Account is empty, and QuickBooks posts its sales there. "
			"Choose one on the item, or a default one in QuickBooks Settings.",
			field="Income Account",
		)
	payload: dict[str, Any] = {
		"Name": sanitise_name(record.code, field="Item Code", about=about),
		"IncomeAccountRef": find_ref(
			references.accounts, record.income_account, "Income Account", about=about
		),
		"UnitPrice": _round_price(record.unit_price),
	}
	if text := clean_text(record.description) or clean_text(record.name):
		payload["Description"] = check_length("Description", text, LIMITS["description"], about=about)
	if sku := clean_text(record.sku):
		payload["Sku"] = check_length("SKU", sku, LIMITS["sku"], about=about)
	payload.update(_build_purchase(record, references, about))
	payload.update(_build_tax(record, references, company, about))
	if current is not None:
		return {
			**payload,
			"Id": current["Id"],
			"SyncToken": current["SyncToken"],
			"sparse": True,
			"Active": not record.inactive,
		}
	return {**payload, "Type": QUICKBOOKS_TYPES[record.item_type]}


def _build_purchase(record: ItemRecord, references: References, about: str) -> dict[str, Any]:
	"""What we pay for it: only with an expense account, without which QuickBooks has no place for a purchase."""
	if not record.expense_account:
		return {}
	built: dict[str, Any] = {
		"ExpenseAccountRef": find_ref(
			references.accounts, record.expense_account, "Expense Account", about=about
		),
		"PurchaseCost": _round_price(record.purchase_cost),
	}
	if text := clean_text(record.purchase_description):
		built["PurchaseDesc"] = check_length(
			"Purchase Description", text, LIMITS["purchase_description"], about=about
		)
	return built


def _build_tax(
	record: ItemRecord, references: References, company: CompanyProfile, about: str
) -> dict[str, Any]:
	if not company.using_sales_tax or not record.tax_code:
		return {}
	if company.is_us:
		return {"Taxable": references.tax_codes.get(record.tax_code, record.tax_code) != "NON"}
	return {"SalesTaxCodeRef": find_ref(references.tax_codes, record.tax_code, "Tax Code", about=about)}


def _round_price(price: Any) -> Any:
	return round_half_up(price, PRICE_PLACES)
