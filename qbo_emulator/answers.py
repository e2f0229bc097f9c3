"""What goes back to a client, and the pages that a gateway in front of the API would show."""

from __future__ import annotations

from dataclasses import dataclass

from qbo_emulator.wire import JSON_TYPE

HTML_TYPE = "text/html;charset=UTF-8"
UNAVAILABLE = (
	"<html><head><title>503 Service Unavailable</title></head>"
	"<body><h1>Service Unavailable</h1><p>The server is temporarily unable to service your request.</p></body></html>"
)
TOO_LARGE = "<html><head><title>413 Request Entity Too Large</title></head><body><h1>413 Request Entity Too Large</h1></body></html>"
TIMED_OUT = (
	"<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>"
)


@dataclass
class Answer:
	"""What goes back; ``drop`` cuts the connection instead ("whole") or half-way ("half")."""

	status: int
	text: str
	content_type: str = JSON_TYPE
	drop: str | None = None


class CutConnection(Exception):
	"""The connection is to be cut without an answer."""
