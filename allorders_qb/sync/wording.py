"""What QuickBooks' kinds of transactions are called in sentences."""

from frappe import _


def name_entity(entity: str) -> str:
	"""The name of one of QuickBooks' entities for a person, as QuickBooks' own pages write it: *Vendor Credit*."""
	names = {
		"SalesReceipt": _("Sales Receipt"),
		"CreditMemo": _("Credit Memo"),
		"RefundReceipt": _("Refund Receipt"),
		"VendorCredit": _("Vendor Credit"),
		"JournalEntry": _("Journal Entry"),
		"InventoryAdjustment": _("Inventory Adjustment"),
	}
	return names.get(entity) or _(entity)
