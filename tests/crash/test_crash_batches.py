"""A worker killed anywhere in a batch leaves each record in QuickBooks once. Real processes, real SIGKILL."""

import signal

import pytest
from killing import assert_killed, recover, start_worker

POINTS = [
	"before_claim",
	"after_claim",
	"after_freeze",
	"batch_noted",
	"batch_answered",
	"batch_half_stored",
	"before_commit",
]
EVERYBODY = "SELECT * FROM Customer WHERE Active IN (true, false) ORDER BY Id MAXRESULTS 1000"


@pytest.fixture
def customers(site, company):
	"""Five new customers in the queue, which leave in one batch."""
	from allorders_qb.tests.utils import make_customer

	site.db.set_single_value("QuickBooks Settings", "send_list_changes", 1)
	site.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")
	made = [make_customer() for _number in range(5)]
	site.db.commit()
	return made


def list_batches(company) -> list[dict]:
	return [entry for entry in company.get_requests() if entry["path"].endswith("/batch")]


def assert_each_once(site, company, customers) -> None:
	from allorders_qb.sync.links import get_link
	from allorders_qb.sync.rows import get_rows

	ids = {remote["DisplayName"]: remote["Id"] for remote in company.query(EVERYBODY)}
	assert len(company.query(EVERYBODY)) == len(customers)
	for doc in customers:
		assert [row.status for row in get_rows(doc.doctype, doc.name)] == ["Sent"]
		assert get_link(company.realm_id, doc.doctype, doc.name, "record").quickbooks_id == ids[doc.name]


@pytest.mark.parametrize("repeated", ["honoured", "fails_6000"])
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_in_a_batch_leaves_each_record_once(
	site, host_info, company, customers, point, repeated
):
	company.set_knobs(batch_requestid=repeated, requestid="ignored")
	assert_killed(start_worker(host_info, point, "AO Customer"))
	recover(site)
	assert_each_once(site, company, customers)


def test_killed_after_quickbooks_stored_the_batch_before_it_answered(site, host_info, company, customers):
	from allorders_qb.tests.emulated import wait_until

	company.set_knobs(latency_after_commit_ms=20_000, requestid="ignored")
	worker = start_worker(host_info, "hold", "AO Customer")
	wait_until(lambda: len(company.query(EVERYBODY)) == 5, message="no batch was stored")
	worker.send_signal(signal.SIGKILL)
	worker.wait(timeout=10)
	company.set_knobs(latency_after_commit_ms=0)
	recover(site)
	assert_each_once(site, company, customers)
	assert len(list_batches(company)) == 1


def test_killed_while_the_batch_was_still_on_its_way(site, host_info, company, customers):
	"""QuickBooks stores it only after the worker is dead: the search waits until it must be there."""
	from allorders_qb.tests.emulated import wait_until

	company.set_knobs(commit_delay_ms=1500, requestid="ignored")
	worker = start_worker(host_info, "hold", "AO Customer")
	wait_until(lambda: list_batches(company), message="no batch was sent")
	worker.send_signal(signal.SIGKILL)
	worker.wait(timeout=10)
	wait_until(lambda: len(company.query(EVERYBODY)) == 5, message="nothing was stored")
	company.set_knobs(commit_delay_ms=0)
	recover(site)
	assert_each_once(site, company, customers)


def test_workers_side_by_side_send_each_record_once(site, host_info, company, customers):
	from allorders_qb.tests.utils import make_customer

	site.db.set_single_value("QuickBooks Settings", "senders", 3)
	more = [make_customer() for _number in range(70)]
	site.db.commit()
	workers = [start_worker(host_info) for _number in range(2)]
	for worker in workers:
		said, _nothing = worker.communicate(timeout=120)
		assert worker.returncode == 0, said
	recover(site)
	assert_each_once(site, company, [*customers, *more])
