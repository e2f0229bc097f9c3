"""Where Frappe meets the app: pointers only, no logic."""

app_name = "allorders_qb"
app_title = "All Orders for QuickBooks"
app_publisher = "All Orders for QuickBooks contributors"
app_description = "Orders and inventory in Frappe, accounting in QuickBooks Online"
app_email = "hello@allorders.example"
app_license = "mit"

required_apps = []

add_to_apps_screen = [
	{
		"name": "allorders_qb",
		"logo": "/assets/allorders_qb/images/all-orders.svg",
		"title": "All Orders",
		"route": "/app/all-orders",
		"has_permission": "allorders_qb.api.permissions.can_open_app",
	}
]

after_install = "allorders_qb.install.after_install"
after_migrate = "allorders_qb.install.after_migrate"
before_uninstall = "allorders_qb.install.before_uninstall"

fixtures = [
	{
		"dt": "Role",
		"filters": [
			[
				"name",
				"in",
				["AO Viewer", "AO User", "AO Manager", "QuickBooks Poster", "QuickBooks Manager"],
			]
		],
	},
	{"dt": "Custom HTML Block", "filters": [["name", "=", "AO Synchronization"]]},
]

doctype_js = {
	"AO Sales Order": "public/js/quickbooks_dimensions.js",
	"AO Purchase Order": "public/js/quickbooks_dimensions.js",
	"AO Ship Doc": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Customer Return": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Work Order": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Quantity Adjustment": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Value Adjustment": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Cost True-Up": "public/js/quickbooks_document.js",
	"AO Receiver": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Vendor Bill": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Vendor Return": ["public/js/quickbooks_document.js", "public/js/quickbooks_dimensions.js"],
	"AO Payment": "public/js/quickbooks_document.js",
	"AO Customer": "public/js/quickbooks_document.js",
	"AO Vendor": "public/js/quickbooks_document.js",
	"AO Item": "public/js/quickbooks_document.js",
}
doctype_list_js = {
	"AO Ship Doc": "public/js/quickbooks_list.js",
	"AO Customer Return": "public/js/quickbooks_list.js",
	"AO Work Order": "public/js/quickbooks_list.js",
	"AO Quantity Adjustment": "public/js/quickbooks_list.js",
	"AO Value Adjustment": "public/js/quickbooks_list.js",
	"AO Cost True-Up": "public/js/quickbooks_list.js",
	"AO Receiver": "public/js/quickbooks_list.js",
	"AO Vendor Bill": "public/js/quickbooks_list.js",
	"AO Vendor Return": "public/js/quickbooks_list.js",
	"AO Payment": "public/js/quickbooks_list.js",
	"AO Customer": "public/js/quickbooks_record_list.js",
	"AO Vendor": "public/js/quickbooks_record_list.js",
	"AO Item": "public/js/quickbooks_record_list.js",
}

_POSTING_EVENTS = {
	"validate": "allorders_qb.sync.events.validate_document",
	"before_update_after_submit": "allorders_qb.sync.events.protect_submitted",
	"on_submit": "allorders_qb.sync.events.queue_document",
	"before_cancel": "allorders_qb.sync.events.refuse_cancel_of_locked",
	"on_cancel": "allorders_qb.sync.events.remove_queued_rows",
	"on_trash": "allorders_qb.sync.events.refuse_delete_of_known",
}
_LIST_EVENTS = {
	"validate": "allorders_qb.sync.events.validate_document",
	"on_update": "allorders_qb.sync.events.queue_list_record",
	"before_rename": "allorders_qb.sync.events.refuse_merge_of_known",
	"after_rename": "allorders_qb.sync.events.queue_renamed_record",
	"on_trash": "allorders_qb.sync.events.refuse_delete_of_known",
}
doc_events = {
	"AO Ship Doc": _POSTING_EVENTS,
	"AO Customer Return": _POSTING_EVENTS,
	"AO Work Order": _POSTING_EVENTS,
	"AO Quantity Adjustment": _POSTING_EVENTS,
	"AO Value Adjustment": _POSTING_EVENTS,
	"AO Cost True-Up": {
		**_POSTING_EVENTS,
		"validate": ["allorders_qb.sync.events.validate_document", "allorders_qb.sync.true_up.protect_lines"],
		"before_submit": "allorders_qb.sync.true_up.refresh_lines",
	},
	"AO Receiver": _POSTING_EVENTS,
	"AO Vendor Bill": _POSTING_EVENTS,
	"AO Vendor Return": _POSTING_EVENTS,
	"AO Payment": _POSTING_EVENTS,
	"AO Opening Stock": {
		"validate": "allorders_qb.sync.opening_stock.protect_comparison",
		"before_update_after_submit": "allorders_qb.sync.opening_stock.protect_comparison",
		"before_submit": "allorders_qb.sync.opening_stock.check_comparison",
	},
	"QuickBooks Mode Change": {"validate": "allorders_qb.sync.events.protect_quickbooks_fields"},
	"AO Customer": _LIST_EVENTS,
	"AO Vendor": _LIST_EVENTS,
	"AO Item": _LIST_EVENTS,
}

ignore_links_on_delete = ["QuickBooks Match", "QuickBooks Item Stock"]

extend_bootinfo = "allorders_qb.api.boot.add_home_currency"

on_session_creation = "allorders_qb.sync.runs.schedule.note_login"

scheduler_events = {
	"cron": {
		"* * * * *": [
			"allorders_qb.sync.scheduled.sweep_quickbooks_queue",
			"allorders_qb.sync.scheduled.tick_quickbooks_runs",
			"allorders_qb.stock.recosting.sweep_recosting",
			"allorders_qb.sync.inbox.sweep_inbox",
		]
	},
	"daily": ["allorders_qb.sync.health.warn_of_expiry"],
}

default_log_clearing_doctypes = {
	"QuickBooks Call": 180,
	"QuickBooks Sync Run": 180,
	"QuickBooks Inbox Event": 30,
}

export_python_type_annotations = True
