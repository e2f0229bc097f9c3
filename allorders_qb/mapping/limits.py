"""How long a text may be in QuickBooks. Source: Intuit's entity pages."""

from __future__ import annotations

from allorders_qb.mapping.errors import MappingError

LIMITS = {
	"doc_number": 21,
	"name": 100,
	"person_name": 100,
	"email": 100,
	"phone": 30,
	"address_line": 500,
	"city": 255,
	"state": 255,
	"postal_code": 30,
	"country": 255,
	"customer_memo": 1000,
	"private_note": 4000,
	"customer_notes": 2000,
	"description": 4000,
	"purchase_description": 1000,
	"sku": 100,
	"account_number": 100,
	"tax_id": 20,
	"custom_field": 31,
	"ship_method": 31,
	"tracking_number": 31,
	"payment_reference": 21,
}
MAX_LINES = 750
# Unit prices and quantities keep at most seven decimals in QuickBooks.
PRICE_PLACES = 7


def check_length(field_label: str, value: str, limit: int, *, about: str = "", row: int | None = None) -> str:
	"""Return `value` when it fits, else raise MappingError. `about` names the document or record."""
	if len(value) <= limit:
		return value
	where = f"{about}, " if about else ""
	line = f"row {row}, " if row else ""
	raise MappingError(
		f"{where}{line}{field_label}: {len(value)} characters are too many, QuickBooks takes {limit}. "
		f"Shorten it by {len(value) - limit}.",
		field=field_label,
		row=row,
	)
