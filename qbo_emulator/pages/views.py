"""Routes of the pages, and what every page needs: the company it is about."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages import documents, lists, tools
from qbo_emulator.pages.html import Html, render_page, tag

Show = Callable[[Emulator, Company, web.Request], tuple[str, list[Html]]]


class Pages:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator

	def add_routes(self, app: web.Application) -> None:
		for address, show in (
			("/", lists.show_company),
			("/app/homepage", lists.show_company),
			("/app/customers", lists.show_customers),
			("/app/items", lists.show_items),
			("/app/invoices", lists.show_invoices),
			("/app/trialbalance", lists.show_trial_balance),
			("/app/invoice", documents.show_invoice),
			("/app/customerdetail", documents.show_customer),
			("/app/item", documents.show_item),
			("/app/requests", tools.show_requests),
			("/app/request", tools.show_request),
			("/app/knobs", tools.show_knobs),
		):
			app.router.add_get(address, self.wrap(show))
		app.router.add_post("/app/knobs", self.change_knobs)

	def find_company(self, request: web.Request) -> Company:
		"""Return the company of ``companyId``, else the first."""
		companies = self.emulator.companies
		realm = request.query.get("companyId") or next(iter(companies))
		if realm not in companies:
			raise LookupError(f"There is no company {realm} here.")
		return companies[realm]

	def wrap(self, show: Show) -> Callable:
		async def handle(request: web.Request) -> web.Response:
			try:
				company = self.find_company(request)
				title, content = show(self.emulator, company, request)
			except LookupError as error:
				return render_page("Not found", tag("p", error.args[0]), status=404)
			return render_page(title, *content, company=company.name, realm=company.realm)

		return handle

	async def change_knobs(self, request: web.Request) -> web.Response:
		"""Turn the knobs of the form, then show them again."""
		origin = request.headers.get("Origin")
		if origin and origin != f"{request.scheme}://{request.host}":
			return render_page("Not done", tag("p", "The form was sent from another site."), status=403)
		try:
			company = self.find_company(request)
			form = {name: str(value) for name, value in (await request.post()).items()}
			self.emulator.change_knobs(company, tools.read_knob_form(form))
		except LookupError as error:
			return render_page("Not found", tag("p", error.args[0]), status=404)
		except ValueError as error:
			return render_page("Not done", tag("p", str(error)), status=400)
		raise web.HTTPSeeOther(f"/app/knobs?companyId={company.realm}")
