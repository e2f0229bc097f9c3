"""Where QuickBooks counts too: its stock beside ours, item by item and document by document."""
