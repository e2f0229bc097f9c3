"""Uninstalling leaves nothing of the app behind, and what is installed again works from the first document on.

Last of its folder, since it takes the site's data away.
"""

import json
import subprocess
import sys

import pytest

LEFT_BEHIND = """
import frappe
frappe.init(site=sys.argv[1]); frappe.connect()
counts = {
	"singles": frappe.db.sql("select count(*) from tabSingles where doctype like 'QuickBooks %%' or doctype like 'AO %%'")[0][0],
	"secrets": frappe.db.sql("select count(*) from __Auth where doctype like 'QuickBooks %%'")[0][0],
	"roles": frappe.db.sql("select count(*) from tabRole where name like 'QuickBooks %%' or name like 'AO %%'")[0][0],
	"doctypes": frappe.db.sql("select count(*) from tabDocType where module = 'AllOrders QB'")[0][0],
	"tables": len(frappe.db.sql("show tables like 'tabQuickBooks%%'")) + len(frappe.db.sql("show tables like 'tabAO %%'")),
	"jobs": frappe.db.sql("select count(*) from `tabScheduled Job Type` where method like 'allorders_qb%%' and stopped = 0")[0][0],
}
print(json.dumps(counts))
"""


def run_frappe(host_info, *words: str) -> str:
	command = host_info["commands"]["frappe"]
	done = subprocess.run(
		[*command["argv"], *words],
		cwd=command["cwd"],
		capture_output=True,
		text=True,
		stdin=subprocess.DEVNULL,
	)
	assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
	return done.stdout


def count_left_behind(host_info) -> dict:
	done = subprocess.run(
		[sys.executable, "-c", "import json, sys\n" + LEFT_BEHIND, host_info["site"]],
		cwd=host_info["sites"],
		capture_output=True,
		text=True,
		check=True,
	)
	return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def posted(site, company):
	"""A document in QuickBooks; afterwards this process lets go of the tables."""
	from allorders_qb.tests.emulated import work
	from allorders_qb.tests.utils import make_ship_doc

	doc = make_ship_doc(submit=True)
	site.db.commit()
	work()
	assert len(company.get_invoices()) == 1
	site.db.commit()
	return doc.name


def test_uninstall_and_install_again(site, host_info, company, posted):
	from allorders_qb.tests.emulated import connect_site, work
	from allorders_qb.tests.utils import make_ship_doc

	said = run_frappe(host_info, "uninstall-app", "allorders_qb", "--yes", "--no-backup")
	assert "QuickBooks keeps every transaction" in said
	assert set(count_left_behind(host_info).values()) == {0}, count_left_behind(host_info)
	assert len(company.get_invoices()) == 1, "uninstalling must not touch QuickBooks"

	run_frappe(host_info, "install-app", "allorders_qb")
	run_frappe(host_info, "migrate")
	site.clear_cache()
	connect_site(company)
	again = make_ship_doc(submit=True)
	assert again.name != posted, "a number that QuickBooks knows is not given out twice"
	site.db.commit()
	work()
	assert len(company.get_invoices()) == 2
