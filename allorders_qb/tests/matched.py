"""For tests of the matching: a company and a site that both have records, connected for the first time."""

from typing import Any

import frappe

from allorders_qb.sync import connecting
from allorders_qb.sync.connection import CONNECTION, get_realm_id
from allorders_qb.sync.matching import course, deciding, pages
from allorders_qb.sync.matching.gate import MATCH
from allorders_qb.sync.runs.engine import carry_out_runs
from allorders_qb.tests.listed import ListsTestCase

MATCHING_FIELDS = (
	"matching_status",
	"matching_run",
	"matching_read_at",
	"matching_confirmed_by",
	"matched_at",
)


class MatchingTestCase(ListsTestCase):
	"""Every test begins unmatched, whatever was on the site before; records of others are left out of the matching."""

	def setUp(self) -> None:
		super().setUp()
		self.forget()
		self.addCleanup(self.forget)

	def forget(self) -> None:
		frappe.db.delete(MATCH)
		frappe.db.set_value(
			CONNECTION, self.company.realm_id, dict.fromkeys((*MATCHING_FIELDS, "capture_watermark"), None)
		)
		frappe.db.commit()

	def require(self) -> None:
		"""What the way back from the consent page does."""
		connecting._require_matching(get_realm_id())

	def read(self) -> None:
		course.start_reading()
		self.carry_out()

	def confirm(self) -> Any:
		"""Confirm, and have it carried out; the run."""
		name = course.confirm()
		self.carry_out()
		return frappe.get_doc("QuickBooks Sync Run", name)

	def carry_out(self) -> None:
		frappe.db.commit()
		carry_out_runs()
		frappe.db.commit()

	def get_status(self) -> str:
		return frappe.db.get_value(CONNECTION, self.company.realm_id, "matching_status")

	def get_row(self, title: str, side: str = "QuickBooks") -> Any:
		return frappe.get_doc(MATCH, {"title": title, "side": side})

	def decide(self, decision: str, *titles: str, side: str = "QuickBooks") -> int:
		number = deciding.decide(decision, [self.get_row(title, side).name for title in titles])
		frappe.db.commit()
		return number

	def leave_rest(self) -> None:
		"""Leave alone whatever is still open, the site's other records among it."""
		for state in ("Unmatched", "Proposed", "Several Candidates"):
			for list_type in ("AO Customer", "AO Vendor", "AO Item"):
				names = pages.list_names(get_realm_id(), list_type, {"state": state})
				deciding.decide("Leave Alone", names)
		frappe.db.commit()

	def list_writes(self) -> list[dict]:
		"""What the company was asked to write, by its own journal."""
		return [
			entry
			for entry in self.company.get_requests()
			if entry["operation"] not in ("query", "read", "cdc", "report")
			and entry.get("method", "POST") == "POST"
			and not str(entry.get("path", "")).endswith("/query")
		]
