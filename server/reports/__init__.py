"""Reports of a session in words for people: tables for a page and for spreadsheets."""
