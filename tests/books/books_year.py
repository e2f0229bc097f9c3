"""A year of Cascade & Harbor Trading as events, in the order in which they are entered. Of no mode: both tell the same.

An event dated before one that stands above it was entered late.
"""

from __future__ import annotations

from books_events import (
	BY_QUANTITY,
	BY_WEIGHT,
	HOME,
	LABOUR,
	OVERHEAD,
	SHOP,
	SUBCONTRACT,
	Adjust,
	Billed,
	BilledLanded,
	BillGoods,
	Bought,
	Build,
	CameBack,
	Count,
	Event,
	LandedCost,
	OpenStock,
	OrderGoods,
	OrderSale,
	Pay,
	PayVendor,
	Receive,
	ReturnToVendor,
	Revalue,
	SentBack,
	Settles,
	Ship,
	Sold,
	TakeApart,
	TakeBack,
	Transfer,
	TrueUp,
	Year,
)

CALENDAR_YEAR = "2025"

ITEMS = {
	"KETTLE": {"item_type": "Inventory Part", "purchase_cost": 21.5, "weight": 1.2},
	"MUG": {"item_type": "Inventory Part", "purchase_cost": 3.335, "weight": 0.35},
	"TEA": {"item_type": "Inventory Part", "purchase_cost": 0.8333, "weight": 0.05},
	"SET": {"item_type": "Assembly"},
	"LAMP": {"item_type": "Inventory Part", "purchase_cost": 12},
	"GIFT": {"item_type": "Assembly"},
	"INSPECTION": {"item_type": "Service"},
}
CUSTOMERS = {
	"Harbor Cafe": HOME,
	"Pine Street Grocers": HOME,
	"Lena's Kitchen": HOME,
	"Maison Lefèvre": "EUR",
}
VENDORS = {
	"Sheffield Steelworks": HOME,
	"Puget Pottery": HOME,
	"Dockside Carriers": HOME,
	"Cristallerie Roux": "EUR",
}

