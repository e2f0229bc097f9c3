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
class TaxShare:
	"""What one rate (its local name, percent) comes to on a document, and what it is taken on."""

	rate: str
	percent: Decimal
	net: Decimal
	tax: Decimal


@dataclass(frozen=True)
class PostingLine:
	"""One line; `row` is its number on the form, `amount` its quantity x price less discount (percent), to the cent.

	`net` is the amount less the tax in it, needed only where prices hold their tax.
	"""

	row: int
	item: str
	description: str
	quantity: Decimal
	unit_price: Decimal
	discount_percent: Decimal
	amount: Decimal
	tax_code: str | None = None
	class_name: str | None = None
	net: Decimal | None = None


@dataclass(frozen=True)
class PostingDocument:
	"""A sales form: what one role of one document says to QuickBooks about a customer.

	`kind` is the role: "invoice", "sales_receipt", "credit_memo" or "refund_receipt". `exchange_rate` is home units per 1
	unit of `currency`; `total` is the lines' amounts plus freight, before tax, or with it where `prices_with_tax`.
	`tax` is the tax where ours is the rule, None where QuickBooks computes it; `tax_shares` is what each rate has of it.
	`freight_net` as a line's `net`. `payment_account` is the account money comes
	to, or is paid from (sales receipt, refund receipt). `moves_stock`: QuickBooks counts its items too, so that it has to be
	recorded even where nothing is charged.
	"""

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
	department: str | None = None
	tax: Decimal | None = None
	tax_shares: tuple[TaxShare, ...] = ()
	prices_with_tax: bool = False
	freight_net: Decimal | None = None
	payment_account: str | None = None
	payment_method: str | None = None
	payment_reference: str | None = None
	moves_stock: bool = False


@dataclass(frozen=True)
class PurchaseLine:
	"""One line of a bill or vendor credit: of an item (then `quantity` and `unit_cost` count), or of an account alone.

	`amount` is to the cent, before tax, and may be negative on a line of an account; `gross` is the amount with its tax, where
	the document's costs hold it. `row` is its number on the form, None for a line of
	our own making. `account_field` is what the form calls the field that names the account, for refusals.
	"""

	row: int | None
	amount: Decimal
	description: str = ""
	item: str | None = None
	quantity: Decimal | None = None
	unit_cost: Decimal | None = None
	account: str | None = None
	tax_code: str | None = None
	class_name: str | None = None
	account_field: str = "Account"
	gross: Decimal | None = None


@dataclass(frozen=True)
class PurchaseDocument:
	"""What one role of one document says to QuickBooks about a vendor.

	`kind` is "bill" or "vendor_credit"; `doc_number` is the vendor's own number; `total` is the lines' sum before tax, in
	`currency`; `tax`, `tax_shares`, `prices_with_tax` and `moves_stock` as in PostingDocument. `cannot` says why it cannot be recorded as it is, and what to do.
	"""

	kind: str
	source_doctype: str
	source_name: str
	party: str
	posting_date: date
	due_date: date | None
	doc_number: str | None
	currency: str
	exchange_rate: Decimal
	lines: tuple[PurchaseLine, ...]
	total: Decimal
	terms: str | None = None
	department: str | None = None
	private_note: str | None = None
	tax: Decimal | None = None
	tax_shares: tuple[TaxShare, ...] = ()
	prices_with_tax: bool = False
	moves_stock: bool = False
	cannot: str | None = None


@dataclass(frozen=True)
class JournalLine:
	"""One line of a journal entry in home currency; `amount` is a debit when positive, a credit when negative.

	`account_field` as in PurchaseLine; `item` is whose value it is, where it is an item's.
	"""

	account: str
	amount: Decimal
	description: str = ""
	class_name: str | None = None
	department: str | None = None
	account_field: str = "Account"
	item: str | None = None


@dataclass(frozen=True)
class JournalDocument:
	"""A journal entry in home currency; `kind` is the role ("cogs", "production", ...); the lines add up to zero."""

	kind: str
	source_doctype: str
	source_name: str
	posting_date: date
	doc_number: str | None
	lines: tuple[JournalLine, ...]
	private_note: str | None = None


@dataclass(frozen=True)
class AdjustmentLine:
	"""What an inventory adjustment does to one item: units more (positive) or less. `row` as in PurchaseLine."""

	row: int | None
	item: str
	quantity: Decimal


@dataclass(frozen=True)
class AdjustmentDocument:
	"""An inventory adjustment: quantities alone, against one account. QuickBooks decides what they cost."""

	kind: str
	source_doctype: str
	source_name: str
	posting_date: date
	doc_number: str | None
	account: str
	lines: tuple[AdjustmentLine, ...]
	private_note: str | None = None
	class_name: str | None = None
	department: str | None = None
	account_field: str = "Adjustment Account"


@dataclass(frozen=True)
class PaymentDocument:
	"""Money received from a customer, `total` in `currency`; which invoices it settles is decided when it is applied."""

	kind: str
	source_doctype: str
	source_name: str
	party: str
	posting_date: date
	currency: str
	exchange_rate: Decimal
	total: Decimal
	payment_account: str | None = None
	payment_method: str | None = None
	payment_reference: str | None = None
	private_note: str | None = None


@dataclass(frozen=True)
class References:
	"""Local name to QuickBooks id, for each list a payload may refer to."""

	customers: Mapping[str, str] = field(default_factory=dict)
	vendors: Mapping[str, str] = field(default_factory=dict)
	items: Mapping[str, str] = field(default_factory=dict)
	terms: Mapping[str, str] = field(default_factory=dict)
	tax_codes: Mapping[str, str] = field(default_factory=dict)
	tax_rates: Mapping[str, str] = field(default_factory=dict)
	accounts: Mapping[str, str] = field(default_factory=dict)
	classes: Mapping[str, str] = field(default_factory=dict)
	departments: Mapping[str, str] = field(default_factory=dict)
	payment_methods: Mapping[str, str] = field(default_factory=dict)
	customer_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CustomerRecord:
	"""`parent` is the local name of the customer that this one belongs to."""

	name: str
	parent: str | None = None
	customer_type: str | None = None
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
class VendorRecord:
	"""`tax_id` is what was entered since it was last sent: QuickBooks gives it back masked."""

	name: str
	company_name: str = ""
	contact_name: str = ""
	email: str = ""
	phone: str = ""
	terms: str | None = None
	currency: str | None = None
	account_number: str = ""
	tax_id: str = ""
	is_1099: bool = False
	address: Address | None = None
	notes: str = ""
	inactive: bool = False


@dataclass(frozen=True)
class ItemRecord:
	"""`code` is the item's unique code, its name in QuickBooks unless `quickbooks_name` (of an item below a category or
	another item) says otherwise; `item_type` as on the form; prices per unit.

	`asset_account` and `inventory_start_date` are those of an item whose quantity QuickBooks counts too, None of any other.
	`parent_id` is the QuickBooks id of what a new item stands below, None of most.
	"""

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
	quickbooks_name: str = ""
	asset_account: str | None = None
	inventory_start_date: date | None = None
	parent_id: str | None = None
