// Money on the forms, exact: the same results as allorders_qb/money.py, which has the last word on the server.
// Numbers become scaled integers (BigInt), so nothing is lost in binary fractions; half goes away from zero.
// This file is pasted into form scripts by Frappe through a regular expression: no backslashes in it.
globalThis.allorders_qb = globalThis.allorders_qb || {};

globalThis.allorders_qb.money = (function () {
	const QUANTITY_PLACES = 6;
	const UNIT_PRICE_PLACES = 7;
	const DISCOUNT_PLACES = 6;
	const MONEY_PLACES = 2;
	const RATE_PLACES = 6;
	const EXCHANGE_PLACES = 9;

	function power_of_ten(exponent) {
		return 10n ** BigInt(exponent);
	}

	function divide_half_up(number, divisor) {
		const size = number < 0n ? -number : number;
		const rounded = (2n * size + divisor) / (2n * divisor);
		return number < 0n ? -rounded : rounded;
	}

	// A number (or its text, as JavaScript writes it: 1.5, 1e-7) times 10^places, half up. Empty is zero.
	function to_scaled(value, places) {
		const text = String(value === undefined || value === null || value === "" ? 0 : value).trim();
		const [mantissa, exponent] = text.toLowerCase().split("e");
		const [whole, fraction] = mantissa.replace("-", "").split(".");
		const digits = BigInt((whole || "0") + (fraction || ""));
		const decimals = (fraction || "").length - Number(exponent || 0);
		const shift = places - decimals;
		const scaled =
			shift >= 0 ? digits * power_of_ten(shift) : divide_half_up(digits, power_of_ten(-shift));
		return mantissa.startsWith("-") ? -scaled : scaled;
	}

	function to_number(scaled, places) {
		const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
		const text = digits.slice(0, -places) + "." + digits.slice(-places);
		return Number((scaled < 0n ? "-" : "") + text);
	}

	// quantity x unit price less discount (percent), to the cent.
	function line_amount(quantity, unit_price, discount_percent) {
		const share = to_scaled(100, DISCOUNT_PLACES) - to_scaled(discount_percent, DISCOUNT_PLACES);
		const product =
			to_scaled(quantity, QUANTITY_PLACES) * to_scaled(unit_price, UNIT_PRICE_PLACES) * share;
		const surplus = QUANTITY_PLACES + UNIT_PRICE_PLACES + DISCOUNT_PLACES + 2 - MONEY_PLACES;
		return to_number(divide_half_up(product, power_of_ten(surplus)), MONEY_PLACES);
	}

	function add_up(amounts) {
		const sum = amounts.reduce((total, amount) => total + to_scaled(amount, MONEY_PLACES), 0n);
		return to_number(sum, MONEY_PLACES);
	}

	// The tax of an amount at each of these rates (percent), each rounded once; inclusive: the tax that is in it.
	function line_taxes(amount, percents, inclusive) {
		const rates = percents.map((percent) => to_scaled(percent, RATE_PLACES));
		const hundred = to_scaled(100, RATE_PLACES);
		const whole = inclusive ? rates.reduce((sum, rate) => sum + rate, hundred) : hundred;
		const scaled = to_scaled(amount, MONEY_PLACES);
		return rates.map((rate) => to_number(divide_half_up(scaled * rate, whole), MONEY_PLACES));
	}

	// An amount in home currency, at so many units of it for one.
	function convert(amount, exchange_rate) {
		const product = to_scaled(amount, MONEY_PLACES) * to_scaled(exchange_rate || 1, EXCHANGE_PLACES);
		return to_number(divide_half_up(product, power_of_ten(EXCHANGE_PLACES)), MONEY_PLACES);
	}

	return { line_amount, add_up, line_taxes, convert };
})();
