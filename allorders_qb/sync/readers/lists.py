"""AO Customer, AO Vendor and AO Item -> the records that mapping builds QuickBooks' from."""

from typing import Any

from frappe.utils import cint, getdate

from allorders_qb.mapping.posting import CustomerRecord, ItemRecord, VendorRecord
from allorders_qb.money import to_decimal
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES
from allorders_qb.sync.inventory import COUNTED, get_fixed_values
from allorders_qb.sync.mode_change.records import read_new_values
from allorders_qb.sync.readers.sales import read_address


def read_customer(doc: Any, settings: Any) -> CustomerRecord:
	"""A customer as stored; ``settings`` (QuickBooks Settings) adds nothing to it."""
	return CustomerRecord(
		name=doc.customer_name,
		parent=doc.parent_customer or None,
		customer_type=doc.customer_type or None,
		company_name=doc.company_name or "",
		contact_name=doc.contact_name or "",
		email=doc.email or "",
		phone=doc.phone or "",
		terms=doc.terms or None,
		currency=doc.currency or None,
		tax_code=doc.tax_code or None,
		bill_to=read_address(doc, "bill_to"),
		ship_to=read_address(doc, "ship_to"),
		notes=doc.notes or "",
		inactive=bool(cint(doc.inactive)),
	)


def read_vendor(doc: Any, settings: Any) -> VendorRecord:
	"""A vendor as stored; ``settings`` (QuickBooks Settings) adds nothing to it."""
	return VendorRecord(
		name=doc.vendor_name,
		company_name=doc.company_name or "",
		contact_name=doc.contact_name or "",
		email=doc.email or "",
		phone=doc.phone or "",
		terms=doc.terms or None,
		currency=doc.currency or None,
		account_number=doc.account_number or "",
		tax_id=doc.tax_id or "",
		is_1099=bool(cint(doc.is_1099)),
		address=read_address(doc, "address"),
		notes=doc.notes or "",
		inactive=bool(cint(doc.inactive)),
	)


def read_item(doc: Any, settings: Any) -> ItemRecord:
	"""An item as stored; accounts that it does not name come from ``settings`` (QuickBooks Settings)."""
	fixed = {**get_fixed_values(doc, settings), **read_new_values(doc.name)}
	is_counted = settings.get("inventory_mode") == COUNTED and doc.item_type in STOCKED_ITEM_TYPES
	return ItemRecord(
		code=doc.item_code,
		item_type=doc.item_type,
		name=doc.item_name or "",
		description=doc.description or "",
		sku=doc.sku or "",
		unit_price=to_decimal(doc.unit_price or 0),
		purchase_cost=to_decimal(fixed.get("purchase_cost", doc.purchase_cost) or 0),
		purchase_description=doc.purchase_description or "",
		tax_code=doc.tax_code or None,
		income_account=doc.income_account or settings.default_income_account or None,
		expense_account=fixed["expense_account"]
		if "expense_account" in fixed
		else doc.expense_account or settings.default_expense_account or None,
		inactive=bool(cint(doc.inactive)),
		quickbooks_name=_find_leaf(doc),
		parent_id=fixed.get("parent_id"),
		asset_account=settings.inventory_asset_account if is_counted else None,
		inventory_start_date=getdate(settings.inventory_start_date)
		if is_counted and settings.inventory_start_date
		else None,
	)


def _find_leaf(doc: Any) -> str:
	"""The name of an item that is called by its whole path here, so that its code is no name in QuickBooks."""
	path = doc.quickbooks_fully_qualified_name or ""
	return path.rpartition(":")[2] if path == doc.item_code else ""
