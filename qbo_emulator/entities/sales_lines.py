"""Lines of sales forms: what may be sent, what the service makes of them, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qbo_emulator.entities.line_rules import LineIds, check_line_count, settle_price
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import Choice, Day, Flag, Many, Number, ReadOnly, Reference, Struct, Text
from qbo_emulator.money import round_half_up
from qbo_emulator.work import Work

SHIPPING_ITEM = "SHIPPING_ITEM_ID"
GRATUITY_ITEM = "GRATUITY_ITEM_ID"
ZERO = Decimal(0)
LINE_TAX_CODES = ("TAX", "NON")

SALES_ITEM_DETAIL = Struct(
	ItemRef=Reference(),
	ItemAccountRef=Reference(),
	ClassRef=Reference(),
	TaxCodeRef=Reference(),
	PriceLevelRef=Reference(),
	UnitPrice=Number(),
	Qty=Number("quantity"),
	RatePercent=Number("percent"),
	DiscountRate=Number("percent"),
	DiscountAmt=Number("amount"),
	ServiceDate=Day(),
	TaxInclusiveAmt=Number("amount"),
	MarkupInfo=ReadOnly(),
	TaxClassificationRef=ReadOnly(),
)
LINE_FIELDS = {
	"Id": Text(40),
	"LineNum": ReadOnly(),
	"Description": Text(4000),
	"Amount": Number("amount"),
	"DetailType": Choice(
		"SalesItemLineDetail",
		"DescriptionOnly",
		"DiscountLineDetail",
		"SubTotalLineDetail",
		"GroupLineDetail",
	),
	"LinkedTxn": ReadOnly(),
	"CustomField": ReadOnly(),
	"LineEx": ReadOnly(),
	"SalesItemLineDetail": SALES_ITEM_DETAIL,
	"DescriptionLineDetail": Struct(TaxCodeRef=Reference(), ServiceDate=Day()),
	"SubTotalLineDetail": ReadOnly(),
	"SubtotalLineDetail": ReadOnly(),
	"DiscountLineDetail": Struct(
		PercentBased=Flag(),
		DiscountPercent=Number("percent"),
		DiscountAccountRef=Reference(),
		ClassRef=Reference(),
		TaxCodeRef=Reference(),
		Discount=ReadOnly(),
	),
}
LINES = Many(
	Struct(
		**LINE_FIELDS,
		GroupLineDetail=Struct(
			GroupItemRef=Reference(), Quantity=Number("quantity"), Line=Many(Struct(**LINE_FIELDS)), ServiceDate=Day()
		),
	)
)  # fmt: skip


@dataclass
class Sale:
	"""One thing sold, for tax and the ledger. ``item`` is None for the shipping line."""

	amount: Decimal
	taxable: bool
	item: dict[str, Any] | None
	quantity: Decimal
	memo: str


@dataclass
class SalesLines:
	"""The lines as stored, and their sums. ``shipping`` and ``discount`` are not in ``subtotal``."""

	lines: list[dict[str, Any]] = field(default_factory=list)
	sales: list[Sale] = field(default_factory=list)
	subtotal: Decimal = ZERO
	shipping: Decimal = ZERO
	discount: Decimal = ZERO
	discount_account: int | None = None

	def sum_taxable(self, tax_after_discount: bool) -> Decimal:
		"""Return the amount that tax is computed on; a discount is spread over all lines if it comes first."""
		taxable = sum((sale.amount for sale in self.sales if sale.taxable), ZERO)
		base = sum((sale.amount for sale in self.sales if sale.item is not None), ZERO)
		if tax_after_discount and self.discount and base:
			taxable_items = sum(
				(sale.amount for sale in self.sales if sale.taxable and sale.item is not None), ZERO
			)
			taxable -= round_half_up(self.discount * taxable_items / base)
		return taxable

	@property
	def net(self) -> Decimal:
		return self.subtotal - self.discount + self.shipping


class LineBuilder:
	"""Builds the stored lines of one sales form from the sent ones. Raises Fault where a rule is broken."""

	def __init__(self, work: Work, txn_date: str, known_ids: set[str]) -> None:
		self.work = work
		self.txn_date = txn_date
		self.ids = LineIds(known_ids)
		self.result = SalesLines()
		self.discount_line: dict[str, Any] | None = None
		self.shipping_line: dict[str, Any] | None = None
		self.items: dict[str, dict[str, Any]] = {}

	def build(self, sent: list[dict[str, Any]]) -> SalesLines:
		check_line_count(sent)
		for line in sent:
			kind = line.get("DetailType")
			if kind is None:
				raise refuse_missing("Line.DetailType")
			if kind == "SalesItemLineDetail":
				self.add_sale(line)
			elif kind == "GroupLineDetail":
				self.add_group(line)
			elif kind == "DescriptionOnly":
				self.add_description(line)
			elif kind == "DiscountLineDetail":
				self.keep_discount(line)
		if not self.result.lines and not self.shipping_line:
			raise refuse_missing("Line")
		self.close()
		return self.result

	def give_id(self, line: dict[str, Any]) -> dict[str, Any]:
		"""Return the head of a stored line: its known Id, else the next one."""
		head: dict[str, Any] = {
			"Id": self.ids.give(line.get("Id", "")),
			"LineNum": len(self.result.lines) + 1,
		}
		if "Description" in line:
			head["Description"] = line["Description"]
		return head

	def add_sale(self, line: dict[str, Any]) -> None:
		detail = dict(line.get("SalesItemLineDetail", {}))
		reference = detail.get("ItemRef")
		if reference is None:
			self.add_description(line)
			return
		if reference["value"] in (SHIPPING_ITEM, GRATUITY_ITEM):
			self.keep_shipping(line, detail, reference["value"])
			return
		stored = {**self.give_id(line), **self.price(line, detail)}
		self.result.lines.append(stored)
		self.result.subtotal += stored["Amount"]

	def price(self, line: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
		"""Return Amount, DetailType and detail of an item line, and note the sale."""
		if "Amount" not in line:
			raise refuse_missing("Line.Amount")
		item = self.get_item(detail["ItemRef"]["value"])
		amount = round_half_up(line["Amount"])
		priced, quantity = settle_price(line, detail)
		if item["Type"] == "Inventory" and quantity is None and amount:
			raise Fault("6520", f"{item['Name']} is tracked; its line needs a Qty", "Line.Qty")
		reference = {"value": item["Id"], "name": item["FullyQualifiedName"]}
		stored: dict[str, Any] = {"ItemRef": reference, **priced}
		stored["ItemAccountRef"] = item["IncomeAccountRef"]
		self.add_line_references(stored, detail)
		self.result.sales.append(
			Sale(
				amount,
				stored.get("TaxCodeRef", {}).get("value") == "TAX",
				item,
				quantity or ZERO,
				line.get("Description", item["Name"]),
			)
		)
		return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": stored}

	def get_item(self, identifier: str) -> dict[str, Any]:
		"""Return a sellable item. Raises 2500, 610, 6000 or 6270."""
		if identifier not in self.items:
			_row, item = self.work.require("Item", {"value": identifier}, "Line.ItemRef")
			if item["Type"] in ("Category", "Group"):
				raise refuse_business(
					f"{item['Name']} is a {item['Type']} and cannot stand on an item line", "Line.ItemRef"
				)
			if "IncomeAccountRef" not in item:
				raise refuse_business(
					f"{item['Name']} has no income account and cannot be sold", "Line.ItemRef"
				)
			if item["Type"] == "Inventory" and self.txn_date < item["InvStartDate"]:
				detail = f"{item['Name']} is tracked from {item['InvStartDate']}; the transaction is dated {self.txn_date}"
				raise Fault("6270", detail, "TxnDate")
			self.items[identifier] = item
		return self.items[identifier]

	def add_line_references(self, stored: dict[str, Any], detail: dict[str, Any]) -> None:
		"""Add tax code, class and service date, as the company's preferences allow."""
		company = self.work.company
		code = detail.get("TaxCodeRef", {}).get("value", "NON")
		if company.uses_global_tax:
			kept = ("TaxCodeRef", "TaxInclusiveAmt")
			stored.update({name: detail[name] for name in kept if detail.get(name)})
		elif not company.get_preference("TaxPrefs", "UsingSalesTax"):
			stored["TaxCodeRef"] = {"value": "NON"}
		elif code not in LINE_TAX_CODES:
			raise Fault("6100", f"Line tax code {code} is not allowed: use TAX or NON", "Line.TaxCodeRef")
		else:
			stored["TaxCodeRef"] = {"value": code}
		if "ClassRef" in detail and company.get_preference("AccountingInfoPrefs", "ClassTrackingPerTxnLine"):
			stored["ClassRef"] = self.work.refer(
				"Class", detail["ClassRef"], "Line.ClassRef", "FullyQualifiedName"
			)
		if "ServiceDate" in detail:
			stored["ServiceDate"] = detail["ServiceDate"]

	def add_description(self, line: dict[str, Any]) -> None:
		"""Keep a documentation line; whatever Amount it carries is ignored."""
		detail = line.get("DescriptionLineDetail", {})
		self.result.lines.append(
			{**self.give_id(line), "DetailType": "DescriptionOnly", "DescriptionLineDetail": detail}
		)

	def keep_discount(self, line: dict[str, Any]) -> None:
		if not self.work.company.get_preference("SalesFormsPrefs", "AllowDiscount"):
			raise refuse_business("Discounts are turned off in this company", "Line.DiscountLineDetail")
		if self.discount_line is not None:
			raise refuse_business("A transaction can have one discount line", "Line.DiscountLineDetail")
		self.discount_line = line

	def keep_shipping(self, line: dict[str, Any], detail: dict[str, Any], special: str) -> None:
		if special == GRATUITY_ITEM or not self.work.company.get_preference(
			"SalesFormsPrefs", "AllowShipping"
		):
			word = "Shipping is" if special == SHIPPING_ITEM else "Tips are"
			raise refuse_business(f"{word} turned off in this company", "Line.ItemRef")
		if self.shipping_line is not None:
			raise refuse_business("A transaction can have one shipping line", "Line.ItemRef")
		if "Amount" not in line:
			raise refuse_missing("Line.Amount")
		stored: dict[str, Any] = {"ItemRef": {"value": SHIPPING_ITEM}}
		self.add_line_references(stored, detail)
		amount = round_half_up(line["Amount"])
		self.result.shipping = amount
		taxable = stored.get("TaxCodeRef", {}).get("value") == "TAX"
		self.result.sales.append(Sale(amount, taxable, None, ZERO, line.get("Description", "Shipping")))
		self.shipping_line = {
			**({"Description": line["Description"]} if "Description" in line else {}),
			"Amount": amount,
			"DetailType": "SalesItemLineDetail",
			"SalesItemLineDetail": stored,
		}

	def add_group(self, line: dict[str, Any]) -> None:
		detail = line.get("GroupLineDetail", {})
		if "GroupItemRef" not in detail:
			raise refuse_missing("GroupLineDetail.GroupItemRef")
		_row, bundle = self.work.require("Item", detail["GroupItemRef"], "Line.GroupItemRef")
		if bundle["Type"] != "Group":
			raise refuse_business(f"{bundle['Name']} is not a bundle", "Line.GroupItemRef")
		quantity = detail.get("Quantity") or Decimal(1)
		head = self.give_id(line)
		parts = []
		for number, part in enumerate(detail.get("Line") or self.explode(bundle, quantity), start=1):
			part_detail = dict(part.get("SalesItemLineDetail", {}))
			if "ItemRef" not in part_detail:
				raise refuse_missing("GroupLineDetail.Line.SalesItemLineDetail.ItemRef")
			described = {"Description": part["Description"]} if "Description" in part else {}
			parts.append(
				{"Id": self.ids.take_next(), "LineNum": number, **described, **self.price(part, part_detail)}
			)
		amount = sum((part["Amount"] for part in parts), ZERO)
		self.result.subtotal += amount
		self.result.lines.append({
			**head,
			"Amount": amount,
			"DetailType": "GroupLineDetail",
			"GroupLineDetail": {
				"GroupItemRef": {"value": bundle["Id"], "name": bundle["FullyQualifiedName"]},
				"Quantity": quantity,
				"Line": parts,
			},
		})  # fmt: skip

	def explode(self, bundle: dict[str, Any], quantity: Decimal) -> list[dict[str, Any]]:
		"""Return the item lines a bundle stands for, at the items' sales prices."""
		lines = []
		for component in bundle["ItemGroupDetail"]["ItemGroupLine"]:
			item = self.get_item(component["ItemRef"]["value"])
			amount = quantity * component["Qty"] * item.get("UnitPrice", ZERO)
			code = {"value": "TAX" if item.get("Taxable") else "NON"}
			if self.work.company.uses_global_tax:
				code = item.get("SalesTaxCodeRef", {})
			detail = {
				"ItemRef": component["ItemRef"],
				"Qty": quantity * component["Qty"],
				"UnitPrice": item.get("UnitPrice", ZERO),
				"TaxCodeRef": code,
			}
			lines.append({"Amount": round_half_up(amount), "SalesItemLineDetail": detail})
		return lines

	def close(self) -> None:
		"""Add what the service adds: the subtotal line, then the discount and the shipping line."""
		result = self.result
		result.lines.append(
			{"Amount": result.subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
		)
		if self.discount_line is not None:
			result.lines.append(self.build_discount(self.discount_line))
		if self.shipping_line is not None:
			result.lines.append(self.shipping_line)

	def build_discount(self, line: dict[str, Any]) -> dict[str, Any]:
		detail = line.get("DiscountLineDetail", {})
		stored: dict[str, Any] = {"PercentBased": bool(detail.get("PercentBased"))}
		if stored["PercentBased"]:
			stored["DiscountPercent"] = detail.get("DiscountPercent", ZERO)
			amount = round_half_up(self.result.subtotal * stored["DiscountPercent"] / 100)
		else:
			if "Amount" not in line:
				raise refuse_missing("Line.Amount")
			amount = round_half_up(line["Amount"])
		reference = detail.get("DiscountAccountRef") or {
			"value": str(self.work.company.get_role("discounts_given"))
		}
		stored["DiscountAccountRef"] = self.work.refer("Account", reference, "Line.DiscountAccountRef")
		self.result.discount = amount
		self.result.discount_account = int(reference["value"])
		return {"Amount": amount, "DetailType": "DiscountLineDetail", "DiscountLineDetail": stored}
