"""A year of Cascade & Harbor Trading, told once: to the independent calculation, and to the app.

`tell` is given either of the two; both have the same verbs. Quantities and amounts are texts, so that nobody's floats decide.
"""

from __future__ import annotations

from typing import Any

ITEMS = {
	"KETTLE": {"item_type": "Inventory Part", "purchase_cost": 21.5},
	"MUG": {"item_type": "Inventory Part", "purchase_cost": 3.335},
	"TEA": {"item_type": "Inventory Part", "purchase_cost": 0.8333},
	"SET": {"item_type": "Assembly"},
	"DELIVERY": {"item_type": "Service"},
}
CUSTOMERS = ("Harbor Cafe", "Pine Street Grocers", "Lena's Kitchen")


def tell(books: Any) -> None:
	"""Open, ship in parts, build, return, scrap, count, lose, find and revalue: January to December."""
	books.on("2025-01-02")
	books.open_stock("KETTLE", "20", "21.50")
	books.open_stock("MUG", "150", "3.335")
	books.open_stock("TEA", "1000", "0.8333")
	books.open_stock("MUG", "90", "3.41")

	books.on("2025-01-20")
	books.ship(
		"JAN", "Harbor Cafe", [("MUG", "36", "7.95", "0"), ("TEA", "120.5", "1.49", "5")], freight="12.40"
	)
	books.on("2025-02-03")
	books.ship("FEB", "Pine Street Grocers", [("KETTLE", "3", "44.90", "10"), ("MUG", "101", "6.333", "0")])

	books.on("2025-02-14")
	books.take_back("FEB", "Pine Street Grocers", [("MUG", "7", "6.333", False)])
	books.on("2025-03-01")
	books.build("SET", "12", {"KETTLE": "12", "MUG": "48"}, {"labour": "54.00", "overhead": "7.77"})
	books.on("2025-03-15")
	books.ship(
		"SETS",
		"Lena's Kitchen",
		[("SET", "5", "89.00", "0"), ("TEA", "33.333", "1.4999", "0")],
		freight="18.00",
	)
	books.on("2025-04-02")
	books.take_back("SETS", "Lena's Kitchen", [("SET", "1", "89.00", True)])

	books.on("2025-05-31")
	books.adjust("TEA", "-3.25", "shrinkage")
	books.on("2025-06-30")
	books.adjust("MUG", "2", "shrinkage")
	books.adjust("KETTLE", "1", "shrinkage", unit_cost="19.99")
	books.on("2025-07-01")
	books.revalue("TEA", "-25.00", "shrinkage")

	books.on("2025-08-08")
	books.ship("AUG", "Harbor Cafe", [("TEA", "400", "1.5", "2.5"), ("KETTLE", "2", "45", "0")])
	books.on("2025-09-09")
	books.build("SET", "3", {"KETTLE": "3", "MUG": "12"}, {"labour": "13.50"})
	books.on("2025-10-10")
	books.ship("OCT", "Pine Street Grocers", [("SET", "8", "85.5", "0"), ("MUG", "20", "7", "0")])
	books.on("2025-11-11")
	books.take_back("AUG", "Harbor Cafe", [("TEA", "100", "1.46", False), ("KETTLE", "1", "45", False)])
	books.on("2025-12-30")
	books.ship(
		"DEC", "Lena's Kitchen", [("MUG", "9", "7.95", "0"), ("TEA", "400", "1.49", "0")], freight="9.99"
	)
	books.revalue("MUG", "4.05", "shrinkage")
