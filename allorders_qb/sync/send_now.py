"""``bench --site SITE execute allorders_qb.sync.send_now.send_waiting_now``: what waits leaves, without a desk."""

import frappe

from allorders_qb.sync.queue import send_waiting
from allorders_qb.sync.worker import drain


def send_waiting_now() -> str:
	"""Release what waits for a synchronization and send it in this process; what was done, in a sentence."""
	released = send_waiting()
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  a command of its own
	worked = drain()
	return f"{released} released, {worked} worked on."
