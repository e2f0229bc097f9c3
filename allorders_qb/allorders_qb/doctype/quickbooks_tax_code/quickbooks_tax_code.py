"""A sales tax code of the QuickBooks company, as last read, and what its purchase tax means for costs here."""

import json

import frappe
from frappe.model.document import Document

from allorders_qb.fulfilment import taxing
from allorders_qb.fulfilment.access import require_permission

OURS = ("purchase_tax_in_cost",)
"""What is said here and not in QuickBooks."""


class QuickBooksTaxCode(Document):
	def validate(self) -> None:
		"""Let nobody but a reading of the lists change what is QuickBooks' own; that does not come this way."""
		before = self.get_doc_before_save()
		for field in self.meta.fields if before else ():
			if field.fieldname not in OURS and field.fieldname in before.as_dict():
				self.set(field.fieldname, before.get(field.fieldname))


@frappe.whitelist()
def get_tax_rates(codes: list | str, side: str) -> dict[str, list[float]]:
	"""Return the percentages of tax codes' rates, by code, on the side `sales_rates` or `purchase_rates`."""
	require_permission("QuickBooks Tax Code", "read")
	wanted = json.loads(codes) if isinstance(codes, str) else codes
	found = taxing.read_tax_codes(wanted, side if side == taxing.PURCHASE else taxing.SALE)
	return {name: [float(rate.percent) for rate in code.rates] for name, code in found.items()}
