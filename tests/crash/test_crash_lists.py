"""Whatever kills the reading of QuickBooks' lists, and whenever: both sides have the same lists afterwards, each record once."""

import multiprocessing
import signal

import pytest
from crashing_pull import synchronize

CUSTOMER, VENDOR, ITEM, LINK = "AO Customer", "AO Vendor", "AO Item", "QuickBooks Link"
SETTINGS = "QuickBooks Settings"
BOTH_KEEP = (CUSTOMER, VENDOR, ITEM)
FEWEST_COMMITS = 8


@pytest.fixture(scope="module")
def processes():
	"""Processes of their own that have Frappe loaded already."""
	context = multiprocessing.get_context("forkserver")
	context.set_forkserver_preload(["crashing_pull", "allorders_qb.sync.runs.engine"])
	return context


@pytest.fixture
def kept_alike(site, company):
	"""Lists that both sides have alike, and no runs; what the test makes here goes again."""
	from allorders_qb.tests.test_runs_engine import forget_runs

	before = {doctype: set(site.get_all(doctype, pluck="name", order_by="name")) for doctype in BOTH_KEEP}
	forget_runs()
	site.db.set_value("QuickBooks Connection", company.realm_id, "capture_watermark", None)
	at_once = site.db.get_single_value(SETTINGS, "send_list_changes")
	send_list_changes(site, 1)
	pull_through(site)
	yield
	site.db.rollback()
	send_list_changes(site, at_once)
	for doctype in BOTH_KEEP:
		made = set(site.get_all(doctype, pluck="name", order_by="name")) - before[doctype]
		site.db.delete(doctype, {"name": ("in", [*made, ""])})
		site.db.delete(LINK, {"reference_doctype": doctype, "reference_name": ("in", [*made, ""])})
		site.db.delete("QuickBooks Queue Entry", {"reference_name": ("in", [*made, ""])})
	site.db.commit()


def send_list_changes(site, at_once: int) -> None:
	site.db.set_single_value(SETTINGS, "send_list_changes", at_once)
	site.clear_document_cache(SETTINGS, SETTINGS)
	site.db.commit()


def pull_through(site) -> None:
	"""A synchronization from beginning to end, and what is queued sent."""
	from allorders_qb.sync.runs.engine import carry_out_runs
	from allorders_qb.tests.emulated import let_time_pass, work

	start(site)
	carry_out_runs()
	let_time_pass(700)
	work()
	site.db.commit()


def start(site) -> None:
	from allorders_qb.sync.runs.start import start_run

	start_run("Since Last", trigger="Button")
	site.db.commit()


def change_both_sides(site, company, number: int) -> dict:
	"""In QuickBooks a customer with one below it, a vendor and an item appear, and a known customer's phone changes,
	while its note changes here."""
	from allorders_qb.tests.utils import make_customer

	both = make_customer(f"Both {number}", phone="1", notes="old")
	site.db.commit()
	pull_through(site)
	parent = company.post("Customer", {"DisplayName": f"Parent {number}"})
	company.post(
		"Customer", {"DisplayName": f"Child {number}", "ParentRef": {"value": parent["Id"]}, "Job": True}
	)
	company.post("Vendor", {"DisplayName": f"Vendor {number}"})
	income = company.query("SELECT * FROM Account WHERE AccountType = 'Income'")[0]["Id"]
	item = {"Name": f"Item {number}", "Type": "Service", "IncomeAccountRef": {"value": income}}
	company.post("Item", item)
	[there] = company.query(f"SELECT * FROM Customer WHERE DisplayName = '{both.name}'")
	company.post(
		"Customer",
		{
			"Id": there["Id"],
			"SyncToken": there["SyncToken"],
			"sparse": True,
			"PrimaryPhone": {"FreeFormNumber": "2"},
		},
	)
	both.reload()
	both.notes = "ours"
	both.save()
	site.db.commit()
	return {"parent": f"Parent {number}", "child": f"Child {number}", "both": both.name}


def assert_alike(site, company, number: int, names: dict) -> None:
	site.db.rollback()
	for doctype, entity, name in (
		(CUSTOMER, "Customer", names["parent"]),
		(CUSTOMER, "Customer", names["child"]),
		(CUSTOMER, "Customer", names["both"]),
		(VENDOR, "Vendor", f"Vendor {number}"),
		(ITEM, "Item", f"Item {number}"),
	):
		key = "Name" if entity == "Item" else "DisplayName"
		[there] = company.query(f"SELECT * FROM {entity} WHERE {key} = '{name}'")
		linked = site.get_all(
			LINK,
			filters={"reference_doctype": doctype, "reference_name": name},
			pluck="quickbooks_id",
			order_by="creation",
		)
		assert linked == [there["Id"]], f"{name}, killed at commit {number}"
	assert site.db.get_value(CUSTOMER, names["child"], "parent_customer") == names["parent"]
	ours = site.db.get_value(CUSTOMER, names["both"], ["phone", "notes"])
	[theirs] = company.query(f"SELECT * FROM Customer WHERE DisplayName = '{names['both']}'")
	assert ours == (theirs["PrimaryPhone"]["FreeFormNumber"], theirs["Notes"]) == ("2", "ours")
	assert not site.get_all("QuickBooks Conflict", filters={"status": "Open"}, order_by="creation")


def test_killed_at_every_commit_of_a_pull(site, host_info, company, kept_alike, processes):
	"""Before the first commit, before the second, … until a pull comes to its end alive."""
	from allorders_qb.tests.emulated import let_time_pass

	number, killed = 0, True
	while killed:
		number += 1
		names = change_both_sides(site, company, number)
		start(site)
		worker = processes.Process(target=synchronize, args=(host_info["site"], host_info["sites"], number))
		worker.start()
		worker.join(90)
		assert worker.exitcode in (0, -signal.SIGKILL), worker.exitcode
		killed = worker.exitcode != 0
		site.db.rollback()
		let_time_pass(700)
		pull_through(site)
		assert_alike(site, company, number, names)
	assert number > FEWEST_COMMITS
