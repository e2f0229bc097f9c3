"""What the emulator is measured with: customers, items, and invoices of two lines."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

CUSTOMERS = 500
STOCKED, OTHERS = 100, 100
FIRST_DAY = date(2024, 1, 1)
DAYS = 730


def list_records() -> Iterator[tuple[str, dict[str, Any]]]:
	"""Yield the customers and items; in a new company their Ids begin with 1."""
	for number in range(1, CUSTOMERS + 1):
		address = {"Line1": f"{number} Harbor Street", "City": "Tacoma", "PostalCode": "98402"}
		yield "Customer", {"DisplayName": f"Customer {number:04d}", "BillAddr": address, "ShipAddr": address}
	for number in range(1, STOCKED + OTHERS + 1):
		item: dict[str, Any] = {
			"Name": f"Item {number:04d}", "Sku": f"SKU-{number:04d}", "Type": "NonInventory", "UnitPrice": 12.5,
			"IncomeAccountRef": {"value": "31"},
		}  # fmt: skip
		if number <= STOCKED:
			item.update(
				Type="Inventory", TrackQtyOnHand=True, QtyOnHand=10_000_000, InvStartDate="2020-01-01", PurchaseCost=7.25,
				ExpenseAccountRef={"value": "40"}, AssetAccountRef={"value": "11"},
			)  # fmt: skip
		yield "Item", item


def build_invoice(number: int, of: int = 1) -> dict[str, Any]:
	"""Return the invoice with this number of a run of so many, which lie evenly in two years, oldest first."""
	day = FIRST_DAY + timedelta(days=number * DAYS // max(of, 1))
	return make_invoice(f"SD-{number:07d}", day.isoformat(), number)


def make_invoice(doc_number: str, day: str, number: int) -> dict[str, Any]:
	"""Return an invoice of two lines: a stocked item and another one; ``number`` says whose and which."""
	stocked, other = 1 + number % STOCKED, STOCKED + 1 + number % OTHERS
	return {
		"CustomerRef": {"value": str(1 + number % CUSTOMERS)},
		"DocNumber": doc_number,
		"TxnDate": day,
		"Line": [build_line(stocked, 1 + number % 7), build_line(other, 1 + number % 3)],
	}


def build_line(item: int, quantity: int) -> dict[str, Any]:
	detail = {
		"ItemRef": {"value": str(item)},
		"Qty": quantity,
		"UnitPrice": 12.5,
		"TaxCodeRef": {"value": "TAX"},
	}
	return {"Amount": 12.5 * quantity, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
