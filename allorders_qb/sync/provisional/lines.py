"""A provisional bill as QuickBooks has it, and which of its lines are ours: those that were sent first."""

from typing import Any

import frappe
from frappe import _

from allorders_qb.qbo.faults import Refused
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.links import load_object
from allorders_qb.sync.provisional.records import RECEIVER
from allorders_qb.sync.readers.purchases import read_rest


def list_our_line_ids(link: frappe._dict) -> set[str]:
	"""The ids of our lines on a provisional bill: as many as it has of ours now, and they come before any other."""
	lines = load_object(link.snapshot).get("Line") or []
	ours = read_rest(frappe.get_doc(RECEIVER, link.reference_name), frappe.get_cached_doc(SETTINGS)).lines
	return {str(line.get("Id")) for line in lines[: len(ours)]}


def read_bill(sender: Any, quickbooks_id: str) -> dict | None:
	"""A bill as QuickBooks has it now; None where it is gone. Raises what reading raises."""
	try:
		return sender.client.read("Bill", quickbooks_id).data
	except Refused as refusal:
		if not refusal.fault.is_missing:
			raise
		return None


def explain_unchanged() -> str:
	"""The question to a person after many silent sendings; {0}: how many."""
	return _(
		"It was sent {0} times without a clear answer, and the provisional bill in QuickBooks is still as it was. Look at it there, then try again."
	)
