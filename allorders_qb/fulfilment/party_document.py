"""What every document with a customer or a vendor is, before it is anything else."""

from __future__ import annotations

from typing import Any

from frappe.model.document import Document


class PartyDocument(Document):
	"""A document in its customer's, or its vendor's, currency."""

	def __init__(self, *args: Any, **kwargs: Any):
		super().__init__(*args, **kwargs)
		# Frappe fills an empty link from the site's default of the same name. A document takes its party's.
		self.dont_update_if_missing = ["currency"]
