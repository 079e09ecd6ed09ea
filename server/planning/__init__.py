"""Usulan and the other notes: what may be written, by whom, and what becomes of it.

Nothing here speaks SQL or HTTP. A new note is handed to the room, which journals it in the same transaction.
"""