STORY: tuple[Event, ...] = (
	OpenStock("2025-01-02", "KETTLE", "20", "21.50"),
	OpenStock("2025-01-02", "MUG", "150", "3.335"),
	OpenStock("2025-01-02", "TEA", "1000", "0.8333"),
	OpenStock("2025-01-02", "MUG", "90", "3.41"),
	# The first quarter: two orders by the dozen, received in parts, freight and duty before their bills.
	Ship(
		"2025-01-20",
		"JAN",
		"Harbor Cafe",
		(Sold("MUG", "36", "7.95"), Sold("TEA", "120.5", "1.49", discount="5")),
		freight="12.40",
	),
	OrderGoods("2025-01-22", "POTS", "Puget Pottery", (Bought("MUG", "10", "39.00", "12"),)),
	OrderGoods(
		"2025-01-23",
		"MORE POTS",
		"Puget Pottery",
		(Bought("MUG", "5", "40.55", "12"), Bought("KETTLE", "6", "22.00")),
	),
	Ship(
		"2025-02-03",
		"FEB",
		"Pine Street Grocers",
		(Sold("KETTLE", "3", "44.90", discount="10"), Sold("MUG", "101", "6.333")),
	),
	Receive(
		"2025-02-10",
		"FIRST",
		"Puget Pottery",
		(Bought("MUG", "4", "39.00", "12", order="POTS"),),
		landed=(LandedCost("Freight", "17.35", BY_QUANTITY, carrier="Dockside Carriers"),),
	),
	TakeBack("2025-02-14", "Pine Street Grocers", (CameBack("MUG", "7", "6.333", "FEB", 2),)),
	Receive(
		"2025-02-20",
		"SECOND",
		"Puget Pottery",
		(
			Bought("MUG", "6", "39.00", "12", order="POTS"),
			Bought("MUG", "5", "40.55", "12", order="MORE POTS"),
			Bought("KETTLE", "6", "22.00", order="MORE POTS"),
		),
		landed=(
			LandedCost("Freight", "31.00", BY_WEIGHT, carrier="Dockside Carriers"),
			LandedCost("Duty", "12.50"),
		),
		tax="3.17",
	),
	Build(
		"2025-03-01",
		"SET",
		"12",
		{"KETTLE": "12", "MUG": "48"},
		{LABOUR: "54.00", OVERHEAD: "7.77"},
	),
	BillGoods(
		"2025-03-05",
		"CARRIER",
		"Dockside Carriers",
		landed=(BilledLanded("FIRST", "Freight", "19.01"), BilledLanded("SECOND", "Freight", "28.40")),
	),
	BillGoods("2025-03-06", "DUTY", "Puget Pottery", landed=(BilledLanded("SECOND", "Duty", "12.50"),)),
	Ship(
		"2025-03-15",
		"SETS",
		"Lena's Kitchen",
		(Sold("SET", "5", "89.00"), Sold("TEA", "33.333", "1.4999")),
		freight="18.00",
	),
	# A deposit that is more than the first part of its order, and one payment for what is left of two invoices.
	OrderSale(
		"2025-03-20",
		"ORDERED",
		"Harbor Cafe",
		(Sold("KETTLE", "5", "45.00"), Sold("MUG", "30", "7.50")),
		freight="11.00",
	),
	Pay("2025-03-21", "Harbor Cafe", "300.00", (Settles("300.00", order="ORDERED"),)),
	Ship("2025-03-28", "PART", "Harbor Cafe", (Sold("MUG", "30", "7.50", order="ORDERED"),), freight="4.00"),
	TakeBack("2025-04-02", "Lena's Kitchen", (CameBack("SET", "1", "89.00", "SETS", 1, scrapped=True),)),
	Ship(
		"2025-04-08", "REST", "Harbor Cafe", (Sold("KETTLE", "5", "45.00", order="ORDERED"),), freight="7.00"
	),
	Pay(
		"2025-04-10",
		"Harbor Cafe",
		"560.00",
		(Settles("161.00", shipment="REST"), Settles("399.00", shipment="JAN")),
	),
	# Received now and billed later, by one bill for two receipts, after some was shipped.
	Receive(
		"2025-04-15", "LATER", "Sheffield Steelworks", (Bought("KETTLE", "24", "20.00"),), bill_later=True
	),
	Receive(
		"2025-04-20",
		"LATER STILL",
		"Sheffield Steelworks",
		(Bought("KETTLE", "12", "20.40"), Bought("MUG", "3", "41.00", "12")),
		landed=(LandedCost("Freight", "9.99", BY_WEIGHT),),
		bill_later=True,
	),
	Ship("2025-05-05", "MAY", "Pine Street Grocers", (Sold("KETTLE", "20", "44.00"),)),
	BillGoods(
		"2025-05-20",
		"STEEL",
		"Sheffield Steelworks",
		(
			Billed("LATER", 1, "24", "20.75"),
			Billed("LATER STILL", 1, "12", "20.40"),
			Billed("LATER STILL", 2, "2", "40.10"),
		),
		landed=(BilledLanded("LATER STILL", "Freight", "10.50"),),
	),
	Adjust("2025-05-31", "TEA", "-3.25"),
	BillGoods("2025-06-05", "STEEL REST", "Sheffield Steelworks", (Billed("LATER STILL", 2, "1", "41.00"),)),
	PayVendor("2025-06-20", "Sheffield Steelworks", "STEEL", "500.00"),
	Adjust("2025-06-30", "MUG", "2"),
	Adjust("2025-06-30", "KETTLE", "1", unit_cost="19.99"),
	Revalue("2025-07-01", "TEA", "-25.00"),
	ReturnToVendor(
		"2025-07-10",
		"Puget Pottery",
		(
			SentBack("MUG", "1", "39.00", "12", "SECOND", 2),
			SentBack("KETTLE", "1", "23.10", "1", "SECOND", 3),
		),
	),
	ReturnToVendor("2025-07-11", "Sheffield Steelworks", (SentBack("KETTLE", "2", "21.00"),)),
	Pay("2025-07-15", "Pine Street Grocers", "800.00", (Settles("760.86", shipment="FEB"),)),
	Transfer("2025-08-01", "MUG", "20"),
	Ship(
		"2025-08-02",
		"COUNTER",
		"Lena's Kitchen",
		(Sold("MUG", "12", "7.95"),),
		paid_at_sale=True,
		location=SHOP,
	),
	TakeBack("2025-08-04", "Lena's Kitchen", (CameBack("MUG", "2", "7.95", "COUNTER", 1),), refunded=True),
	Ship(
		"2025-08-08",
		"AUG",
		"Harbor Cafe",
		(Sold("TEA", "400", "1.5", discount="2.5"), Sold("KETTLE", "2", "45")),
	),
	# In euros: the rate is on the document.
	OrderGoods(
		"2025-08-12",
		"CRYSTAL",
		"Cristallerie Roux",
		(Bought("KETTLE", "10", "18.333"), Bought("MUG", "4", "35.55", "12")),
	),
	Receive(
		"2025-08-20",
		"ROUX",
		"Cristallerie Roux",
		(
			Bought("KETTLE", "10", "18.333", order="CRYSTAL"),
			Bought("MUG", "4", "35.55", "12", order="CRYSTAL"),
		),
		landed=(LandedCost("Duty", "22.22", carrier="Dockside Carriers"),),
		rate="1.0857",
	),
	Receive(
		"2025-08-25",
		"ROUX TEA",
		"Cristallerie Roux",
		(Bought("TEA", "200", "0.735"),),
		bill_later=True,
		rate="1.0911",
	),
	BillGoods(
		"2025-09-01",
		"ROUX BILL",
		"Cristallerie Roux",
		(Billed("ROUX TEA", 1, "200", "0.7475"),),
		rate="1.1012",
	),
	Ship(
		"2025-09-02",
		"EURO",
		"Maison Lefèvre",
		(Sold("MUG", "33", "6.85"), Sold("KETTLE", "2", "39.99", discount="2.5")),
		freight="15.01",
		rate="1.1033",
	),
	ReturnToVendor(
		"2025-09-05",
		"Cristallerie Roux",
		(SentBack("KETTLE", "1", "18.333", "1", "ROUX", 1),),
		rate="1.0857",
	),
	Build("2025-09-09", "SET", "3", {"KETTLE": "3", "MUG": "12"}, {LABOUR: "13.50", SUBCONTRACT: "6.01"}),
	TakeApart("2025-09-15", "SET", "1", {"KETTLE": "1", "MUG": "4"}),
	Pay("2025-09-20", "Maison Lefèvre", "150.00", (Settles("150.00", shipment="EURO"),), rate="1.0925"),
	PayVendor("2025-09-25", "Cristallerie Roux", "ROUX", "200.00", rate="1.0790"),
	OrderSale("2025-09-28", "PARIS", "Maison Lefèvre", (Sold("SET", "4", "71.50"),), rate="1.0999"),
	Pay("2025-09-29", "Maison Lefèvre", "200.00", (Settles("200.00", order="PARIS"),), rate="1.0871"),
	TakeBack("2025-10-04", "Maison Lefèvre", (CameBack("MUG", "3", "6.85", "EURO", 1),), rate="1.1033"),
	Pay("2025-10-06", "Maison Lefèvre", "180.00", (Settles("150.00", shipment="EURO"),), rate="1.1155"),
	Ship(
		"2025-10-07", "PARIS 1", "Maison Lefèvre", (Sold("SET", "2", "71.50", order="PARIS"),), rate="1.1201"
	),
	Ship(
		"2025-10-10",
		"OCT",
		"Pine Street Grocers",
		(
			Sold("SET", "4", "85.5"),
			Sold("MUG", "20", "7"),
			Sold("TEA", "350", "1.45"),
			Sold("KETTLE", "12", "44"),
		),
	),
	Ship(
		"2025-10-20", "PARIS 2", "Maison Lefèvre", (Sold("SET", "2", "71.50", order="PARIS"),), rate="1.1099"
	),
	Count("2025-10-31", "MUG", "7", location=SHOP),
	# What is re-valued by what is entered late, document by document.
	Receive(
		"2025-07-02",
		"LAMPS",
		"Sheffield Steelworks",
		(Bought("LAMP", "30", "12.00"), Bought("INSPECTION", "1", "15.00")),
		landed=(LandedCost("Freight", "6.00", BY_QUANTITY),),
		bill_later=True,
	),
	Ship("2025-07-05", "LAMP 1", "Harbor Cafe", (Sold("LAMP", "8", "25"),)),
	Receive("2025-07-08", "LAMPS 2", "Puget Pottery", (Bought("LAMP", "20", "13.37"),)),
	ReturnToVendor(
		"2025-07-20", "Sheffield Steelworks", (SentBack("LAMP", "3", "12.00", receipt="LAMPS", row=1),)
	),
	ReturnToVendor("2025-07-21", "Puget Pottery", (SentBack("LAMP", "1", "13.00"),)),
	Build("2025-07-25", "GIFT", "6", {"LAMP": "6", "MUG": "6"}, {LABOUR: "5.00"}),
	Ship("2025-07-28", "GIFTS", "Lena's Kitchen", (Sold("GIFT", "4", "48"), Sold("LAMP", "10", "24.50"))),
	TakeBack(
		"2025-08-01",
		"Harbor Cafe",
		(CameBack("LAMP", "2", "25", "LAMP 1", 1, scrapped=True), CameBack("LAMP", "1", "25", "LAMP 1", 1)),
	),
	TakeBack("2025-08-01", "Lena's Kitchen", (CameBack("GIFT", "1", "48", "GIFTS", 1),)),
	BillGoods(
		"2025-08-05",
		"LAMP BILL",
		"Sheffield Steelworks",
		(Billed("LAMPS", 1, "30", "12.40"), Billed("LAMPS", 2, "1", "16.50")),
		landed=(BilledLanded("LAMPS", "Freight", "7.00"),),
	),
	Adjust("2025-08-10", "LAMP", "-1"),
	Ship("2025-08-15", "LAMP 2", "Harbor Cafe", (Sold("LAMP", "12", "25"), Sold("GIFT", "2", "47.50"))),
	Receive("2025-07-01", "CHEAP LAMPS", "Puget Pottery", (Bought("LAMP", "10", "9.99"),)),
	Ship("2025-07-06", "FORGOTTEN LAMPS", "Pine Street Grocers", (Sold("LAMP", "2", "25"),)),
	# Entered late: goods that stood in a corner, and a shipment that somebody forgot. Then the books are put right.
	Receive("2025-08-22", "CORNER", "Puget Pottery", (Bought("TEA", "60", "0.95"),)),
	Ship("2025-10-02", "FORGOTTEN", "Lena's Kitchen", (Sold("KETTLE", "7", "44.90"),)),
	TrueUp("2025-11-03"),
	TakeBack(
		"2025-11-11",
		"Harbor Cafe",
		(CameBack("TEA", "100", "1.46", "AUG", 1), CameBack("KETTLE", "1", "45", "AUG", 2)),
	),
	TakeBack(
		"2025-11-20",
		"Pine Street Grocers",
		(CameBack("MUG", "2", "6.00"), CameBack("KETTLE", "1", "40", unit_cost="20.205", scrapped=True)),
	),
	Ship(
		"2025-12-30",
		"DEC",
		"Lena's Kitchen",
		(Sold("MUG", "9", "7.95"), Sold("TEA", "200", "1.49"), Sold("SET", "1", "89")),
		freight="9.99",
	),
	Revalue("2025-12-30", "MUG", "4.05"),
)

YEAR = Year(ITEMS, CUSTOMERS, VENDORS, STORY)
