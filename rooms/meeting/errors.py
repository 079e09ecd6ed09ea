"""Refusals of the meeting core: a stable code each, raised before anything changes."""

from enum import StrEnum


class Code(StrEnum):
    WRONG_STATUS = "wrong_status"
    """The meeting is not open, is suspended, is closed, or the agenda item does not allow it."""
    UNKNOWN_SEAT = "unknown_seat"
    UNKNOWN_PESERTA = "unknown_peserta"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_REQUEST = "unknown_request"
    UNKNOWN_TURN = "unknown_turn"
    UNKNOWN_POINT = "unknown_point"
    """No such point of order waits."""
    NOT_YOURS = "not_yours"
    """The request or peserta belongs to another seat."""
    QUEUE_CLOSED = "queue_closed"
    """Only a dialog item opens queues."""
    ALREADY_QUEUED = "already_queued"
    """This peserta already waits."""
    TOO_MANY = "too_many"
    """The seat has as many people, or hands, as one may have."""
    WRONG_STATE = "wrong_state"
    """The request or turn is not in a state that allows this."""
    TOO_LATE = "too_late"
    """The time in which a call can be undone is over."""
    SEAT_ABSENT = "seat_absent"
    """The seat is not connected and the turn needs media."""
    NO_CONSENT = "no_consent"
    """The seat attends unrecorded, so it cannot be put on air."""
    NOT_KNOWN = "not_known"
    """A desk has said that who is at the seat's device is not this office."""
    CANNOT_SPEAK = "cannot_speak"
    """The seat has no microphone and camera, or is the hall itself."""
    NO_QUORUM = "no_quorum"
    """Too few of the invited offices are there, and this meeting insists on them."""
    SANCTIONED = "sanctioned"
    """The chair has taken this peserta's word."""
    OBSERVER = "observer"
    """This peserta is a peninjau: listens, and speaks only when asked to."""
    UNKNOWN_SEAL = "unknown_seal"
    UNKNOWN_DECK = "unknown_deck"
    DUPLICATE_ID = "duplicate_id"
    BAD_VALUE = "bad_value"
    """A value outside its range, or an order that does not hold exactly the waiting ones."""


class Refused(Exception):
    """A command that the meeting forbids; the state is untouched.

    ``code`` is stable and goes on the wire; ``detail`` is for logs, never for a screen.
    """

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
