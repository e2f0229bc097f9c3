"""The knobs: what can be turned to make the emulator slow, broken, strict or different in an undocumented rule.

One table says name, kind, default and meaning; the control API, the command line and the knobs page all read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qbo_emulator.chances import DISTRIBUTIONS

MAX_MILLISECONDS = 3_600_000


@dataclass(frozen=True)
class Knob:
	"""``kind`` is "flag", "number" (whole, or None where ``optional``), or "choice"; ``group`` is for the page."""

	name: str
	kind: str
	default: Any
	meaning: str
	group: str
	options: tuple[str, ...] = ()
	optional: bool = False

	def check(self, value: Any) -> Any:
		"""Return the cleaned value; raises ValueError with a sentence when it does not fit."""
		if self.kind == "flag":
			if isinstance(value, str) and value.lower() in ("true", "false", "on", "off", "1", "0"):
				value = value.lower() in ("true", "on", "1")
			if isinstance(value, bool):
				return value
			raise ValueError(f"Knob {self.name} is a flag: use true or false.")
		if self.kind == "choice":
			if isinstance(value, str) and value in self.options:
				return value
			raise ValueError(f"Knob {self.name} must be one of: {', '.join(self.options)}.")
		if self.optional and value in (None, "", "null", "none"):
			return None
		if isinstance(value, str) and value.strip().isdigit():
			value = int(value)
		if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_MILLISECONDS * 1000:
			return value
		raise ValueError(f"Knob {self.name} is a whole number that is not negative.")


KNOBS = (
	Knob("latency_ms", "number", 0, "wait before a request is worked on", "Time"),
	Knob(
		"latency_distribution", "choice", "fixed",
		"how latency_ms is spread: always the same, evenly, or with that mean (lognormal: a long tail)", "Time", DISTRIBUTIONS,
	),
	Knob(
		"latency_spread_ms", "number", 0,
		"distance to either end (uniform) or standard deviation (normal, lognormal) of latency_ms", "Time",
	),
	Knob("latency_seed", "number", 0, "the same seed gives the same waits and chances; setting it begins again", "Time"),
	Knob(
		"cut_off_ms", "number", 120_000,
		"a request that takes longer is answered with 504 and a page; its work goes on", "Time",
	),
	Knob("latency_after_commit_ms", "number", 0, "wait between the commit of a write and its answer", "Time"),
	Knob(
		"commit_delay_ms", "number", 0,
		"a write commits only after this time, whether or not the client is still there", "Time",
	),
	Knob("query_lag_ms", "number", 0, "queries do not see writes younger than this; reads by Id do", "Time"),
	Knob(
		"drop", "choice", "none", "cut the connection of writes without an answer, before or after the commit",
		"Failures", ("none", "before_commit", "after_commit"),
	),
	Knob(
		"drop_count", "number", None, "how many connections to cut before drop goes back to none (empty: all)",
		"Failures", optional=True,
	),
	Knob("http_503_html", "flag", False, "answer every API call with HTTP 503 and an HTML page", "Failures"),
	Knob("subscription_ended", "flag", False, "answer every API call with fault 6190", "Failures"),
	Knob(
		"user_removed", "flag", False,
		"answer every API call with 120: the person who connected has no access any more", "Failures",
	),
	Knob("xml_unauthorized", "flag", False, "answer 401 with an XML body (code 100), as seen by some clients", "Failures"),
	Knob("throttle.enabled", "flag", True, "keep Intuit's limits (HTTP 429 above them)", "Limits"),
	Knob("throttle.per_minute", "number", 500, "requests a minute (empty: no limit)", "Limits", optional=True),
	Knob("throttle.per_second", "number", 10, "requests a second (empty: no limit)", "Limits", optional=True),
	Knob("throttle.concurrent", "number", 10, "requests at the same time (empty: no limit)", "Limits", optional=True),
	Knob(
		"throttle.batches_per_minute", "number", 40, "batches a minute of one app (empty: no limit)", "Limits", optional=True,
	),
	Knob(
		"throttle.company_batches_per_minute", "number", 120, "batches a minute of all apps (empty: no limit)", "Limits",
		optional=True,
	),
	Knob(
		"emails_per_day", "number", 40, "transactions sent by e-mail a day, as in a sandbox (empty: no limit)", "Limits",
		optional=True,
	),
	Knob(
		"requestid", "choice", "honoured",
		"what a repeated requestid does: honoured repeats a stored success, replays_faults a stored refusal too, "
		"ignored works again every time, forgotten works again once requestid_memory_s is over, refused_600 is a fault", "Writing",
		("honoured", "ignored", "forgotten", "replays_faults", "refused_600"),
	),
	Knob("requestid_memory_s", "number", 0, "with requestid=forgotten: seconds for which an answer is remembered", "Writing"),
	Knob(
		"batch_requestid", "choice", "honoured",
		"what a repeated requestid of a batch does: repeats the answer, or is refused with 6000 (seen in 2016)", "Batch",
		("honoured", "fails_6000"),
	),
	Knob(
		"batch_allows_duplicate_numbers", "flag", True, "include=allowduplicatedocnum counts inside a batch too", "Batch",
	),
	Knob(
		"batch_answer_order", "choice", "sent", "order of the answers to the items of a batch", "Batch", ("sent", "reversed"),
	),
	Knob(
		"batch_counts_as", "choice", "one", "what a batch counts against the requests a minute: one, or its number of items",
		"Batch", ("one", "items"),
	),
	Knob("cdc_inclusive", "flag", True, "a change in the very second of changedSince is captured", "Change data capture"),
	Knob(
		"cdc_beyond_30_days", "choice", "refused", "a changedSince more than 30 days ago: 2060, or taken as 30 days",
		"Change data capture", ("refused", "truncated"),
	),
	Knob(
		"cdc_order", "choice", "oldest_first", "order of changes; above 1,000 objects the last ones are missing",
		"Change data capture", ("oldest_first", "newest_first"),
	),
	Knob("cdc_lags", "flag", True, "change data capture lags behind writes as queries do (query_lag_ms)", "Change data capture"),
	Knob(
		"own_writes_bump_parties", "flag", False,
		"a write gives the customer, vendor and items whose balance or quantity it moves a new LastUpdatedTime", "Writing",
	),
	Knob("webhook_delay_ms", "number", 100, "time in which events are gathered into one notification", "Webhooks"),
	Knob("webhook_timeout_ms", "number", 3000, "time within which HTTP 200 counts as acknowledgement", "Webhooks"),
	Knob(
		"webhook_head_of_line", "flag", True, "later notifications wait until an earlier one is acknowledged", "Webhooks",
	),
	Knob("webhook_aggregate", "flag", True, "several events in one notification, else one in each", "Webhooks"),
	Knob("webhook_order", "choice", "in_order", "order of the events that are gathered", "Webhooks", ("in_order", "reversed")),
	Knob("webhook_duplicates", "number", 0, "how often a notification comes again after it was acknowledged", "Webhooks"),
	Knob("webhook_data", "choice", "empty", "what data of a CloudEvent holds", "Webhooks", ("empty", "entity")),
	Knob(
		"webhook_content_type", "choice", "application/json", "content type of notifications", "Webhooks",
		("application/json", "application/cloudevents+json"),
	),
	Knob("custom_txn_numbers", "flag", True, "the preference SalesFormsPrefs.CustomTxnNumbers", "Writing"),
	Knob("warn_duplicate_numbers", "flag", True, "a used document number is refused with 6140", "Writing"),
	Knob(
		"unknown_properties", "choice", "refused", "properties that the entity does not have: 2010, or ignored",
		"Unconfirmed by Intuit", ("refused", "ignored"),
	),
	Knob(
		"sparse_empty_clears", "flag", False, "in a sparse update an empty string or null clears the property",
		"Unconfirmed by Intuit",
	),
	Knob(
		"sent_number_when_automatic", "choice", "used",
		"a DocNumber that is sent though custom numbers are off", "Unconfirmed by Intuit", ("used", "replaced"),
	),
	Knob("query_ignores_case", "flag", True, "text in queries is compared without regard to case", "Unconfirmed by Intuit"),
	Knob(
		"default_query_order", "choice", "asc",
		"order of a query without ORDERBY (documented ascending, seen descending)", "Unconfirmed by Intuit",
		("asc", "desc"),
	),
	Knob("group_items_creatable", "flag", False, "bundles (Item of Type Group) can be created", "Unconfirmed by Intuit"),
	Knob(
		"noninventory_asset_account", "flag", True,
		"a non-inventory item may be bought to an asset account (else 6430)", "Unconfirmed by Intuit",
	),
	Knob(
		"stock_positive_adjustment_cost", "choice", "purchase_cost",
		"what a quantity that an adjustment adds is worth a unit",
		"Unconfirmed by Intuit", ("purchase_cost", "current_layer", "zero"),
	),
	Knob(
		"stock_return_cost", "choice", "current_layer",
		"what a customer's return is worth a unit: as the first open layer, the item's PurchaseCost, or its last sale",
		"Unconfirmed by Intuit", ("current_layer", "purchase_cost", "sale_cost"),
	),
	Knob(
		"stock_vendor_credit_cost", "choice", "layer",
		"what a vendor credit takes out: its layers (the rest to cost of goods), or its own amount (the rest stays in the next layer)",
		"Unconfirmed by Intuit", ("layer", "line_amount"),
	),
	Knob(
		"stock_negative", "choice", "recost",
		"issues beyond the quantity on hand go out at PurchaseCost; the next receipt re-costs them, or its own date bears the difference, or they are refused (6000)",
		"Unconfirmed by Intuit", ("recost", "keep", "refused"),
	),
	Knob(
		"stock_back_dating", "choice", "recost",
		"an earlier date re-costs what comes after it, or the order of entry counts",
		"Unconfirmed by Intuit", ("recost", "entry_order"),
	),
	Knob(
		"stock_removed_layer", "choice", "recost",
		"deleting a receipt that was used re-costs its issues, or they keep their cost and what is on hand bears the difference",
		"Unconfirmed by Intuit", ("recost", "keep"),
	),
	Knob(
		"stock_same_day_order", "choice", "entry",
		"order within a day",
		"Unconfirmed by Intuit", ("entry", "receipts_first"),
	),
	Knob(
		"stock_rounding", "choice", "per_issue",
		"an issue is rounded once for each layer, or the cost of one unit is rounded first",
		"Unconfirmed by Intuit", ("per_issue", "per_unit"),
	),
	Knob(
		"attachable_delete", "choice", "full_object",
		"what the delete of an Attachable has to send: the whole object as documented, or Id and SyncToken",
		"Unconfirmed by Intuit", ("full_object", "id_suffices"),
	),
	Knob(
		"rename_touches_children", "flag", False,
		"renaming or moving a parent counts as a write of what stands below it (SyncToken, LastUpdatedTime)",
		"Unconfirmed by Intuit",
	),
	Knob(
		"duplicate_bill_scope", "choice", "vendor",
		"among which numbers of bills, vendor credits and bill payments a used one is refused (6140)",
		"Unconfirmed by Intuit", ("vendor", "type"),
	),
	Knob(
		"adjustment_date_editable", "flag", True,
		"an update of an InventoryAdjustment may change its TxnDate (else it stays)", "Unconfirmed by Intuit",
	),
	Knob(
		"adjustment_number_required", "flag", False, "an InventoryAdjustment needs a DocNumber (2020), else it gets one",
		"Unconfirmed by Intuit",
	),
	Knob("rotate_every_refresh", "flag", False, "every refresh gives a new refresh token, not only after 24 hours", "OAuth"),
)  # fmt: skip
BY_NAME = {knob.name: knob for knob in KNOBS}
PREFERENCE_KNOBS = ("custom_txn_numbers", "warn_duplicate_numbers")
"""Kept in the company's Preferences, not beside them, so that there is one truth."""


