"""A person at the desk: a browser logged in as one user, and the few movements that every test makes.

It keeps an account of all that goes wrong on the pages it visits (script errors, requests that fail); a test ends
with that account empty, unless it said beforehand what it expects to be refused.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
	Browser,
	ConsoleMessage,
	Locator,
	Page,
	Request,
	Response,
	TimeoutError,
	expect,
)

WIDTH, HEIGHT = 1280, 800
SLOW = 20_000
"""Milliseconds after which a page of the desk has failed to open."""

SOCKETIO = "/socket.io"
RELOAD_NOISE = "net::ERR_ABORTED"
"""What the browser says of requests that were under way when a page was left."""

OLD_FRAPPE_FAULTS = (
	"document.activeElement.select is not a function",  # a number field that has lost the focus
)
"""Script errors of Frappe's redistribution of 2023 itself, which official releases do not have."""


class DeskUser:
	"""One logged-in browser window."""

	def __init__(
		self,
		browser: Browser,
		base_url: str,
		email: str,
		password: str,
		pictures: Path,
		excused: tuple[str, ...] = (),
	):
		self.base_url = base_url
		self.email = email
		self.excused = excused
		self.pictures = pictures
		self.troubles: list[str] = []
		self.context = browser.new_context(
			viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US", reduced_motion="reduce"
		)
		self.context.set_default_timeout(SLOW)
		self.page = self.watch(self.context.new_page())
		self.log_in(password)

	def log_in(self, password: str) -> None:
		self.page.goto(f"{self.base_url}/login")
		self.page.fill("#login_email", self.email)
		self.page.fill("#login_password", password)
		self.page.click(".form-login .btn-login")
		self.page.wait_for_url(re.compile("/app"))
		self.settle()

	# What goes wrong

	def watch(self, page: Page) -> Page:
		"""Keep an account of a page's troubles."""
		page.on("pageerror", lambda error: self._note_script_error(page, str(error)))
		page.on("console", lambda message: self._hear(page, message))
		page.on("requestfailed", self._note_failed)
		page.on("response", self._note_response)
		return page

	def _note_script_error(self, page: Page, error: str) -> None:
		if not any(fault in error for fault in self.excused):
			self.troubles.append(f"script error on {page.url}: {error}")

	def _hear(self, page: Page, message: ConsoleMessage) -> None:
		# A failed request is noted by its response, with its address.
		if message.type == "error" and not re.search(r"Failed to load resource|socket\.io", message.text):
			self.troubles.append(f"console error on {page.url}: {message.text}")

	def _note_failed(self, request: Request) -> None:
		if SOCKETIO not in request.url and request.failure != RELOAD_NOISE:
			self.troubles.append(f"request failed: {request.method} {request.url}: {request.failure}")

	def _note_response(self, response: Response) -> None:
		if response.status >= 400 and SOCKETIO not in response.url:
			self.troubles.append(f"HTTP {response.status}: {response.request.method} {response.url}")

	@contextmanager
	def expect_refusal(self, status: int = 417) -> Iterator[None]:
		"""Within the block the server refuses something with this status; it has to."""
		before = len(self.troubles)
		yield
		self.settle()
		within = self.troubles[before:]
		assert any(trouble.startswith(f"HTTP {status}:") for trouble in within), f"not refused: {within}"
		# Frappe writes what was refused to the console as well.
		told = (f"HTTP {status}:", "console error")
		self.troubles[before:] = [trouble for trouble in within if not trouble.startswith(told)]

	# Going places

	def open(self, route: str) -> None:
		"""Open a page of the desk by its address, without the part before it: ``ao-ship-doc/new``."""
		self.page.goto(f"{self.base_url}/app/{route}")
		self.settle()

	def open_form(self, doctype: str, name: str) -> None:
		"""Open a document's form."""
		self.open(f"{doctype.lower().replace(' ', '-')}/{name}")
		self.page.wait_for_function(
			"name => cur_frm && cur_frm.docname === name && !cur_frm.is_new()", arg=name
		)
		self.settle()

	def open_list(self, doctype: str) -> None:
		"""Go to a list, without the filters that were left on it, and wait for its rows, or for the word that there
		are none."""
		self.page.evaluate("(doctype) => frappe.set_route('List', doctype, 'List')", doctype)
		self.page.wait_for_function("(doctype) => cur_list && cur_list.doctype === doctype", arg=doctype)
		self.expect_list()
		if self.page.evaluate("() => cur_list.filter_area.get().length"):
			self.page.evaluate("() => cur_list.filter_area.clear()")
			self.expect_list()

	def expect_list(self) -> None:
		"""The list on screen has its rows, or says that there are none."""
		self.settle()
		expect(self.form.locator(".result a[data-name]:visible, .no-result:visible").first).to_be_visible()
		self.settle()

	def settle(self) -> None:
		"""Wait until the desk has loaded and no request of it is under way."""
		self.page.wait_for_function(
			"() => window.frappe && frappe.boot && document.readyState === 'complete' && !$.active"
			" && !document.querySelector('#freeze.in:not(.grid-form)')"
		)
		self.page.evaluate("() => new Promise((done) => frappe.after_ajax(done))")

	# On a form

	@property
	def form(self) -> Locator:
		"""The form on screen."""
		return self.page.locator(".page-container:visible")

	def field(self, fieldname: str) -> Locator:
		"""The input of a field on screen."""
		return self.form.locator(
			f'.form-page [data-fieldname="{fieldname}"] :is(input, textarea, select)'
		).first

	def choose(self, fieldname: str, value: str) -> None:
		"""Type into a link field and take the suggestion, as a person does."""
		self._choose(self.field(fieldname), value)

	def _choose(self, control: Locator, value: str) -> None:
		control.click()
		control.fill(value)
		suggestion = (
			self.page.locator(".awesomplete ul:visible :is(li, [role=option])").filter(has_text=value).first
		)
		suggestion.click()
		self.settle()

	def type_into(self, fieldname: str, value: str) -> None:
		"""Type into a field and leave it."""
		control = self.field(fieldname)
		control.fill(value)
		control.blur()
		self.settle()

	def type_line(self, number: int, **values: str) -> None:
		"""Type into a row of the lines (1 is the first), adding it if need be; ``item`` is chosen, the rest typed."""
		grid = self.form.locator('.frappe-control[data-fieldname="lines"]')
		while grid.locator(".grid-body .grid-row").count() < number:
			grid.locator(".grid-add-row").click()
		row = grid.locator(f'.grid-body .grid-row[data-idx="{number}"]')
		for fieldname, value in values.items():
			cell = row.locator(f'.grid-static-col[data-fieldname="{fieldname}"]')
			cell.click()
			self.settle()
			control = cell.locator("input, textarea")
			if fieldname in ("item", "sales_order"):
				self._choose(control, value)
			else:
				control.fill(value)
				control.blur()
				self.settle()

	def remove_line(self, number: int) -> None:
		"""Tick a row of the lines and delete it."""
		grid = self.form.locator('.frappe-control[data-fieldname="lines"]')
		grid.locator(f'.grid-body .grid-row[data-idx="{number}"] .grid-row-check').click()
		grid.get_by_role("button", name="Delete", exact=True).click()
		self.settle()

	def read(self, expression: str) -> Any:
		"""A value of the open form's document, as the form holds it."""
		return self.page.evaluate(f"() => cur_frm.doc.{expression}")

	def get_saved(self) -> dict:
		"""The open form's document as the server has it."""
		return self.page.evaluate("() => frappe.db.get_doc(cur_frm.doctype, cur_frm.docname)")

	def expect_values(self, **values: Any) -> None:
		"""The open form comes to hold these values."""
		try:
			self.page.wait_for_function(
				"(values) => Object.entries(values).every(([field, value]) => cur_frm.doc[field] === value)",
				arg=values,
			)
		except TimeoutError:
			held = {field: self.read(field) for field in values}
			raise AssertionError(f"the form holds {held}, not {values}") from None
		self.settle()

	def button(self, label: str | re.Pattern) -> Locator:
		"""A button in the head of the form or list."""
		return self.page.locator(".page-head:visible").get_by_role("button", name=label, exact=True)

	def press(self, label: str) -> None:
		"""Press a button in the head of the form or list."""
		self.button(label).click()
		self.settle()

	def press_in(self, group: str, label: str) -> None:
		"""Press a button in one of the head's drop-downs."""
		head = self.page.locator(".page-head:visible")
		head.get_by_role("button", name=group).click()
		head.locator(".dropdown-menu.show .dropdown-item").filter(has_text=label).first.click()
		self.settle()

	def save(self) -> None:
		"""Save the form; it has a name afterwards."""
		self.press("Save")
		self.page.wait_for_function("() => !cur_frm.is_new() && !cur_frm.is_dirty()")
		self.settle()

	def submit(self) -> None:
		"""Press Submit and say yes."""
		self.press("Submit")
		self.answer("Yes")
		self.settle()

	# Dialogs

	@property
	def dialog(self) -> Locator:
		"""The dialog on top."""
		return self.page.locator(".modal.show").last

	def answer(self, label: str) -> None:
		"""Press a button of the dialog on top."""
		button = self.dialog.get_by_role("button", name=label, exact=True)
		button.click()
		self.settle()

	def read_dialog(self) -> str:
		"""The text of the dialog on top."""
		expect(self.dialog).to_be_visible()
		return self.dialog.inner_text()

	def close_dialog(self) -> None:
		"""Close the dialog on top."""
		dialog = self.dialog
		dialog.locator(".btn-modal-close").click()
		expect(dialog).to_be_hidden()

	def expect_alert(self, text: str) -> None:
		"""A passing alert says this."""
		expect(self.page.locator(".desk-alert").filter(has_text=text).first).to_be_visible()

	# QuickBooks

	@property
	def sentence(self) -> Locator:
		"""The sentence that says why a document is, or is not, in QuickBooks."""
		return self.form.locator(".quickbooks-why")

	def expect_status(self, status: str, seconds: float = 30) -> None:
		"""The form comes to show this QuickBooks status by itself."""
		expect(self.form.locator(f'.quickbooks-why[data-status="{status}"]')).to_be_visible(
			timeout=seconds * 1000
		)

	def picture(self, name: str) -> None:
		"""Keep a picture of the screen, without the alerts that would be gone a moment later."""
		self.settle()
		self.page.mouse.move(0, 0)
		self.page.wait_for_timeout(400)
		self.page.evaluate(
			"() => document.querySelectorAll('.desk-alert').forEach((alert) => alert.remove())"
		)
		self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled")
