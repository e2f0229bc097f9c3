"""The control API under ``/_control``: JSON, without authentication, for callers on this machine only."""

from __future__ import annotations

import ipaddress
import json
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from qbo_emulator import another_user, ledger, stock_rows
from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.faults import Fault
from qbo_emulator.knobs import nest
from qbo_emulator.loader import LIST_SECTIONS, insert_record
from qbo_emulator.money import from_cents
from qbo_emulator.reports.trial_balance import list_balances
from qbo_emulator.saving import save_company
from qbo_emulator.store import parse_id
from qbo_emulator.wire import read_object

DEFAULT_CLIENT = "emulator-client"
JOURNAL_FILTERS = (
	"method",
	"entity",
	"operation",
	"requestid",
	"entity_id",
	"code",
	"outcome",
	"status",
	"committed",
)
Handler = Callable[[web.Request, Company, Any], Awaitable[Any]]


class ControlError(Exception):
	"""A control request that cannot be done; the sentence goes back with HTTP 400 or the given status."""

	def __init__(self, sentence: str, status: int = 400) -> None:
		super().__init__(sentence)
		self.status = status


def is_local(request: web.Request) -> bool:
	"""Return whether the caller is on this machine and no other site's page made its browser call."""
	origin = request.headers.get("Origin")
	if origin and origin != f"{request.scheme}://{request.host}":
		return False
	try:
		return request.remote is not None and ipaddress.ip_address(request.remote).is_loopback
	except ValueError:
		return False


async def read_json(request: web.Request) -> Any:
	"""Return the JSON body, or {} without one. Raises ControlError."""
	raw = await request.read()
	if not raw.strip():
		return {}
	try:
		return json.loads(raw)
	except (ValueError, RecursionError):
		raise ControlError("The body is not JSON.") from None


def require_local(request: web.Request) -> None:
	"""Raise ControlError 403 for a caller that is not on this machine."""
	if not is_local(request):
		raise ControlError("The control API answers callers on this machine only.", 403)


