"""What the recorder must know of Opus (RFC 6716, RFC 7587): how long a packet sounds, what silence is."""

CLOCK = 48_000
SILENCE_US = 20_000
SILENCE = b"\xfc\xff\xfe"
"""20 ms of stereo digital silence: a full-band CELT packet that codes nothing."""

_SILK_US = (10_000, 20_000, 40_000, 60_000)
_HYBRID_US = (10_000, 20_000)
_CELT_US = (2_500, 5_000, 10_000, 20_000)


def duration_us(packet: bytes) -> int:
    """Length of the sound in us, from the packet's first bytes (RFC 6716 3.1, 3.2). Raises ValueError."""
    if not packet:
        raise ValueError("empty packet")
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame_us = _SILK_US[config & 3]
    elif config < 16:
        frame_us = _HYBRID_US[config & 1]
    else:
        frame_us = _CELT_US[config & 3]
    if code < 3:
        return frame_us * (1, 2, 2)[code]
    if len(packet) < 2 or not packet[1] & 0x3F:
        raise ValueError("no frame count")
    total = frame_us * (packet[1] & 0x3F)
    if total > 120_000:
        raise ValueError("longer than 120 ms")
    return total
