"""The lists that QuickBooks owns and we only read: accounts, terms, classes, departments, payment methods, taxes.

Matched by QuickBooks Id, never by name; a renamed record is renamed here, so that what points to it stays right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils import cint, now_datetime

from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.faults import FaultClass, Refused
from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.plain import make_plain

TAX_ON_AMOUNT = "TaxOnAmount"


@dataclass(frozen=True)
class Mirror:
	"""One list: our DocType, their entity, and what we keep of it besides name, id and activity."""

	doctype: str
	entity: str
	name_field: str
	"""Their field that names it."""
	read_values: Callable[[dict], dict[str, Any]]
	captured: bool = True
	"""Whether change data capture tells of its changes; the others are read anew now and then."""
	optional: bool = False
	"""Not every company has it: one that refuses to be asked for it has an empty list."""
	own: str | None = None
	"""Our own list, of the same key, that has these names too, and may have more of them."""


MIRRORS = (
	Mirror(
		"QuickBooks Account",
		"Account",
		"FullyQualifiedName",
		lambda remote: {
			"account_type": remote.get("AccountType"),
			"account_sub_type": remote.get("AccountSubType"),
			"currency": (remote.get("CurrencyRef") or {}).get("value"),
		},
	),
	Mirror(
		"QuickBooks Term",
		"Term",
		"Name",
		lambda remote: {
			"due_days": cint(remote.get("DueDays")),
			"day_of_month_due": cint(remote.get("DayOfMonthDue")),
		},
	),
	Mirror("QuickBooks Class", "Class", "FullyQualifiedName", lambda remote: {}),
	Mirror("QuickBooks Department", "Department", "FullyQualifiedName", lambda remote: {}),
	Mirror("QuickBooks Payment Method", "PaymentMethod", "Name", lambda remote: {}),
	Mirror(
		"QuickBooks Tax Code",
		"TaxCode",
		"Name",
		lambda remote: {
			"taxable": cint(remote.get("Taxable") in (True, "true")),
			"description": remote.get("Description"),
			"sales_rates": _list_rates(remote, "SalesTaxRateList"),
			"purchase_rates": _list_rates(remote, "PurchaseTaxRateList"),
			"has_tax_on_tax": cint(_has_tax_on_tax(remote)),
		},
		captured=False,
	),
	Mirror(
		"QuickBooks Tax Rate",
		"TaxRate",
		"Name",
		lambda remote: {
			"rate": float(remote.get("RateValue") or 0),
			"description": remote.get("Description"),
		},
		captured=False,
	),
	Mirror(
		"QuickBooks Currency",
		"CompanyCurrency",
		"Code",
		lambda remote: {"currency_name": remote.get("Name")},
		captured=False,
		optional=True,
	),
	Mirror(
		"QuickBooks Customer Type",
		"CustomerType",
		"Name",
		lambda remote: {},
		captured=False,
		optional=True,
		own="AO Customer Type",
	),
)


def _read_rate_details(code: dict, side: str) -> list[dict]:
	return (code.get(side) or {}).get("TaxRateDetail") or []


def _list_rates(code: dict, side: str) -> str:
	"""The ids of a code's rates on one side, in their order."""
	return ", ".join(
		str((detail.get("TaxRateRef") or {}).get("value")) for detail in _read_rate_details(code, side)
	)


def _has_tax_on_tax(code: dict) -> bool:
	return any(
		detail.get("TaxTypeApplicable", TAX_ON_AMOUNT) != TAX_ON_AMOUNT
		for side in ("SalesTaxRateList", "PurchaseTaxRateList")
		for detail in _read_rate_details(code, side)
	)


BY_DOCTYPE = {mirror.doctype: mirror for mirror in MIRRORS}


def read_mirrors(client: QuickBooksClient, realm_id: str) -> dict[str, int]:
	"""Read every such list anew; how many records each has. Does not commit. Raises ``qbo`` errors."""
	counts = {mirror.doctype: read_mirror(client, realm_id, mirror) for mirror in MIRRORS}
	frappe.db.set_value(CONNECTION, realm_id, "lists_read_at", now_datetime(), update_modified=False)
	return counts


