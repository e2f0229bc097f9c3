"""A shim for tools that still call setup.py; pyproject.toml is authoritative, and a test keeps the two in agreement."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+)"', (HERE / "allorders_qb" / "__init__.py").read_text())[1]

setup(
	name="allorders_qb",
	version=VERSION,
	description="Orders, fulfilment and inventory on Frappe, with the accounting in QuickBooks Online",
	author="All Orders for QuickBooks contributors",
	author_email="hello@allorders.example",
	license="MIT",
	python_requires=">=3.10",
	# allorders_qb/doctype is a link into allorders_qb/allorders_qb, for readers: its modules have one name only.
	packages=find_packages(
		include=["allorders_qb", "allorders_qb.*"],
		exclude=["allorders_qb.doctype", "allorders_qb.doctype.*"],
	),
	include_package_data=True,
	zip_safe=False,
	install_requires=["pyrate-limiter>=4.5,<5", "python-quickbooks>=0.9.12,<0.10", "requests>=2.31,<3"],
)
