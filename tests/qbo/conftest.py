"""What the tests of the QuickBooks room share: a real server on a free port, and a client that speaks to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from allorders_qb.qbo.calls import CallRecord
from allorders_qb.qbo.client import QuickBooksClient

# Test folders are no packages, so a helper beside the tests is found by its folder.
sys.path.insert(0, str(Path(__file__).parent))

from wild_server import TOKEN, WildServer

# A busy machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
	"""Whatever proxies this machine has, the tests meet none but their own."""
	for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
		monkeypatch.delenv(name, raising=False)
		monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[WildServer]:
	running = WildServer()
	yield running
	running.stop()


@pytest.fixture
def records() -> list[CallRecord]:
	return []


@pytest.fixture
def client(server: WildServer, records: list[CallRecord]) -> Iterator[QuickBooksClient]:
	with QuickBooksClient(
		base_url=server.url,
		realm_id="4620",
		access_token=TOKEN,
		timeout=(5, 10),
		on_call=records.append,
	) as speaking:
		yield speaking
