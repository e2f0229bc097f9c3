"""Who and what the browser tests meet: people of the wholesaler whose story the demo tells, its customers and goods."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

from desk_rest import RestSession

from allorders_qb.tests.emulated import Company

CLIENT_ID = "all-orders-app"
STORY = Path(__file__).resolve().parents[2] / "demo" / "data"
DOMAIN = "cascade-harbor.example"
PASSWORD = "harbor-kettle-1874"
ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")

PEOPLE = {
	"owner@cascade-harbor.example": ("Wanda Brightwater", ("System Manager",)),
	"clerk@cascade-harbor.example": ("Iris Calloway", ("AO User", "QuickBooks Poster")),
	"packer@cascade-harbor.example": ("Tomas Ferro", ("AO User",)),
	"viewer@cascade-harbor.example": ("Edwin Marsh", ("AO Viewer",)),
	"books@cascade-harbor.example": ("Noor Haddad", ("QuickBooks Manager", "AO Manager")),
}
CUSTOMERS = ("Nell's Pantry & Table", "O'Hara Mercantile", "Café Ondine", "The Brass Heron")
ITEMS = ("KC-101", "KC-102", "KC-110", "KC-115", "TW-302", "TW-304", "LN-401", "GS-801")
ASSEMBLY = "GS-801"


def read_rows(name: str) -> list[dict]:
	"""The rows of one of the story's tables, by column."""
	with (STORY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
		return list(csv.DictReader(file))


def bring_people(office: RestSession) -> None:
	"""The users; Frappe makes the first user of a site a System Manager, so the owner comes first."""
	for email, (full_name, roles) in PEOPLE.items():
		if office.has("User", email):
			continue
		first_name, last_name = full_name.split()
		office.insert(
			"User",
			email=email,
			first_name=first_name,
			last_name=last_name,
			new_password=PASSWORD,
			send_welcome_email=0,
			roles=[{"role": role} for role in roles],
		)


def bring_lists(office: RestSession) -> None:
	"""Locations, customers and items. Their terms and tax codes are QuickBooks', so a company must be connected."""
	lists = json.loads((STORY / "lists.json").read_text(encoding="utf-8"))
	for doctype, rows in (
		("AO Location", lists["locations"]),
		("AO Customer Type", lists["customer_types"]),
		("AO Sales Rep", lists["sales_reps"]),
		("AO Shipping Method", lists["ship_methods"]),
		(
			"AO Customer",
			[make_customer(row) for row in read_rows("customers") if row["customer_name"] in CUSTOMERS],
		),
		("AO Vendor", [make_vendor(row) for row in read_rows("vendors")]),
		("AO Item", [make_item(row) for row in read_rows("items") if row["item_code"] in ITEMS]),
	):
		name_field = next(iter(rows[0]))
		known = {row["name"] for row in office.find(doctype, ["name"])}
		for row in rows:
			if row[name_field] not in known:
				office.insert(doctype, **row)
	office.update("AO Settings", "AO Settings", default_location=lists["default_location"])


def make_settings(company: Company) -> dict:
	"""QuickBooks Settings for the emulated company, with waits short enough for tests."""
	return {
		"environment": "Emulator",
		"emulator_url": company.url,
		"client_id": CLIENT_ID,
		"client_secret": "a-secret-of-ours",
		"request_timeout": 10,
		"silence_wait": 2,
		"posting_rules": [{"document_type": "AO Ship Doc", "rule": "On Submit"}],
	}


def make_inventory_settings() -> dict:
	"""The inventory mode *Values Only* from today on, with the emulated company's accounts.

	The site's today may be yesterday here: it has a time zone of its own.
	"""
	return {
		"inventory_mode": "Values Only",
		"inventory_start_date": (date.today() - timedelta(days=1)).isoformat(),
		"inventory_asset_account": "Inventory Asset",
		"cost_of_goods_account": "Cost of Goods Sold",
		"adjustment_account": "Inventory Shrinkage",
		"scrap_account": "Scrap",
		"labour_account": "Labor Applied",
		"overhead_account": "Overhead Applied",
	}


def make_customer(row: dict) -> dict:
	"""An AO Customer of a row of the story; ships to where it bills unless the row says otherwise."""
	values = {
		key: value for key, value in row.items() if value and not key.startswith(("ship_to_", *ADDRESS_PARTS))
	}
	for part in ADDRESS_PARTS:
		values[f"bill_to_{part}"] = row[part]
		values[f"ship_to_{part}"] = row.get(f"ship_to_{part}") or row[part]
	return values


def make_vendor(row: dict) -> dict:
	"""An AO Vendor of a row of the story."""
	values = {key: value for key, value in row.items() if value and key not in ADDRESS_PARTS}
	return {**values, **{f"address_{part}": row[part] for part in ADDRESS_PARTS}}


def make_item(row: dict) -> dict:
	"""An AO Item of a row of the story, with what its vendors ask and what it is made of."""
	values = {key: value for key, value in row.items() if value}
	code = row["item_code"]
	values["vendor_prices"] = [
		{key: value for key, value in price.items() if value and key != "item_code"}
		for price in read_rows("vendor_prices")
		if price["item_code"] == code
	]
	made = json.loads((STORY / "bills_of_materials.json").read_text(encoding="utf-8")).get(code)
	if made:
		values["components"] = [
			{"item": item, "quantity": number} for item, number in made["components"].items()
		]
		values["production_costs"] = [
			dict(zip(("kind", "description", "amount"), cost, strict=True)) for cost in made["costs"]
		]
		values["steps"] = [dict(zip(("step_name", "notes"), step, strict=True)) for step in made["steps"]]
	return values


def bring_stock(office: RestSession) -> None:
	"""Something on the shelves, so that shipping does not warn; only once."""
	if office.find("AO Stock Balance", ["name"]):
		return
	opening = office.insert(
		"AO Opening Stock",
		remarks="What was on the shelves when we started.",
		lines=[
			{"item": item, "location": "Tacoma Warehouse", "quantity": 500, "unit_cost": 9}
			for item in ITEMS
			if item != ASSEMBLY
		],
	)
	office.submit("AO Opening Stock", opening["name"])
