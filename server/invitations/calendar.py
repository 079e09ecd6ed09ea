"""The session as a calendar entry (RFC 5545), for any calendar that people use. It holds no link."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

from server.invitations.invited import Event
from server.invitations.messages import for_all

ZONE = ZoneInfo("Asia/Jakarta")
USUAL_LENGTH = timedelta(hours=4)
"""Of a session that does not say when it ends."""


def ics(event: Event, uid: str, now_ms: int) -> bytes:
    """The file; without hours it is an entry for the whole day. ``uid`` stays the same for ever."""
    entry = Entry()
    entry.add("uid", f"{uid}@rembug")
    entry.add("dtstamp", datetime.fromtimestamp(now_ms // 1000, ZoneInfo("UTC")))
    entry.add("summary", f"{'GLADI: ' if event.gladi else ''}{event.judul}")
    entry.add("description", for_all(event).replace("*", ""))
    entry.add("location", "Kantor masing-masing (daring)")
    if event.jam_mulai:
        begin = datetime.combine(event.tanggal, time.fromisoformat(event.jam_mulai), ZONE)
        end = time.fromisoformat(event.jam_selesai) if event.jam_selesai else None
        entry.add("dtstart", begin)
        entry.add("dtend", datetime.combine(event.tanggal, end, ZONE) if end else begin + USUAL_LENGTH)
    else:
        entry.add("dtstart", event.tanggal)
        entry.add("dtend", event.tanggal + timedelta(days=1))
    calendar = Calendar()
    calendar.add("prodid", "-//Rembug//Rembug//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    # Calendars that know no zone by its name need its offset beside it.
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
