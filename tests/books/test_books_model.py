"""The independent calculation itself, on examples that were worked out by hand."""

from books_accounts import (
	CLEARING,
	COST_OF_GOODS,
	EXCHANGE,
	INVENTORY,
	LABOUR,
	NOT_BILLED,
	PAYABLE,
	RECEIVABLE,
	SALES,
	SCRAP,
	VARIANCE,
)
from books_events import (
	BY_WEIGHT,
	HOME,
	Billed,
	BilledLanded,
	BillGoods,
	Bought,
	Build,
	CameBack,
	LandedCost,
	OpenStock,
	Pay,
	Receive,
	ReturnToVendor,
	SentBack,
	Settles,
	Ship,
	Sold,
	TakeBack,
	Year,
)
from books_model_b import ValuesOnly, calculate

ITEMS = {
	"mug": {"item_type": "Inventory Part", "weight": 2},
	"pot": {"item_type": "Inventory Part", "weight": 1},
	"set": {"item_type": "Assembly"},
}
DAY, NEXT_DAY = "2025-01-02", "2025-01-03"


def book(*story) -> ValuesOnly:
	return calculate(Year(ITEMS, {"Al": HOME, "Eve": "EUR"}, {"Vic": HOME, "Eva": "EUR"}, story))


def open_mugs(quantity: str, unit_cost: str) -> OpenStock:
	return OpenStock(DAY, "mug", quantity, unit_cost)


def test_intuits_example():
	story = [open_mugs("20", "6"), open_mugs("30", "7"), Ship(DAY, "A", "Al", (Sold("mug", "15", "10"),))]
	assert book(*story).accounts[COST_OF_GOODS] == 9000
	books = book(*story, Ship(DAY, "B", "Al", (Sold("mug", "20", "10"),)))
	assert books.accounts[COST_OF_GOODS] == 9000 + 13500
	assert books.accounts[INVENTORY] == books.inventory == 10500


def test_half_a_cent_goes_up_once_a_line():
	books = book(open_mugs("3", "0.335"), Ship(DAY, "A", "Al", (Sold("mug", "1", "0.125"),)))
	assert (books.accounts[SALES], books.customers["Al"], books.accounts[RECEIVABLE]) == (-13, 13, 13)
	assert books.accounts[COST_OF_GOODS] == 34


def test_what_comes_back_costs_what_it_cost():
	back = (CameBack("mug", "1", "10", "A", 1), CameBack("mug", "1", "10", "A", 1, scrapped=True))
	books = book(
		open_mugs("3", "3.335"), Ship(DAY, "A", "Al", (Sold("mug", "3", "10"),)), TakeBack(DAY, "Al", back)
	)
	assert (books.accounts[SCRAP], books.accounts[COST_OF_GOODS], books.accounts[INVENTORY]) == (
		334,
		333,
		334,
	)
	assert books.inventory == 334 and sum(books.accounts.values()) == 0


def test_a_product_is_worth_what_went_into_it():
	books = book(open_mugs("10", "1.50"), Build(DAY, "set", "2", {"mug": "8"}, {"Labour": "15"}))
	assert (books.items["set"].cents, books.accounts[LABOUR], books.inventory) == (2700, -1500, 3000)
	assert books.accounts[INVENTORY] == 3000


def test_what_is_entered_late_counts_from_its_day():
	shipped = Ship(NEXT_DAY, "A", "Al", (Sold("mug", "1", "10"),))
	books = book(shipped, open_mugs("1", "4"))
	assert books.accounts[COST_OF_GOODS] == 400


def test_freight_is_borne_by_weight_and_owed_to_its_carrier():
	lines = (Bought("mug", "1", "12", "12"), Bought("pot", "6", "1"))
	books = book(Receive(DAY, "R", "Vic", lines, (LandedCost("Freight", "10", BY_WEIGHT),)))
	assert [books.items[item].cents for item in ("mug", "pot")] == [1200 + 800, 600 + 200]
	assert (books.accounts[CLEARING], books.accounts[PAYABLE], books.vendors["Vic"]) == (-1000, -1800, 1800)


def test_a_bill_that_says_otherwise_divides_over_what_is_there_and_what_has_left():
	books = book(
		Receive(DAY, "R", "Vic", (Bought("mug", "1", "30", "12"),), (LandedCost("Freight", "12"),), True),
		Ship(DAY, "A", "Al", (Sold("mug", "3", "10"),)),
		BillGoods(DAY, "B", "Vic", (Billed("R", 1, "1", "34"),), (BilledLanded("R", "Freight", "16"),)),
	)
	assert books.accounts[COST_OF_GOODS] == 1050 + 100 + 100
	assert books.accounts[INVENTORY] == books.inventory == 3150 + 300 + 300
	assert (books.accounts[NOT_BILLED], books.accounts[CLEARING], books.accounts[PAYABLE]) == (0, 0, -5000)


def test_what_goes_back_is_credited_for_more_or_less_than_it_cost():
	books = book(
		open_mugs("1", "3"),
		Receive(DAY, "R", "Vic", (Bought("mug", "2", "5"),)),
		ReturnToVendor(DAY, "Vic", (SentBack("mug", "1", "4", receipt="R", row=1),)),
	)
	assert (books.accounts[VARIANCE], books.accounts[INVENTORY]) == (100, 800)
	assert books.inventory == 800


def test_euros_are_home_money_at_the_rate_of_their_document():
	books = book(
		Receive(DAY, "R", "Eva", (Bought("mug", "3", "3.33"),), rate="1.0857"),
		Ship(DAY, "A", "Eve", (Sold("mug", "1", "10"),), rate="1.1"),
		Pay(DAY, "Eve", "12", (Settles("4", shipment="A"),), rate="1.2"),
		Pay(DAY, "Eve", "6", (Settles("6", shipment="A"),), rate="1.0"),
	)
	assert books.inventory == 1085 - 362
	# 8 of the first 12 wait at 1.2; 4 and 6 left at 1.1 and were worth 1.2 and 1.0.
	assert (books.accounts[f"{RECEIVABLE} - EUR"], books.customers["Eve"]) == (-960, -800)
	assert books.accounts[EXCHANGE] == -40 + 60
	assert (books.vendors["Eva"], books.accounts[f"{PAYABLE} - EUR"]) == (999, -1085)
