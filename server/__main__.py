"""``python -m server``: the same as ``rembug``."""

from server.cli import main

main()
