// Prices have up to seven decimals and quantities six; Frappe shows all of them: 18.0000000. Here, on the fields of
// our own documents, idle zeros are left out: 18.00 and 12. What is stored and how it is rounded does not change.
// Pasted into form scripts: no backslashes in it (see ao_money.js).
frappe.provide("allorders_qb");

allorders_qb.numbers = allorders_qb.numbers || {
	FIELDS: {
		"AO Sales Order Line": ["quantity", "shipped_quantity", "unit_price", "discount_percent"],
		"AO Ship Doc Line": ["quantity", "unit_price", "discount_percent"],
		"AO Opening Stock Line": ["quantity", "unit_cost"],
		"AO Customer Return Line": ["quantity", "unit_price", "discount_percent", "unit_cost"],
		"AO Transfer Line": ["quantity"],
		"AO Quantity Adjustment Line": ["on_hand", "counted_quantity", "quantity_change", "unit_cost"],
		"AO Value Adjustment Line": ["on_hand"],
		"AO Work Order": ["quantity", "unit_cost"],
		"AO Work Order Component": ["required_quantity", "allocated_quantity", "on_hand"],
		"AO Item Component": ["quantity", "scrap_percent"],
		"AO Item Production Cost": ["amount"],
		"AO Item": ["unit_price", "purchase_cost", "weight"],
		"AO Sales Order": ["exchange_rate"],
		"AO Ship Doc": ["exchange_rate"],
		"AO Customer Return": ["exchange_rate"],
		"AO Item Vendor Price": ["conversion", "unit_cost"],
		"AO Purchase Order Line": ["quantity", "conversion", "stock_quantity", "received_quantity", "unit_cost", "discount_percent"],
		"AO Receiver Line": ["quantity", "conversion", "stock_quantity", "unit_cost", "discount_percent", "billed_quantity", "returned_quantity"],
		"AO Vendor Return Line": ["quantity", "conversion", "stock_quantity", "unit_cost", "discount_percent"],
		"AO Vendor Bill Line": ["quantity", "conversion", "stock_quantity", "unit_cost", "discount_percent"],
		"AO Purchase Order": ["exchange_rate"],
		"AO Receiver": ["exchange_rate"],
		"AO Vendor Return": ["exchange_rate"],
		"AO Vendor Bill": ["exchange_rate"],
	},
	MONEY_DECIMALS: 2,

	is_ours(df) {
		return (this.FIELDS[df.parent] || []).includes(df.fieldname);
	},

	// Leave out zeros at the end of the decimals, but keep `least` decimals of money.
	trim(text, separator, least) {
		const at = text.lastIndexOf(separator);
		if (!separator || at < 0) return text;
		let end = text.length;
		while (end > at + 1 + least && text[end - 1] === "0") end -= 1;
		return text.slice(0, end === at + 1 ? at : end);
	},

	get_separator(number_format) {
		return get_number_format_info(number_format || get_number_format()).decimal_str;
	},

	trim_inputs() {
		if (this.inputs_are_trimmed) return;
		this.inputs_are_trimmed = true;
		this.trim_inputs_of(frappe.ui.form.ControlFloat, 0, () => get_number_format());
		this.trim_inputs_of(frappe.ui.form.ControlCurrency, this.MONEY_DECIMALS, (control) =>
			control.get_number_format()
		);
	},

	trim_inputs_of(control_class, least, get_format) {
		const format_for_input = control_class.prototype.format_for_input;
		const numbers = this;
		control_class.prototype.format_for_input = function (value) {
			const text = format_for_input.call(this, value);
			if (!text || !numbers.is_ours(this.df)) return text;
			return numbers.trim(text, numbers.get_separator(get_format(this)), least);
		};
	},

	trim_displays() {
		const formats = { Currency: this.format_price, Float: this.format_quantity };
		Object.entries(this.FIELDS).forEach(([doctype, fields]) => {
			const docfields = frappe.meta.docfield_map[doctype] || {};
			fields
				.map((field) => docfields[field])
				.filter((df) => df && formats[df.fieldtype])
				.forEach((df) => (df.formatter = formats[df.fieldtype].bind(this)));
		});
	},

	format_price(value, df, options, doc) {
		const currency = frappe.meta.get_field_currency(df, doc);
		const text = this.is_empty(value) ? "" : format_currency(value, currency, 7);
		const separator = this.get_separator(get_number_format(currency));
		return this.show(this.trim(text, separator, this.MONEY_DECIMALS), options);
	},

	format_quantity(value, df, options) {
		const text = this.is_empty(value) ? "" : format_number(value, null, cint(df.precision));
		return this.show(this.trim(text, this.get_separator(), 0), options);
	},

	is_empty: (value) => value === null || value === undefined || value === "",

	show: (text, options) =>
		options && (options.only_value || options.inline) ? text : frappe.form.formatters._right(text, options),
};

allorders_qb.numbers.trim_inputs();
allorders_qb.numbers.trim_displays();
