"""What orders and ship docs refuse, each with a sentence that names the row."""

import frappe

from allorders_qb.allorders_qb.doctype.ao_purchase_order.ao_purchase_order import (
	make_receiver as map_receiver,
)
from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import close_sales_order
from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import (
	make_ship_doc as map_ship_doc,
)
from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_customer_return
from allorders_qb.fulfilment.taxing import WITH_TAX
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_customer,
	make_item,
	make_location,
	make_purchase_order,
	make_receiver,
	make_sales_order,
	make_ship_doc,
	make_vendor,
	read_message,
)


class RefusalTestCase(IntegrationTestCase):
	def assert_refused(self, sentence: str, action, *arguments, **values) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			action(*arguments, **values)
		self.assertIn(sentence, read_message(caught))


class TestRefusedLines(RefusalTestCase):
	def test_quantities_that_are_zero_or_negative(self) -> None:
		item = make_item()
		for quantity, written in ((0, "0"), (-2.5, "-2.5"), (0.0000001, "0")):
			for make in (make_sales_order, make_ship_doc):
				with self.subTest(quantity=quantity, make=make.__name__):
					self.assert_refused(
						f"Row 2: the quantity of {item.name} must be more than zero; it is {written}.",
						make,
						lines=[{"item": item.name, "quantity": 1}, {"item": item.name, "quantity": quantity}],
					)

	def test_all_reasons_are_given_at_once(self) -> None:
		item = make_item()
		with self.assertRaises(frappe.ValidationError) as caught:
			make_sales_order(
				lines=[
					{"item": item.name, "quantity": 1, "unit_price": -1},
					{"item": item.name, "quantity": 1, "discount_percent": 120},
					{"item": item.name, "quantity": 1, "discount_percent": -0.5},
				]
			)
		self.assertEqual(
			read_message(caught).split("<br>"),
			[
				f"Row 1: the unit price of {item.name} cannot be negative; it is -1.",
				f"Row 2: the discount on {item.name} must be between 0 and 100 percent; it is 120.",
				f"Row 3: the discount on {item.name} must be between 0 and 100 percent; it is -0.5.",
			],
		)

	def test_what_is_not_a_number(self) -> None:
		item = make_item()
		self.assert_refused(
			"Row 1: nan is not a number that can be used as Quantity.",
			make_sales_order,
			lines=[{"item": item.name, "quantity": float("nan")}],
		)

	def test_numbers_the_database_could_not_hold(self) -> None:
		item = make_item()
		self.assert_refused(
			"must be below one billion", make_sales_order, lines=[{"item": item.name, "quantity": 10**9}]
		)
		self.assert_refused(
			"is too large to be stored",
			make_sales_order,
			lines=[{"item": item.name, "quantity": 999999, "unit_price": 9999999}],
		)

	def test_negative_freight_and_a_rate_that_is_none(self) -> None:
		self.assert_refused("Freight cannot be negative", make_sales_order, freight=-1)
		self.assert_refused(
			"The exchange rate must be more than zero",
			make_sales_order,
			make_customer(currency="EUR"),
			exchange_rate=-2,
		)

	def test_inactive_items_customers_and_locations(self) -> None:
		item, customer, location = make_item(), make_customer(), make_location()
		order = make_sales_order(customer, [{"item": item.name, "quantity": 4}])
		draft = make_ship_doc(order, location=location.name)
		for record in (item, customer, location):
			record.inactive = 1
			record.save()
		sentence = f"Row 1: item {item.name} is inactive. Make it active again, or take the row out."
		customer.inactive = location.inactive = 0
		customer.save()
		location.save()
		self.assert_refused(sentence, draft.submit)
		self.assert_refused(sentence, make_sales_order, lines=[{"item": item.name, "quantity": 1}])

		item.inactive, customer.inactive, location.inactive = 0, 1, 1
		for record in (item, customer, location):
			record.save()
		draft.reload()
		with self.assertRaises(frappe.ValidationError) as caught:
			draft.submit()
		self.assertIn(f"Customer {customer.name} is inactive.", read_message(caught))
		self.assertIn(f"Location {location.name} is inactive.", read_message(caught))

	def test_a_due_date_before_the_ship_date(self) -> None:
		self.assert_refused(
			"The due date 2026-03-01 is before the ship date 2026-03-02.",
			make_ship_doc,
			posting_date="2026-03-02",
			due_date="2026-03-01",
		)

	def test_stocked_goods_without_a_location(self) -> None:
		service, part = make_item(item_type="Service"), make_item()
		ship_doc = frappe.new_doc("AO Ship Doc")
		ship_doc.customer = make_customer().name
		ship_doc.append("lines", {"item": service.name, "quantity": 1})
		ship_doc.append("lines", {"item": part.name, "quantity": 1})
		ship_doc.insert()
		ship_doc.location = None
		self.assert_refused(
			f"Row 2: {part.name} is counted in stock. Say in Ship From which location it leaves.",
			ship_doc.submit,
		)
		self.assertEqual(frappe.db.get_value("AO Ship Doc", ship_doc.name, "docstatus"), 0)


