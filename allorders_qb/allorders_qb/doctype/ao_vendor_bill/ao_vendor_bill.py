"""AO Vendor Bill: the bill for what was received before. Submitted it puts the value of the goods right."""

from allorders_qb.fulfilment import billing, buying_entry, vendor_returning
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.stock import guards, ledger


class AOVendorBill(PartyDocument):
	def validate(self) -> None:
		header = vendor_returning.get_receiver_header(self) if self.is_new() else None
		buying_entry.prepare_buying_document(self, header, taxed=("lines", "landed_costs"))
		buying_entry.set_due_date(self, self.posting_date)
		billing.check_bill(self)
		billing.set_bill_values(self)
		self.status = billing.STATUS[self.docstatus]

	def on_submit(self) -> None:
		billing.record_bill(self)

	def before_cancel(self) -> None:
		self.status = billing.STATUS[self.docstatus]

	def on_cancel(self) -> None:
		billing.undo_bill(self)
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
