"""The answers QuickBooks Online gives instead of an entity: API faults and the gateway's lower-case ones.

Codes, messages and shapes: Intuit's error-code page and captured fixtures, as collected in the project's
reference (sections 1.10 and 1.11). A code whose exact text Intuit does not publish has a plain sentence here.
"""

from __future__ import annotations

from dataclasses import dataclass

VALIDATION = "ValidationFault"
SYSTEM = "SystemFault"
SERVICE = "SERVICE"

MESSAGES = {
	"100": "General Authentication Error",
	"120": "Authorization Failure",
	"400": "MalformedRequest",
	"500": "Unsupported Operation",
	"600": "Duplicate Request ID",
	"610": "Object Not Found",
	"620": "Transaction cannot be linked",
	"700": "Invalid parent",
	"800": "Cannot delete because of dependencies",
	"900": "An object cannot be its own parent",
	"1040": "Batch size exceeded",
	"2000": "Invalid object name",
	"2010": "Request has invalid or unsupported property",
	"2020": "Required param missing, need to supply the required value for the API",
	"2030": "Invalid ID",
	"2040": "Invalid String",
	"2050": "String length is either shorter or longer than supported by specification",
	"2060": "Invalid Date",
	"2070": "Invalid Number",
	"2080": "Invalid Amount",
	"2090": "Invalid Percentage",
	"2100": "Invalid Quantity",
	"2110": "Invalid Enumeration",
	"2130": "Invalid Request Id Format",
	"2250": "No lines in the transaction",
	"2260": "Posting type is missing",
	"2290": "Negative amount",
	"2300": "Total debits do not equal total credits",
	"2500": "Invalid Reference Id",
	"3000": "Invalid Custom Field",
	"4000": "Error parsing query",
	"4001": "Invalid query",
	"4002": "Error processing query",
	"5010": "Stale Object Error",
	"5020": "Permission Denied Error",
	"5030": "Feature Not Supported Error",
	"6000": "A business validation error has occurred while processing your request",
	"6010": "Account type or subtype is required",
	"6070": "Amount is not equal to UnitPrice * Qty",
	"6080": "No name provided",
	"6100": "Invalid Line Tax Code",
	"6140": "Duplicate Document Number Error",
	"6160": "Invalid CustomSalesTax Id",
	"6170": "TxnTaxDetail is not allowed",
	"6180": "Nesting level exceeded",
	"6190": "Invalid Company Status",
	"6200": "Account Period Closed, Cannot Update Through Services API",
	"6210": "Account Period Closed, Password Required",
	"6220": "Cannot delete or deactivate with a balance",
	"6240": "Duplicate Name Exists Error",
	"6250": "Invalid Customer",
	"6270": "Transaction date is prior to start date for inventory item",
	"6430": "Invalid account type",
	"6440": "Line needs an item or an account",
	"6450": "Cannot void a settled transaction",
	"6520": "Quantity is required for a tracked inventory item",
	"6540": "Deposited Transaction cannot be changed",
	"10000": "An application error has occurred while processing your request",
	"10100": "The result is too large",
}

DETAILS = {
	"610": (
		"Object Not Found : Something you're trying to use has been made inactive. "
		"Check the fields with accounts, customers, items, vendors or employees."
	),
	"2010": "Property Name:failed to parse json object; a property specified is unsupported or invalid",
	"5010": (
		"Stale Object Error : You and the company's administrator were working on this at the same time. "
		"The administrator finished before you did, so your work was not saved."
	),
	"6070": "Amount calculation incorrect in the request.Amount is not equal to UnitPrice * Qty.",
	"6190": (
		"Subscription period has ended or canceled or there was a billing problem : You can't add data to "
		"QuickBooks Online because your trial or subscription period has ended or there was a billing problem."
	),
	"6200": (
		"The account period has closed and the account books cannot be updated through the QBO Services API. "
		"Please use the QBO website to make these changes."
	),
	"6210": "The account period has closed and a password is required to change the account books.",
	"10000": (
		"An application error has occurred while processing your request : System Failure Error: "
		"an unexpected error has occurred."
	),
}

