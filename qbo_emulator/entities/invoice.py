"""Invoice: create, update, void, delete; numbers, dates, addresses, tax, and its postings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger
from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.currency import convert_to_home, find_receivable, settle_currency
from qbo_emulator.entities.item import get_unit_cost
from qbo_emulator.entities.numbers import settle_doc_number
from qbo_emulator.entities.sales_lines import LINES, LineBuilder, SalesLines
from qbo_emulator.entities.sales_tax import TXN_TAX_DETAIL, compute_tax
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.fields import (
	ADDRESS,
	COMMON,
	EMAIL,
	Day,
	Flag,
	Many,
	Number,
	ReadOnly,
	Reference,
	Struct,
	Text,
)
from qbo_emulator.money import to_cents, to_scaled_quantity
from qbo_emulator.store import Row
from qbo_emulator.work import Work, add_days, load_body, require_field

ZERO = Decimal(0)
VOIDED = "Voided"
CUSTOM_FIELD_LENGTH = 31


class MemoField(Struct):
	"""``CustomerMemo``: an object with value; a bare string is taken as its value."""

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		return super().read({"value": value} if isinstance(value, str) and value else value, path, lenient)


class Invoice(Entity):
	name = "Invoice"
	sequence = "Txn"
	is_transaction = True
	operations = frozenset({"read", "query", "create", "update", "delete", "void"})
	schema = Struct(
		**COMMON,
		CustomerRef=Reference(),
		Line=LINES,
		DocNumber=Text(21),
		TxnDate=Day(),
		DueDate=Day(),
		ShipDate=Day(),
		ShipFromAddr=ADDRESS,
		TrackingNum=Text(50),
		PrivateNote=Text(4000),
		CustomerMemo=MemoField(value=Text(1000), name=ReadOnly(), type=ReadOnly()),
		BillAddr=ADDRESS,
		ShipAddr=ADDRESS,
		BillEmail=EMAIL,
		BillEmailCc=EMAIL,
		BillEmailBcc=EMAIL,
		SalesTermRef=Reference(),
		ShipMethodRef=Reference(),
		ClassRef=Reference(),
		DepartmentRef=Reference(),
		PaymentMethodRef=Reference(),
		CurrencyRef=Reference(),
		ExchangeRate=Number(),
		TxnTaxDetail=TXN_TAX_DETAIL,
		ApplyTaxAfterDiscount=Flag(),
		CustomField=Many(
			Struct(DefinitionId=Text(20), Name=ReadOnly(), Type=Text(30), StringValue=Text(CUSTOM_FIELD_LENGTH))
		),
		Deposit=Number("amount"),
		DepositToAccountRef=Reference(),
		LinkedTxn=Many(Struct(TxnId=Text(40), TxnType=Text(40), TxnLineId=Text(40))),
		PrintStatus=Text(30),
		EmailStatus=Text(30),
		**dict.fromkeys(
			(
				"TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance", "GlobalTaxCalculation", "AllowIPNPayment",
				"AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment", "InvoiceLink",
				"FreeFormAddress", "EInvoiceStatus", "DeliveryInfo", "RecurDataRef", "TaxExemptionRef",
				"RemitToRef", "TxnSource", "TransactionLocationType", "CustomerMemoRef", "AutoDocNumber",
				"TDSCreditRef", "PaymentType",
			),
			ReadOnly(),
		),
	)  # fmt: skip
	columns = {
		"DocNumber": Column("doc_number", "text"),
		"TxnDate": Column("txn_date", "date"),
		"DueDate": Column("due_date", "date"),
		"CustomerRef": Column("party", "reference"),
		"TotalAmt": Column("total", "money"),
		"Balance": Column("balance", "money"),
		"SalesTermRef": in_body("SalesTermRef.value", "reference"),
		"DepartmentRef": in_body("DepartmentRef.value", "reference"),
		"CurrencyRef": in_body("CurrencyRef.value"),
		"ShipDate": in_body("ShipDate", "date"),
		"EmailStatus": in_body("EmailStatus"),
		"PrintStatus": in_body("PrintStatus"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		_row, customer = work.require("Customer", require_field(document, "CustomerRef"), "CustomerRef")
		document["CustomerRef"] = {"value": customer["Id"], "name": customer["DisplayName"]}
		document.setdefault("TxnDate", previous["TxnDate"] if previous else work.today)
		work.check_period(document["TxnDate"], previous and previous["TxnDate"])
		if document.get("LinkedTxn"):
			raise Fault(
				"620", "Transactions of this kind cannot be linked to an invoice by the emulator", "LinkedTxn"
			)
		settle_currency(work, document, customer)
		lines = self.build_lines(work, document, previous)
		document["Line"] = lines.lines
		self.settle_references(work, document)
		self.settle_custom_fields(work, document)
		settle_doc_number(work, "Invoice", document, previous)
		self.settle_due_date(work, document)
		if previous is None:
			for address in ("BillAddr", "ShipAddr"):
				if address not in document and address in customer:
					document[address] = customer[address]
		self.settle_amounts(work, document, lines, customer, previous)
		document.setdefault("ApplyTaxAfterDiscount", False)
		document.setdefault("PrintStatus", "NotSet")
		document.setdefault("EmailStatus", "NotSet")
		document["LinkedTxn"] = []
		return document

	def build_lines(
		self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None
	) -> SalesLines:
		known = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
		return LineBuilder(work, document["TxnDate"], known).build(require_field(document, "Line"))

	def settle_references(self, work: Work, document: dict[str, Any]) -> None:
		"""Check what the header refers to; classes and locations only count where the company tracks them."""
		if "SalesTermRef" in document:
			document["SalesTermRef"] = work.refer("Term", document["SalesTermRef"], "SalesTermRef")
		if "ShipMethodRef" in document:
			value = document["ShipMethodRef"]["value"]
			document["ShipMethodRef"] = {"value": value, "name": value}
		for name, entity, preference in (
			("ClassRef", "Class", "ClassTrackingPerTxn"),
			("DepartmentRef", "Department", "TrackDepartments"),
		):
			if name in document:
				if work.company.get_preference("AccountingInfoPrefs", preference):
					document[name] = work.refer(entity, document[name], name, "FullyQualifiedName")
				else:
					del document[name]

	def settle_custom_fields(self, work: Work, document: dict[str, Any]) -> None:
		"""Store values by DefinitionId and show every field the company has defined. Raises 3000."""
		defined = {
			field["DefinitionId"]: field["Name"] for field in work.company.definition.get("custom_fields", [])
		}
		values = {}
		for custom in document.get("CustomField", []):
			identifier = custom.get("DefinitionId")
			if identifier is None and "StringValue" not in custom:
				continue
			if identifier not in defined:
				raise Fault(
					"3000", f"Custom field with DefinitionId {identifier} is not defined", "CustomField"
				)
			if "StringValue" in custom:
				values[identifier] = custom["StringValue"]
		document["CustomField"] = [
			{
				"DefinitionId": identifier,
				"Name": name,
				"Type": "StringType",
				**({"StringValue": values[identifier]} if identifier in values else {}),
			}
			for identifier, name in defined.items()
		]

	def settle_due_date(self, work: Work, document: dict[str, Any]) -> None:
		"""Set DueDate from the term where none was sent; without a term it is the transaction's date."""
		if "DueDate" in document:
			return
		days = 0
		if "SalesTermRef" in document:
			row = work.get("Term", document["SalesTermRef"]["value"])
			days = int(load_body(row.body).get("DueDays", 0)) if row else 0
		document["DueDate"] = add_days(document["TxnDate"], days)

	def settle_amounts(
		self,
		work: Work,
		document: dict[str, Any],
		lines: SalesLines,
		customer: dict[str, Any],
		previous: dict | None,
	) -> None:
		"""Recompute tax, total and balance; whatever was sent for them is overwritten. Raises 6000 below zero."""
		taxable = lines.sum_taxable(bool(document.get("ApplyTaxAfterDiscount")))
		sent_tax = document.pop("TxnTaxDetail", None)
		if previous and sent_tax is previous.get("TxnTaxDetail") and document["Line"] is not previous["Line"]:
			sent_tax = None  # it only survived a sparse update whose lines are new, so it is no override
		tax_detail = compute_tax(work, sent_tax, taxable, customer.get("Taxable", True))
		tax = ZERO
		if tax_detail is not None:
			document["TxnTaxDetail"] = tax_detail
			tax = tax_detail["TotalTax"]
		total = lines.net + tax
		if total < 0:
			raise refuse_business("The transaction amount must be 0 or greater", "TotalAmt")
		if total.adjusted() > 12:
			raise Fault("2080", "The transaction's total is too large", "TotalAmt")
		deposit = document.get("Deposit", ZERO)
		if deposit < 0 or deposit > total:
			raise refuse_business("The deposit must lie between 0 and the total", "Deposit")
		if deposit and "DepositToAccountRef" in document:
			reference = document["DepositToAccountRef"]
			document["DepositToAccountRef"] = work.refer("Account", reference, "DepositToAccountRef")
		document["TotalAmt"] = total
		document["Balance"] = total - deposit
		if "ExchangeRate" in document:
			document["HomeTotalAmt"] = convert_to_home(total, document["ExchangeRate"])
			document["HomeBalance"] = convert_to_home(document["Balance"], document["ExchangeRate"])

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {
			"doc_number": document.get("DocNumber"),
			"txn_date": document["TxnDate"],
			"due_date": document["DueDate"],
			"party": int(document["CustomerRef"]["value"]),
			"total": to_cents(document["TotalAmt"]),
			"balance": to_cents(document["Balance"]),
		}

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		postings = self.build_postings(work, document)
		ledger.post(work.store, work.company.key, "Invoice", row.id, document["TxnDate"], postings)
		work.store.add_to_balance(
			work.company.key, "Customer", int(document["CustomerRef"]["value"]), to_cents(document["Balance"])
		)

	def undo_effects(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		work.check_period(document["TxnDate"])
		ledger.unpost(work.store, work.company.key, "Invoice", row.id)
		work.store.add_to_balance(
			work.company.key,
			"Customer",
			int(document["CustomerRef"]["value"]),
			-to_cents(document["Balance"]),
		)

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		"""Return income, shipping, discount, tax, cost of goods and, for the rest, the receivable."""
		company, party = work.company, int(document["CustomerRef"]["value"])
		rate = document.get("ExchangeRate", Decimal(1))
		postings: list[ledger.Posting] = []

		def add(account: int, amount: Decimal, memo: str, item: int | None = None) -> None:
			postings.append(
				ledger.Posting(account, to_cents(convert_to_home(amount, rate)), memo, party, item)
			)

		for line in list_item_lines(document["Line"]):
			detail = line["SalesItemLineDetail"]
			if "ItemAccountRef" in detail:
				item = int(detail["ItemRef"]["value"])
				memo = line.get("Description", detail["ItemRef"]["name"])[:200]
				add(int(detail["ItemAccountRef"]["value"]), -line["Amount"], memo, item)
				postings.extend(self.build_cost_postings(work, item, detail.get("Qty", ZERO), party))
			else:
				add(company.get_role("shipping_income"), -line["Amount"], "Shipping")
		for line in document["Line"]:
			if line["DetailType"] == "DiscountLineDetail":
				account = int(line["DiscountLineDetail"]["DiscountAccountRef"]["value"])
				add(account, line["Amount"], "Discount")
		tax = document.get("TxnTaxDetail", {}).get("TotalTax", ZERO)
		if tax:
			add(company.get_role("sales_tax"), -tax, "Sales tax")
		if document.get("Deposit"):
			account = document.get("DepositToAccountRef", {}).get("value") or company.get_role(
				"undeposited_funds"
			)
			add(int(account), document["Deposit"], "Deposit")
		receivable = find_receivable(
			work, document.get("CurrencyRef", {}).get("value", company.home_currency)
		)
		open_amount = to_cents(convert_to_home(document["Balance"], rate))
		memo = f"Invoice {document.get('DocNumber', '')}".strip()
		difference = -open_amount - sum(posting.cents for posting in postings)
		if difference:  # cents by which the lines, converted one by one, miss the converted total
			account = company.get_role("exchange_gain_or_loss")
			postings.append(ledger.Posting(account, difference, "Rounding of the exchange rate", party))
		return [ledger.Posting(receivable, open_amount, memo, party), *postings]

	def build_cost_postings(
		self, work: Work, item_id: int, quantity: Decimal, party: int
	) -> list[ledger.Posting]:
		"""Return cost of goods against the asset account for an inventory item, else nothing."""
		row = work.get("Item", item_id)
		item = load_body(row.body) if row else {}
		if item.get("Type") != "Inventory" or not quantity:
			return []
		scaled = to_scaled_quantity(quantity)
		if work.company.knobs["stock_item_lines"] == "refused" and row and (row.quantity or 0) < scaled:
			raise refuse_business(f"There is not enough of {item['Name']} on hand", "Line.Qty")
		cents = to_cents(quantity * get_unit_cost(work, item_id, item))
		return [
			ledger.Posting(int(item["ExpenseAccountRef"]["value"]), cents, "Cost of goods", party),
			ledger.Posting(
				int(item["AssetAccountRef"]["value"]), -cents, "Cost of goods", party, item_id, -scaled
			),
		]

	def blank(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return the invoice with all amounts and quantities 0 and "Voided" before its private note."""
		voided = {
			**document,
			"TotalAmt": ZERO,
			"Balance": ZERO,
			"Line": [blank_line(line) for line in document["Line"]],
		}
		for name in ("HomeTotalAmt", "HomeBalance", "Deposit"):
			if name in voided:
				voided[name] = ZERO
		if "TxnTaxDetail" in voided:
			voided["TxnTaxDetail"] = {"TotalTax": ZERO}
		note = document.get("PrivateNote", "")
		if not note.startswith(VOIDED):
			voided["PrivateNote"] = f"{VOIDED} - {note}" if note else VOIDED
		return voided


def list_item_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Return the item lines, those inside bundles included."""
	found = []
	for line in lines:
		if line["DetailType"] == "SalesItemLineDetail":
			found.append(line)
		elif line["DetailType"] == "GroupLineDetail":
			found.extend(line["GroupLineDetail"]["Line"])
	return found


def blank_line(line: dict[str, Any]) -> dict[str, Any]:
	"""Return a line with amount and quantity 0."""
	blanked = dict(line)
	if "Amount" in blanked:
		blanked["Amount"] = ZERO
	for name in ("SalesItemLineDetail", "GroupLineDetail"):
		if name in blanked:
			detail = dict(blanked[name])
			detail.update({key: ZERO for key in ("Qty", "UnitPrice", "Quantity") if key in detail})
			if "Line" in detail:
				detail["Line"] = [blank_line(inner) for inner in detail["Line"]]
			blanked[name] = detail
	return blanked
