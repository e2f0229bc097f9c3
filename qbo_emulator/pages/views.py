"""The pages of a company. First the company page; the others follow in this module's siblings."""

from __future__ import annotations

from aiohttp import web

from qbo_emulator.emulator import Emulator
from qbo_emulator.pages.html import render_page, tag


class Pages:
	def __init__(self, emulator: Emulator) -> None:
		self.emulator = emulator

	def add_routes(self, app: web.Application) -> None:
		app.router.add_get("/", self.show_company)

	async def show_company(self, request: web.Request) -> web.Response:
		return render_page("Company", tag("p", "hello"))