def answer_errors(
	handle: Callable[[web.Request], Awaitable[Any]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
	"""Return a handler that answers with JSON, and with a sentence where something was wrong with the request."""

	async def answer(request: web.Request) -> web.Response:
		try:
			return web.json_response(await handle(request))
		except ControlError as error:
			return web.json_response({"error": str(error)}, status=error.status)
		except Fault as fault:
			return web.json_response({"error": fault.detail, "code": fault.code}, status=400)
		except (ValueError, TypeError) as error:
			return web.json_response({"error": str(error)}, status=400)

	return answer


def wrap_company(emulator: Emulator, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
	"""Return a handler that finds the company, reads the body, and turns errors into sentences."""

	async def handle(request: web.Request) -> Any:
		require_local(request)
		company = emulator.companies.get(request.match_info["realm"])
		if company is None:
			raise ControlError(f"There is no company {request.match_info['realm']}.", 404)
		return await handler(request, company, await read_json(request))

	return answer_errors(handle)


class Control:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator

	def add_routes(self, app: web.Application) -> None:
		app.router.add_post("/_control/clock", answer_errors(self.move_clock))
		app.router.add_get("/_control/companies", answer_errors(self.show_companies))
		app.router.add_get("/_control/clock", answer_errors(self.move_clock))
		for method, name, handler in (
			("GET", "knobs", self.show_knobs),
			("PATCH", "knobs", self.change_knobs),
			("GET", "preferences", self.show_preferences),
			("PATCH", "preferences", self.change_preferences),
			("GET", "faults", self.show_faults),
			("POST", "faults", self.add_fault),
			("DELETE", "faults", self.clear_faults),
			("GET", "requests", self.show_requests),
			("DELETE", "requests", self.clear_requests),
			("GET", "limits", self.show_limits),
			("GET", "ledger", self.show_ledger),
			("GET", "digest", self.show_digest),
			("GET", "stock", self.show_stock),
			("POST", "as_user", self.act_as_user),
			("POST", "reset", self.reset),
			("GET", "export", self.export),
			("POST", "records", self.add_record),
			("POST", "tokens", self.grant_tokens),
			("POST", "revoke_all", self.revoke_all),
		):
			app.router.add_route(method, f"/_control/{{realm}}/{name}", wrap_company(self.emulator, handler))

	async def show_companies(self, request: web.Request) -> Any:
		require_local(request)
		companies = self.emulator.companies.values()
		return {"companies": [{"realm": company.realm, "name": company.name} for company in companies]}

	async def move_clock(self, request: web.Request) -> Any:
		require_local(request)
		if request.method == "POST":
			body = await read_json(request)
			seconds = body.get("advance_seconds") if isinstance(body, dict) else None
			if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
				raise ControlError('Send {"advance_seconds": n}.')
			self.emulator.clock.advance(seconds)
		return {"now": self.emulator.clock.now(), "offset_seconds": self.emulator.clock.offset}

	async def show_knobs(self, request: web.Request, company: Company, body: Any) -> Any:
		return nest(company.get_all_knobs())

	async def change_knobs(self, request: web.Request, company: Company, body: Any) -> Any:
		return self.emulator.change_knobs(company, body)

	async def show_preferences(self, request: web.Request, company: Company, body: Any) -> Any:
		return company.preferences

	async def change_preferences(self, request: web.Request, company: Company, body: Any) -> Any:
		if not isinstance(body, dict):
			raise ControlError("Send an object of preference groups.")
		with self.emulator.store.transaction():
			return company.patch_preferences(body, self.emulator.clock.now())

	async def show_faults(self, request: web.Request, company: Company, body: Any) -> Any:
		return {"faults": [rule.dump() for rule in self.emulator.rules[company.realm].rules]}

	async def add_fault(self, request: web.Request, company: Company, body: Any) -> Any:
		self.emulator.rules[company.realm].add(body, self.emulator.clock.now())
		return await self.show_faults(request, company, body)

	async def clear_faults(self, request: web.Request, company: Company, body: Any) -> Any:
		self.emulator.rules[company.realm].clear()
		return {"faults": []}

	async def show_requests(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Return the journal; ``since``, ``bodies=1`` and equality filters may be given as parameters."""
		query = request.query
		wanted = {name: query[name] for name in JOURNAL_FILTERS if name in query}
		since = query.get("since", "0")
		if not since.isdigit():
			raise ControlError("since is the number of a journal entry.")
		entries = self.emulator.journal.find(company.realm, int(since), **wanted)
		return {"requests": [entry.dump(query.get("bodies") == "1") for entry in entries]}

	async def clear_requests(self, request: web.Request, company: Company, body: Any) -> Any:
		self.emulator.journal.clear(company.realm)
		return {"requests": []}

	async def show_limits(self, request: web.Request, company: Company, body: Any) -> Any:
		return self.emulator.throttles[company.realm].count(self.emulator.clock.now())

	async def show_digest(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Return one number for everything a company has stored: two that are equal mean that nothing changed."""
		return {"digest": self.emulator.store.digest(company.key)}

	async def show_ledger(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Return balances by account name and, unless ``entries=0``, the postings (of one ``entity`` and ``id``)."""
		store = self.emulator.store
		work = self.emulator.start_work(company)
		totals = ledger.get_totals(store, company.key)
		debits, credits = ledger.sum_debits(totals)
		answer: dict[str, Any] = {
			"balances": {name: str(from_cents(cents)) for _id, name, cents in list_balances(work)},
			"debits": str(debits),
			"credits": str(credits),
		}
		if request.query.get("entries") != "0":
			identifier = request.query.get("id")
			answer["entries"] = ledger.list_postings(
				store,
				company.key,
				request.query.get("entity"),
				None if identifier is None else parse_id(identifier),
			)
		return answer

	async def show_stock(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Return the open first-in, first-out layers (of one ``item``): item, quantity and value, oldest first."""
		item = request.query.get("item")
		if item is not None and not item.isdigit():
			raise ControlError("item is the Id of an Item.")
		layers = stock_rows.list_layers(self.emulator.store, company.key, int(item) if item else None)
		return {"layers": layers}

	async def act_as_user(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Do what another user does in QuickBooks itself: {"entity", "operation", "body"}."""
		order = read_object(await request.read())  # numbers as the API reads them
		with self.emulator.store.transaction():
			entity, text = another_user.act(self.emulator.start_work(company), order)
		return {entity.name: json.loads(text)}

	async def reset(self, request: web.Request, company: Company, body: Any) -> Any:
		self.emulator.reset(company.realm, bool(isinstance(body, dict) and body.get("keep_knobs")))
		return {"reset": company.realm}

	async def export(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Return the company as a file that loads back to the same books."""
		return save_company(self.emulator.store, company)

	async def add_record(self, request: web.Request, company: Company, body: Any) -> Any:
		"""Make a list record as the company's owner would on QuickBooks' pages: no rule of the API is asked."""
		record = body.get("record") if isinstance(body, dict) else None
		if not isinstance(record, dict) or body.get("entity") not in LIST_SECTIONS.values():
			names = ", ".join(sorted(LIST_SECTIONS.values()))
			raise ControlError(f'Send {{"entity": one of {names}, "record": {{…}}}}.')
		try:
			with self.emulator.store.transaction():
				row = insert_record(self.emulator.start_work(company), body["entity"], record)
				row.written = self.emulator.clock.now()
				self.emulator.store.replace(row)
		except KeyError as error:
			raise ControlError(f"The record lacks {error}.") from None
		except sqlite3.IntegrityError:
			raise ControlError("Another record has this Id or this name.") from None
		return json.loads(row.body)

	async def grant_tokens(self, request: web.Request, company: Company, body: Any) -> Any:
		client_id = body.get("client_id", DEFAULT_CLIENT) if isinstance(body, dict) else DEFAULT_CLIENT
		if not isinstance(client_id, str) or not self.emulator.auth.knows_client(client_id):
			raise ControlError("The company file does not list this client_id.")
		return self.emulator.auth.grant_tokens(client_id, company.realm)

	async def revoke_all(self, request: web.Request, company: Company, body: Any) -> Any:
		return {"revoked": self.emulator.auth.revoke_all(company.realm)}
