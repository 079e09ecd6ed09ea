"""The pure core: who may speak, when and why.

``Meeting`` in ``meeting.py`` is the only thing that composes the parts; RULES.md numbers the rules.
Nothing below this package reads a clock, mints an id, draws a random number or does I/O.
"""
