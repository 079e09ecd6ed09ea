"""What is legal, by role and by state: written from DOMAIN.md and RULES.md, never computed.

``ROLES`` says who may give a command. The rows say what the meeting answers to it in every state: ``ok`` (it
happens), ``same`` (accepted, for it is so already) or the code of the refusal. The states and who is who in
them are told in ``states.py``.
"""

from collections.abc import Mapping

from rooms.meeting import commands as c
from tests.server.matrix.cells import Row
from tests.server.matrix.rows_agenda import AGENDA
from tests.server.matrix.rows_desk import HANDS_ELSEWHERE, ORDER
from tests.server.matrix.rows_floor import CALLS, FLOOR
from tests.server.matrix.rows_interjections import INTERJECTIONS
from tests.server.matrix.rows_presence import PRESENCE
from tests.server.matrix.rows_queue import QUEUE

SERVER = "server"
"""What the server gives by itself; no personal link may send it."""

CHAIR = "pimpinan operator"
ROLES: Mapping[type[c.Command], str] = {
    # The chair and the protokol's desk lead the meeting and its agenda
    c.OpenMeeting: CHAIR,
    c.StartItem: CHAIR,
    c.SuspendMeeting: CHAIR,
    c.ResumeMeeting: CHAIR,
    c.CloseMeeting: CHAIR,
    c.SetScript: CHAIR,
    c.SetOffRecord: CHAIR,
    # An office names its people and queues them; the desks help those who ask by telephone
    c.RegisterPeserta: "operator bantuan panitia desa aula",
    c.RequestTurn: "operator bantuan desa",
    c.WithdrawRequest: "operator bantuan desa",
    c.ReorderRequests: "operator desa",
    # Consent is given by whoever would be seen
    c.GiveConsent: "desa aula",
    # The floor is the chair's; the help desk sees and hears who is prepared
    c.ConfirmReady: CHAIR + " bantuan",
    c.PassOver: CHAIR,
    c.CallSeat: CHAIR,
    c.UndoCall: CHAIR,
    c.ExtendTurn: CHAIR,
    c.WarnTurn: CHAIR,
    c.HoldTurn: CHAIR,
    c.ContinueTurn: CHAIR,
    c.EndTurn: CHAIR,
    c.PostponeTurn: CHAIR,
    # Who comes in between: an office asks, the chair decides
    c.RaisePoint: "operator desa",
    c.WithdrawPoint: "operator desa",
    c.DismissPoint: CHAIR,
    c.GrantPoint: CHAIR,
    c.CallResponder: CHAIR,
    c.EndInterjection: CHAIR,
    # Ways of a hand, order among people, withdrawn words, who leads
    c.TriageRequest: CHAIR + " bantuan",
    c.AnswerWritten: CHAIR + " notulis panitia",
    c.SetQueue: CHAIR,
    c.SanctionPeserta: CHAIR,
    c.LiftSanction: CHAIR,
    c.HandOverChair: CHAIR,
    c.PlaceSeat: CHAIR + " bantuan panitia",
    c.ReachSeat: CHAIR + " bantuan panitia",
    c.RecogniseSeat: CHAIR + " bantuan panitia",
    c.ShareScreen: "aula desa",
    c.StopScreen: CHAIR,
    c.ShowSlide: CHAIR,
    c.StopSlides: CHAIR,
    c.AddDeck: SERVER,
    c.RemoveDeck: SERVER,
    c.SealInterval: CHAIR + " panitia",
    c.UnsealInterval: CHAIR + " panitia",
    c.ConfigureMeeting: SERVER,
    c.AmendAgenda: SERVER,
    c.AddSeats: SERVER,
    c.ConnectSeat: SERVER,
    c.DropSeat: SERVER,
    c.ConnectChair: SERVER,
    c.DropChair: SERVER,
    c.LogNote: SERVER,
    c.ReopenRoom: SERVER,
}

ROWS: tuple[Row, ...] = (*AGENDA, *QUEUE, *PRESENCE, *CALLS, *FLOOR, *INTERJECTIONS, *HANDS_ELSEWHERE, *ORDER)
