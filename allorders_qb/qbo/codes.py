"""QuickBooks' fault codes: what each means to us, in which class it falls, and what a person can do about it.

Source: Intuit's error-code page; where that is silent, faults captured in the wild (see the reference on QuickBooks Online).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FaultClass(Enum):
	"""What to do after a definite refusal."""

	RETRY_LATER = "retry later"
	PAUSE = "pause the connection"
	CONFLICT = "conflict"
	DUPLICATE = "duplicate"
	NEEDS_PERSON = "needs a person"


THROTTLE_SECONDS = 60
SUBSCRIPTION_SECONDS = 15 * 60
MAINTENANCE_SECONDS = 5 * 60
REPORT_IT = "This is a mistake in All Orders, not in your data: report it with the call's intuit_tid."
CHECK_REFERENCES = (
	"Open what the document refers to (customer, items, terms, tax codes, accounts), see that it is active in QuickBooks, "
	"and send again."
)


@dataclass(frozen=True)
class Rule:
	"""What a code means: its class, a sentence that says what happened, and the remedy.

	`refreshable`: a new access token may cure it. `reconnect`: somebody has to connect to QuickBooks again.
	`unknown_outcome`: the code does not tell whether anything was stored.
	"""

	fault_class: FaultClass
	happened: str
	remedy: str
	pause_seconds: int = 0
	refreshable: bool = False
	reconnect: bool = False
	unknown_outcome: bool = False


def _ask(happened: str, remedy: str) -> Rule:
	return Rule(FaultClass.NEEDS_PERSON, happened, remedy)


def _bug(happened: str) -> Rule:
	return Rule(FaultClass.NEEDS_PERSON, happened, REPORT_IT)


TOKEN_RULE = Rule(
	FaultClass.PAUSE,
	"QuickBooks did not accept the access token: it has expired or was revoked",
	"It is renewed by itself; if this stays, open QuickBooks Settings and press Connect to QuickBooks.",
	refreshable=True,
	reconnect=True,
)
ACCESS_RULE = Rule(
	FaultClass.PAUSE,
	"the QuickBooks user who connected All Orders no longer has access to this company",
	"Have a company administrator of QuickBooks press Connect to QuickBooks in QuickBooks Settings.",
	reconnect=True,
)
KEYS_RULE = Rule(
	FaultClass.PAUSE,
	"QuickBooks does not let this app into the company: the client id and secret are not those of this environment, or the app was disconnected",
	"Check environment, client id and secret in QuickBooks Settings (sandbox keys do not open a production company), then press Connect to QuickBooks.",
	reconnect=True,
)
THROTTLE_RULE = Rule(
	FaultClass.PAUSE,
	"QuickBooks takes no more requests for the moment",
	"Nothing to do: sending goes on by itself.",
	pause_seconds=THROTTLE_SECONDS,
)
BUSY_RULE = Rule(
	FaultClass.RETRY_LATER,
	"QuickBooks has closed the company for a moment (maintenance, a move or a lock)",
	"Nothing to do: it is tried again by itself.",
	pause_seconds=MAINTENANCE_SECONDS,
)
INVALID_DATE = _ask(
	"QuickBooks does not accept a date",
	"Correct the document's dates (they must be real, and not centuries away) and send again.",
)
INVALID_NUMBER = _ask(
	"QuickBooks does not accept a quantity, price or amount",
	"Correct the number in the document's lines and send again.",
)
TAX_RULE = _ask(
	"QuickBooks does not accept the tax code of a line",
	"Choose tax codes that this QuickBooks company uses for sales (in a US company TAX or NON), then send again.",
)
LINK_RULE = _ask(
	"QuickBooks cannot change this transaction because others depend on it",
	"Open it in QuickBooks, remove what is linked to it (payments, deposits), and try again.",
)

RULES: dict[str, Rule] = {
	# Who we are
	"100": TOKEN_RULE,
	"110": TOKEN_RULE,
	"3200": TOKEN_RULE,
	"3202": TOKEN_RULE,
	"120": ACCESS_RULE,
	"3100": KEYS_RULE,
	# QuickBooks is busy or closed
	"130": BUSY_RULE,
	"140": BUSY_RULE,
	"150": BUSY_RULE,
	"3001": THROTTLE_RULE,
	"6190": Rule(
		FaultClass.PAUSE,
		"the QuickBooks company cannot be used: its subscription has ended, its trial is over, or a bill is unpaid",
		"Renew the subscription in QuickBooks; sending goes on by itself afterwards.",
		pause_seconds=SUBSCRIPTION_SECONDS,
	),
	"10000": Rule(
		FaultClass.RETRY_LATER,
		"QuickBooks had an error of its own and does not say whether it stored anything",
		"Nothing to do: QuickBooks is searched before anything is sent again.",
		unknown_outcome=True,
	),
	"10100": _bug("QuickBooks refused to give so large an answer"),
	"10200": _ask(
		"the QuickBooks company has been reset: its records are new",
		"Press Connect to QuickBooks in QuickBooks Settings and synchronize in full.",
	),
	# Somebody was there before
	"5010": Rule(
		FaultClass.CONFLICT,
		"it was changed in QuickBooks since we last read it",
		"Nothing to do: it is read again, merged and sent again.",
	),
	"600": Rule(
		FaultClass.DUPLICATE,
		"QuickBooks has seen this very request before",
		"QuickBooks is searched for what the first one made; if nothing is found, look it up in QuickBooks and decide.",
	),
	"6140": Rule(
		FaultClass.DUPLICATE,
		"the document number is already taken in QuickBooks",
		"Open that transaction in QuickBooks: adopt it if it is the same sale, else give one of the two another number.",
	),
	"6240": Rule(
		FaultClass.DUPLICATE,
		"the name is already taken in QuickBooks (customers, vendors and employees share their names)",
		"Adopt that record if it is the same, else rename one of the two.",
	),
	# Something referred to
	"610": _ask("something this refers to is gone from QuickBooks or made inactive there", CHECK_REFERENCES),
	"620": _ask(
		"the transactions cannot be linked in QuickBooks",
		"Open both in QuickBooks and see whether one is closed or belongs to another customer.",
	),
	"2500": _ask("something this refers to does not exist in QuickBooks", CHECK_REFERENCES),
	"6250": _ask(
		"the customer is missing or inactive in QuickBooks",
		"Make the customer active in QuickBooks, or send it again, and then this document.",
	),
	"6430": _ask(
		"an account is of the wrong type for its use",
		"Choose another account on the item or in QuickBooks Settings and send again.",
	),
	"6440": _ask("a line has neither an item nor an account", "Give every line an item and send again."),
	"700": _ask("its parent in QuickBooks is not right", "Choose another parent and send again."),
	"800": LINK_RULE,
	"900": _ask("it was made its own parent", "Choose another parent and send again."),
	# What was sent
	"2020": _ask(
		"QuickBooks misses a value it requires", "Fill in the field QuickBooks names and send again."
	),
	"2030": _bug("QuickBooks does not know the id we sent"),
	"2040": _ask(
		"a text holds characters that QuickBooks does not accept",
		"Retype the text QuickBooks names in plain characters and send again.",
	),
	"2050": _ask(
		"a text is too long or too short for QuickBooks", "Shorten the text QuickBooks names and send again."
	),
	"2060": INVALID_DATE,
	"2070": INVALID_NUMBER,
	"2080": INVALID_NUMBER,
	"2090": INVALID_NUMBER,
	"2100": INVALID_NUMBER,
	"2110": INVALID_NUMBER,
	"2140": INVALID_NUMBER,
	"2150": INVALID_NUMBER,
	"2160": _bug("QuickBooks does not know a choice we sent"),
	"2170": _bug("QuickBooks does not know a choice we sent"),
	"2250": _ask("the transaction has no lines", "Add a line with an item and send again."),
	"2260": _bug("a journal line says neither debit nor credit"),
	"2290": _ask(
		"the amount is negative", "A sale must not be below zero: use a customer return for money given back."
	),
	"2300": _ask(
		"the journal's debits and credits are not equal",
		"Report it with the call's intuit_tid: both come from All Orders.",
	),
	"3000": _ask(
		"a custom field does not exist in QuickBooks any more",
		"Synchronize, so that All Orders learns the company's custom fields, and send again.",
	),
	"6000": _ask("QuickBooks' own rules forbid it", "Mend what QuickBooks names and send again."),
	"6070": _bug("a line's amount is not its quantity times its price"),
	"6080": _ask("the record has no name", "Give it a name and send again."),
	"6100": TAX_RULE,
	"6160": TAX_RULE,
	"6170": TAX_RULE,
	"6230": TAX_RULE,
	"6470": TAX_RULE,
	"6180": _ask(
		"it is nested too deeply in QuickBooks (five levels at most)",
		"Move it to a higher level and send again.",
	),
	"6200": _ask(
		"the books are closed for that date",
		"Reopen the period in QuickBooks or have the document redone with a later date; it keeps its date until then.",
	),
	"6210": _ask(
		"the books are closed for that date and only a password opens them",
		"Enter it in QuickBooks by reopening the period, or have the document redone with a later date.",
	),
	"6220": _ask(
		"it still has a balance or a quantity and cannot be removed", "Settle it in QuickBooks first."
	),
	"6280": _ask("it has unbilled charges and cannot be removed", "Bill or remove them in QuickBooks first."),
	"6270": _ask(
		"the date lies before the item's inventory start date",
		"Move the item's start date back in QuickBooks, or date the document later.",
	),
	"6450": LINK_RULE,
	"6480": _ask(
		"it is matched to the bank feed in QuickBooks", "Undo the match in QuickBooks and try again."
	),
	"6520": _ask("a tracked inventory item has no quantity", "Give the line a quantity and send again."),
	"6540": _ask(
		"it is part of a bank deposit in QuickBooks",
		"Remove it from the deposit in QuickBooks and try again.",
	),
	# What this company or user may not
	"5020": _ask(
		"the connected QuickBooks user may not do this",
		"Have a company administrator of QuickBooks connect, or widen that user's rights.",
	),
	"5030": _ask(
		"this QuickBooks plan does not have that feature",
		"Use another plan of QuickBooks, or switch the feature off in QuickBooks Settings.",
	),
	# Mistakes of ours
	"500": _bug("QuickBooks does not support that operation"),
	"1040": _bug("too many requests were put in one batch"),
	"2000": _bug("QuickBooks does not know the kind of record we named"),
	"2010": _bug("QuickBooks does not know a field we sent"),
	"2130": _bug("QuickBooks does not accept the form of our request id"),
	"4000": _bug("QuickBooks cannot read our query"),
	"4001": _bug("QuickBooks does not allow our query"),
	"4002": _bug("QuickBooks could not run our query"),
}

# By HTTP status, where the body holds no code we know.
FORBIDDEN_RULE = Rule(
	FaultClass.PAUSE,
	"QuickBooks, or something on the way to it, forbade the request",
	"Check QuickBooks Settings and the way to the internet (proxy, firewall); sending goes on by itself when it works again.",
	pause_seconds=SUBSCRIPTION_SECONDS,
)
ADDRESS_RULE = Rule(
	FaultClass.PAUSE,
	"there is no QuickBooks company at this address",
	"Check environment and company in QuickBooks Settings; sending goes on by itself when it works again.",
	pause_seconds=SUBSCRIPTION_SECONDS,
)
STATUS_RULES: dict[int, Rule] = {
	401: TOKEN_RULE,
	403: FORBIDDEN_RULE,
	404: ADDRESS_RULE,
	407: FORBIDDEN_RULE,
	413: _ask("it is too large for QuickBooks", "Split the document into smaller ones."),
	429: THROTTLE_RULE,
}
UNKNOWN_RULE = _ask("QuickBooks refused it", "Mend what QuickBooks names and send again.")
