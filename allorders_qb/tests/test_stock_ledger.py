"""Stock per location: what documents move, what a cancel restores, and what nobody may touch."""

from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from allorders_qb.allorders_qb.doctype.ao_item.ao_item import get_stock
from allorders_qb.stock.ledger import read_balances
from allorders_qb.stock.movements import Movement, Shortage, add_up_changes, find_shortages
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_item,
	make_location,
	make_opening_stock,
	make_sales_order,
	make_ship_doc,
	read_message,
)


def read_on_hand(item: str, location: str) -> Decimal:
	return read_balances({(item, location): Decimal(0)})[(item, location)]


def read_entries(voucher: str) -> list[tuple]:
	rows = frappe.get_all(
		"AO Stock Ledger Entry",
		filters={"voucher_no": voucher},
		fields=["item", "location", "quantity_change", "is_reversal", "posting_date", "voucher_line"],
		order_by="is_reversal asc, item asc",
	)
	return [tuple(row.values()) for row in rows]


class TestMovements(IntegrationTestCase):
	def test_pure_sums_and_shortages(self) -> None:
		def move(item: str, quantity: str) -> Movement:
			return Movement(item, "Main", Decimal(quantity), date(2026, 1, 5), "AO Ship Doc", "SD-1", "row")

		changes = add_up_changes(
			[move("B", "-2"), move("A", "-1"), move("B", "-0.5"), move("C", "1"), move("C", "-1")]
		)
		self.assertEqual(changes, {("A", "Main"): Decimal("-1"), ("B", "Main"): Decimal("-2.5")})
		self.assertEqual(list(changes), [("A", "Main"), ("B", "Main")], "always locked in the same order")
		on_hand = {("A", "Main"): Decimal(0), ("B", "Main"): Decimal("-0.5")}
		self.assertEqual(find_shortages(changes, on_hand), [Shortage("B", "Main", Decimal("-0.5"))])
		self.assertEqual(find_shortages({("B", "Main"): Decimal(1)}, on_hand), [], "coming in is no shortage")


class TestStock(IntegrationTestCase):
	def setUp(self) -> None:
		self.item = make_item().name
		self.location = make_location().name

	def test_opening_stock_ship_doc_and_cancel(self) -> None:
		make_opening_stock([{"item": self.item, "location": self.location, "quantity": 12.5, "unit_cost": 3}])
		self.assertEqual(read_on_hand(self.item, self.location), Decimal("12.5"))
		order = make_sales_order(lines=[{"item": self.item, "quantity": 10}])
		ship_doc = make_ship_doc(order, location=self.location, posting_date="2026-03-02", submit=True)
		self.assertEqual(read_on_hand(self.item, self.location), Decimal("2.5"))
		row = ship_doc.lines[0].name
		day = getdate("2026-03-02")
		self.assertEqual(read_entries(ship_doc.name), [(self.item, self.location, -10, 0, day, row)])
		ship_doc.cancel()
		self.assertEqual(read_on_hand(self.item, self.location), Decimal("12.5"))
		self.assertEqual(
			read_entries(ship_doc.name),
			[(self.item, self.location, -10, 0, day, row), (self.item, self.location, 10, 1, day, row)],
		)
		order.reload()
		self.assertEqual((order.status, order.percent_shipped), ("Open", 0))

	def test_a_draft_moves_nothing_but_is_committed(self) -> None:
		make_opening_stock([{"item": self.item, "location": self.location, "quantity": 8}])
		order = make_sales_order(lines=[{"item": self.item, "quantity": 6}])
		draft = make_ship_doc(order, quantities={self.item: 4}, location=self.location)
		self.assertEqual(read_entries(draft.name), [])
		self.assertEqual(self.read_shown(), [(8, 4, 6), (8, 4, 0)])
		draft.submit()
		self.assertEqual(self.read_shown(), [(4, 0, 2), (4, 0, 0)])

	def read_shown(self) -> list[tuple[float, float, float]]:
		"""What is on hand, committed and required: of the item, and of it at its location."""
		stock = get_stock(self.item)
		here = next(level for level in stock["locations"] if level["location"] == self.location)
		return [(level["on_hand"], level["committed"], level["required"]) for level in (stock, here)]

	def test_only_counted_items_move(self) -> None:
		types = ("Inventory Part", "Non-inventory Part", "Service", "Other Charge", "Assembly")
		items = {item_type: make_item(item_type=item_type).name for item_type in types}
		ship_doc = make_ship_doc(
			lines=[{"item": item, "quantity": 1} for item in items.values()],
			location=self.location,
			submit=True,
		)
		moved = {entry[0] for entry in read_entries(ship_doc.name)}
		self.assertEqual(moved, {items["Inventory Part"], items["Assembly"]})

	def test_going_below_zero_warns_and_ships_all_the_same(self) -> None:
		make_opening_stock([{"item": self.item, "location": self.location, "quantity": 3}])
		frappe.clear_messages()
		ship_doc = make_ship_doc(
			lines=[{"item": self.item, "quantity": 5}], location=self.location, submit=True
		)
		self.assertEqual((ship_doc.docstatus, read_on_hand(self.item, self.location)), (1, Decimal(-2)))
		warning = str(frappe.get_message_log())
		self.assertIn(f"{self.item} at {self.location}: -2 on hand.", warning)
		self.assertIn("orange", warning)

	def set_policy(self, policy: str) -> None:
		settings = frappe.get_doc("AO Settings")
		before = settings.negative_stock
		settings.update({"negative_stock": policy}).save()
		self.addCleanup(lambda: frappe.get_doc("AO Settings").update({"negative_stock": before}).save())

	def test_stock_below_zero_can_be_allowed(self) -> None:
		self.set_policy("Allow")
		frappe.clear_messages()
		make_ship_doc(lines=[{"item": self.item, "quantity": 5}], location=self.location, submit=True)
		self.assertNotIn("on hand", str(frappe.get_message_log()))

	def test_stock_below_zero_can_be_refused(self) -> None:
		self.set_policy("Refuse")
		make_opening_stock([{"item": self.item, "location": self.location, "quantity": 3}])
		ship_doc = make_ship_doc(lines=[{"item": self.item, "quantity": 5}], location=self.location)
		with self.assertRaises(frappe.ValidationError) as caught:
			ship_doc.submit()
		self.assertIn(f"{self.item} at {self.location}: -2 on hand.", read_message(caught))

	def test_what_an_opening_stock_refuses(self) -> None:
		service = make_item(item_type="Service").name
		closed = make_location(inactive=1).name
		with self.assertRaises(frappe.ValidationError) as caught:
			make_opening_stock(
				[
					{"item": self.item, "location": self.location, "quantity": 0},
					{"item": service, "location": self.location, "quantity": 1},
					{"item": self.item, "location": closed, "quantity": 1, "unit_cost": -1},
				]
			)
		self.assertEqual(
			read_message(caught).split("<br>"),
			[
				f"Row 1: the quantity of {self.item} must be more than zero; it is 0.",
				f"Row 2: {service} is of type Service, which is not counted in stock.",
				f"Row 3: the unit cost of {self.item} cannot be negative.",
				f"Row 3: location {closed} is inactive. Make it active again, or choose another.",
			],
		)

	def test_cancelling_an_opening_stock_takes_it_off(self) -> None:
		opening_stock = make_opening_stock([{"item": self.item, "location": self.location, "quantity": 3}])
		opening_stock.cancel()
		self.assertEqual(read_on_hand(self.item, self.location), 0)


