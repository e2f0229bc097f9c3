-- The state file. Amounts are whole cents, quantities whole ten-millionths, times seconds since 1970.

CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS company (
	key INTEGER PRIMARY KEY,
	realm TEXT NOT NULL UNIQUE,
	definition TEXT NOT NULL,
	knobs TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS sequence (
	company INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL,
	PRIMARY KEY (company, name)
) WITHOUT ROWID;

-- Every list record and transaction: its JSON body, and beside it what queries filter and sort by.
-- balance: open amount of a transaction, balance of a customer, vendor or account (debit positive).
CREATE TABLE IF NOT EXISTS object (
	pk INTEGER PRIMARY KEY AUTOINCREMENT,
	company INTEGER NOT NULL,
	entity TEXT NOT NULL,
	id INTEGER NOT NULL,
	sync_token INTEGER NOT NULL,
	active INTEGER NOT NULL,
	state TEXT NOT NULL,
	name TEXT,
	doc_number TEXT,
	txn_date TEXT,
	due_date TEXT,
	party INTEGER,
	total INTEGER,
	balance INTEGER,
	quantity INTEGER,
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	written REAL NOT NULL,
	body TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS object_id ON object (company, entity, id);
-- Each ends with the id, so that a query can find and order its rows without reading their bodies.
CREATE INDEX IF NOT EXISTS object_name ON object (company, entity, name COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS object_number ON object (company, entity, doc_number COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS object_date ON object (company, entity, txn_date, id);
CREATE INDEX IF NOT EXISTS object_party ON object (company, entity, party, txn_date, id);
CREATE INDEX IF NOT EXISTS object_total ON object (company, entity, total, id);
CREATE INDEX IF NOT EXISTS object_balance ON object (company, entity, balance, id);
CREATE INDEX IF NOT EXISTS object_updated ON object (company, entity, updated, id);

-- Earlier versions, kept only while the knob query_lag_ms is on: what a lagging query still sees.
CREATE TABLE IF NOT EXISTS object_past (
	pk INTEGER, company INTEGER, entity TEXT, id INTEGER, sync_token INTEGER, active INTEGER, state TEXT, name TEXT,
	doc_number TEXT, txn_date TEXT, due_date TEXT, party INTEGER, total INTEGER, balance INTEGER, quantity INTEGER,
	created INTEGER, updated INTEGER, written REAL, body TEXT, superseded REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS object_past_entity ON object_past (company, entity, superseded);

CREATE TABLE IF NOT EXISTS tombstone (
	company INTEGER NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL, deleted REAL NOT NULL,
	PRIMARY KEY (company, entity, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tombstone_deleted ON tombstone (company, entity, deleted, id);

-- Names that must be unique; Customer, Vendor and Employee share the space "person".
CREATE TABLE IF NOT EXISTS taken_name (
	company INTEGER NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL,
	PRIMARY KEY (company, space, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS taken_name_owner ON taken_name (company, entity, id);

-- The double-entry ledger in home currency: debit positive, credit negative; each transaction sums to zero.
CREATE TABLE IF NOT EXISTS posting (
	pk INTEGER PRIMARY KEY,
	company INTEGER NOT NULL,
	entity TEXT NOT NULL,
	id INTEGER NOT NULL,
	txn_date TEXT NOT NULL,
	account INTEGER NOT NULL,
	cents INTEGER NOT NULL,
	party INTEGER,
	item INTEGER,
	quantity INTEGER,
	memo TEXT NOT NULL,
	move INTEGER
);
CREATE INDEX IF NOT EXISTS posting_txn ON posting (company, entity, id);
CREATE INDEX IF NOT EXISTS posting_account ON posting (company, account, txn_date, cents);

-- What a transaction (entity, id) settles of another, in cents of their currency; NULL only refers to it.
-- home_cents: the part of the target's receivable or payable that goes with it. side: 1 the target is owed
-- (invoice, bill), -1 it is a credit, 0 it is only referred to.
CREATE TABLE IF NOT EXISTS link (
	pk INTEGER PRIMARY KEY,
	company INTEGER NOT NULL,
	entity TEXT NOT NULL,
	id INTEGER NOT NULL,
	target_entity TEXT NOT NULL,
	target_id INTEGER NOT NULL,
	cents INTEGER,
	home_cents INTEGER,
	side INTEGER NOT NULL,
	payer_party INTEGER,
	party INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS link_payer ON link (company, entity, id, target_entity, target_id);
CREATE INDEX IF NOT EXISTS link_target ON link (company, target_entity, target_id);

-- Inventory: what moved (signed quantity; cents: what it does to the asset account), the open layers, each item's state.
CREATE TABLE IF NOT EXISTS stock_move (
	pk INTEGER PRIMARY KEY,
	company INTEGER NOT NULL, item INTEGER NOT NULL, day TEXT NOT NULL, entry INTEGER NOT NULL, line INTEGER NOT NULL,
	entity TEXT NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, quantity INTEGER NOT NULL, given INTEGER,
	purchase_cost INTEGER NOT NULL, asset INTEGER NOT NULL, expense INTEGER NOT NULL, offset INTEGER NOT NULL,
	party INTEGER, memo TEXT NOT NULL, fixed INTEGER, cents INTEGER NOT NULL, short INTEGER NOT NULL,
	difference INTEGER NOT NULL, after TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS stock_move_item ON stock_move (company, item, day, entry, line);
CREATE INDEX IF NOT EXISTS stock_move_txn ON stock_move (company, entity, id);
CREATE TABLE IF NOT EXISTS stock_layer (
	company INTEGER NOT NULL, item INTEGER NOT NULL, place INTEGER NOT NULL, move INTEGER NOT NULL,
	quantity INTEGER NOT NULL, cents INTEGER NOT NULL, unit INTEGER NOT NULL, fixed INTEGER NOT NULL,
	PRIMARY KEY (company, item, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stock_item (
	company INTEGER NOT NULL, item INTEGER NOT NULL, latest_day TEXT NOT NULL, latest_issue_day TEXT NOT NULL,
	latest_entry INTEGER NOT NULL, next_place INTEGER NOT NULL, carry INTEGER NOT NULL,
	last_in_quantity INTEGER, last_in_cents INTEGER, last_sale_quantity INTEGER, last_sale_cents INTEGER,
	sorted_by TEXT NOT NULL,
	PRIMARY KEY (company, item)
) WITHOUT ROWID;

-- Contents of uploaded files, by the Id of their Attachable.
CREATE TABLE IF NOT EXISTS file (
	company INTEGER NOT NULL, id INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (company, id)
);

-- Answers to repeat for a requestid that was seen before.
CREATE TABLE IF NOT EXISTS reply (
	company INTEGER NOT NULL, requestid TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
	entity_id TEXT, refused INTEGER NOT NULL, answered REAL NOT NULL,
	PRIMARY KEY (company, requestid)
) WITHOUT ROWID;

-- Webhooks: who is to be notified, what of, and the notifications made of that. time, created, next_at and
-- acknowledged are the emulator's; attempts is a JSON list; copies is how often an acknowledged one is sent again.
CREATE TABLE IF NOT EXISTS webhook_app (
	client_id TEXT PRIMARY KEY, url TEXT NOT NULL, verifier_token TEXT NOT NULL, format TEXT NOT NULL, entities TEXT,
	host TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS webhook_event (
	key INTEGER PRIMARY KEY AUTOINCREMENT, client_id TEXT NOT NULL, company INTEGER NOT NULL, entity TEXT NOT NULL,
	id TEXT NOT NULL, operation TEXT NOT NULL, deleted_id TEXT, time REAL NOT NULL, uid TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS webhook_event_lane ON webhook_event (client_id, company, time);
CREATE TABLE IF NOT EXISTS webhook_delivery (
	key INTEGER PRIMARY KEY AUTOINCREMENT, client_id TEXT NOT NULL, company INTEGER NOT NULL, body TEXT NOT NULL,
	created REAL NOT NULL, next_at REAL NOT NULL, copies INTEGER NOT NULL DEFAULT 0, tried INTEGER NOT NULL DEFAULT 0,
	attempts TEXT NOT NULL DEFAULT '[]', acknowledged REAL
);
CREATE INDEX IF NOT EXISTS webhook_delivery_lane ON webhook_delivery (client_id, company, key)
	WHERE acknowledged IS NULL;

-- OAuth 2: a grant is one person's consent for one app and one company; tokens hang on it.
CREATE TABLE IF NOT EXISTS oauth_grant (
	key INTEGER PRIMARY KEY, client_id TEXT NOT NULL, realm TEXT NOT NULL, scope TEXT NOT NULL,
	created REAL NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS oauth_grant_realm ON oauth_grant (realm, client_id);
CREATE TABLE IF NOT EXISTS oauth_code (
	code TEXT PRIMARY KEY, client_id TEXT NOT NULL, realm TEXT NOT NULL, scope TEXT NOT NULL,
	redirect_uri TEXT NOT NULL, expires REAL NOT NULL, grant_key INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS access_token (
	token TEXT PRIMARY KEY, grant_key INTEGER NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refresh_token (
	token TEXT PRIMARY KEY, grant_key INTEGER NOT NULL, created REAL NOT NULL, expires REAL NOT NULL,
	hard_expires REAL NOT NULL, dead INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
