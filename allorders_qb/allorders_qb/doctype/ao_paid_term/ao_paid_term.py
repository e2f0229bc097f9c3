"""Terms that mean paid at sale, and where that money goes."""

from frappe.model.document import Document


class AOPaidTerm(Document):
	pass
