"""What AO Sales Order and AO Ship Doc are, before they are anything else."""

from __future__ import annotations

from typing import Any

from frappe.model.document import Document


class SellingDocument(Document):
	"""A document in its customer's currency."""

	def __init__(self, *args: Any, **kwargs: Any):
		super().__init__(*args, **kwargs)
		# Frappe fills an empty link from the site's default of the same name. An order takes the customer's.
		self.dont_update_if_missing = ["currency"]
