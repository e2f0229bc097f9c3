"""Which of our DocTypes QuickBooks has to know about, and as what. Data only.

Another document type is added here (and in hooks.py), with a reader in ``sync.readers`` and a builder in
``mapping``; nothing else in this room names a DocType of the orders.
"""

from dataclasses import dataclass

LIST_ROLE = "record"

TRANSACTIONS = "transactions"
PAYMENTS = "payments"


@dataclass(frozen=True)
class Role:
	"""One QuickBooks transaction that a document becomes. Roles leave in the order they are listed."""

	name: str
	entity: str
	label: str


@dataclass(frozen=True)
class PostingType:
	"""A submittable document that posts: its roles, the field of its party, the label of its button."""

	doctype: str
	roles: tuple[Role, ...]
	party_doctype: str
	party_field: str
	button: str
	group: str = TRANSACTIONS
	"""Which switch of Send All it belongs to."""
	amount_field: str | None = "total"
	"""What Send All compares with its highest amount; None where the document has none."""


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
		roles=(Role("invoice", "Invoice", "Invoice"),),
		party_doctype="AO Customer",
		party_field="customer",
		button="Invoice",
	),
}

LIST_TYPES: dict[str, ListType] = {
	"AO Customer": ListType("AO Customer", "Customer", "DisplayName"),
	"AO Vendor": ListType("AO Vendor", "Vendor", "DisplayName"),
	"AO Item": ListType("AO Item", "Item", "Name"),
}


def get_role(doctype: str, role: str) -> Role:
	"""The role of that name of a posting document type; KeyError if it has none."""
	for candidate in POSTING_TYPES[doctype].roles:
		if candidate.name == role:
			return candidate
	raise KeyError(f"{doctype} has no role {role}")
