"""Pages about one thing: an invoice with its ledger lines, a customer, an item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web

from qbo_emulator import ledger
from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.money import from_scaled_quantity
from qbo_emulator.pages.html import Html, facts, link, table, tag
from qbo_emulator.pages.lists import PAGE_SIZE, build_invoice_table, format_money
from qbo_emulator.store import COLUMN_LIST, Row, parse_id
from qbo_emulator.work import load_body

ADDRESS_LINES = ("Line1", "Line2", "Line3", "Line4", "Line5")


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


def format_address(address: dict[str, Any] | None) -> str:
	if not address:
		return ""
	town = " ".join(
		address[key] for key in ("City", "CountrySubDivisionCode", "PostalCode") if key in address
	)
	return "\n".join(
		[
			*(address[key] for key in ADDRESS_LINES if key in address),
			*filter(None, (town, address.get("Country"))),
		]
	)


def format_number(value: Decimal | None) -> str:
	return "" if value is None else f"{value:,f}"


def format_price(value: Decimal | None) -> str:
	"""Return a unit price with two decimals, or more where it has more."""
	if value is None:
		return ""
	places = max(2, -int(value.normalize().as_tuple().exponent))
	return f"{value:,.{places}f}"


def list_line_cells(lines: list[dict[str, Any]]) -> list[list[object]]:
	"""Return a document's lines as table rows, those of a bundle below it."""
	cells: list[list[object]] = []
	for line in lines:
		kind = line["DetailType"]
		detail = line.get(kind, {})
		amount = f"{line['Amount']:,.2f}" if "Amount" in line else ""
		if kind == "SalesItemLineDetail":
			name = detail["ItemRef"].get("name", "Shipping")
			tax = detail.get("TaxCodeRef", {}).get("value", "")
			quantity, price = format_number(detail.get("Qty")), format_price(detail.get("UnitPrice"))
			cells.append([name, line.get("Description", ""), quantity, price, tax, amount])
		elif kind == "GroupLineDetail":
			quantity = format_number(detail["Quantity"])
			cells.append(
				[detail["GroupItemRef"]["name"], line.get("Description", ""), quantity, "", "", amount]
			)
			cells.extend(list_line_cells(detail["Line"]))
		elif kind == "SubTotalLineDetail":
			cells.append(["", tag("span", "Subtotal", class_="quiet"), "", "", "", amount])
		elif kind == "DiscountLineDetail":
			cells.append(["", "Discount", "", "", "", f"-{amount}"])
		else:
			cells.append(["", line.get("Description", ""), "", "", "", ""])
	return cells


def build_ledger_table(emulator: Emulator, company: Company, entity: str, identifier: Any) -> Html:
	postings = ledger.list_postings(emulator.store, company.key, entity, identifier)
	rows: list[list[object]] = [
		[
			posting["date"], posting["account"]["name"], posting["memo"],
			posting["debit"] if posting["debit"] != "0.00" else "", posting["credit"] if posting["credit"] != "0.00" else "",
		]
		for posting in postings
	]  # fmt: skip
	if rows:
		total = sum((Decimal(posting["debit"]) for posting in postings), Decimal(0))
		rows.append(["", "Total", "", f"{total:,.2f}", f"{total:,.2f}"])
	return table(["Date", "Account", "Memo", "Debit", "Credit"], rows, (3, 4), last_is_total=True)


