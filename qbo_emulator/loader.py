"""Writes a company file into the state file."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import Any

from qbo_emulator import operations
from qbo_emulator.clock import Clock
from qbo_emulator.company import Company
from qbo_emulator.company_file import LIST_SECTIONS, CompanyFileError
from qbo_emulator.entities import ENTITIES
from qbo_emulator.entities.attachable import FIRST_ID
from qbo_emulator.entities.people import CURRENCY_NAMES
from qbo_emulator.faults import Fault
from qbo_emulator.knobs import Knobs
from qbo_emulator.records import build_row
from qbo_emulator.saving import STATE, restore_state
from qbo_emulator.stock import settle
from qbo_emulator.store import Row, Store, parse_id
from qbo_emulator.work import Work


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


def load_company(store: Store, definition: dict[str, Any], realm: str, knobs: Knobs, clock: Clock) -> Company:
	"""Write a company's definition into the state file and open it. Runs in the caller's transaction.

	Raises CompanyFileError for a record or a transaction that the service would refuse.
	"""
	store.execute(
		"INSERT INTO company (realm, definition, knobs) VALUES (?, ?, ?)",
		(realm, json.dumps(definition, ensure_ascii=False), knobs.dump()),
	)
	key = store.execute("SELECT key FROM company WHERE realm = ?", (realm,)).fetchone()[0]
	company = Company(store, key, realm, definition, knobs)
	if STATE in definition:
		restore_state(store, key, definition[STATE])
		company.load_preferences()
		return company
	preferences = json.loads(json.dumps(definition["preferences"]))
	preferences.setdefault("SalesFormsPrefs", {})["CustomField"] = build_custom_field_preferences(
		definition.get("custom_fields", [])
	)
	work = Work(store, company, clock)
	insert_record(work, "Preferences", {"Id": "1", **preferences})
	company.load_preferences()
	insert_record(work, "CompanyInfo", {"Id": "1", **definition["company_info"]})
	store.raise_number(key, "DocNumber", int(definition.get("first_doc_number", 1001)) - 1)
	store.raise_number(key, "Attachable", FIRST_ID - 1)
	for section, entity in LIST_SECTIONS.items():
		for number, document in enumerate(definition.get(section, []), start=1):
			load_record(work, entity, document, f"Record {number} of {section} in the company file")
	for number, opening in enumerate(definition.get("transactions", []), start=1):
		write_opening(store, company, clock, number, opening)
	return company


def load_record(work: Work, entity: str, document: dict[str, Any], name: str) -> None:
	"""Insert a record of a company file. Raises CompanyFileError naming the record."""
	try:
		insert_record(work, entity, document)
	except KeyError as error:
		raise CompanyFileError(f"{name} lacks {error.args[0]}.") from error
	except sqlite3.IntegrityError as error:
		raise CompanyFileError(f"{name} has the Id or the name of another one.") from error
	except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
		raise CompanyFileError(f"{name} cannot be used: {error}.") from error
	except Fault as fault:
		raise CompanyFileError(f"{name} is refused with {fault.code}: {fault.detail}") from fault


def insert_record(work: Work, entity: str, document: dict[str, Any]) -> Row:
	"""Insert a record as it stands, with the next Id where it has none, and keep its number from being given again.

	An Inventory item with a quantity is posted as if it had just been created.
	"""
	store, company, spec = work.store, work.company, ENTITIES[entity]
	document = json.loads(json.dumps(document), parse_float=Decimal, parse_int=Decimal)
	identifier = parse_id(
		document["Id"] if "Id" in document else store.take_number(company.key, spec.sequence)
	)
	if "CurrencyRef" in spec.schema.fields:
		home = company.home_currency
		document.setdefault("CurrencyRef", {"value": home, "name": CURRENCY_NAMES.get(home, home)})
	document = spec.complete_definition(document)
	row = build_row(
		company.key, company.zone, entity, identifier, document, spec.build_columns(document), work.now
	)
	row.written = 0.0  # lagging queries see what the company began with
	store.insert(row)
	if isinstance(identifier, int):
		store.raise_number(company.key, spec.sequence, identifier)
	if spec.name_space:
		store.take_name(company.key, spec.name_space, spec.get_unique_name(document), entity, identifier)
	if entity == "Item" and document.get("QtyOnHand"):
		spec.record_effects(work, row, document, None)
		settle(work)
	return row


def write_opening(store: Store, company: Company, clock: Clock, number: int, opening: dict[str, Any]) -> None:
	"""Create a transaction of a company file as a client would. Raises CompanyFileError naming it."""
	name = str(opening.get("entity"))
	try:
		entity = ENTITIES[name]
		body = json.loads(json.dumps(opening["document"]), parse_float=Decimal)
		operations.write(Work(store, company, clock), entity, body)
	except KeyError as error:
		raise CompanyFileError(
			f"Transaction {number} of the company file names no known entity or has no document: {error}."
		) from error
	except Fault as fault:
		raise CompanyFileError(
			f"Transaction {number} of the company file ({name}) is refused with {fault.code}: {fault.detail}"
		) from fault
