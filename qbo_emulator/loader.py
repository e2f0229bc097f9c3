"""Writes a company file into the state file."""

from __future__ import annotations

import json
from typing import Any

from qbo_emulator.company import Company
from qbo_emulator.entities import ENTITIES
from qbo_emulator.knobs import Knobs
from qbo_emulator.records import build_row
from qbo_emulator.store import Store, parse_id

LIST_SECTIONS = {
	"accounts": "Account",
	"terms": "Term",
	"classes": "Class",
	"departments": "Department",
	"payment_methods": "PaymentMethod",
	"tax_rates": "TaxRate",
	"tax_codes": "TaxCode",
	"customers": "Customer",
	"vendors": "Vendor",
	"employees": "Employee",
	"items": "Item",
}
"""Sections of a company file and the entity they hold, in the order in which they are loaded."""


def build_custom_field_preferences(custom_fields: list[dict[str, str]]) -> list[dict[str, Any]]:
	"""Return SalesFormsPrefs.CustomField in the service's shape: one list of switches, one of names."""
	if not custom_fields:
		return []
	switches = [
		{
			"Name": f"SalesFormsPrefs.UseSalesCustom{field['DefinitionId']}",
			"Type": "BooleanType",
			"BooleanValue": True,
		}
		for field in custom_fields
	]
	names = [
		{
			"Name": f"SalesFormsPrefs.SalesCustomName{field['DefinitionId']}",
			"Type": "StringType",
			"StringValue": field["Name"],
		}
		for field in custom_fields
	]
	return [{"CustomField": switches}, {"CustomField": names}]


def load_company(store: Store, definition: dict[str, Any], realm: str, knobs: Knobs, now: float) -> Company:
	"""Write a company's definition into the state file and open it. Runs in the caller's transaction."""
	store.execute(
		"INSERT INTO company (realm, definition, knobs) VALUES (?, ?, ?)",
		(realm, json.dumps(definition, ensure_ascii=False), knobs.dump()),
	)
	key = store.execute("SELECT key FROM company WHERE realm = ?", (realm,)).fetchone()[0]
	company = Company(store, key, realm, definition, knobs)
	preferences = json.loads(json.dumps(definition["preferences"]))
	preferences.setdefault("SalesFormsPrefs", {})["CustomField"] = build_custom_field_preferences(
		definition.get("custom_fields", [])
	)
	insert_definition(store, company, "Preferences", {"Id": "1", **preferences}, now, {})
	company.load_preferences()
	insert_definition(store, company, "CompanyInfo", {"Id": "1", **definition["company_info"]}, now, {})
	for section, entity in LIST_SECTIONS.items():
		for document in definition.get(section, []):
			spec = ENTITIES[entity]
			document = spec.complete_definition(document)
			insert_definition(store, company, entity, document, now, spec.build_columns(document))
			if spec.name_space:
				name = spec.get_unique_name(document)
				store.take_name(key, spec.name_space, name, entity, parse_id(document["Id"]))
	return company


def insert_definition(
	store: Store, company: Company, entity: str, document: dict[str, Any], now: float, columns: dict[str, Any]
) -> None:
	"""Insert a record of a company file as it stands and keep its number from being given again."""
	identifier = parse_id(document["Id"])
	row = build_row(company.key, company.zone, entity, identifier, document, columns, now)
	row.written = 0.0  # lagging queries see what the company began with
	store.insert(row)
	if isinstance(identifier, int):
		store.raise_number(company.key, ENTITIES[entity].sequence, identifier)
