"""Turns our documents and list records into QuickBooks payloads, and compares what comes back. Pure: no database, no network."""