def flatten(changes: dict[str, Any]) -> dict[str, Any]:
	"""Return ``{"throttle": {"enabled": x}}`` as ``{"throttle.enabled": x}``."""
	flat: dict[str, Any] = {}
	for name, value in changes.items():
		if isinstance(value, dict):
			flat.update({f"{name}.{inner}": item for inner, item in value.items()})
		else:
			flat[name] = value
	return flat


def check_changes(changes: Any) -> dict[str, Any]:
	"""Return cleaned values by flat knob name. Raises ValueError naming an unknown knob or a bad value."""
	if not isinstance(changes, dict):
		raise ValueError("Send an object of knob names and values.")
	cleaned = {}
	for name, value in flatten(changes).items():
		if name not in BY_NAME:
			raise ValueError(f"There is no knob {name!r}. Knobs: {', '.join(BY_NAME)}.")
		cleaned[name] = BY_NAME[name].check(value)
	return cleaned


def nest(values: dict[str, Any]) -> dict[str, Any]:
	"""Return flat knob values in the control API's shape."""
	nested: dict[str, Any] = {}
	for name, value in values.items():
		group, dot, inner = name.partition(".")
		if dot:
			nested.setdefault(group, {})[inner] = value
		else:
			nested[name] = value
	return nested


def parse_assignment(text: str) -> tuple[str, Any]:
	"""Return the name and cleaned value of a command line ``name=value``. Raises ValueError."""
	name, equals, raw = text.partition("=")
	if not equals:
		raise ValueError(f"{text!r} is not of the form name=value.")
	return next(iter(check_changes({name.strip(): raw.strip()}).items()))


class Knobs:
	"""The current values of one company."""

	def __init__(self, values: dict[str, Any]) -> None:
		self.values = {knob.name: knob.default for knob in KNOBS if knob.name not in PREFERENCE_KNOBS}
		self.values.update({name: value for name, value in values.items() if name in self.values})

	def __getitem__(self, name: str) -> Any:
		return self.values[name]

	def change(self, name: str, value: Any) -> None:
		self.values[name] = value

	def dump(self) -> str:
		return json.dumps(self.values)
