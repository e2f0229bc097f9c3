"""What the desk is told when it starts."""

import frappe

from allorders_qb.fulfilment.entry import get_home_currency


def add_home_currency(bootinfo: frappe._dict) -> None:
	"""Name the home currency as the desk's own, where the site has none.

	A site that was set up by Frappe alone has no currency of its own; the desk then shows amounts in home money under the
	symbol of whatever currency comes first in the alphabet.
	"""
	if not bootinfo.sysdefaults.get("currency"):
		bootinfo.sysdefaults["currency"] = get_home_currency()
