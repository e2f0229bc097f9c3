"""Text from outside (QuickBooks, a person's reason) that the desk shows: as text, never as markup.

A Small Text that is read only is put into the page as it stands, and what is written past ``Document.save`` has not
been cleaned by Frappe either.
"""

_MARKUP = str.maketrans({"<": "‹", ">": "›"})


def make_plain(text: str | None) -> str | None:
	"""The same text with typographic brackets in place of those that begin and end a tag; None stays None."""
	return text.translate(_MARKUP) if text else text
