"""Harbor Lane Provisions, a small wholesaler: its QuickBooks company, references, and sales to vary in tests."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.marker import make_marker
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.posting import Address, PostingDocument, PostingLine, References
from allorders_qb.money import line_amount

GOLDEN = Path(__file__).parent / "golden"
MARKER = make_marker("site-of-these-tests", "SD-2026-00117", "invoice", 1)

US = CompanyProfile(
	country="US",
	home_currency="USD",
	multicurrency=False,
	custom_txn_numbers=True,
	allow_shipping=True,
	using_sales_tax=True,
	automated_sales_tax=True,
)
US_PLAIN = replace(US, using_sales_tax=False, automated_sales_tax=False)
GB = replace(US, country="GB", home_currency="GBP", automated_sales_tax=False)

REFERENCES = References(
	customers={'Bob\'s "Best" Bakery': "58", "Bäckerei Nord": "61"},
	vendors={"Assam & Sons": "41", "Teehandel Süd": "42"},
	items={"CHAI-10": "11", "CUP-12": "12", "LABEL": "13", "Freight": "21", "Discount": "22"},
	terms={"Net 30": "3"},
	tax_codes={"TAX": "TAX", "NON": "NON", "20.0% S": "2", "0.0% Z": "4", "California": "7"},
	tax_rates={"20.0% S (Sales)": "1", "20.0% S (Purchases)": "2", "0.0% Z (Sales)": "5"},
	accounts={
		"Sales of Product Income": "79",
		"Cost of Goods Sold": "80",
		"Inventory Asset": "81",
		"Landed Cost Clearing": "82",
		"Inventory Shrinkage": "83",
		"Checking": "35",
	},
	classes={"Wholesale": "5000000000000012345", "Export": "5000000000000012346"},
	departments={"Portland": "1"},
	payment_methods={"Check": "2"},
)


def make_line(
	row: int = 1,
	item: str = "CHAI-10",
	quantity: str = "12",
	unit_price: str = "18.00",
	discount: str = "0",
	**values: Any,
) -> PostingLine:
	numbers = Decimal(quantity), Decimal(unit_price), Decimal(discount)
	return PostingLine(
		row=row,
		item=item,
		description=values.pop("description", {"CHAI-10": "Chai, 10 boxes of 20 bags"}.get(item, "")),
		quantity=numbers[0],
		unit_price=numbers[1],
		discount_percent=numbers[2],
		amount=values.pop("amount", line_amount(*numbers)),
		**values,
	)


def make_sale(*lines: PostingLine, freight: str = "0", **values: Any) -> PostingDocument:
	lines = lines or (make_line(), make_line(row=2, item="CUP-12", quantity="3.5", unit_price="4.995"))
	return PostingDocument(
		**{
			"kind": "invoice",
			"source_doctype": "AO Ship Doc",
			"source_name": "SD-2026-00117",
			"party": 'Bob\'s "Best" Bakery',
			"posting_date": date(2026, 11, 23),
			"due_date": date(2026, 12, 23),
			"doc_number": "SD-2026-00117",
			"currency": "USD",
			"exchange_rate": Decimal(1),
			"lines": lines,
			"freight": Decimal(freight),
			"total": sum((line.amount for line in lines), Decimal(freight)),
			**values,
		}
	)


FULL_HEAD = {
	"bill_to": Address("Bob's Best Bakery", "12 Mill Street", "Portland", "OR", "97205", "USA"),
	"ship_to": Address("Bob's Best Bakery", "Dock 4", "Portland", "OR", "97210", ""),
	"terms": "Net 30",
	"ship_method": "UPS Ground",
	"ship_date": date(2026, 11, 23),
	"tracking_number": "1Z999AA10123456784",
	"po_number": "PO-4711",
	"sales_rep": "Ann Fisher",
	"customer_note": "Thank you!\nPlease count the boxes.",
	"private_note": "Left at dock 4, signed by Lee.",
}


def check_golden(name: str, payload: dict[str, Any]) -> None:
	"""Compare a payload with its golden file, number by number as written.

	ALLORDERS_WRITE_GOLDEN=1 writes the files anew; look at them before you commit.
	"""
	path = GOLDEN / f"{name}.json"
	# Numbers are compared as text: 12.50 and 12.5 are one amount, but not one frozen payload.
	sent = json.loads(dump_payload(payload), parse_float=lambda text: f"number {text}")
	if os.environ.get("ALLORDERS_WRITE_GOLDEN"):
		pretty = json.dumps(json.loads(dump_payload(payload)), indent="\t", ensure_ascii=False)
		path.write_text(f"{pretty}\n", encoding="utf-8")
	golden = json.loads(path.read_text(encoding="utf-8"), parse_float=lambda text: f"number {text}")
	assert sent == golden