def show_invoice(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	row, body = find_row(emulator, company, "Invoice", request.query.get("txnId", ""), "invoice")
	customer = link(
		f"/app/customerdetail?nameId={body['CustomerRef']['value']}&companyId={company.realm}",
		body["CustomerRef"]["name"],
	)
	lines = list_line_cells(body["Line"])
	tax = body.get("TxnTaxDetail", {}).get("TotalTax")
	if tax is not None:
		lines.append(["", "Sales tax", "", "", "", f"{tax:,.2f}"])
	currency = body["CurrencyRef"]["value"]
	lines.append(["", f"Total {currency}", "", "", "", format_money(row.total)])
	head = tag(
		"div",
		facts([("Customer", customer), ("Bill to", format_address(body.get("BillAddr"))), ("Ship to", format_address(body.get("ShipAddr")))]),
		facts([
			("Invoice date", row.txn_date), ("Due", row.due_date), ("Terms", body.get("SalesTermRef", {}).get("name")),
			("Balance", format_money(row.balance)), ("Exchange rate", body.get("ExchangeRate")),
		]),
		facts([
			("Ship via", body.get("ShipMethodRef", {}).get("name")), ("Shipped", body.get("ShipDate")),
			("Tracking number", body.get("TrackingNum")),
			*((field["Name"], field.get("StringValue")) for field in body.get("CustomField", [])),
			("Id", f"{row.id} (version {row.sync_token})"),
		]),
		class_="columns",
	)  # fmt: skip
	notes = facts(
		[
			("Message to customer", body.get("CustomerMemo", {}).get("value")),
			("Private note", body.get("PrivateNote")),
		]
	)
	content = [
		tag(
			"section",
			tag("p", tag("span", "Voided", class_="stamp")) if row.state == "voided" else None,
			head,
		),
		tag(
			"section",
			table(
				["Item", "Description", "Quantity", "Price", "Tax", "Amount"],
				lines,
				(2, 3, 5),
				last_is_total=True,
			),
		),
	]
	if notes != "<dl></dl>":
		content.append(tag("section", notes))
	content.append(
		tag("section", tag("h2", "In the ledger"), build_ledger_table(emulator, company, "Invoice", row.id))
	)
	return f"Invoice {row.doc_number or f'Id {row.id}'}", content


def show_customer(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	row, body = find_row(emulator, company, "Customer", request.query.get("nameId", ""), "customer")
	cursor = emulator.store.execute(
		f"SELECT {COLUMN_LIST} FROM object WHERE company = ? AND entity = 'Invoice' AND party = ?"
		" ORDER BY txn_date DESC, id DESC LIMIT ?",
		(company.key, row.id, PAGE_SIZE),
	)
	details = tag(
		"div",
		facts([
			("Company", body.get("CompanyName")), ("E-mail", body.get("PrimaryEmailAddr", {}).get("Address")),
			("Phone", body.get("PrimaryPhone", {}).get("FreeFormNumber")), ("Terms", body.get("SalesTermRef", {}).get("name")),
		]),
		facts([("Bill to", format_address(body.get("BillAddr"))), ("Ship to", format_address(body.get("ShipAddr")))]),
		facts([
			("Balance", format_money(row.balance)), ("Currency", body["CurrencyRef"]["value"]),
			("Notes", body.get("Notes")), ("Id", f"{row.id} (version {row.sync_token})"),
		]),
		class_="columns",
	)  # fmt: skip
	invoices = build_invoice_table(company, [Row(*values) for values in cursor])
	return body["DisplayName"], [
		tag("section", details),
		tag("section", tag("h2", f"Latest {PAGE_SIZE} invoices"), invoices),
	]


def show_item(emulator: Emulator, company: Company, request: web.Request) -> tuple[str, list[Html]]:
	row, body = find_row(emulator, company, "Item", request.query.get("itemId", ""), "item")
	on_hand = from_scaled_quantity(row.quantity or 0) if body["Type"] == "Inventory" else None
	details = tag(
		"div",
		facts([("Type", body["Type"]), ("SKU", body.get("Sku")), ("Description", body.get("Description"))]),
		facts([
			("Price", body.get("UnitPrice")), ("Income account", body.get("IncomeAccountRef", {}).get("name")),
			("Taxable", "yes" if body.get("Taxable") else "no"),
		]),
		facts([
			("Cost", body.get("PurchaseCost")), ("Expense account", body.get("ExpenseAccountRef", {}).get("name")),
			("Asset account", body.get("AssetAccountRef", {}).get("name")), ("On hand", on_hand),
			("Id", f"{row.id} (version {row.sync_token})"),
		]),
		class_="columns",
	)  # fmt: skip
	cursor = emulator.store.execute(
		"SELECT txn_date, entity, id, memo, quantity, cents FROM posting WHERE company = ? AND item = ?"
		" ORDER BY txn_date DESC, pk DESC LIMIT ?",
		(company.key, row.id, PAGE_SIZE),
	)
	lines: list[list[object]] = []
	for day, entity, identifier, memo, quantity, cents in cursor:
		where = (
			link(f"/app/invoice?txnId={identifier}&companyId={company.realm}", f"Invoice {identifier}")
			if entity == "Invoice"
			else entity
		)
		moved = from_scaled_quantity(quantity) if quantity else ""
		lines.append([day, where, memo, moved, format_money(cents)])
	shown = table(["Date", "Transaction", "Memo", "Quantity", "Debit (-credit)"], lines, (3, 4))
	return body["FullyQualifiedName"], [
		tag("section", details),
		tag("section", tag("h2", "Latest postings"), shown),
	]
