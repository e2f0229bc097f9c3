"""The QuickBooks entities we speak of: address segment, what may be done with each, how it is voided, where it is seen.

Source: Intuit's API reference, one page per entity.
"""

from __future__ import annotations

from dataclasses import dataclass

# A void is asked for in one of two ways, by entity.
VOID_OPERATION = {"operation": "void"}
VOID_BY_UPDATE = {"operation": "update", "include": "void"}


@dataclass(frozen=True)
class Entity:
	"""One kind of QuickBooks object.

	`void_params`: the query parameters that void it, None where QuickBooks has no void for it.
	`web_page` and `web_key`: its page under /app/ and the parameter that carries its id.
	"""

	name: str
	writable: bool = False
	deletable: bool = False
	void_params: dict[str, str] | None = None
	web_page: str = ""
	web_key: str = ""

	@property
	def segment(self) -> str:
		return self.name.lower()


def _make_transaction(name: str, web_page: str, void_params: dict[str, str] | None = None) -> Entity:
	"""A transaction that we write; without `void_params` it can only be deleted."""
	return Entity(name, True, True, void_params, web_page, "txnId")


_ALL = (
	Entity("CompanyInfo"),
	Entity("Preferences"),
	Entity("Account"),
	Entity("Class"),
	Entity("CompanyCurrency"),
	Entity("CustomerType"),
	Entity("Department"),
	Entity("Employee"),
	Entity("PaymentMethod"),
	Entity("TaxCode"),
	Entity("TaxRate"),
	Entity("Term"),
	Entity("Vendor", writable=True, web_page="vendordetail", web_key="nameId"),
	Entity("Customer", writable=True, web_page="customerdetail", web_key="nameId"),
	Entity("Item", writable=True, web_page="item", web_key="itemId"),
	_make_transaction("Invoice", "invoice", VOID_OPERATION),
	_make_transaction("SalesReceipt", "salesreceipt", VOID_BY_UPDATE),
	_make_transaction("CreditMemo", "creditmemo"),
	_make_transaction("RefundReceipt", "refundreceipt"),
	_make_transaction("Payment", "recvpayment", VOID_BY_UPDATE),
	_make_transaction("Bill", "bill"),
	_make_transaction("VendorCredit", "vendorcredit"),
	_make_transaction("JournalEntry", "journal"),
	_make_transaction("InventoryAdjustment", "inventoryadjustment"),
)
ENTITIES = {entity.name: entity for entity in _ALL}


def find_entity(name: str) -> Entity:
	"""Return the entity of that name; raises ValueError for one we do not speak of."""
	try:
		return ENTITIES[name]
	except KeyError:
		raise ValueError(f"{name!r} is not a QuickBooks entity that All Orders works with.") from None
