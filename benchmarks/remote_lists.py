"""Customers and items in an emulated company, many at once."""

from __future__ import annotations

from typing import Any

import requests

BATCH = 30


def fill_lists(company: Any, number: int) -> None:
	"""Make so many customers and so many items through the company's own API, 30 in a request."""
	account = company.query("SELECT * FROM Account WHERE AccountType = 'Income' ORDER BY Id MAXRESULTS 1")[0][
		"Id"
	]
	session = requests.Session()
	session.headers["Authorization"] = f"Bearer {company.grant_tokens().access_token}"
	session.headers["Accept"] = "application/json"
	for first in range(0, number, BATCH):
		numbers = range(first, min(first + BATCH, number))
		send(session, company, "Customer", [make_customer(one) for one in numbers])
		send(session, company, "Item", [make_item(one, account) for one in numbers])


def make_customer(number: int) -> dict:
	return {
		"DisplayName": f"Bench Customer {number:05}",
		"PrimaryEmailAddr": {"Address": f"customer{number}@example.com"},
		"BillAddr": {"Line1": f"{number} Main Street", "City": "Portland", "PostalCode": "97201"},
	}


def make_item(number: int, account: str) -> dict:
	return {
		"Name": f"Bench Item {number:05}",
		"Sku": f"BI-{number:05}",
		"Type": "Service",
		"UnitPrice": 10 + number % 90,
		"IncomeAccountRef": {"value": account},
	}


def send(session: requests.Session, company: Any, entity: str, bodies: list[dict]) -> None:
	"""Create the objects in one batch; raises RuntimeError when one of them was refused."""
	items = [{"bId": str(index), "operation": "create", entity: body} for index, body in enumerate(bodies)]
	answer = session.post(
		f"{company.url}/v3/company/{company.realm_id}/batch", json={"BatchItemRequest": items}, timeout=60
	)
	answer.raise_for_status()
	refused = [item for item in answer.json()["BatchItemResponse"] if "Fault" in item]
	if refused:
		raise RuntimeError(f"QuickBooks refused {entity}: {refused[0]['Fault']}")
