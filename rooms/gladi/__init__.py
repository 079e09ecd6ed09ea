"""Gladi, the rehearsal: a synthetic hall and offices that join a session the way browsers do."""
