"""What most integrations do: python-quickbooks' `save()`, one invoice after the other, as the library comes."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import requests
from quickbooks import QuickBooks
from quickbooks.exceptions import QuickbooksException
from quickbooks.objects.base import Ref
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice

THROTTLED_SECONDS = 60
"""Intuit's advice after an answer 429."""


def count_plain_saves(company: Any, seconds: float) -> int:
	"""Invoices saved in that time by a plain loop against an emulated company (``emulated.Company``)."""
	client = open_plain_client(company)
	customer = company.query("SELECT * FROM Customer ORDER BY Id MAXRESULTS 1")[0]["Id"]
	item = company.query("SELECT * FROM Item ORDER BY Id MAXRESULTS 1")[0]["Id"]
	saved, ends_at = 0, time.monotonic() + seconds
	while time.monotonic() < ends_at:
		try:
			build_invoice(customer, item).save(qb=client)
		except QuickbooksException:
			time.sleep(THROTTLED_SECONDS)
		else:
			saved += 1
	return saved


def open_plain_client(company: Any) -> QuickBooks:
	"""The library's own client, its address and token set to the emulator's."""
	client = QuickBooks(company_id=company.realm_id, minorversion=75)
	client.sandbox_api_url_v3 = client.api_url_v3 = f"{company.url}/v3"
	token = company.grant_tokens("a plain loop").access_token
	client.session = SimpleNamespace(access_token=token, request=requests.Session().request)
	return client


def build_invoice(customer: str, item: str) -> Invoice:
	line = SalesItemLine()
	line.Amount = 25
	line.SalesItemLineDetail = SalesItemLineDetail()
	line.SalesItemLineDetail.ItemRef = make_ref(item)
	invoice = Invoice()
	invoice.CustomerRef = make_ref(customer)
	invoice.Line.append(line)
	return invoice


def make_ref(value: str) -> Ref:
	ref = Ref()
	ref.value = value
	return ref
