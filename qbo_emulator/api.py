"""Serves ``/v3/company/<realm>/…``: gateway, chaos, replay, work, and the answer, in that order."""

from __future__ import annotations

import asyncio
import sys
import traceback
from functools import partial

from aiohttp import web

from qbo_emulator import another_user, operations
from qbo_emulator.answers import HTML_TYPE, TIMED_OUT, TOO_LARGE, UNAVAILABLE, Answer, CutConnection
from qbo_emulator.batch import BatchRun
from qbo_emulator.calls import Call, read_call
from qbo_emulator.cdc import capture
from qbo_emulator.chances import wait
from qbo_emulator.company import Company
from qbo_emulator.downloads import BASE, MAKE_ADDRESS
from qbo_emulator.emulator import Emulator
from qbo_emulator.faults import Fault, GatewayFault, WebPageAnswer, refuse_business, refuse_realm
from qbo_emulator.journal import Entry
from qbo_emulator.query.runner import run
from qbo_emulator.records import dump_json
from qbo_emulator.reports import build_report
from qbo_emulator.rules import OrderedAnswer, Rule
from qbo_emulator.uploads import MAX_UPLOAD
from qbo_emulator.wire import (
	JSON_TYPE,
	MAX_BODY,
	UNAUTHORIZED_XML,
	XML_TYPE,
	BodyTooLarge,
	convert_to_xml,
	unpack,
	wants_xml,
	wrap,
)

CUT_OFF = "cut_off"
"""Marks a request that was answered before its work was done."""
COMPRESS_FROM = 1400
JOURNAL_BODY = 64 * 1024
"""Bytes of a request that the journal is offered; an upload may have a thousand times as many."""