class TestRefusedOrders(RefusalTestCase):
	def test_more_than_is_left(self) -> None:
		chai, mugs = make_item(), make_item()
		order = make_sales_order(
			lines=[{"item": chai.name, "quantity": 5}, {"item": mugs.name, "quantity": 2.5}]
		)
		make_ship_doc(order, quantities={chai.name: 3}, submit=True)
		too_much = make_ship_doc(order, quantities={chai.name: 1, mugs.name: 2.6})
		self.assert_refused(
			f"Row 2: 2.6 of {mugs.name} is more than the 2.5 left to ship on {order.name} (ordered 2.5, shipped 0).",
			too_much.submit,
		)
		order.reload()
		self.assertEqual([row.shipped_quantity for row in order.lines], [3, 0])

	def test_two_rows_for_one_order_line_count_together(self) -> None:
		order = make_sales_order()
		ship_doc = make_ship_doc(order)
		row = ship_doc.lines[0]
		row.quantity = 6
		ship_doc.append(
			"lines",
			{
				"item": row.item,
				"quantity": 5,
				"sales_order": order.name,
				"sales_order_line": row.sales_order_line,
			},
		)
		self.assert_refused("Row 2: 5 of", ship_doc.submit)

	def test_another_customers_order(self) -> None:
		order, stranger = make_sales_order(), make_customer()
		item = order.lines[0].item
		self.assert_refused(
			f"Row 2: {order.name} is an order of {order.customer}; this ship doc goes to {stranger.name}.",
			make_ship_doc,
			customer=stranger,
			lines=[{"item": item, "quantity": 1}, {"item": item, "quantity": 1, "sales_order": order.name}],
		)
		self.assert_refused(
			f"{order.name} is an order of {order.customer}; this ship doc goes to",
			map_ship_doc,
			order.name,
			map_ship_doc(make_sales_order().name),
		)

	def test_another_currency(self) -> None:
		customer = make_customer()
		dollars = make_sales_order(customer, currency="USD")
		customer.db_set("currency", "EUR")
		euros = make_sales_order(customer, currency="EUR", exchange_rate=1.1)
		customer.db_set("currency", "USD")
		ship_doc = make_ship_doc(dollars)
		ship_doc.append("lines", {"item": euros.lines[0].item, "quantity": 1, "sales_order": euros.name})
		self.assert_refused(f"Row 2: {euros.name} is in EUR; this ship doc is in USD.", ship_doc.save)
		self.assert_refused(
			f"{euros.name} is in EUR; this ship doc is in USD.",
			map_ship_doc,
			euros.name,
			map_ship_doc(dollars.name),
		)

	def test_orders_that_are_drafts_closed_or_cancelled(self) -> None:
		customer = make_customer()
		draft = make_sales_order(customer, submit=False)
		closed = make_sales_order(customer)
		close_sales_order(closed.name)
		for order, sentence in (
			(draft, f"Row 1: {draft.name} is still a draft. Submit the order before shipping it."),
			(closed, f"Row 1: {closed.name} is closed. Reopen the order to ship what is left of it."),
		):
			line = {"item": order.lines[0].item, "quantity": 1, "sales_order": order.name}
			self.assert_refused(sentence, make_ship_doc, customer=customer, lines=[line])

		cancelled = make_sales_order(customer)
		ship_doc = make_ship_doc(cancelled)
		cancelled.reload()
		cancelled.cancel()
		self.assertEqual(cancelled.status, "Cancelled")
		with self.assertRaises(frappe.CancelledLinkError) as caught:
			ship_doc.submit()
		self.assertIn(cancelled.name, read_message(caught))
		self.assert_refused(
			f"{cancelled.name} is cancelled; it cannot be shipped.", map_ship_doc, cancelled.name
		)
		self.assert_refused("is still a draft", map_ship_doc, draft.name)

	def test_an_order_closed_after_the_draft_was_made(self) -> None:
		order = make_sales_order()
		ship_doc = make_ship_doc(order)
		close_sales_order(order.name)
		self.assert_refused(f"Row 1: {order.name} is closed.", ship_doc.submit)

	def test_a_line_of_another_order_or_another_item(self) -> None:
		customer = make_customer()
		mine, other = make_sales_order(customer), make_sales_order(customer)
		ship_doc = make_ship_doc(mine)
		ship_doc.lines[0].sales_order_line = other.lines[0].name
		self.assert_refused(f"Row 1: its order line is not a line of {mine.name}.", ship_doc.save)

		ship_doc.reload()
		ordered, ship_doc.lines[0].item = ship_doc.lines[0].item, make_item().name
		self.assert_refused(
			f"Row 1: {mine.name} ordered {ordered} on that line, not {ship_doc.lines[0].item}.", ship_doc.save
		)

	def test_an_order_named_without_its_line(self) -> None:
		twice, once = make_item(), make_item()
		order = make_sales_order(
			lines=[
				{"item": twice.name, "quantity": 1},
				{"item": twice.name, "quantity": 2},
				{"item": once.name, "quantity": 3},
			]
		)
		ship_doc = make_ship_doc(
			customer=order.customer, lines=[{"item": once.name, "quantity": 3, "sales_order": order.name}]
		)
		self.assertEqual(ship_doc.lines[0].sales_order_line, order.lines[2].name)
		for item, sentence in ((twice, "is on several lines of"), (make_item(), "is not on")):
			self.assert_refused(
				f"Row 1: {item.name} {sentence} {order.name}",
				make_ship_doc,
				customer=order.customer,
				lines=[{"item": item.name, "quantity": 1, "sales_order": order.name}],
			)

	def test_cancelling_an_order_that_was_shipped(self) -> None:
		order = make_sales_order()
		ship_doc = make_ship_doc(order, submit=True)
		order.reload()
		self.assert_refused(
			f"{order.name} cannot be cancelled: it was shipped on {ship_doc.name}."
			" Cancel that first, or close the order instead.",
			order.cancel,
		)
		self.assertEqual(frappe.db.get_value("AO Sales Order", order.name, "docstatus"), 1)


