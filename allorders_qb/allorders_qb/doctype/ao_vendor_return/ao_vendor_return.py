"""AO Vendor Return: goods that go back to a vendor. A draft is pending, submitted they have left."""

from frappe import _

from allorders_qb.fulfilment import buying_entry, goods, sources, vendor_returning
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.stock import guards, ledger


class AOVendorReturn(PartyDocument):
	def validate(self) -> None:
		header = vendor_returning.get_receiver_header(self) if self.is_new() else None
		buying_entry.prepare_buying_document(self, header)
		sources.check_sources(vendor_returning.RECEIVED, self)
		sources.check_rates(vendor_returning.RECEIVED, self)
		self.status = vendor_returning.STATUS[self.docstatus]

	def before_submit(self) -> None:
		goods.require_location(
			self, _("Row {0}: {1} is counted in stock. Say in Return From which location it leaves.")
		)

	def on_submit(self) -> None:
		vendor_returning.record_vendor_return(self)

	def before_cancel(self) -> None:
		self.status = vendor_returning.STATUS[self.docstatus]

	def on_cancel(self) -> None:
		sources.record_taking(vendor_returning.RECEIVED, self, sign=-1)
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
