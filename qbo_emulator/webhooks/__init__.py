"""Webhooks: ``apps`` says who wants them, ``events`` what happened, ``payloads`` how it is written, ``sender`` sends."""
