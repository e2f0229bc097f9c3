"""The independent calculation itself, on examples that were worked out by hand."""

from books_model import COST_OF_GOODS, INVENTORY, RECEIVABLE, SALES, SCRAP, Books


def test_intuits_example():
	books = Books()
	books.open_stock("mug", "20", "6")
	books.open_stock("mug", "30", "7")
	books.ship("A", "Al", [("mug", "15", "10", "0")])
	assert books.accounts[COST_OF_GOODS] == 9000
	books.ship("B", "Al", [("mug", "20", "10", "0")])
	assert books.accounts[COST_OF_GOODS] == 9000 + 13500
	assert books.accounts[INVENTORY] == books.inventory == 10500


def test_half_a_cent_goes_up_once_a_line():
	books = Books()
	books.open_stock("mug", "3", "0.335")
	books.ship("A", "Al", [("mug", "1", "0.125", "0")])
	assert (books.accounts[SALES], books.customers["Al"], books.accounts[RECEIVABLE]) == (-13, 13, 13)
	assert books.accounts[COST_OF_GOODS] == 34


def test_what_comes_back_costs_what_it_cost():
	books = Books()
	books.open_stock("mug", "3", "3.335")
	books.ship("A", "Al", [("mug", "3", "10", "0")])
	books.take_back("A", "Al", [("mug", "1", "10", False), ("mug", "1", "10", True)])
	assert (books.accounts[SCRAP], books.accounts[COST_OF_GOODS], books.accounts[INVENTORY]) == (
		334,
		333,
		334,
	)
	assert books.inventory == 334 and sum(books.accounts.values()) == 0


def test_a_product_is_worth_what_went_into_it():
	books = Books()
	books.open_stock("leg", "10", "1.50")
	books.build("table", "2", {"leg": "8"}, {"labour": "15"})
	assert (books.items["table"].value, books.accounts["labour"], books.inventory) == (2700, -1500, 3000)
	assert books.accounts[INVENTORY] == 3000
