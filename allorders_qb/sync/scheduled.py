"""What the scheduler calls."""

from allorders_qb.sync.worker import drain


def sweep_quickbooks_queue() -> None:
	"""Every minute: take over what vanished workers left, and send what is due.

	This is what makes a missed wake-up, a restarted Redis or an outage of QuickBooks heal by itself.
	"""
	drain()