class TestTheLedgerIsItsWritersAlone(IntegrationTestCase):
	SENTENCE = "cannot be added, changed or deleted by hand"

	def setUp(self) -> None:
		self.item, self.location = make_item().name, make_location().name
		voucher = make_opening_stock([{"item": self.item, "location": self.location, "quantity": 3}])
		filters = {"voucher_no": voucher.name}
		self.entry = frappe.get_doc("AO Stock Ledger Entry", filters)
		self.balance = frappe.get_doc("AO Stock Balance", {"item": self.item, "location": self.location})

	def test_nobody_changes_deletes_or_adds_rows(self) -> None:
		def change(doc, field: str):
			doc.set(field, 99)
			doc.save(ignore_permissions=True)

		def add(doc):
			copy = frappe.copy_doc(doc)
			copy.insert(ignore_permissions=True)

		for doc, field in ((self.entry, "quantity_change"), (self.balance, "on_hand")):
			for action in (
				lambda doc=doc, field=field: change(doc, field),
				lambda doc=doc, field=field: doc.db_set(field, 99),
				lambda doc=doc: add(doc),
				lambda doc=doc: frappe.delete_doc(doc.doctype, doc.name, ignore_permissions=True, force=True),
			):
				with self.assertRaises(frappe.ValidationError) as caught:
					action()
				self.assertIn(self.SENTENCE, read_message(caught))
		self.assertEqual(frappe.db.get_value("AO Stock Ledger Entry", self.entry.name, "quantity_change"), 3)
		self.assertEqual(read_on_hand(self.item, self.location), 3)

	def test_a_voucher_with_rows_cannot_be_deleted(self) -> None:
		voucher = frappe.get_doc("AO Opening Stock", self.entry.voucher_no)
		voucher.cancel()
		self.assertRaises(frappe.LinkExistsError, voucher.delete)

	def test_an_item_that_has_moved_stays_counted(self) -> None:
		item = frappe.get_doc("AO Item", self.item)
		item.item_type = "Service"
		with self.assertRaises(frappe.ValidationError) as caught:
			item.save()
		self.assertIn("has movements in stock", read_message(caught))
		item.reload()
		item.item_type = "Assembly"
		item.save()

	def test_renaming_keeps_the_balance_and_merging_two_balances_is_refused(self) -> None:
		renamed = frappe.rename_doc("AO Item", self.item, self.item + " (new)", force=True)
		self.assertEqual(read_on_hand(renamed, self.location), 3)
		other = make_item().name
		make_opening_stock([{"item": other, "location": self.location, "quantity": 1}])
		with self.assertRaises(frappe.ValidationError) as caught:
			frappe.rename_doc("AO Item", other, renamed, merge=True, force=True)
		self.assertIn("cannot be merged", read_message(caught))
