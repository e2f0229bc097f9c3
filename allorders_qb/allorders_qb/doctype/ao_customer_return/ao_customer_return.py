"""AO Customer Return: goods that come back. A draft is announced (RMA), submitted they are here."""

from frappe import _

from allorders_qb.fulfilment import accounts, entry, goods, returning, sources
from allorders_qb.fulfilment.party_document import PartyDocument
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.stock import guards, ledger


class AOCustomerReturn(PartyDocument):
	def validate(self) -> None:
		entry.prepare_document(
			self, order_header=returning.get_ship_doc_header(self) if self.is_new() else None
		)
		sources.check_sources(returning.SHIPPED, self)
		sources.check_rates(returning.SHIPPED, self)
		if self.refunded_at_once:
			faults = accounts.find_account_faults(self, "payment_account", accounts.REFUND_TYPES)
			refuse(faults, _("Please Check"))
		self.status = returning.STATUS[self.docstatus]

	def before_submit(self) -> None:
		goods.require_location(self, _("Row {0}: {1} is counted in stock. Say in Return To where it is put."))

	def on_submit(self) -> None:
		returning.record_return(self)

	def before_cancel(self) -> None:
		self.status = returning.STATUS[self.docstatus]

	def on_cancel(self) -> None:
		sources.record_taking(returning.SHIPPED, self, sign=-1)
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)
