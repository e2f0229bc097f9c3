"""Where each environment is, and where a person sees an object."""

from __future__ import annotations

import pytest

from allorders_qb.qbo.environments import ENVIRONMENTS, emulator, get_environment, web_link


def test_intuits_environments():
	assert get_environment("Production").api_url == "https://quickbooks.api.intuit.com"
	assert get_environment("Sandbox").api_url == "https://sandbox-quickbooks.api.intuit.com"
	assert "sandbox" in ENVIRONMENTS["Sandbox"].discovery_url
	with pytest.raises(ValueError, match="choose Production or Sandbox"):
		get_environment("Moon")


def test_emulator():
	environment = emulator(" http://127.0.0.1:9100/ ")
	assert environment.api_url == "http://127.0.0.1:9100"
	assert environment.discovery_url == "http://127.0.0.1:9100/.well-known/openid_configuration"
	for url in ("127.0.0.1:9100", "ftp://x", "", None):
		with pytest.raises(ValueError, match="not a web address"):
			emulator(url)


def test_web_links():
	environment = emulator("http://127.0.0.1:9100")
	assert web_link(environment, "4620", "Invoice", "145") == (
		"http://127.0.0.1:9100/app/invoice?txnId=145&companyId=4620"
	)
	assert web_link(environment, "4620", "Customer", "7").startswith(
		"http://127.0.0.1:9100/app/customerdetail?nameId=7"
	)
	assert web_link(environment, "4620", "Item", "7").startswith("http://127.0.0.1:9100/app/item?itemId=7")
	assert web_link(environment, "4620", "Term", "7") == "http://127.0.0.1:9100/"
