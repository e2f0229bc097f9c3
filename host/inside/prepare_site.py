"""Answer the setup wizard of a fresh site, so that its desk opens at once.

Run by the environment's Python in the `sites` folder, with the site's name.
"""

import sys

import frappe
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

ANSWERS = {
	"language": "English",
	"country": "United States",
	"timezone": "America/New_York",
	"currency": "USD",
	"enable_telemetry": 0,
}


def prepare_site(site: str) -> None:
	"""Complete the wizard, switch the tours off and the scheduler on. Raises RuntimeError when the wizard failed."""
	frappe.init(site=site)
	frappe.connect()
	frappe.set_user("Administrator")
	setup_complete(ANSWERS)
	settings = frappe.get_doc("System Settings")
	if not settings.setup_complete:
		raise RuntimeError(
			"Frappe's setup wizard did not complete; its reason stands in the site's Error Log"
		)
	settings.enable_onboarding = 0
	settings.enable_scheduler = 1
	settings.save()
	frappe.db.commit()
	frappe.destroy()


prepare_site(sys.argv[1])
