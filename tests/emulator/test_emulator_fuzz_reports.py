"""Hostile parameters of reports and pages: a fault or a page, never a traceback, and the books as they were."""

import pytest
import requests
from every_kind import Stage

from qbo_emulator.pages.views import PAGES
from qbo_emulator.reports import REPORTS
from tests.emulator.conftest import Books

HOSTILE = (
	"' OR 1=1 --", "<script>", "\x00", "😀" * 50, "-1", "0", "9" * 40, "1,2,,x", "9999-12-31", "0001-01-01", "2026-02-30", "../../etc",
	"%", "null", "1e400", "Last Fiscal Year-to-date",
)  # fmt: skip
PARAMETERS = (
	"start_date", "end_date", "date_macro", "report_date", "summarize_column_by", "columns", "customer", "vendor", "item",
	"account", "aging_period", "num_periods", "aging_method", "accounting_method", "sort_order", "class", "transaction_type",
)  # fmt: skip
CODES = {"500", "2030", "2060", "2070", "2110", "10100"}


def choose_values(*places: int, count: int = 3) -> list[str]:
	"""Return a few of the hostile values, others at every place, so that all of them come up many times."""
	start = sum((index + 1) * place for index, place in enumerate(places))
	return [HOSTILE[(start * 3 + step * 5) % len(HOSTILE)] for step in range(count)]


@pytest.fixture(scope="module")
def company(emulator_process):
	"""A company with one of every kind, once for all of these tests, which only read."""
	books = Books(emulator_process.url, emulator_process.realm)
	books.control("POST", "reset")
	Stage(books).make_all()
	return books


@pytest.mark.parametrize("name", REPORTS)
def test_emulator_fuzzed_report_parameters(company, name):
	before = company.balances()
	for place, parameter in enumerate(PARAMETERS):
		for value in choose_values(place, list(REPORTS).index(name)):
			answer = company.get(f"reports/{name}", **{parameter: value})
			assert answer.status_code in (200, 400), (parameter, value, answer.text)
			if answer.status_code == 400:
				assert answer.json()["Fault"]["Error"][0]["code"] in CODES, (parameter, value, answer.text)
	assert company.balances() == before


def test_emulator_fuzzed_page_parameters(company):
	parameters = (
		"page", "q", "type", "name", "kind", "entity", "seq", "key", "txnId", "nameId", "itemId", "accountId", "companyId",
		"start_date", "date_macro", "report_date",
	)  # fmt: skip
	for row, (path, _show, _here) in enumerate(PAGES):
		for place, parameter in enumerate(parameters):
			for value in choose_values(place, row, count=1):
				answer = requests.get(company.url + path, params={parameter: value})
				assert answer.status_code in (200, 404), (path, parameter, value, answer.text[-300:])
				assert "<script" not in answer.text
