"""The neutral shapes between our documents and QuickBooks: whoever reads a document yields these, whoever maps takes them.

Money is Decimal, already rounded half up to the cent; quantities and unit prices are Decimal; dates are dates; texts are as
stored. Local names (customer, item, terms, tax code, class) become QuickBooks ids through References.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Address:
	line1: str = ""
	line2: str = ""
	city: str = ""
	state: str = ""
	postal_code: str = ""
	country: str = ""


@dataclass(frozen=True)
class PostingLine:
	"""One line; `row` is its number on the form, `amount` its quantity x price less discount (percent), to the cent."""

	row: int
	item: str
	description: str
	quantity: Decimal
	unit_price: Decimal
	discount_percent: Decimal
	amount: Decimal
	tax_code: str | None = None
	class_name: str | None = None


@dataclass(frozen=True)
class PostingDocument:
	"""What one role of one document says to QuickBooks. `kind` is the role ("invoice"); `exchange_rate` is home units per 1
	unit of `currency`; `total` is the lines' amounts plus freight, before tax."""

	kind: str
	source_doctype: str
	source_name: str
	party: str
	posting_date: date
	due_date: date | None
	doc_number: str | None
	currency: str
	exchange_rate: Decimal
	lines: tuple[PostingLine, ...]
	freight: Decimal
	total: Decimal
	bill_to: Address | None = None
	ship_to: Address | None = None
	terms: str | None = None
	ship_method: str | None = None
	ship_date: date | None = None
	tracking_number: str | None = None
	po_number: str | None = None
	sales_rep: str | None = None
	customer_note: str | None = None
	private_note: str | None = None


@dataclass(frozen=True)
class References:
	"""Local name to QuickBooks id, for each list a payload may refer to."""

	customers: Mapping[str, str] = field(default_factory=dict)
	items: Mapping[str, str] = field(default_factory=dict)
	terms: Mapping[str, str] = field(default_factory=dict)
	tax_codes: Mapping[str, str] = field(default_factory=dict)
	accounts: Mapping[str, str] = field(default_factory=dict)
	classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CustomerRecord:
	name: str
	company_name: str = ""
	contact_name: str = ""
	email: str = ""
	phone: str = ""
	terms: str | None = None
	currency: str | None = None
	tax_code: str | None = None
	bill_to: Address | None = None
	ship_to: Address | None = None
	notes: str = ""
	inactive: bool = False


@dataclass(frozen=True)
class ItemRecord:
	"""`code` is the item's unique code (its name in QuickBooks); `item_type` as on the form; prices per unit."""

	code: str
	item_type: str
	name: str = ""
	description: str = ""
	sku: str = ""
	unit_price: Decimal = Decimal(0)
	purchase_cost: Decimal = Decimal(0)
	purchase_description: str = ""
	tax_code: str | None = None
	income_account: str | None = None
	expense_account: str | None = None
	inactive: bool = False
