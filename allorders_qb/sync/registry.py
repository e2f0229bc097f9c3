"""Which of our DocTypes QuickBooks has to know about, and as what. Data only.

Another document type is added here (and in hooks.py), with a reader in ``sync.readers`` and a builder in
``mapping``; nothing else in this room names a DocType of the orders.
"""

from dataclasses import dataclass

LIST_ROLE = "record"

TRANSACTIONS = "transactions"
PAYMENTS = "payments"


PARTY_REFS = {
	"Invoice": "CustomerRef",
	"SalesReceipt": "CustomerRef",
	"CreditMemo": "CustomerRef",
	"RefundReceipt": "CustomerRef",
	"Payment": "CustomerRef",
	"Bill": "VendorRef",
	"VendorCredit": "VendorRef",
}
"""Where QuickBooks names whose transaction it is; those of one party leave in their order. The rest is nobody's."""


@dataclass(frozen=True)
class Role:
	"""One QuickBooks transaction that a document becomes; ``label`` is what a sentence calls it."""

	name: str
	entity: str
	label: str


@dataclass(frozen=True)
class PostingType:
	"""A submittable document that posts: its roles, the field of its party, the label of its button.

	``roles`` are all that a document of this type may have, in the order in which they leave; which of them a given one
	has is what its reader returns (``sync.postings``).
	"""

	doctype: str
	roles: tuple[Role, ...]
	party_doctype: str | None
	party_field: str | None
	button: str
	group: str = TRANSACTIONS
	"""Which switch of Send All it belongs to."""
	amount_field: str | None = "total"
	"""What Send All compares with its highest amount; None where the document has none."""
	needs_mode: bool = False
	"""Whether it has nothing to record before an inventory mode is chosen in QuickBooks Settings."""
	guided: bool = False
	"""Whether it leaves step by step, by a guide of its own: there is no rule for it, and Send All does not look at it."""


@dataclass(frozen=True)
class ListType:
	"""A list record that QuickBooks keeps as well."""

	doctype: str
	entity: str
	name_field: str
	"""The QuickBooks field that holds its name, which is unique there."""


POSTING_TYPES: dict[str, PostingType] = {
	"AO Ship Doc": PostingType(
		doctype="AO Ship Doc",
		roles=(
			Role("invoice", "Invoice", "Invoice"),
			Role("sales_receipt", "SalesReceipt", "Sales Receipt"),
			Role("cogs", "JournalEntry", "Cost of Goods"),
		),
		party_doctype="AO Customer",
		party_field="customer",
		button="Invoice",
	),
	"AO Customer Return": PostingType(
		doctype="AO Customer Return",
		roles=(
			Role("credit_memo", "CreditMemo", "Credit Memo"),
			Role("refund_receipt", "RefundReceipt", "Refund Receipt"),
			Role("cogs", "JournalEntry", "Cost of Goods"),
			Role("scrap", "InventoryAdjustment", "Scrapped Goods"),
		),
		party_doctype="AO Customer",
		party_field="customer",
		button="Credit",
	),
	"AO Work Order": PostingType(
		doctype="AO Work Order",
		roles=(
			Role("adjustment", "InventoryAdjustment", "Inventory Adjustment"),
			Role("production", "JournalEntry", "Production"),
		),
		party_doctype=None,
		party_field=None,
		button="Record",
		amount_field=None,
		needs_mode=True,
	),
	"AO Quantity Adjustment": PostingType(
		doctype="AO Quantity Adjustment",
		roles=(
			Role("adjustment", "InventoryAdjustment", "Inventory Adjustment"),
			Role("journal", "JournalEntry", "Journal Entry"),
		),
		party_doctype=None,
		party_field=None,
		button="Record",
		amount_field=None,
		needs_mode=True,
	),
	"AO Value Adjustment": PostingType(
		doctype="AO Value Adjustment",
		roles=(Role("journal", "JournalEntry", "Journal Entry"),),
		party_doctype=None,
		party_field=None,
		button="Record",
		amount_field=None,
		needs_mode=True,
	),
	"AO Cost True-Up": PostingType(
		doctype="AO Cost True-Up",
		roles=(Role("journal", "JournalEntry", "Journal Entry"),),
		party_doctype=None,
		party_field=None,
		button="Record",
		amount_field=None,
		needs_mode=True,
	),
	"QuickBooks Mode Change": PostingType(
		doctype="QuickBooks Mode Change",
		roles=(
			*(
				Role(f"adjustment_{number}", "InventoryAdjustment", f"Inventory Adjustment {number}")
				for number in range(1, 41)
			),
			Role("journal", "JournalEntry", "Journal Entry"),
		),
		party_doctype=None,
		party_field=None,
		button="Begin",
		amount_field=None,
		guided=True,
	),
	"AO Receiver": PostingType(
		doctype="AO Receiver",
		roles=(
			Role("bill", "Bill", "Bill"),
			Role("accrual", "JournalEntry", "Received, Not Billed"),
			Role("landed_cost", "JournalEntry", "Freight and Duty"),
		),
		party_doctype="AO Vendor",
		party_field="vendor",
		button="Bill",
	),
	"AO Vendor Bill": PostingType(
		doctype="AO Vendor Bill",
		roles=(
			# Of these there may be many, one a receiver: each is written when the bill is about to go.
			Role("provisional", "Bill", "Provisional Bill"),
			Role("bill", "Bill", "Bill"),
			Role("accrual_reversal", "JournalEntry", "Received, Now Billed"),
			Role("revaluation", "JournalEntry", "Change of Value"),
		),
		party_doctype="AO Vendor",
		party_field="vendor",
		button="Bill",
	),
	"AO Vendor Return": PostingType(
		doctype="AO Vendor Return",
		roles=(
			Role("vendor_credit", "VendorCredit", "Vendor Credit"),
			Role("variance", "JournalEntry", "Purchase Variance"),
		),
		party_doctype="AO Vendor",
		party_field="vendor",
		button="Credit",
	),
	"AO Payment": PostingType(
		doctype="AO Payment",
		roles=(
			Role("payment", "Payment", "Payment"),
			# Of these there may be many: each has a row of its own, written when both are in QuickBooks.
			Role("application", "Payment", "Application"),
		),
		party_doctype="AO Customer",
		party_field="customer",
		button="Record",
		group=PAYMENTS,
		amount_field="amount",
	),
}

LIST_TYPES: dict[str, ListType] = {
	"AO Customer": ListType("AO Customer", "Customer", "DisplayName"),
	"AO Vendor": ListType("AO Vendor", "Vendor", "DisplayName"),
	"AO Item": ListType("AO Item", "Item", "Name"),
}

LIST_DOCTYPES = {list_type.entity: doctype for doctype, list_type in LIST_TYPES.items()}
"""Which DocType keeps what QuickBooks calls a Customer, a Vendor, an Item."""


def get_role(doctype: str, role: str) -> Role:
	"""The role of that name of a posting document type; KeyError if it has none."""
	for candidate in POSTING_TYPES[doctype].roles:
		if candidate.name == role:
			return candidate
	raise KeyError(f"{doctype} has no role {role}")


def get_earlier_roles(doctype: str, role: str) -> list[str]:
	"""The names of the roles that a document of that type records before this one."""
	names = [candidate.name for candidate in POSTING_TYPES[doctype].roles]
	return names[: names.index(role)]
