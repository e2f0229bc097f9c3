"""For tests of lists that both sides keep: a connected site, a person in QuickBooks, and a look at both sides."""

from typing import Any

import frappe

from allorders_qb.sync.connection import CONNECTION, SETTINGS, get_realm_id
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.runs.engine import carry_out_runs
from allorders_qb.sync.runs.start import start_run
from allorders_qb.tests.committed import CommittingTestCase
from allorders_qb.tests.emulated import connect_site, run_emulator, work

CUSTOMER = "AO Customer"
VENDOR = "AO Vendor"
ITEM = "AO Item"


class ListsTestCase(CommittingTestCase):
	"""A company and a site that keep their lists alike. Every test begins with both as new."""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		running = run_emulator("--knob", "throttle.enabled=false")
		cls.company = running.__enter__()
		cls.addClassCleanup(running.__exit__, None, None, None)

	def setUp(self) -> None:
		self.company.reset()
		for doctype in (CUSTOMER, VENDOR, ITEM):
			made = set(frappe.get_all(doctype, pluck="name", order_by="name")) - self.before[doctype]
			frappe.db.delete(doctype, {"name": ("in", [*made, ""])})
		frappe.db.delete("QuickBooks Conflict")
		frappe.db.delete("QuickBooks Sync Run")
		connect_site(self.company)
		self.set_settings(send_list_changes=1)
		frappe.db.set_value(
			CONNECTION,
			self.company.realm_id,
			{"capture_watermark": None, "excluded_lists_read_at": None},
		)
		for rule in frappe.get_all("QuickBooks List Rule", pluck="name", order_by="name"):
			frappe.db.set_value("QuickBooks List Rule", rule, "direction", "Both Ways")
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def set_settings(self, **values: Any) -> None:
		for fieldname, value in values.items():
			frappe.db.set_single_value(SETTINGS, fieldname, value)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def set_direction(self, doctype: str, direction: str) -> None:
		frappe.db.set_value("QuickBooks List Rule", {"list_type": doctype}, "direction", direction)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def set_owner(self, doctype: str, fieldname: str, owner: str) -> None:
		frappe.db.set_value(
			"QuickBooks Field Owner", {"list_type": doctype, "fieldname": fieldname}, "owned_by", owner
		)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def synchronize(self, kind: str = "Since Last", **scope: Any) -> Any:
		"""Carry out a synchronization; its run."""
		frappe.db.commit()
		name = start_run(kind, trigger="Button", **scope)
		frappe.db.commit()
		carry_out_runs()
		frappe.db.commit()
		run = frappe.get_doc("QuickBooks Sync Run", name)
		return run

	def send(self) -> None:
		"""Have what is queued sent."""
		frappe.db.commit()
		work()
		frappe.db.commit()

	def change_there(self, entity: str, remote: dict, **values: Any) -> dict:
		"""A person changes a record in QuickBooks; the record as it is then."""
		current = self.read_there(entity, remote["Id"])
		return self.company.post(
			entity, {"Id": current["Id"], "SyncToken": current["SyncToken"], "sparse": True, **values}
		)

	def read_there(self, entity: str, quickbooks_id: str) -> dict:
		return self.company.query(
			f"SELECT * FROM {entity} WHERE Id = '{quickbooks_id}' AND Active IN (true, false)"
		)[0]

	def find_there(self, entity: str, name: str) -> dict | None:
		key = "Name" if entity == "Item" else "DisplayName"
		escaped = name.replace("'", "\\'")
		found = self.company.query(
			f"SELECT * FROM {entity} WHERE {key} = '{escaped}' AND Active IN (true, false)"
		)
		return found[0] if found else None

	def get_id(self, doctype: str, name: str) -> str | None:
		return frappe.db.get_value(
			LINK,
			{"realm_id": get_realm_id(), "reference_doctype": doctype, "reference_name": name},
			"quickbooks_id",
		)

	def find_here(self, doctype: str, quickbooks_id: str) -> Any:
		name = frappe.db.get_value(
			LINK, {"reference_doctype": doctype, "quickbooks_id": quickbooks_id}, "reference_name"
		)
		return frappe.get_doc(doctype, name) if name else None

	def list_conflicts(self, **filters: Any) -> list[Any]:
		return frappe.get_all(
			conflicts.CONFLICT,
			filters={"status": "Open", **filters},
			fields=["*"],
			order_by="creation",
		)

	def assert_settled(self) -> None:
		"""Nothing waits any more, and another round moves nothing on either side."""
		self.send()
		left = frappe.get_all(
			"QuickBooks Queue Entry",
			filters={"status": ("not in", ("Sent", "Not Needed"))},
			fields=["reference_name", "status", "reason"],
			order_by="creation",
		)
		self.assertEqual(left, [])
		before = self._picture()
		run = self.synchronize()
		self.assertEqual(run.status, "Finished", run.summary)
		self.send()
		self.assertEqual(self._picture(), before)

	def _picture(self) -> dict:
		here = {
			doctype: frappe.get_all(doctype, fields=["name", "modified"], order_by="name")
			for doctype in (CUSTOMER, VENDOR, ITEM)
		}
		there = {
			entity: [
				(remote["Id"], remote["SyncToken"])
				for remote in self.company.query(
					f"SELECT * FROM {entity} WHERE Active IN (true, false) ORDERBY Id MAXRESULTS 1000"
				)
			]
			for entity in ("Customer", "Vendor", "Item")
		}
		return {"here": here, "there": there}
