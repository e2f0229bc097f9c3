"""How this site speaks to QuickBooks, and when documents leave."""

from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from allorders_qb.sync.inventory_settings import check_inventory, queue_items_of_new_mode

EMULATOR = "Emulator"
MIN_REQUEST_TIMEOUT = 125
MIN_SILENCE_WAIT = 120
MAX_SENDERS = 16
PACE_BOUNDS = {
	"requests_per_minute": (490, 500),
	"requests_per_second": (8, 10),
	"requests_at_once": (8, 10),
}
"""The most each may be, and what Intuit permits: every request above that costs a minute."""
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class QuickBooksSettings(Document):
	@property
	def redirect_uri(self) -> str:
		"""The address for the app's redirect URIs at Intuit."""
		return frappe.utils.get_url("/api/method/allorders_qb.api.connection.finish_connecting")

	@property
	def webhook_url(self) -> str:
		"""The address for the endpoint URL under Webhooks at Intuit."""
		return frappe.utils.get_url("/api/method/allorders_qb.api.webhooks.receive")

	def validate(self) -> None:
		self._restore_bound()
		self._check_emulator_url()
		self._check_waits()
		self._check_pace()
		self._check_rules()
		self._check_send_all_filters()
		check_inventory(self)

	def on_update(self) -> None:
		queue_items_of_new_mode(self)

	def _restore_bound(self) -> None:
		"""What connecting has bound is not a form's to change."""
		before = self.get_doc_before_save()
		for fieldname in ("realm_id", "installation_id"):
			if before:
				self.set(fieldname, before.get(fieldname))

	def _check_emulator_url(self) -> None:
		if self.environment != EMULATOR:
			return
		self.emulator_url = (self.emulator_url or "").strip().rstrip("/")
		parts = urlsplit(self.emulator_url)
		allowed = LOOPBACK | set(frappe.conf.get("allorders_qb_emulator_hosts") or [])
		if parts.scheme not in ("http", "https") or parts.hostname not in allowed:
			frappe.throw(
				_(
					"Emulator URL: {0} is not an address of this machine. Enter one like http://127.0.0.1:8099, or list the host under allorders_qb_emulator_hosts in the site's configuration."
				).format(self.emulator_url or _("nothing")),
				title=_("Emulator URL"),
			)

	def _check_waits(self) -> None:
		"""With a real company nothing may be sent again before QuickBooks itself has given up on the first."""
		if self.environment == EMULATOR:
			return
		self.request_timeout = max(cint(self.request_timeout), MIN_REQUEST_TIMEOUT)
		if cint(self.silence_wait) < MIN_SILENCE_WAIT:
			frappe.throw(
				_(
					"Wait After Silence: at least {0} seconds. Until then QuickBooks may still carry the request out."
				).format(MIN_SILENCE_WAIT)
			)

	def _check_send_all_filters(self) -> None:
		for row in self.send_all_filters:
			if row.from_date and row.to_date and getdate(row.from_date) > getdate(row.to_date):
				frappe.throw(
					_("Send All, row {0}: From Date lies after To Date, so nothing would ever go.").format(
						row.idx
					)
				)
			if bool(row.party_type) != bool(row.party):
				frappe.throw(
					_("Send All, row {0}: choose both, Customer or Vendor and who it is, or neither.").format(
						row.idx
					)
				)

	def _check_pace(self) -> None:
		"""With a real company within Intuit's limits; an emulator may be asked as fast as it goes."""
		for fieldname in ("requests_per_second", "requests_at_once", "senders"):
			self.set(fieldname, cint(self.get(fieldname)) or cint(self.meta.get_field(fieldname).default))
		if not 1 <= self.senders <= MAX_SENDERS:
			frappe.throw(
				_("{0}: between 1 and {1}.").format(_(self.meta.get_label("senders")), MAX_SENDERS),
				title=_("Senders"),
			)
		if self.environment == EMULATOR:
			return
		for fieldname, (most, permitted) in PACE_BOUNDS.items():
			if not 1 <= cint(self.get(fieldname)) <= most:
				frappe.throw(
					_(
						"{0}: between 1 and {1}. Intuit permits {2}, and every request above it costs a minute."
					).format(_(self.meta.get_label(fieldname)), most, permitted),
					title=_("Pace"),
				)

	def _check_rules(self) -> None:
		seen = set()
		for row in self.posting_rules:
			if row.document_type in seen:
				frappe.throw(
					_("Row {0}: {1} already has a posting rule.").format(row.idx, _(row.document_type))
				)
			seen.add(row.document_type)