class TestOtherPrices(RefusalTestCase):
	"""An amount that holds its tax never becomes one before tax, nor the other way round."""

	def test_orders_of_both_kinds_on_one_ship_doc(self) -> None:
		customer = make_customer()
		first = make_sales_order(customer)
		second = make_sales_order(customer, prices_are=WITH_TAX)
		ship_doc = map_ship_doc(first.name)
		self.assert_refused(
			f"The prices of {second.name} are With Tax, and those of this document Before Tax. ",
			map_ship_doc,
			second.name,
			ship_doc,
		)
		line = second.lines[0]
		ship_doc.location = make_location().name
		ship_doc.append("lines", {"item": line.item, "quantity": 1, "sales_order": second.name})
		self.assert_refused(
			f"Row 2: the prices of {second.name} are With Tax, and those of this document Before Tax. Choose With Tax in Prices Are",
			ship_doc.insert,
		)

	def test_purchase_orders_of_both_kinds_on_one_receiver(self) -> None:
		vendor = make_vendor()
		first, second = make_purchase_order(vendor, prices_are=WITH_TAX), make_purchase_order(vendor)
		self.assert_refused(
			f"The prices of {second.name} are Before Tax, and those of this document With Tax. ",
			map_receiver,
			second.name,
			map_receiver(first.name),
		)
		self.assert_refused(
			f"Row 1: the prices of {first.name} are With Tax, and those of this document Before Tax. Choose With Tax in Costs Are",
			make_receiver,
			first,
			prices_are="Before Tax",
		)

	def test_receivers_of_both_kinds_on_one_bill(self) -> None:
		vendor = make_vendor()
		first, second = (
			make_receiver(vendor=vendor, billing="Bill Later", prices_are=prices_are)
			for prices_are in ("Before Tax", WITH_TAX)
		)
		self.assert_refused(
			f"The prices of {second.name} are With Tax, and those of this document Before Tax. ",
			make_vendor_bill,
			second.name,
			make_vendor_bill(first.name),
		)

	def test_what_comes_back_has_the_prices_it_left_with(self) -> None:
		ship_doc = make_ship_doc(prices_are=WITH_TAX, submit=True)
		customer_return = make_customer_return(ship_doc.name)
		customer_return.prices_are = "Before Tax"
		self.assert_refused(
			f"Row 1: the prices of {ship_doc.name} are With Tax, and those of this document Before Tax.",
			customer_return.insert,
		)

	def test_old_documents_without_a_word_are_before_tax(self) -> None:
		order = make_sales_order()
		frappe.db.set_value("AO Sales Order", order.name, "prices_are", None)
		self.assertEqual(make_ship_doc(order).prices_are, "Before Tax")
