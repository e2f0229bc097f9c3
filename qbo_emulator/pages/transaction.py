"""The page of a transaction of any kind: document, lines, what it settles, stock, ledger lines, JSON."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.entities import ENTITIES
from qbo_emulator.money import from_scaled_quantity
from qbo_emulator.pages.addresses import link_record
from qbo_emulator.pages.document_lines import build_line_table
from qbo_emulator.pages.formats import format_address, format_money, format_number, name_kind
from qbo_emulator.pages.html import Html, facts, table, tag
from qbo_emulator.pages.ledger_table import build_ledger_table
from qbo_emulator.store import Row, parse_id
from qbo_emulator.work import load_body

PARTIES = (("CustomerRef", "Customer"), ("VendorRef", "Vendor"), ("EntityRef", ""))
ACCOUNTS = (
	("AccountRef", "Account"), ("DepositToAccountRef", "Deposit to"), ("AdjustAccountRef", "Adjustment account"),
	("ARAccountRef", "Receivable account"), ("APAccountRef", "Payable account"), ("FromAccountRef", "From"), ("ToAccountRef", "To"),
)  # fmt: skip
REFERENCES = (
	("SalesTermRef", "Terms"), ("PaymentMethodRef", "Payment method"), ("ClassRef", "Class"), ("DepartmentRef", "Location"),
	("ShipMethodRef", "Ship via"), ("CurrencyRef", "Currency"), ("EmployeeRef", "Employee"), ("ItemRef", "Item"),
)  # fmt: skip
PLAIN = (
	("TxnDate", "Date"), ("DueDate", "Due"), ("ExpirationDate", "Expires"), ("TxnStatus", "Status"), ("POStatus", "Status"),
	("PayType", "Paid by"), ("PaymentType", "Paid by"), ("PaymentRefNum", "Reference"), ("ShipDate", "Shipped"),
	("TrackingNum", "Tracking number"), ("ExchangeRate", "Exchange rate"), ("GlobalTaxCalculation", "Tax on amounts"),
	("Hours", "Hours"), ("Minutes", "Minutes"), ("EmailStatus", "E-mail"), ("PrintStatus", "Print"),
)  # fmt: skip
NOTES = (("CustomerMemo", "Message to customer"), ("Memo", "Memo"), ("PrivateNote", "Private note"))


def find_row(
	emulator: Emulator, company: Company, entity: str, identifier: str, words: str
) -> tuple[Row, dict[str, Any]]:
	"""Return a record and its body. Raises LookupError with a sentence."""
	row = emulator.store.get(company.key, entity, parse_id(identifier)) if identifier else None
	if row is None:
		raise LookupError(
			f"There is no {words} with Id {identifier} in {company.name}. It may have been deleted."
		)
	return row, load_body(row.body)


def show_transaction(
	emulator: Emulator, company: Company, request: web.Request, entity: str
) -> tuple[str, list[Html]]:
	words = name_kind(entity)
	row, body = find_row(emulator, company, entity, request.query.get("txnId", ""), words.lower())
	content = [
		tag("section", build_stamp(row), build_head(company, row, body)),
		tag("section", build_line_table(company, row, body)),
	]
	for title, shown in (
		("Settles or refers to", build_links(emulator, company, entity, row, outgoing=True)),
		("Settled or referred to by", build_links(emulator, company, entity, row, outgoing=False)),
	):
		if shown:
			content.append(tag("section", tag("h2", title), shown))
	notes = [(label, read_note(body.get(name))) for name, label in NOTES if body.get(name)]
	if notes:
		content.append(tag("section", facts(notes)))
	stock = build_stock_table(emulator, company, entity, row)
	if stock:
		content.append(tag("section", tag("h2", "In stock"), stock))
	content.append(
		tag("section", tag("h2", "In the ledger"), build_ledger_table(emulator, company, entity, row.id))
	)
	content.append(tag("section", build_json(row)))
	return f"{words} {row.doc_number or f'Id {row.id}'}", content


def read_note(value: Any) -> str:
	return str(value.get("value", "")) if isinstance(value, dict) else str(value or "")


def build_stamp(row: Row) -> Html | None:
	return tag("p", tag("span", "Voided", class_="stamp")) if row.state == "voided" else None


def build_json(row: Row) -> Html:
	"""Return the record as the API gives it, folded away."""
	shown = json.dumps(json.loads(row.body), indent=2, ensure_ascii=False)
	return tag("details", tag("summary", "As the API gives it"), tag("pre", shown))


def build_head(company: Company, row: Row, body: dict[str, Any]) -> Html:
	first: list[tuple[str, object]] = []
	for name, kind in PARTIES:
		reference = body.get(name)
		if isinstance(reference, dict) and "value" in reference:
			entity = kind or reference.get("type", "Customer")
			shown = link_record(
				company, entity, reference["value"], reference.get("name", reference["value"])
			)
			first.append((entity, shown))
	for name, label in (("BillAddr", "Bill to"), ("ShipAddr", "Ship to"), ("VendorAddr", "Address")):
		first.append((label, format_address(body.get(name))))
	second = [(label, read_plain(body.get(name))) for name, label in PLAIN]
	if getattr(ENTITIES[row.entity], "open_fields", ()):
		second.insert(2, ("Open", format_money(row.balance)))
	third: list[tuple[str, object]] = []
	for name, label in ACCOUNTS:
		if isinstance(body.get(name), dict):
			reference = body[name]
			name_shown = reference.get("name", reference["value"])
			third.append((label, link_record(company, "Account", reference["value"], name_shown)))
	for name, label in REFERENCES:
		if isinstance(body.get(name), dict):
			third.append((label, body[name].get("name", body[name].get("value"))))
	third += [
		(field["Name"], field.get("StringValue")) for field in body.get("CustomField", []) if "Name" in field
	]
	third.append(("Id", f"{row.id} (version {row.sync_token})"))
	return tag("div", facts(first), facts(second), facts(third), class_="columns")


def read_plain(value: Any) -> str:
	return "" if value in (None, "NotSet") else str(value)


def build_links(emulator: Emulator, company: Company, entity: str, row: Row, outgoing: bool) -> Html | None:
	"""Return the transactions it settles, or those that settle it, with the amounts."""
	own, other = ("", "target_") if outgoing else ("target_", "")
	cursor = emulator.store.execute(
		f"SELECT l.{other}entity, l.{other}id, l.cents, o.txn_date, o.doc_number FROM link l"
		f" LEFT JOIN object o ON o.company = l.company AND o.entity = l.{other}entity AND o.id = l.{other}id"
		f" WHERE l.company = ? AND l.{own}entity = ? AND l.{own}id = ? ORDER BY l.pk",
		(company.key, entity, row.id),
	)
	lines: list[list[object]] = [
		[
			day,
			name_kind(kind),
			link_record(company, kind, identifier, number or f"Id {identifier}"),
			"" if cents is None else format_money(cents),
		]
		for kind, identifier, cents, day, number in cursor
	]
	return table(["Date", "Kind", "Number", "Amount"], lines, (3,)) if lines else None


def build_stock_table(emulator: Emulator, company: Company, entity: str, row: Row) -> Html | None:
	"""Return what it moves of Inventory items, and what that is worth."""
	cursor = emulator.store.execute(
		"SELECT m.item, o.name, m.kind, m.quantity, m.cents FROM stock_move m"
		" LEFT JOIN object o ON o.company = m.company AND o.entity = 'Item' AND o.id = m.item"
		" WHERE m.company = ? AND m.entity = ? AND m.id = ? ORDER BY m.line",
		(company.key, entity, row.id),
	)
	lines: list[list[object]] = [
		[
			link_record(company, "Item", item, name),
			name_kind(kind.replace("_", " ")),
			format_number(from_scaled_quantity(quantity)),
			format_money(cents),
		]
		for item, name, kind, quantity, cents in cursor
	]
	return table(["Item", "Move", "Quantity", "Value"], lines, (2, 3)) if lines else None