def read_mirror(client: QuickBooksClient, realm_id: str, mirror: Mirror) -> int:
	"""Read one list anew; how many records it has. Does not commit. Raises ``qbo`` errors."""
	known = _list_known(realm_id, mirror)
	count = 0
	try:
		for remote in client.query_all(mirror.entity, "" if mirror.optional else "Active IN (true, false)"):
			_store_remote(realm_id, mirror, remote, known.get(str(remote["Id"])))
			count += 1
	except Refused as refusal:
		if not mirror.optional or refusal.fault.fault_class is not FaultClass.NEEDS_PERSON:
			raise
	return count


def take_mirrored(realm_id: str, mirror: Mirror, remotes: list[dict]) -> int:
	"""Take over these records of one list, those that are new or have changed; how many. Does not commit."""
	known = _list_known(realm_id, mirror)
	for remote in remotes:
		if remote.get("status") == "Deleted":
			if gone := known.get(str(remote["Id"])):
				frappe.db.set_value(mirror.doctype, gone, "inactive", 1)
			continue
		_store_remote(realm_id, mirror, remote, known.get(str(remote["Id"])))
	return len(remotes)


def forget_excluded(realm_id: str) -> None:
	"""Have the lists that capture leaves out read with the next pull. Does not commit."""
	frappe.db.set_value(CONNECTION, realm_id, "excluded_lists_read_at", None, update_modified=False)


def _list_known(realm_id: str, mirror: Mirror) -> dict[str, str]:
	return {
		row.quickbooks_id: row.name
		for row in frappe.get_all(
			mirror.doctype,
			filters={"realm_id": realm_id},
			fields=["name", "quickbooks_id"],
			order_by="name",
		)
	}


def _store_remote(realm_id: str, mirror: Mirror, remote: dict, known_as: str | None) -> None:
	key = frappe.get_meta(mirror.doctype).autoname.removeprefix("field:")
	# Frappe takes neither < nor > in a name, and one account called so must not keep a company from connecting.
	name = make_plain(str(remote.get(mirror.name_field) or remote.get("Name") or remote["Id"]))[:140]
	values = {
		**mirror.read_values(remote),
		"quickbooks_id": str(remote["Id"]),
		"realm_id": realm_id,
		"inactive": cint(remote.get("Active") in (False, "false")),
	}
	stored_as = _store(mirror.doctype, key, name, values, known_as)
	if mirror.own:
		_keep_own(mirror.own, key, stored_as, known_as)


def _store(doctype: str, key: str, name: str, values: dict[str, Any], known_as: str | None) -> str:
	namesake = frappe.db.get_value(doctype, name, ["name", "quickbooks_id", "realm_id"], as_dict=True)
	if (
		namesake
		and namesake.realm_id == values["realm_id"]
		and namesake.quickbooks_id != values["quickbooks_id"]
	):
		# Two names that our database takes for one (accents, capitals, length): both stay, told apart by their ids.
		name = f"{name[:120]} ({values['quickbooks_id']})"
	if known_as and known_as != name and not frappe.db.exists(doctype, name):
		frappe.rename_doc(doctype, known_as, name, force=True, show_alert=False)
		known_as = name
	if known_as or frappe.db.exists(doctype, name):
		frappe.db.set_value(doctype, known_as or name, values)
		return known_as or name
	_insert(doctype, {key: name, **values})
	return name


def _keep_own(doctype: str, key: str, name: str, before: str | None) -> None:
	"""Have the name in our own list as well; renamed there where it was renamed in QuickBooks."""
	if frappe.db.exists(doctype, name):
		return
	if before and before != name and frappe.db.exists(doctype, before):
		frappe.rename_doc(doctype, before, name, force=True, show_alert=False)
		return
	_insert(doctype, {key: name})


def _insert(doctype: str, values: dict[str, Any]) -> None:
	record = frappe.get_doc({"doctype": doctype, **values})
	record.flags.ignore_permissions = True
	record.insert()
