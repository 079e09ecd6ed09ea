"""Identifiers used across the rooms.

All of them are opaque strings minted outside the meeting core (UUIDv7, or a slug for seats); the
core only compares them. NewTypes keep a seat from being passed where a turn is meant.
"""

from typing import NewType

RoomId = NewType("RoomId", str)
SeatId = NewType("SeatId", str)
PesertaId = NewType("PesertaId", str)
ItemId = NewType("ItemId", str)
RequestId = NewType("RequestId", str)
TurnId = NewType("TurnId", str)
PointId = NewType("PointId", str)
"""A point of order."""
NoteId = NewType("NoteId", str)
SealId = NewType("SealId", str)
DeviceId = NewType("DeviceId", str)
"""A browser at a seat: a random name that it keeps for its link."""
DeckId = NewType("DeckId", str)
"""Slides that came in one file."""
PeerId = NewType("PeerId", str)
CommandId = NewType("CommandId", str)
Actor = NewType("Actor", str)
"""Who gave a command: ``grant:<id>`` for a personal link, ``system`` for the server itself."""
