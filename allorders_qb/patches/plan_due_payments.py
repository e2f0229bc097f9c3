"""Payments that were due to be applied before rows of the queue said so themselves."""

from allorders_qb.sync.connection import get_realm_id
from allorders_qb.sync.payments.planning import mark_due


def execute() -> None:
	if realm_id := get_realm_id():
		mark_due(realm_id)
