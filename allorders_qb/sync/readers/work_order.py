"""AO Work Order -> what it takes and gives: an inventory adjustment of quantities and a journal of what was added where QuickBooks
counts too, one journal of values where it does not."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from frappe.utils import getdate

from allorders_qb.fulfilment.production import DISASSEMBLE
from allorders_qb.mapping.posting import AdjustmentDocument, AdjustmentLine, JournalDocument, JournalLine
from allorders_qb.money import to_decimal
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.inventory import COUNTED, VALUES
from allorders_qb.sync.readers.journals import Account, make_journal, name_account, post_value

ZERO = Decimal(0)
COST_ACCOUNTS = {
	"Labour": "labour_account",
	"Subcontract": "subcontract_account",
	"Overhead": "overhead_account",
}


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, AdjustmentDocument | JournalDocument]:
	"""What was made, or taken apart, by role; nothing where no mode is chosen."""
	if mode == COUNTED:
		adjustment = read_quantities(doc, settings)
		added = read_added_cost(doc, settings)
		return {"adjustment": adjustment, **({"production": added} if added.lines else {})}
	if mode == VALUES:
		return {"production": read_values(doc, settings)}
	return {}


def read_quantities(doc: Any, settings: Any) -> AdjustmentDocument:
	"""Components less, product more; the other way round where it was taken apart. What that costs, QuickBooks says."""
	account, field = name_account(settings, "manufacturing_clearing_account")
	sign = -1 if doc.work_kind == DISASSEMBLE else 1
	return AdjustmentDocument(
		kind="adjustment",
		source_doctype=doc.doctype,
		source_name=doc.name,
		posting_date=getdate(doc.posting_date),
		doc_number=doc.name,
		account=account or "",
		lines=(
			*(
				AdjustmentLine(row.idx, row.item, -sign * to_decimal(row.required_quantity))
				for row in doc.components
			),
			AdjustmentLine(None, doc.item, sign * to_decimal(doc.quantity)),
		),
		private_note=doc.notes or None,
		class_name=doc.class_name or None,
		department=doc.department or None,
		account_field=field,
	)


def read_added_cost(doc: Any, settings: Any) -> JournalDocument:
	"""Labour, subcontract and overhead, credited against the clearing account that the quantities went through."""
	clearing = name_account(settings, "manufacturing_clearing_account")
	credits = list(_credit_added(doc, settings))
	added = -sum((line.amount for line in credits), ZERO)
	debit = (
		[post_value(added, clearing, doc.item, doc.item, class_name=doc.class_name or None)]
		if credits
		else []
	)
	return make_journal(doc, "production", [*debit, *credits], doc.notes)


def read_values(doc: Any, settings: Any) -> JournalDocument:
	"""What comes in at what left and what was added; the ledger's values of what left count.

	What comes in takes the rest, so that the journal is even at any moment; the ledger may just be telling a component's
	history anew.
	"""
	inventory = name_account(settings, "inventory_asset_account")
	values = read_line_values(doc.doctype, doc.name)
	class_name = doc.class_name or None
	product = (doc.name, doc.item)
	components = [(row.name, row.item) for row in doc.components]
	leaving, coming = ([product], components) if doc.work_kind == DISASSEMBLE else (components, [product])
	lines = [post_value(values.get(line, ZERO), inventory, item, item, class_name) for line, item in leaving]
	lines += _credit_added(doc, settings)
	rest = -sum((line.amount for line in lines), ZERO)
	arriving = []
	for line, item in coming[:-1]:
		arriving.append(post_value(values.get(line, ZERO), inventory, item, item, class_name))
		rest -= values.get(line, ZERO)
	arriving += [post_value(rest, inventory, item, item, class_name) for _line, item in coming[-1:]]
	return make_journal(doc, "production", [*arriving, *lines], doc.notes)


def _credit_added(doc: Any, settings: Any) -> Iterator[JournalLine]:
	for row in doc.costs:
		account: Account = name_account(settings, COST_ACCOUNTS[row.kind], row.account)
		yield post_value(
			-to_decimal(row.amount, 2),
			account,
			row.description or row.kind,
			item=doc.item,
			class_name=doc.class_name or None,
		)
