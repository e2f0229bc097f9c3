"""Lines of a document as a table, whatever kind of line they are."""

from __future__ import annotations

from typing import Any

from qbo_emulator.company import Company
from qbo_emulator.pages.addresses import link_record
from qbo_emulator.pages.formats import format_amount, format_money, format_number, format_price, name_kind
from qbo_emulator.pages.html import Html, table, tag
from qbo_emulator.store import Row

HEADINGS = ["Item or account", "Description", "Quantity", "Price", "Tax", "Amount"]
NUMBERS = (2, 3, 5)
JOURNAL = "JournalEntryLineDetail"


def build_line_table(company: Company, row: Row, body: dict[str, Any]) -> Html:
	"""Return the lines, then tax and total; of a journal entry the debits and credits."""
	lines = body.get("Line", [])
	if any(line.get("DetailType") == JOURNAL for line in lines):
		return build_journal_table(company, lines)
	cells = list_line_cells(company, lines)
	tax = body.get("TxnTaxDetail", {}).get("TotalTax")
	if tax is not None:
		cells.append(["", "Tax", "", "", "", format_amount(tax)])
	currency = body.get("CurrencyRef", {}).get("value", company.home_currency)
	cells.append(["", f"Total {currency}", "", "", "", format_money(row.total)])
	return table(HEADINGS, cells, NUMBERS, last_is_total=True)


def link_reference(company: Company, entity: str, reference: Any) -> object:
	"""Return a link to what a reference names, or nothing where there is none."""
	if not isinstance(reference, dict) or "value" not in reference:
		return ""
	return link_record(company, entity, reference["value"], reference.get("name", reference["value"]))


def list_line_cells(company: Company, lines: list[dict[str, Any]]) -> list[list[object]]:
	"""Return document lines as table rows, those of a bundle below it."""
	cells: list[list[object]] = []
	for line in lines:
		kind = line.get("DetailType", "")
		detail = line.get(kind, {}) if isinstance(line.get(kind, {}), dict) else {}
		amount = format_amount(line.get("Amount"))
		description = line.get("Description", "")
		if kind == "SubTotalLineDetail":
			cells.append(["", tag("span", "Subtotal", class_="quiet"), "", "", "", amount])
		elif kind == "DiscountLineDetail":
			cells.append([
				link_reference(company, "Account", detail.get("DiscountAccountRef")), "Discount", "", "", "", f"-{amount}",
			])  # fmt: skip
		elif kind == "GroupLineDetail":
			cells.append([
				link_reference(company, "Item", detail.get("GroupItemRef")), description, format_number(detail.get("Quantity")),
				"", "", amount,
			])  # fmt: skip
			cells.extend(list_line_cells(company, detail.get("Line", [])))
		elif line.get("LinkedTxn") and not detail:
			cells.append(["", list_linked(company, line), "", "", "", amount])
		else:
			cells.append(describe_line(company, detail, description, amount))
	return cells


def describe_line(company: Company, detail: dict[str, Any], description: str, amount: str) -> list[object]:
	"""Return the row of a line with an item or an account."""
	special = {"SHIPPING_ITEM_ID": "Shipping"}.get(str(detail.get("ItemRef", {}).get("value")))
	what = special or link_reference(company, "Item", detail.get("ItemRef"))
	what = what or link_reference(company, "Account", detail.get("AccountRef"))
	quantity = detail.get("Qty", detail.get("QtyDiff"))
	tax = detail.get("TaxCodeRef", {})
	tax_name = tax.get("name", tax.get("value", ""))
	return [
		what,
		description,
		format_number(quantity),
		format_price(detail.get("UnitPrice")),
		tax_name,
		amount,
	]


def list_linked(company: Company, line: dict[str, Any]) -> Html:
	"""Return links to the transactions a line settles."""
	parts: list[object] = []
	for linked in line["LinkedTxn"]:
		kind = linked.get("TxnType", "")
		entity = "BillPayment" if kind.startswith("BillPayment") else kind
		parts += [
			link_record(company, entity, linked.get("TxnId"), f"{name_kind(kind)} Id {linked.get('TxnId')}"),
			" ",
		]
	return tag("span", *parts)


def build_journal_table(company: Company, lines: list[dict[str, Any]]) -> Html:
	cells: list[list[object]] = []
	for line in lines:
		detail = line.get(JOURNAL, {})
		amount = format_amount(line.get("Amount"))
		debit = detail.get("PostingType") == "Debit"
		entity = detail.get("Entity", {})
		name = link_reference(company, entity.get("Type", "Customer"), entity.get("EntityRef"))
		cells.append([
			link_reference(company, "Account", detail.get("AccountRef")), line.get("Description", ""), name,
			amount if debit else "", "" if debit else amount,
		])  # fmt: skip
	return table(["Account", "Description", "Name", "Debit", "Credit"], cells, (3, 4))
