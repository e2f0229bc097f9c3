"""Routes of the pages, and what every page needs: the company it is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages import company, knobs, lists, records, reports, requests, transaction, webhooks
from qbo_emulator.pages.addresses import get_page_name, list_transaction_kinds
from qbo_emulator.pages.html import Html, render_page, tag

Show = Callable[[Emulator, Company, web.Request], tuple[str, list[Html]]]
PAGES: tuple[tuple[str, Show, str], ...] = (
	("/", company.show_company, "/"),
	("/app/homepage", company.show_company, "/"),
	("/app/customers", lists.show_customers, "/app/customers"),
	("/app/customerdetail", records.show_customer, "/app/customers"),
	("/app/vendors", lists.show_vendors, "/app/vendors"),
	("/app/vendordetail", records.show_vendor, "/app/vendors"),
	("/app/items", lists.show_items, "/app/items"),
	("/app/item", records.show_item, "/app/items"),
	("/app/accounts", lists.show_accounts, "/app/accounts"),
	("/app/register", records.show_account, "/app/accounts"),
	("/app/transactions", lists.show_transactions, "/app/transactions"),
	("/app/invoices", lists.show_invoices, "/app/transactions"),
	("/app/reports", reports.show_reports, "/app/reports"),
	("/app/report", reports.show_report, "/app/reports"),
	("/app/trialbalance", reports.show_trial_balance, "/app/reports"),
	("/app/requests", requests.show_requests, "/app/requests"),
	("/app/request", requests.show_request, "/app/requests"),
	("/app/webhooks", webhooks.show_webhooks, "/app/webhooks"),
	("/app/webhook", webhooks.show_webhook, "/app/webhooks"),
	("/app/knobs", knobs.show_knobs, "/app/knobs"),
)
"""Address, what shows it, and its place in the navigation."""


class Pages:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator

	def add_routes(self, app: web.Application) -> None:
		for address, show, here in PAGES:
			app.router.add_get(address, self.wrap(show, here))
		for kind in list_transaction_kinds():
			show = partial(transaction.show_transaction, entity=kind)
			app.router.add_get(f"/app/{get_page_name(kind)}", self.wrap(show, "/app/transactions"))
		app.router.add_post("/app/knobs", self.change_knobs)

	def find_company(self, request: web.Request) -> Company:
		"""Return the company of ``companyId``, else the first."""
		companies = self.emulator.companies
		realm = request.query.get("companyId") or next(iter(companies))
		if realm not in companies:
			raise LookupError(f"There is no company {realm} here.")
		return companies[realm]

	def wrap(self, show: Show, here: str) -> Callable:
		async def handle(request: web.Request) -> web.Response:
			try:
				found = self.find_company(request)
				title, content = show(self.emulator, found, request)
			except LookupError as error:
				return render_page("Not found", tag("p", error.args[0]), status=404)
			return render_page(title, *content, company=found.name, realm=found.realm, here=here)

		return handle

	async def change_knobs(self, request: web.Request) -> web.Response:
		"""Turn the knobs of the form, then show them again."""
		origin = request.headers.get("Origin")
		if origin and origin != f"{request.scheme}://{request.host}":
			return render_page("Not done", tag("p", "The form was sent from another site."), status=403)
		try:
			found = self.find_company(request)
			form = {name: str(value) for name, value in (await request.post()).items()}
			self.emulator.change_knobs(found, knobs.read_knob_form(form))
		except LookupError as error:
			return render_page("Not found", tag("p", error.args[0]), status=404)
		except ValueError as error:
			return render_page("Not done", tag("p", str(error)), status=400)
		raise web.HTTPSeeOther(f"/app/knobs?companyId={found.realm}")