class Api:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator
		self._held: set[asyncio.Task] = set()

	async def handle(self, request: web.Request) -> web.StreamResponse:
		"""Answer one request. Its work goes on when the client hangs up, as the real service's does."""
		if request.match_info["rest"].strip("/").lower() == "upload":
			request = request.clone(client_max_size=MAX_UPLOAD)
		broken = None
		try:
			body = await request.read()
			encoding = request.headers.get("Content-Encoding", "")
			body = unpack(body, encoding, MAX_BODY)
		except (web.HTTPRequestEntityTooLarge, BodyTooLarge):
			return self.build_page(413, TOO_LARGE)
		except Fault as fault:
			broken = fault
		work = asyncio.create_task(self.serve(request, body, broken))
		self._held.add(work)
		work.add_done_callback(self._held.discard)
		company = self.emulator.companies.get(request.match_info["realm"])
		limit = company.knobs["cut_off_ms"] / 1000 if company else None
		try:
			return await asyncio.wait_for(asyncio.shield(work), limit)
		except asyncio.TimeoutError:
			request[CUT_OFF] = True
			return self.build_page(504, TIMED_OUT)

	def build_page(self, status: int, html: str) -> web.Response:
		"""Return a page of what stands before the API; also that has an intuit_tid."""
		headers = {"Content-Type": HTML_TYPE, "intuit_tid": self.emulator.make_tid()}
		return web.Response(status=status, body=html.encode(), headers=headers)

	async def serve(self, request: web.Request, body: bytes, broken: Fault | None) -> web.StreamResponse:
		"""Answer one request; ``broken`` is what is wrong with its body already."""
		emulator = self.emulator
		realm = request.match_info["realm"]
		tid = emulator.make_tid()
		base = f"{request.scheme}://{request.host}"
		BASE.set(base)
		MAKE_ADDRESS.set(partial(emulator.downloads.make_address, base))
		company = emulator.companies.get(realm)
		if company is None:
			any_company = next(iter(emulator.companies.values()))
			text = dump_json(refuse_realm().build_body(emulator.stamp(any_company)))
			return self.build_response(request, Answer(403, text), tid)
		segments = [segment for segment in request.match_info["rest"].split("/") if segment]
		parameters = dict(request.query)
		call = read_call(
			request.method, request.path, segments, parameters, body, request.headers.get("Content-Type", "")
		)
		call.fault = broken or call.fault
		entry = emulator.journal.open(
			realm, emulator.stamp(company), request.method, request.path, request.query_string, tid
		)
		entry.entity, entry.operation, entry.requestid = call.entity_name, call.operation, call.requestid
		answer = await self.answer(request, company, call, entry)
		emulator.journal.keep_bodies(entry, body[:JOURNAL_BODY].decode("utf-8", "replace"), answer.text)
		if answer.drop:
			entry.close(None, "dropped")
			return await self.cut(request, answer)
		if CUT_OFF in request:
			entry.close(504, CUT_OFF)
			entry.code = None
		else:
			entry.close(answer.status)
		return self.build_response(request, answer, tid)

	async def answer(self, request: web.Request, company: Company, call: Call, entry: Entry) -> Answer:
		emulator = self.emulator
		throttle = emulator.throttles[company.realm]
		rule = emulator.rules[company.realm].take(call.describe(), emulator.clock.now())
		app = ""
		try:
			if company.knobs["http_503_html"]:
				raise WebPageAnswer(503, UNAVAILABLE)
			client_id = emulator.auth.check_access(request.headers.get("Authorization", ""), company.realm)
			throttle.enter(company.knobs, emulator.clock.now(), client_id, len(call.items))
			app = client_id
			if company.knobs["user_removed"]:
				raise Fault("120")
			if company.knobs["subscription_ended"]:
				raise Fault("6190")
			answer = await self.work(company, call, entry, rule)
			if rule.drop in ("answer", "half_answer"):
				answer.drop = "half" if rule.drop == "half_answer" else "whole"
			return answer
		except CutConnection:
			return Answer(0, "", drop="whole")
		except WebPageAnswer as page:
			return Answer(page.status, page.html, HTML_TYPE)
		except OrderedAnswer as ordered:
			return Answer(ordered.status, ordered.text)
		except GatewayFault as fault:
			entry.code = fault.code
			if fault.status == 401 and company.knobs["xml_unauthorized"]:
				return Answer(401, UNAUTHORIZED_XML.format(time=emulator.stamp(company)), XML_TYPE)
			return Answer(fault.status, dump_json(fault.build_body(emulator.stamp(company))))
		except Fault as fault:
			entry.code = fault.code
			return Answer(fault.status, dump_json(fault.build_body(emulator.stamp(company))))
		except Exception:  # noqa: BLE001  a mistake of the emulator's own: say so, and answer as the service would
			traceback.print_exc(file=sys.stderr)
			entry.code = "10000"
			return Answer(500, dump_json(Fault("10000").build_body(emulator.stamp(company))))
		finally:
			if app:
				throttle.leave(app)

	async def work(self, company: Company, call: Call, entry: Entry, rule: Rule) -> Answer:
		await wait(self.emulator.rules[company.realm].draw_latency(company.knobs, rule))
		if rule.drop == "before_commit":
			raise CutConnection
		if rule.answers and rule.when == "before_commit":
			rule.raise_answer(self.emulator.stamp(company))
		if not call.writes:
			if call.fault:
				raise call.fault
			if call.action is not None:
				return self.act(company, call)
			return Answer(200, self.read(company, call))
		if self.take_drop(company, "before_commit"):
			raise CutConnection
		if call.requestid:
			self.emulator.replays.check(call.requestid, call.operation == "batch")
			await self.emulator.replays.acquire(company, call.requestid)
			try:
				answer = await self.write_once(company, call, entry, rule)
			finally:
				self.emulator.replays.release(company, call.requestid)
		else:
			answer = await self.write_once(company, call, entry, rule)
		if not entry.committed:
			return answer
		await wait(company.knobs["latency_after_commit_ms"] + rule.latency_after_commit_ms)
		stopped = call.operation == "batch" and rule.batch_stop_after is not None and not rule.answers
		if stopped or rule.drop == "after_commit" or self.take_drop(company, "after_commit"):
			raise CutConnection
		if rule.answers and rule.when == "after_commit":
			rule.raise_answer(self.emulator.stamp(company))
		return answer

	def take_drop(self, company: Company, when: str) -> bool:
		"""Return whether the knob drop cuts this write, and count it."""
		knobs = company.knobs
		if knobs["drop"] != when:
			return False
		if knobs["drop_count"] is not None:
			left = knobs["drop_count"] - 1
			if left < 0:
				return False
			self.emulator.change_knobs(
				company, {"drop": "none", "drop_count": None} if left == 0 else {"drop_count": left}
			)
		return True

	async def write_once(self, company: Company, call: Call, entry: Entry, rule: Rule) -> Answer:
		"""Do the write, or repeat what was answered to its requestid before."""
		emulator = self.emulator
		if call.requestid:
			mode = rule.requestid_mode or company.knobs["requestid"]
			stored = emulator.replays.find(company, call.requestid, emulator.clock.now(), mode)
			if stored:
				if call.operation == "batch" and company.knobs["batch_requestid"] == "fails_6000":
					raise refuse_business("The batch with this requestid was processed already")
				entry.replayed = True
				entry.entity_id = stored.entity_id
				return Answer(stored.status, stored.body)
		await wait(company.knobs["commit_delay_ms"] + rule.commit_delay_ms)
		if emulator.companies.get(company.realm) is not company:
			raise CutConnection  # the company was reset while this request was being held
		if rule.race and call.entity is not None and call.operation != "create":
			self.race(company, call)
		try:
			if call.fault:
				raise call.fault
			with emulator.store.transaction():
				answer = self.write(company, call, entry, rule)
				if call.requestid and rule.batch_stop_after is None:
					emulator.replays.store(
						company,
						call.requestid,
						answer.status,
						answer.text,
						entry.entity_id,
						False,
						emulator.clock.now(),
					)
		except Fault as fault:
			entry.code = fault.code
			text = dump_json(fault.build_body(emulator.stamp(company)))
			if call.requestid:
				emulator.replays.store(
					company, call.requestid, fault.status, text, None, True, emulator.clock.now()
				)
			return Answer(fault.status, text)
		entry.committed = True
		return answer

	def race(self, company: Company, call: Call) -> None:
		"""Let another user save the record that is about to be written, so that the write is stale."""
		assert call.entity is not None
		order = {"entity": call.entity.name, "operation": "touch", "body": {"Id": call.body.get("Id", "")}}
		try:
			with self.emulator.store.transaction():
				another_user.act(self.emulator.start_work(company), order)
		except Fault:
			return  # there is no such record; the write itself will say so

	def write(self, company: Company, call: Call, entry: Entry, rule: Rule) -> Answer:
		"""Run create, update, void, delete or a batch of them; the caller holds the transaction."""
		if call.operation == "batch":
			return self.write_batch(company, call, entry, rule)
		if call.action is not None:
			return self.act(company, call, entry)
		work = self.emulator.start_work(company, call.include)
		entity = call.entity
		assert entity is not None
		stamp = self.emulator.stamp(company)
		identifier, text = operations.run(work, entity, call.operation or "", call.body)
		entry.entity_id = str(identifier)
		return Answer(200, wrap(entity.name, text, stamp))

	def act(self, company: Company, call: Call, entry: Entry | None = None) -> Answer:
		"""Do what is no plain operation on an entity."""
		assert call.action is not None
		outcome = call.action(self.emulator.start_work(company, call.include), self.emulator.stamp(company))
		if entry is not None:
			entry.entity_id = outcome.entity_id
		return Answer(200, outcome.text, outcome.content_type)

	def write_batch(self, company: Company, call: Call, entry: Entry, rule: Rule) -> Answer:
		"""Do the items of a batch, or by a rule the first of them only; the caller holds the transaction."""
		emulator = self.emulator
		include = call.include
		if not company.knobs["batch_allows_duplicate_numbers"]:
			include = include - {"allowduplicatedocnum"}
		run = BatchRun(
			call.items[: rule.batch_stop_after],
			lambda: emulator.start_work(company, include),
			lambda item: (
				emulator.rules[company.realm].take(item.describe(), emulator.clock.now()).build_fault()
			),
		)
		text = run.run(emulator.stamp(company))
		entry.items = [item.dump() for item in call.items]
		return Answer(200, text)

	def read(self, company: Company, call: Call) -> str:
		"""Return the body of a read, query, change data capture or report."""
		work = self.emulator.start_work(company, call.include)
		stamp = self.emulator.stamp(company)
		if call.operation == "query" and call.statement is not None:
			return wrap("QueryResponse", run(work, call.statement), stamp)
		if call.operation == "cdc":
			return wrap("CDCResponse", capture(work, call.parameters), stamp)
		if call.operation == "report":
			return dump_json(build_report(work, call.entity_name or "", call.parameters))
		assert call.entity is not None
		row = operations.read_row(work, call.entity, call.identifier)
		return wrap(call.entity.name, operations.dump_asked(work, call.entity, row), stamp)

	def build_response(self, request: web.Request, answer: Answer, tid: str) -> web.Response:
		text, content_type = answer.text, answer.content_type
		if (
			content_type == JSON_TYPE
			and text.startswith("{")
			and wants_xml(request.headers.get("Accept", ""))
		):
			text, content_type = convert_to_xml(text), XML_TYPE
		headers = {"Content-Type": content_type, "intuit_tid": tid, "Cache-Control": "no-cache, no-store"}
		response = web.Response(status=answer.status, body=text.encode("utf-8"), headers=headers)
		if len(text) > COMPRESS_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
			response.enable_compression(web.ContentCoding.gzip)
		return response

	async def cut(self, request: web.Request, answer: Answer) -> web.StreamResponse:
		"""Reset the connection: without a byte, or after half of the answer's body."""
		response = web.StreamResponse(headers={"Content-Type": answer.content_type})
		if answer.drop == "half":
			payload = answer.text.encode("utf-8")
			response.content_length = len(payload)
			await response.prepare(request)
			await response.write(payload[: len(payload) // 2])
		if request.transport is not None:
			request.transport.abort()
		return response
