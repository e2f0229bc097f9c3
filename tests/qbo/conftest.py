"""What the tests of the QuickBooks room share: a real server on a free port, and a client that speaks to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from allorders_qb.qbo.calls import CallRecord
from allorders_qb.qbo.client import QuickBooksClient

# Test folders are no packages, so a helper beside the tests is found by its folder.
sys.path.insert(0, str(Path(__file__).parent))

from wild_server import TOKEN, WildServer


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
		timeout=(0.5, 0.6),
		on_call=records.append,
	) as speaking:
		yield speaking
