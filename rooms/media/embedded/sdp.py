"""Offer in, answer out: reads what a browser can do and says which fixed line carries what.

For the author of a browser client (or a synthetic office), the whole contract:

1. Make ONE RTCPeerConnection for the whole call, with transceivers in a fixed order: for every slot it
   wants to receive, ``addTransceiver('audio' | 'video', {direction: 'recvonly'})``; for every seat that may
   ever speak, ``addTransceiver('audio', {direction: 'sendonly'})`` and the same for video, without a track.
   A second ``sendonly`` video line, if any, is the seat's screen: it alone feeds SCREEN, the first one all
   other slots. A screen has one size: text that is made smaller is no text any more.
2. ``setCodecPreferences`` to VP8 with RTX and Opus with RED (keeps the offer small), ``createOffer``,
   ``setLocalDescription``. Of Opus and RED a microphone sends what comes first. Nothing is trickled: the
   server is ICE-lite and never needs the client's candidates.
3. POST ``{sdp, lines: [{mid, kind, slot | null}]}``, one entry for each m-line, mids as in the local
   description. ``slot: null`` is a sending line. Consoles and viewers have no sending lines. With
   ``usedtx=1`` among Opus' parameters of a sending line the answer lets the microphone rest in silence;
   browsers leave that out of their own offers, and a mixer's sound should not have it.
4. ``setRemoteDescription`` with the answer; never renegotiate. Called: ``sender.replaceTrack(track)``;
   afterwards ``replaceTrack(null)``. Who feeds a slot changes without the browser noticing.
5. A sending video line may have up to three layers (``sendEncodings`` with a ``rid`` each, the lowest first);
   which of them somebody wants at present is told by the signalling (``layers``), the others are to rest.
6. Rebuild the connection when the signalling says that the worker epoch changed, with some jitter.

7. A console may have up to 25 video lines of slot ``panel``: the n-th shows the n-th seat that it asked to
   watch. Only VP8 keeps them small.

Refusals are OfferRefused with a stable code. No data channels; of header extensions only ``mid``, for sound
``ssrc-audio-level``, and for layers ``rid`` and ``repaired-rid``.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aiortc.sdp import MediaDescription, SessionDescription

from rooms.media.embedded.codecs import Codec, codec_of
from rooms.media.embedded.simulcast import answer_rows, layers_by_mid
from rooms.media.plane import PANEL_LINES, Kind, Line, Offer, OfferRefused, PeerSpec, Slot

LARGEST_OFFER_BYTES = 64 * 1024
MOST_LINES = 40
MOST_STEPS = 20_000
"""That the parser may take over an offer: ten times what a console's takes that keeps to 2. above."""
SENDING_LINES_PER_KIND = 2
"""Camera and screen."""
CNAME = "rembug"
OWN_SSRC = 1
"""Who we are in reports to publishers; lanes have random ones."""
SMALLEST_SSRC = 256
"""Below it are the media process's own."""
MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
LEVEL_EXTENSION = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
PRIVATE = (Slot.PREVIEW_1, Slot.PREVIEW_2, Slot.PANEL)
_MOST = {None: SENDING_LINES_PER_KIND, Slot.PANEL: PANEL_LINES}
"""Lines of a slot, of each kind; of others one."""
_FEEDBACK = {
    Kind.AUDIO: ("nack",),
    Kind.VIDEO: ("nack", "nack pli", "ccm fir", "goog-remb"),
}


@dataclass(frozen=True, slots=True)
class ReceivingLine:
    """The browser receives: we send ``slot`` under ``ssrc``."""

    mid: str
    kind: Kind
    slot: Slot
    payload_type: int
    ssrc: int
    rtx: tuple[int, int] | None = None
    """``(SSRC, payload type)`` of what is sent again (RFC 4588), where the browser can take it apart."""
    red_payload_type: int | None = None
    """Of sound that carries its last packets along (RFC 2198), likewise."""
    ordinal: int = 0
    """Which of the slot's lines."""


