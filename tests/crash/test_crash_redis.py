"""A stopped Redis never stops a warehouse: the ship doc is saved at once and posted later."""

import time


def test_redis_stopped_at_submit(site, run_host, company):
	from allorders_qb import jobs
	from allorders_qb.tests.emulated import work
	from allorders_qb.tests.utils import make_item, make_ship_doc

	warm_up = make_ship_doc(lines=[{"item": make_item().name, "quantity": 1}], submit=True)
	site.db.commit()
	work()
	run_host("stop", "redis_queue")
	jobs._failed_at.clear()
	try:
		doc = make_ship_doc(customer=warm_up.customer, lines=[{"item": warm_up.lines[0].item, "quantity": 2}])
		started = time.monotonic()
		doc.submit()
		site.db.commit()
		took = time.monotonic() - started
		assert took < 3, f"submit waited {took:.1f} s for a Redis that is gone"
		assert site.db.get_value("AO Ship Doc", doc.name, "docstatus") == 1
		assert site.db.get_value("AO Ship Doc", doc.name, "quickbooks_status") == "Queued"
	finally:
		run_host("start", "redis_queue")
	work()
	assert doc.name in [invoice["DocNumber"] for invoice in company.get_invoices()]