STATUSES = {"100": 401, "120": 401, "3100": 403, "3200": 401, "10000": 500}
"""HTTP status by code where it is not 400."""


@dataclass
class Fault(Exception):
	"""One refusal of the API: nothing was stored. ``element`` names the field where the service does."""

	code: str
	detail: str = ""
	element: str = ""
	message: str = ""
	status: int = 0
	kind: str = ""

	def __post_init__(self) -> None:
		super().__init__(self.code, self.detail)
		self.message = self.message or MESSAGES.get(self.code, "An error has occurred")
		self.detail = self.detail or DETAILS.get(self.code, self.message)
		self.status = self.status or STATUSES.get(self.code, 400)
		if not self.kind:
			self.kind = SYSTEM if self.code == "10000" else VALIDATION
			if self.code in ("100", "120"):
				self.kind = "AuthenticationFault" if self.code == "100" else "AuthorizationFault"

	def build_body(self, time: str) -> dict:
		"""Return the JSON body QuickBooks sends for this fault; ``time`` is the envelope's time."""
		error = {"Message": self.message, "Detail": self.detail, "code": self.code, "element": self.element}
		return {"Fault": {"Error": [error], "type": self.kind}, "time": time}


class SilentRefusal(Fault):
	"""A refusal that looks like success: HTTP 200, no fault, an empty batch response; nothing was changed."""

	def __init__(self) -> None:
		super().__init__("", "Nothing was done.", status=200)

	def build_body(self, time: str) -> dict:
		return {"BatchItemResponse": [], "time": time}


@dataclass
class GatewayFault(Exception):
	"""A refusal before the API is reached: token, authorization, limits. Its keys are lower case."""

	status: int
	code: str
	name: str
	detail: str
	kind: str

	def build_body(self, time: str) -> dict:
		"""Return the gateway's JSON body, with the noise keys seen in captures."""
		error = {
			"message": f"message={self.name}; errorCode={self.code.zfill(6)}; statusCode={self.status}",
			"detail": self.detail,
			"code": self.code,
			"element": None,
		}
		return {
			"warnings": None,
			"intuitObject": None,
			"fault": {"error": [error], "type": self.kind},
			"report": None,
			"queryResponse": None,
			"batchItemResponse": [],
			"attachableResponse": [],
			"syncErrorResponse": None,
			"requestId": None,
			"time": time,
			"status": None,
			"cdcresponse": [],
		}


@dataclass
class WebPageAnswer(Exception):
	"""An answer that is not the API's: a proxy's page or an empty body."""

	status: int
	html: str


def refuse_missing(parameter: str) -> Fault:
	"""Return the fault for a required parameter that was not sent (2020)."""
	return Fault("2020", f"Required parameter {parameter} is missing in the request", parameter)


def refuse_business(sentence: str, element: str = "") -> Fault:
	"""Return the catch-all business fault (6000); ``sentence`` is its only hint."""
	return Fault("6000", f"Business Validation Error: {sentence}", element)


def refuse_token() -> GatewayFault:
	"""Return the gateway's answer to a missing, unknown or expired access token."""
	return GatewayFault(401, "3200", "AuthenticationFailed", "Token expired or unknown", "AUTHENTICATION")


def refuse_empty_token() -> GatewayFault:
	"""Return the gateway's answer to a request without a bearer token."""
	detail = "Missing or empty bearer token"
	return GatewayFault(401, "3202", "AuthenticationFailed", detail, "AUTHENTICATION")


def refuse_malformed_token() -> GatewayFault:
	"""Return the gateway's answer to a bearer token that cannot be one."""
	detail = "Malformed bearer token: too short or too long"
	return GatewayFault(401, "3200", "AuthenticationFailed", detail, "AUTHENTICATION")


def refuse_realm() -> GatewayFault:
	"""Return the gateway's answer to a token that is not for this company."""
	detail = "The application is not authorized for this company"
	return GatewayFault(403, "3100", "ApplicationAuthorizationFailed", detail, "AUTHORIZATION")


def refuse_throttled() -> GatewayFault:
	"""Return the gateway's answer above a limit."""
	detail = "The request limit was reached.  Try again later"
	return GatewayFault(429, "3001", "ThrottleExceeded", detail, SERVICE)
