"""Secrets never leave the room unmasked, and faults stay readable."""

from __future__ import annotations

import json

from allorders_qb.qbo.calls import MASK, mask_secrets


def test_nested_values_are_masked():
	value = {
		"a": [{"access_token": "AAA", "kept": "yes"}, {"b": {"Refresh_Token": "BBB"}}],
		"client_secret": "CCC",
		"headers": {"Authorization": "Bearer DDDDDDDD"},
		"code": "AB11234567890abcdef",
		"number": 5,
		"empty": {"access_token": ""},
	}
	masked = mask_secrets(value)
	assert masked == {
		"a": [{"access_token": MASK, "kept": "yes"}, {"b": {"Refresh_Token": MASK}}],
		"client_secret": MASK,
		"headers": {"Authorization": MASK},
		"code": MASK,
		"number": 5,
		"empty": {"access_token": ""},
	}
	assert value["client_secret"] == "CCC"


def test_json_text_is_masked_and_stays_json():
	text = json.dumps({"x": {"access_token": 'with "quotes" in it', "Id": "1"}, "code": "AB1123"})
	assert json.loads(mask_secrets(text)) == {"x": {"access_token": MASK, "Id": "1"}, "code": MASK}


def test_fault_codes_stay():
	text = '{"Fault":{"Error":[{"Message":"Duplicate Name","code":"6240","element":""}]},"CompanyCurrency":{"Code":"EUR"}}'
	assert mask_secrets(text) == text
	assert mask_secrets(json.loads(text)) == json.loads(text)


def test_forms_urls_and_headers_are_masked():
	assert (
		mask_secrets("grant_type=refresh_token&refresh_token=RRR")
		== f"grant_type=refresh_token&refresh_token={MASK}"
	)
	assert (
		mask_secrets("https://x/cb?code=AB11abc&state=s&realmId=1")
		== f"https://x/cb?code={MASK}&state=s&realmId=1"
	)
	assert mask_secrets("Authorization: Bearer eyJhbGciOi.abc-def") == f"Authorization: Bearer {MASK}"
	token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4"
	assert mask_secrets(f"sent with Bearer {token}, refused") == f"sent with Bearer {MASK}, refused"
	assert mask_secrets("Authorization: Basic YWJjZGVmZzpo") == f"Authorization: Basic {MASK}"


def test_known_secrets_are_masked_wherever_they_stand():
	assert (
		mask_secrets("the note says s3cr3t twice: s3cr3t", ["s3cr3t", ""])
		== f"the note says {MASK} twice: {MASK}"
	)
	assert mask_secrets({"note": ["s3cr3t"]}, ["s3cr3t"]) == {"note": [MASK]}


def test_ordinary_payload_is_left_alone():
	text = '{"PrivateNote":"Basic training, bearer of news","TaxCodeRef":{"value":"TAX"},"Description":"token ring"}'
	assert mask_secrets(text) == text
