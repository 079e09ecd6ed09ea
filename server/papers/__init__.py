"""The papers of a session: told from journal and planning tables, typeset as PDF, kept by version.

What stands in a paper is worked out by pure functions (``account``, ``notulen``, ``berita_acara`` ...) and is
always in Bahasa Indonesia, whatever language the screens have: these are official papers.
"""
