"""After silence about a row: the same bytes again, anew, or a person. Used once QuickBooks has been looked into and does
not hold what was sent."""

from collections.abc import Callable, Mapping
from typing import Any

from allorders_qb.qbo.client import Answer
from allorders_qb.sync import rows

RESENDS = 5
"""So often the same bytes go again by themselves; then a person decides."""


def send_same(sender: Any, held: rows.Claim, store: Callable[[Answer], None], question: str) -> None:
	"""Send what is frozen in the row again and ``store`` its answer; after ``RESENDS`` times ask a person, with
	``question`` ({0}: how often it was sent). Raises what ``Sender.send`` raises."""
	if held.row.sends > RESENDS:
		sender.ask(held, question.format(held.row.sends), None)
		return
	store(sender.request(held))


def send_update_again(
	sender: Any,
	held: rows.Claim,
	payload: Mapping[str, Any],
	current: Mapping[str, Any] | None,
	store: Callable[[Answer], None],
	question: str,
) -> None:
	"""``send_same`` for an update of ``current``, which is as it was just read (None: it is gone). Where somebody has changed
	it since, what was sent can never be stored any more: the row makes its update anew."""
	if not current or str(current["SyncToken"]) != str(payload["SyncToken"]):
		rows.release(held, None, None, **rows.get_refused_values(held.row))
		sender.refresh(held.row)
		return
	send_same(sender, held, store, question)
