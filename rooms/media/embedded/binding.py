"""Which of a seat's lines a packet belongs to: by SSRC, else by name, else by being the only one left.

Streams with layers declare no SSRC: their first packets name them by the extensions mid and rid, what is sent
again by repaired-rid. What no line of the seat answers to is nobody's. A line has one SSRC at a time, and a
seat that changes them too often is not followed. Pure; time is an argument (s).
"""

from rooms.media.embedded import rtcp
from rooms.media.embedded.members import Member, Publication


def bind(member: Member, head: rtcp.RtpHead, data: bytes, now: float) -> tuple[Publication | None, bool]:
    """Whose packet it is, None when nobody's; and whether that is a Publication that replaces another."""
    known = member.by_ssrc.get(head.ssrc) or member.by_rtx.get(head.ssrc)
    if known is not None:
        return known, False
    source = _named(member, head, data) or _only(member, head)
    if source is None:
        return None, False
    if head.payload_type == source.line.rtx_payload_type:
        return _bind_again(member, source, head.ssrc, now), False
    if source.ssrc is None:
        source.ssrc = head.ssrc
        member.by_ssrc[head.ssrc] = source
        return source, False
    if not member.rebinds.spend(now):
        return None, False
    return _replace(member, source, head.ssrc), True


def _named(member: Member, head: rtcp.RtpHead, data: bytes) -> Publication | None:
    if head.extension is None:
        return None
    for source in member.publications:
        line = source.line
        if not _says(data, head.extension, line.mid_extension, line.mid):
            continue
        again = head.payload_type == line.rtx_payload_type
        number = line.repaired_rid_extension if again else line.rid_extension
        if source.rid is None or _says(data, head.extension, number, source.rid):
            return source
    return None


def _says(data: bytes, extension: tuple[int, int, int], number: int | None, name: str) -> bool:
    return number is not None and rtcp.extension_value(data, extension, number) == name.encode()


def _only(member: Member, head: rtcp.RtpHead) -> Publication | None:
    """The one line without layers that could have sent it and has no SSRC yet."""
    free = [
        source
        for source in member.publications
        if source.ssrc is None
        and source.rid is None
        and head.payload_type in (source.line.payload_type, source.line.red_payload_type)
    ]
    return free[0] if len(free) == 1 else None


def _bind_again(member: Member, source: Publication, ssrc: int, now: float) -> Publication | None:
    before = [number for number, one in member.by_rtx.items() if one is source]
    if before and not member.rebinds.spend(now):
        return None
    for number in before:
        del member.by_rtx[number]
    member.by_rtx[ssrc] = source
    return source


def _replace(member: Member, old: Publication, ssrc: int) -> Publication:
    old.cut()
    member.replaced[old.kind] += old.reception.packets
    fresh = Publication(member.peer, old.line, ssrc, member.publications, old.layer)
    member.publications[member.publications.index(old)] = fresh
    if old.ssrc is not None:
        member.by_ssrc.pop(old.ssrc, None)
    member.by_ssrc[ssrc] = fresh
    for number, one in member.by_rtx.items():
        if one is old:
            member.by_rtx[number] = fresh
    return fresh
