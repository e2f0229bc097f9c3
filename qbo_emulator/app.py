"""Puts the rooms of the emulator behind one web application."""

from __future__ import annotations

from aiohttp import web

from qbo_emulator.api import Api
from qbo_emulator.control import Control
from qbo_emulator.emulator import Emulator
from qbo_emulator.oauth_pages import OAuthPages
from qbo_emulator.pages.views import Pages
from qbo_emulator.webhooks.control import WebhookControl
from qbo_emulator.webhooks.sender import Sender
from qbo_emulator.wire import MAX_BODY


def build_app(emulator: Emulator) -> web.Application:
	"""Return the application; the caller runs it."""
	app = web.Application(client_max_size=MAX_BODY)
	api = Api(emulator)
	app.router.add_route("*", "/v3/company/{realm}/{rest:[\\s\\S]*}", api.handle)
	OAuthPages(emulator).add_routes(app)
	Control(emulator).add_routes(app)
	sender = Sender(emulator)
	app.cleanup_ctx.append(sender.live)
	WebhookControl(emulator, sender).add_routes(app)
	emulator.downloads.add_routes(app)
	Pages(emulator).add_routes(app)
	return app
