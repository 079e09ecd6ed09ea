"""Fairness told by what happened: tables for people, and how near the order came to its bound."""
