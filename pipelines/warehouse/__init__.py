"""Postgres: the server (embedded or yours), the tables, bulk copy, merge."""
