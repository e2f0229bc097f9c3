"""Reads multipart bodies as strictly as the service does, which is not very: python-quickbooks ends lines with LF only."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from qbo_emulator.faults import Fault

HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass
class Part:
	"""One part: its form name, file name ("" without), media type and decoded content."""

	name: str
	file_name: str
	content_type: str
	content: bytes


def read_parts(body: bytes, content_type: str) -> list[Part]:
	"""Return the parts of a body. Raises 2010 when it is not multipart or a part cannot be decoded."""
	header = Message()
	header["Content-Type"] = content_type
	boundary = header.get_param("boundary")
	if header.get_content_maintype() != "multipart" or not isinstance(boundary, str) or not boundary:
		raise Fault("2010", "The request is not multipart/form-data with a boundary")
	try:
		delimiter = b"--" + boundary.encode("ascii")
	except UnicodeEncodeError:
		raise Fault("2010", "The boundary of the request is not ASCII") from None
	pieces = re.split(rb"(?:\A|\r?\n)" + re.escape(delimiter), body)
	parts = []
	for piece in pieces[1:]:
		if piece.startswith(b"--"):
			break
		parts.append(read_part(piece.lstrip(b" \t")))
	return parts


def read_part(piece: bytes) -> Part:
	piece = piece[2:] if piece.startswith(b"\r\n") else piece[1:] if piece.startswith(b"\n") else piece
	ends = HEADER_END.search(piece)
	if ends is None:
		raise Fault("2010", "A part of the request has no headers")
	headers = BytesHeaderParser().parsebytes(piece[: ends.start()] + b"\n\n")
	content = piece[ends.end() :]
	if headers.get("Content-Transfer-Encoding", "").strip().lower() == "base64":
		try:
			content = base64.b64decode(content, validate=False)
		except binascii.Error:
			raise Fault("2010", "A part of the request is not valid base64") from None
	name = headers.get_param("name", "", "Content-Disposition")
	return Part(
		name if isinstance(name, str) else "",
		headers.get_filename("") or "",
		headers.get_content_type() if "Content-Type" in headers else "application/octet-stream",
		content,
	)
