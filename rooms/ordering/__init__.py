"""Fairness policies: pure functions from a board of hands, script and history to an order with reasons."""
