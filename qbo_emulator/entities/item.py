"""Item: Inventory, NonInventory, Service, Group (bundle) and Category."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import stock
from qbo_emulator.costing import OPENING
from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.lists import ACTIVE, NAME, WRITABLE_LIST
from qbo_emulator.entities.naming import (
	FORBIDDEN_IN_NAMES,
	check_free_name,
	place_under_parent,
	rename_by_activity,
)
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import (
	COMMON,
	Choice,
	Day,
	Flag,
	Many,
	Number,
	ReadOnly,
	Reference,
	Struct,
	Text,
)
from qbo_emulator.money import from_scaled_quantity, to_cents, to_scaled_quantity
from qbo_emulator.store import Row
from qbo_emulator.work import Work, require_field

INVENTORY = "Inventory"
ACCOUNT_RULES = {
	"IncomeAccountRef": ("Income", "Other Income"),
	"ExpenseAccountRef": ("Cost of Goods Sold", "Expense", "Other Expense"),
	"AssetAccountRef": ("Other Current Asset",),
}
"""Account types that each reference allows; others are refused with 6430."""


ITEM_REFERENCES = {
	"SalesTaxCodeRef": ("TaxCode", "Name"),
	"PurchaseTaxCodeRef": ("TaxCode", "Name"),
	"ClassRef": ("Class", "FullyQualifiedName"),
	"PrefVendorRef": ("Vendor", "DisplayName"),
}


class Item(Entity):
	name = sequence = "Item"
	operations = WRITABLE_LIST
	has_active = True
	name_space = "item"
	nested_by = "Name"
	renders = True
	schema = Struct(
		**COMMON,
		Name=Text(100, FORBIDDEN_IN_NAMES),
		Type=Choice(INVENTORY, "NonInventory", "Service", "Group", "Category"),
		Active=Flag(),
		Sku=Text(100),
		Description=Text(4000),
		PurchaseDesc=Text(1000),
		UnitPrice=Number(),
		PurchaseCost=Number(),
		Taxable=Flag(),
		SalesTaxIncluded=Flag(),
		PurchaseTaxIncluded=Flag(),
		SubItem=Flag(),
		ParentRef=Reference(),
		IncomeAccountRef=Reference(),
		ExpenseAccountRef=Reference(),
		AssetAccountRef=Reference(),
		SalesTaxCodeRef=Reference(),
		PurchaseTaxCodeRef=Reference(),
		ClassRef=Reference(),
		PrefVendorRef=Reference(),
		TaxClassificationRef=Reference(),
		TrackQtyOnHand=Flag(),
		QtyOnHand=Number("quantity"),
		InvStartDate=Day(),
		ReorderPoint=Number("quantity"),
		ItemCategoryType=ReadOnly(),
		FullyQualifiedName=ReadOnly(),
		Level=ReadOnly(),
		AbatementRate=Number(),
		ReverseChargeRate=Number(),
		ServiceType=Text(50),
		UQCId=ReadOnly(),
		UQCDisplayText=ReadOnly(),
		Source=ReadOnly(),
		PrintGroupedItems=Flag(),
		ItemGroupDetail=Struct(
			ItemGroupLine=Many(Struct(ItemRef=Reference(), Qty=Number("quantity"), LineNum=ReadOnly())),
			ShowItemGroupDescription=ReadOnly(),
		),
	)
	columns = {
		"Name": NAME,
		"Active": ACTIVE,
		"FullyQualifiedName": in_body("FullyQualifiedName"),
		"Type": in_body("Type"),
		"Sku": in_body("Sku"),
		"UnitPrice": in_body("UnitPrice", "number"),
		"PurchaseCost": in_body("PurchaseCost", "number"),
		"SubItem": in_body("SubItem", "flag"),
		"TrackQtyOnHand": in_body("TrackQtyOnHand", "flag"),
		"ParentRef": in_body("ParentRef.value", "reference"),
		"QtyOnHand": Column("quantity", "quantity"),
		"Taxable": in_body("Taxable", "flag"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		require_field(sent, "Name")
		document = dict(sent)
		kind = self.settle_type(work, document, previous)
		if kind == INVENTORY:
			self.check_inventory(work, document, previous)
		elif kind in ("NonInventory", "Service"):
			if "IncomeAccountRef" not in document and "ExpenseAccountRef" not in document:
				raise refuse_missing("IncomeAccountRef")
			for name in ("AssetAccountRef", "InvStartDate", "QtyOnHand"):
				document.pop(name, None)
		elif kind == "Group":
			self.check_bundle(work, document)
		if kind != "Category":
			self.check_accounts(work, document)
		for name, (entity, name_field) in ITEM_REFERENCES.items():
			if name in document:
				document[name] = work.refer(entity, document[name], name, name_field)
		document["TrackQtyOnHand"] = kind == INVENTORY
		document.setdefault("Taxable", False)
		document["SubItem"] = "ParentRef" in document
		rename_by_activity(work, "item", document, previous, "Name")
		place_under_parent(work, "Item", document, "Name", previous)
		check_free_name(work, "item", document["FullyQualifiedName"], "Item", (previous or {}).get("Id"))
		return document

	def settle_type(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> str:
		"""Return the item's type; raises where it may not be created or changed so."""
		default = INVENTORY if document.get("TrackQtyOnHand") else "Service"
		kind = document.setdefault("Type", previous["Type"] if previous else default)
		if previous and previous["Type"] != kind:
			if (
				INVENTORY == previous["Type"]
				or "Group" in (kind, previous["Type"])
				or "Category" in (kind, previous["Type"])
			):
				raise refuse_business(
					f"The type of an item cannot be changed from {previous['Type']} to {kind}", "Type"
				)
		if kind == "Group" and not previous and not work.company.knobs["group_items_creatable"]:
			raise refuse_business("Bundles cannot be created through the API", "Type")
		return str(kind)

	def check_inventory(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		if not work.company.get_preference("ProductAndServicesPrefs", "QuantityOnHand"):
			raise Fault("5030", "Inventory tracking is not available in this company", "Type")
		if previous and previous["Type"] == INVENTORY:
			for name in ("IncomeAccountRef", "ExpenseAccountRef"):
				require_field(document, name)
			for name in ("QtyOnHand", "InvStartDate", "AssetAccountRef"):
				document[name] = previous[name] if name == "QtyOnHand" else document.get(name, previous[name])
			if document["AssetAccountRef"]["value"] != previous["AssetAccountRef"]["value"]:
				self.check_unmoved(work, previous)
			return
		if document.get("TrackQtyOnHand") is not True:
			raise refuse_missing("TrackQtyOnHand")
		for name in ("QtyOnHand", "InvStartDate", "IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef"):
			require_field(document, name)
		if document["QtyOnHand"] < 0:
			raise Fault("2100", "QtyOnHand cannot be negative", "QtyOnHand")

	def check_unmoved(self, work: Work, previous: dict[str, Any]) -> None:
		"""Raise 6000 where what is on hand stands on the asset account that the item is about to leave."""
		if stock.has_moved(work, int(previous["Id"])):
			raise refuse_business(
				f"{previous['Name']} has moved; its asset account cannot be changed", "AssetAccountRef"
			)

	def check_bundle(self, work: Work, document: dict[str, Any]) -> None:
		lines = document.get("ItemGroupDetail", {}).get("ItemGroupLine", [])
		if not lines:
			raise refuse_missing("ItemGroupDetail.ItemGroupLine")
		for line in lines:
			if "ItemRef" not in line:
				raise refuse_missing("ItemGroupLine.ItemRef")
			_row, component = work.require("Item", line["ItemRef"], "ItemGroupLine.ItemRef")
			if component["Type"] in ("Group", "Category"):
				raise refuse_business(
					"A bundle cannot contain a bundle or a category", "ItemGroupLine.ItemRef"
				)
			line["ItemRef"] = {"value": line["ItemRef"]["value"], "name": component["FullyQualifiedName"]}
			line.setdefault("Qty", Decimal(1))

	def check_accounts(self, work: Work, document: dict[str, Any]) -> None:
		for name, kinds in ACCOUNT_RULES.items():
			if name not in document:
				continue
			_row, account = work.require("Account", document[name], name)
			allowed = kinds
			if name == "ExpenseAccountRef" and document["Type"] != INVENTORY:
				if work.company.knobs["noninventory_asset_account"]:
					allowed = (*kinds, "Other Current Asset")
			if account["AccountType"] not in allowed:
				detail = f"{account['Name']} is of type {account['AccountType']}; {name} needs {' or '.join(allowed)}"
				raise Fault("6430", detail, name)
			document[name] = {"value": document[name]["value"], "name": account["FullyQualifiedName"]}

	def get_unique_name(self, document: dict[str, Any]) -> str:
		return document["FullyQualifiedName"]

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["Name"], "active": int(document.get("Active", True))}

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"Active": True, "FullyQualifiedName": document["Name"], "Taxable": False, **document}

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		"""Post the opening quantity of an inventory item: asset against Opening Balance Equity, at PurchaseCost.

		Afterwards only its date can be changed, to one that no transaction of the item precedes (6270).
		"""
		if document["Type"] != INVENTORY:
			return
		if previous and previous["Type"] == INVENTORY:
			if previous["InvStartDate"] != document["InvStartDate"]:
				work.check_period(previous["InvStartDate"], document["InvStartDate"])
				stock.change_opening_day(work, int(row.id), document["InvStartDate"])
			return
		work.check_period(document["InvStartDate"])
		quantity = to_scaled_quantity(document["QtyOnHand"])
		if quantity:
			cents = to_cents(document["QtyOnHand"] * document.get("PurchaseCost", Decimal(0)))
			equity = work.company.get_role("opening_balance_equity")
			opening = stock.Move(int(row.id), quantity, OPENING, cents, equity)
			stock.record(work, self.name, row.id, document["InvStartDate"], [opening])

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		if document["Type"] == INVENTORY:
			document["QtyOnHand"] = from_scaled_quantity(row.quantity or 0)
		return document
