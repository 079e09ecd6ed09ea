"""Everything that is kept: the journal, sessions, personal links, wilayah and planning records.

The only package that knows SQL. One code for SQLite (embedded) and PostgreSQL.
"""