@dataclass(frozen=True, slots=True)
class SendingLine:
    """The browser sends: its ``ordinal``-th microphone or camera (0: camera, 1: screen)."""

    mid: str
    kind: Kind
    ordinal: int
    payload_type: int
    ssrcs: tuple[int, ...]
    """As declared; empty when the browser declares none."""
    mid_extension: int | None
    red_payload_type: int | None = None
    """Of sound that carries its last packets along, if the browser may send that."""
    rtx_payload_type: int | None = None
    """Of what the browser sends again (RFC 4588)."""
    rtx_ssrcs: tuple[int, ...] = ()
    """As declared, like ``ssrcs``."""
    layers: tuple[str, ...] = ()
    """The rids of a picture that comes in several sizes, the lowest first; empty: in one."""
    rid_extension: int | None = None
    repaired_rid_extension: int | None = None
    level_extension: int | None = None
    """Says how loud the sound of a packet is (RFC 6464)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All that the media process must know of one accepted offer."""

    local_ufrag: str
    local_password: str
    remote_ufrag: str
    remote_password: str
    fingerprints: tuple[tuple[str, str], ...]
    """``(algorithm, value)`` of the browser's certificate."""
    receiving: tuple[ReceivingLine, ...]
    sending: tuple[SendingLine, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom the media process listens."""

    addresses: tuple[str, ...]
    port: int
    fingerprint: str
    """SHA-256 of its certificate, ``AB:CD:...``."""


def negotiate(peer: PeerSpec, offer: Offer, endpoint: Endpoint) -> tuple[Terms, str]:
    """Terms for the media process and the answer for the browser. Raises OfferRefused."""
    description = _parse(offer)
    named = _lines_by_mid(peer, offer, description)
    layers = layers_by_mid(offer.sdp)
    receiving: list[ReceivingLine] = []
    sending: list[SendingLine] = []
    sections: list[str] = []
    ordinals: Counter[Kind] = Counter()
    places: Counter[tuple[Slot, Kind]] = Counter()
    ssrcs = _distinct_ssrcs(2 * len(named))
    theirs: set[int] = set()
    for media in description.media:
        line = named[media.rtp.muxId]
        codec = codec_of(line, media)
        if line.slot is not None:
            feeding = ReceivingLine(
                mid=line.mid,
                kind=line.kind,
                slot=line.slot,
                payload_type=codec.payload_type,
                ssrc=ssrcs.pop(),
                rtx=None if codec.rtx is None else (ssrcs.pop(), codec.rtx),
                red_payload_type=codec.red,
                ordinal=places[line.slot, line.kind],
            )
            places[line.slot, line.kind] += 1
            receiving.append(feeding)
            sections.append(_section(line, codec, feeding=feeding))
        else:
            fed = _sending(line, media, codec, ordinals[line.kind], layers.get(line.mid, ()))
            own = {*fed.ssrcs, *fed.rtx_ssrcs}
            if not theirs.isdisjoint(own):
                raise OfferRefused("bad_line", f"mid {line.mid} has the SSRC of another")
            theirs.update(own)
            sending.append(fed)
            ordinals[line.kind] += 1
            sections.append(_section(line, codec, fed=fed))
    remote = _credentials(description)
    terms = Terms(
        local_ufrag=secrets.token_hex(6),
        local_password=secrets.token_hex(16),
        remote_ufrag=remote.ufrag,
        remote_password=remote.password,
        fingerprints=remote.fingerprints,
        receiving=tuple(receiving),
        sending=tuple(sending),
    )
    return terms, _answer(terms, endpoint, [media.rtp.muxId for media in description.media], sections)


def _parse(offer: Offer) -> SessionDescription:
    try:
        size = len(offer.sdp.encode())
    except UnicodeEncodeError as error:
        raise OfferRefused("malformed_sdp", "lone surrogates") from error
    if size > LARGEST_OFFER_BYTES:
        raise OfferRefused("too_large", f"an offer has at most {LARGEST_OFFER_BYTES} bytes")
    rows = offer.sdp.splitlines()
    if len(offer.lines) > MOST_LINES or sum(row.startswith("m=") for row in rows) > MOST_LINES:
        raise OfferRefused("too_many_lines", f"an offer has at most {MOST_LINES} m-lines")
    if _steps(rows) > MOST_STEPS:
        raise OfferRefused("too_large", "too many codecs or SSRCs")
    if not offer.sdp.startswith("v=0"):
        raise OfferRefused("malformed_sdp", "no v=0")
    try:
        description = SessionDescription.parse(offer.sdp)
    except Exception as error:  # the parser asserts, indexes and looks up without care
        raise OfferRefused("malformed_sdp", f"{type(error).__name__}: {error}") from error
    if not description.media:
        raise OfferRefused("malformed_sdp", "no m-lines")
    bundled = next((group.items for group in description.group if group.semantic == "BUNDLE"), [])
    if {media.rtp.muxId for media in description.media} - set(bundled):
        raise OfferRefused("malformed_sdp", "every m-line must be bundled")
    return description


def _steps(rows: Sequence[str]) -> int:
    """How far the parser walks: over all codecs of an m-line for each of their attributes, and over its SSRCs
    for each of them."""
    steps = codecs = attributes = ssrcs = 0
    for row in [*rows, "m="]:
        if row.startswith("m="):
            steps += codecs * attributes + ssrcs * ssrcs
            codecs = attributes = ssrcs = 0
        codecs += row.startswith("a=rtpmap:")
        attributes += row.startswith(("a=fmtp:", "a=rtcp-fb:"))
        ssrcs += row.startswith("a=ssrc:")
    return steps


@dataclass(frozen=True, slots=True)
class _Credentials:
    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]


def _credentials(description: SessionDescription) -> _Credentials:
    """Of the first m-line, which all others are bundled with."""
    first = description.media[0]
    if not (first.ice and first.ice.usernameFragment and first.ice.password):
        raise OfferRefused("malformed_sdp", "no ICE credentials")
    if len(first.ice.usernameFragment) > 256 or len(first.ice.password) > 256:
        raise OfferRefused("malformed_sdp", "oversized ICE credentials")
    if first.dtls is None or not first.dtls.fingerprints or first.dtls.role == "server":
        raise OfferRefused("malformed_sdp", "no usable DTLS fingerprint and role")
    fingerprints = tuple((f.algorithm, f.value) for f in first.dtls.fingerprints)
    return _Credentials(first.ice.usernameFragment, first.ice.password, fingerprints)


def _lines_by_mid(peer: PeerSpec, offer: Offer, description: SessionDescription) -> dict[str, Line]:
    named = {line.mid: line for line in offer.lines}
    mids = [media.rtp.muxId for media in description.media]
    if len(named) != len(offer.lines) or len(set(mids)) != len(mids) or set(mids) != set(named):
        raise OfferRefused("bad_line", "m-lines and named lines do not match")
    seen: Counter[tuple[Slot | None, Kind]] = Counter()
    for media in description.media:
        line = named[media.rtp.muxId]
        seen[line.slot, line.kind] += 1
        if media.kind != line.kind:
            raise OfferRefused("bad_line", f"mid {line.mid} is not {line.kind}")
        wanted = "sendonly" if line.slot is None else "recvonly"
        if media.direction not in (wanted, "sendrecv"):
            raise OfferRefused("bad_line", f"mid {line.mid} is {media.direction}, not {wanted}")
        if line.slot is None and peer.seat_id is None:
            raise OfferRefused("bad_line", "consoles and viewers never publish")
        if line.slot in PRIVATE and (not peer.previews or (line.slot, line.kind) == (Slot.PANEL, Kind.AUDIO)):
            raise OfferRefused("bad_line", "previews are for consoles, and the panel for their eyes")
        if seen[line.slot, line.kind] > _MOST.get(line.slot, 1):
            raise OfferRefused("bad_line", f"mid {line.mid} is one too many of its kind")
    return named


def _sending(
    line: Line, media: MediaDescription, codec: Codec, ordinal: int, layers: tuple[str, ...]
) -> SendingLine:
    extensions = {extension.uri: extension.id for extension in media.rtp.headerExtensions}
    if layers and (line.kind is Kind.AUDIO or not {MID_EXTENSION, RID_EXTENSION} <= extensions.keys()):
        raise OfferRefused("bad_line", f"the layers of mid {line.mid} could not be told apart")
    ssrcs, rtx_ssrcs = ((), ()) if layers else _own_ssrcs(media)
    return SendingLine(
        mid=line.mid,
        kind=line.kind,
        ordinal=ordinal,
        payload_type=codec.payload_type,
        ssrcs=ssrcs,
        mid_extension=extensions.get(MID_EXTENSION),
        red_payload_type=codec.red,
        rtx_payload_type=codec.rtx,
        rtx_ssrcs=rtx_ssrcs,
        layers=layers,
        rid_extension=extensions.get(RID_EXTENSION) if layers else None,
        repaired_rid_extension=extensions.get(REPAIRED_RID_EXTENSION) if layers else None,
        level_extension=extensions.get(LEVEL_EXTENSION) if line.kind is Kind.AUDIO else None,
    )


def _own_ssrcs(media: MediaDescription) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The declared SSRC that carries media, and that of its retransmissions (ssrc-group:FID, media first)."""
    pairs = [[int(item) for item in group.items] for group in media.ssrc_group if group.semantic == "FID"]
    spare = {ssrc for pair in pairs for ssrc in pair[1:]}
    own = tuple(declared.ssrc for declared in media.ssrc if declared.ssrc not in spare)[:1]
    again = tuple(ssrc for pair in pairs if pair[:1] == list(own) for ssrc in pair[1:2])
    if any(not 0 < ssrc < 1 << 32 for ssrc in (*own, *again)):
        raise OfferRefused("malformed_sdp", "an SSRC has 32 bits")
    return own, again


def _distinct_ssrcs(count: int) -> list[int]:
    found: set[int] = set()
    while len(found) < count:
        found.add(secrets.randbelow((1 << 32) - SMALLEST_SSRC) + SMALLEST_SSRC)
    return list(found)


def _section(
    line: Line, codec: Codec, *, feeding: ReceivingLine | None = None, fed: SendingLine | None = None
) -> str:
    payload_type = codec.payload_type
    formats = [*codec.order, *([codec.rtx] if codec.rtx is not None else [])]
    rows = [
        f"m={line.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, formats))}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        "a=recvonly" if line.slot is None else "a=sendonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
    ]
    if fed is not None:
        extensions = {
            MID_EXTENSION: fed.mid_extension,
            RID_EXTENSION: fed.rid_extension,
            REPAIRED_RID_EXTENSION: fed.repaired_rid_extension,
            LEVEL_EXTENSION: fed.level_extension,
        }
        rows += [f"a=extmap:{number} {uri}" for uri, number in extensions.items() if number is not None]
    if line.kind is Kind.AUDIO:
        rows.append(f"a=rtpmap:{payload_type} opus/48000/2")
        dtx = ";usedtx=1" if codec.dtx else ""
        rows.append(f"a=fmtp:{payload_type} minptime=10;useinbandfec=1{dtx}")
        if codec.red is not None:
            rows.append(f"a=rtpmap:{codec.red} red/48000/2")
            rows.append(f"a=fmtp:{codec.red} {payload_type}/{payload_type}")
    else:
        rows.append(f"a=rtpmap:{payload_type} VP8/90000")
    rows.extend(f"a=rtcp-fb:{payload_type} {name}" for name in _FEEDBACK[line.kind] if name in codec.feedback)
    if codec.rtx is not None:
        rows += [f"a=rtpmap:{codec.rtx} rtx/90000", f"a=fmtp:{codec.rtx} apt={payload_type}"]
    if feeding is not None:
        rtx = feeding.rtx
        stream = f"{line.slot}{feeding.ordinal or ''}"
        rows.append(f"a=msid:{stream} {stream}-{line.kind}")
        if rtx is not None:
            rows.append(f"a=ssrc-group:FID {feeding.ssrc} {rtx[0]}")
        rows += [f"a=ssrc:{ssrc} cname:{CNAME}" for ssrc in (feeding.ssrc, *(rtx[:1] if rtx else ()))]
    if fed is not None:
        rows += answer_rows(fed.layers)
    return "\r\n".join(rows) + "\r\n"


def _answer(terms: Terms, endpoint: Endpoint, mids: Sequence[str], sections: Sequence[str]) -> str:
    head = [
        "v=0",
        f"o=- {secrets.randbelow(1 << 62)} 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(mids)}",
        "a=msid-semantic: WMS *",
    ]
    transport = [
        f"a=ice-ufrag:{terms.local_ufrag}",
        f"a=ice-pwd:{terms.local_password}",
        f"a=fingerprint:sha-256 {endpoint.fingerprint}",
        "a=setup:passive",
    ]
    candidates = [
        f"a=candidate:{number} 1 udp {2130706431 - 256 * number} {address} {endpoint.port} typ host"
        for number, address in enumerate(endpoint.addresses, 1)
    ]
    # Passive: the browser opens the connection. Below every UDP address, which it prefers while it has one.
    candidates += [
        f"a=candidate:{number} 1 tcp {1694498815 - 256 * number} {address} {endpoint.port} typ host"
        " tcptype passive"
        for number, address in enumerate(endpoint.addresses, len(endpoint.addresses) + 1)
    ]
    shared = "\r\n".join(transport) + "\r\n"
    offered = "\r\n".join([*candidates, "a=end-of-candidates"]) + "\r\n"
    # Bundled or not, some stacks take the candidates of another line than the first.
    body = "".join(section + shared + offered for section in sections)
    return "\r\n".join(head) + "\r\n" + body
