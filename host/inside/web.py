"""The web server's application: Frappe with its assets and public files, for one site whatever the host name asked for.

Run by the environment's Python in the `sites` folder (gunicorn). Production has nginx for this.
"""

import os

import frappe.app
from frappe.middlewares import StaticDataMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware

frappe.app._site = os.environ["ALLORDERS_SITE"]
SITES = os.path.abspath(".")
application = StaticDataMiddleware(
	SharedDataMiddleware(frappe.app.application, {"/assets": os.path.join(SITES, "assets")}), {"/files": SITES}
)
