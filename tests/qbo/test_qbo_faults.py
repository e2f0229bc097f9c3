"""Faults by code, status and body: the class of each, what it asks for, and what it tells a person."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from allorders_qb.qbo.codes import RULES, STATUS_RULES
from allorders_qb.qbo.faults import FaultClass, OutcomeUnknown, Refused, classify_answer, read_fault

GATEWAY_401 = {
	"warnings": None,
	"intuitObject": None,
	"fault": {
		"error": [
			{
				"message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
				"detail": "Malformed bearer token: too short or too long",
				"code": "3200",
				"element": None,
			}
		],
		"type": "AUTHENTICATION",
	},
}
XML_401 = (
	'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
	'<IntuitResponse time="2026-11-23T08:00:00.000-08:00" xmlns="http://schema.intuit.com/finance/v3">'
	'<Fault type="AuthenticationFault"><Error code="100"><Message>General Authentication Error</Message>'
	"<Detail>AuthenticationFailed</Detail></Error></Fault></IntuitResponse>"
)
DUPLICATE_NUMBER = (
	"Duplicate Document Number Error : You must specify a different number. This number has already been used. "
	"DocNumber=SD-2026-00001 is assigned to TxnType=Invoice with TxnId=45823"
)


def make_fault(
	code: str, detail: str = "", message: str = "", element: str = "", fault_type="ValidationFault"
):
	error = {"Message": message, "Detail": detail, "code": code, "element": element}
	return {"Fault": {"Error": [error], "type": fault_type}, "time": "2026-11-23T08:00:00.000-08:00"}


def refuse(status: int, body, text: str = "", headers=None):
	with pytest.raises(Refused) as caught:
		classify_answer(status, body, text or json.dumps(body), headers, "1-tid")
	return caught.value.fault


@pytest.mark.parametrize(
	("status", "code", "fault_class"),
	[
		(401, "100", FaultClass.PAUSE),
		(401, "110", FaultClass.PAUSE),
		(401, "120", FaultClass.PAUSE),
		(403, "120", FaultClass.PAUSE),
		(403, "3100", FaultClass.PAUSE),
		(401, "3200", FaultClass.PAUSE),
		(401, "3202", FaultClass.PAUSE),
		(429, "3001", FaultClass.PAUSE),
		(403, "003001", FaultClass.PAUSE),
		(400, "6190", FaultClass.PAUSE),
		(400, "130", FaultClass.RETRY_LATER),
		(400, "140", FaultClass.RETRY_LATER),
		(400, "150", FaultClass.RETRY_LATER),
		(400, "5010", FaultClass.CONFLICT),
		(400, "600", FaultClass.DUPLICATE),
		(400, "6140", FaultClass.DUPLICATE),
		(400, "6240", FaultClass.DUPLICATE),
		(400, "500", FaultClass.NEEDS_PERSON),
		(400, "610", FaultClass.NEEDS_PERSON),
		(400, "2020", FaultClass.NEEDS_PERSON),
		(400, "2500", FaultClass.NEEDS_PERSON),
		(400, "4001", FaultClass.NEEDS_PERSON),
		(403, "5020", FaultClass.NEEDS_PERSON),
		(403, "5030", FaultClass.NEEDS_PERSON),
		(400, "6000", FaultClass.NEEDS_PERSON),
		(400, "6070", FaultClass.NEEDS_PERSON),
		(400, "6200", FaultClass.NEEDS_PERSON),
		(400, "6210", FaultClass.NEEDS_PERSON),
		(400, "99999", FaultClass.NEEDS_PERSON),
	],
)
def test_class_of_each_code(status, code, fault_class):
	assert refuse(status, make_fault(code)).fault_class is fault_class


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_code_is_explained_with_a_remedy(code):
	fault = read_fault(400, make_fault(code, detail="Words of QuickBooks", element="Line.Amount"))
	sentence = fault.explain()
	assert sentence[0].isupper()
	assert fault.remedy and fault.remedy in sentence and fault.remedy.endswith(".")
	assert '"Words of QuickBooks"' in sentence
	assert f"code {code}" in sentence and "field Line.Amount" in sentence


@pytest.mark.parametrize("status", sorted(STATUS_RULES))
def test_every_status_without_a_body_is_explained(status):
	assert f"HTTP {status}" in refuse(status, None, "<html>nothing useful</html>").explain()


def test_token_faults_are_refreshed_first_and_reconnected_then():
	for fault in (
		refuse(401, GATEWAY_401),
		refuse(401, None, XML_401),
		refuse(401, None, ""),
		refuse(401, {}),
	):
		assert (fault.refreshable, fault.reconnect) == (True, True)


def test_lost_access_and_wrong_keys_need_a_person_at_once():
	for status, code in ((401, "120"), (403, "3100")):
		fault = refuse(status, make_fault(code, fault_type="AuthorizationFault"))
		assert (fault.refreshable, fault.reconnect) == (False, True)


def test_gateway_shape_and_numeric_code_are_read():
	fault = refuse(401, GATEWAY_401)
	assert (fault.code, fault.detail, fault.element) == (
		"3200",
		"Malformed bearer token: too short or too long",
		"",
	)
	body = json.loads(json.dumps(GATEWAY_401))
	body["fault"]["error"][0]["code"] = None
	assert refuse(401, body).code == "3200"
	body["fault"]["error"][0]["code"] = 3200
	assert refuse(401, body).code == "3200"
	body["fault"]["error"][0]["code"] = "003200"
	assert refuse(401, body).code == "3200"


def test_xml_is_read():
	fault = refuse(401, None, XML_401)
	assert (fault.code, fault.message, fault.detail, fault.fault_type) == (
		"100",
		"General Authentication Error",
		"AuthenticationFailed",
		"AuthenticationFault",
	)


@pytest.mark.parametrize("kind", ["AuthorizationFault", "AuthorizatonFault", "AUTHORIZATION"])
def test_authorization_faults_without_a_known_code(kind):
	fault = refuse(403, make_fault("", fault_type=kind))
	assert fault.reconnect and fault.fault_class is FaultClass.PAUSE


def test_pause_lengths():
	assert refuse(429, {}).pause_seconds == 60
	assert refuse(429, None, "", {"Retry-After": "17"}).pause_seconds == 17
	assert refuse(429, None, "", {"Retry-After": "999999"}).pause_seconds == 3600
	assert refuse(429, None, "", {"Retry-After": "soon"}).pause_seconds == 60
	moment = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=100), usegmt=True)
	assert 95 <= refuse(429, None, "", {"Retry-After": moment}).pause_seconds <= 100
	assert refuse(400, make_fault("6190")).pause_seconds == 900
	assert refuse(400, make_fault("6000")).pause_seconds == 0


def test_duplicate_number_names_its_holder():
	fault = refuse(400, make_fault("6140", DUPLICATE_NUMBER))
	assert (fault.duplicate_id, fault.duplicate_type) == ("45823", "Invoice")
	assert "by Invoice with id 45823" in fault.explain()


def test_duplicate_name_without_a_holder():
	fault = refuse(
		400, make_fault("6240", "The name supplied already exists. : Another customer, vendor or employee …")
	)
	assert (fault.duplicate_id, fault.duplicate_type) == (None, None)


def test_an_id_in_another_faults_text_is_no_duplicate():
	assert refuse(400, make_fault("6000", "Transaction with TxnId=12 is locked")).duplicate_id is None


def test_missing_object():
	assert refuse(400, make_fault("610", "Something you're trying to use has been made inactive")).is_missing
	assert not refuse(400, make_fault("2500")).is_missing


def test_several_errors_none_is_lost_and_a_duplicate_decides_last():
	body = make_fault("6140", DUPLICATE_NUMBER)
	body["Fault"]["Error"].append({"Message": "Required", "Detail": "CustomerRef is missing", "code": "2020"})
	fault = refuse(400, body)
	assert fault.code == "2020"
	assert "CustomerRef is missing" in fault.explain() and "TxnId=45823" in fault.explain()


@pytest.mark.parametrize(
	("status", "body", "text"),
	[
		(500, make_fault("10000", fault_type="SystemFault"), ""),
		(200, make_fault("10000", fault_type="SystemFault"), ""),
		(400, make_fault("10000"), ""),
		(400, make_fault("", fault_type="SystemFault"), ""),
		(500, make_fault("6000"), ""),
		(500, make_fault("130"), ""),
		(502, None, "<html>Bad Gateway</html>"),
		(503, None, ""),
		(504, None, ""),
		(408, None, ""),
		(302, None, ""),
		(200, None, "<html>"),
		(200, [], "[]"),
	],
)
def test_unknown_outcomes(status, body, text):
	with pytest.raises(OutcomeUnknown) as caught:
		classify_answer(status, body, text, {}, "1-tid")
	assert (caught.value.status, caught.value.intuit_tid) == (status, "1-tid")
	assert "searched" in str(caught.value)


def test_one_unknown_error_among_several_makes_the_outcome_unknown():
	body = make_fault("6000")
	body["Fault"]["Error"].append({"Message": "An application error", "Detail": "", "code": "10000"})
	with pytest.raises(OutcomeUnknown):
		classify_answer(400, body, "")


@pytest.mark.parametrize(
	"body",
	[
		{"Fault": None},
		{"Fault": {}},
		{"Fault": {"Error": None}},
		{"Fault": {"Error": [None]}},
		{"Fault": "?"},
	],
)
def test_malformed_faults_do_not_crash_and_are_no_success(body):
	fault = refuse(400, body)
	assert fault.fault_class is FaultClass.NEEDS_PERSON


def test_malformed_fault_with_200_is_neither_success_nor_refusal():
	with pytest.raises(OutcomeUnknown):
		classify_answer(200, {"Fault": {"Error": []}, "Invoice": {"Id": "1"}}, "")


def test_a_good_answer_is_returned_as_it_is():
	body = {"Invoice": {"Id": "1"}}
	assert classify_answer(200, body, "") is body
