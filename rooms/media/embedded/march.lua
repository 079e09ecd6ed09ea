-- The hottest loop of the media process: packets of one source to every row, each with its own header,
-- encrypted, and handed to the kernel. LuaJIT compiles it as it runs and calls C at C's price.
--
-- Called with ``march.STRUCTURES``, the file of libsrtp (with its OpenSSL), and the sizes of things; gives a
-- table of functions. A row whose key is at hand (``context``) is encrypted by OpenSSL, into place (RFC 7714);
-- libsrtp does the others, and one in SYNCED_EVERY, so that it knows where the numbering is when it is asked
-- for a packet of the same line.

local structures, libsrtp, BATCH, MEMORY_BYTES = ...
local ffi, bit = require("ffi"), require("bit")
local band, bor, bxor, bswap, rshift, tobit = bit.band, bit.bor, bit.bxor, bit.bswap, bit.rshift, bit.tobit
local floor, min, cast, copy = math.floor, math.min, ffi.cast, ffi.copy

ffi.cdef(structures)
ffi.cdef [[
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
    const void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
    void *msg_control; size_t msg_controllen; int msg_flags;
};
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
struct segments { size_t cmsg_len; int cmsg_level, cmsg_type; uint16_t size, padding[3]; };
int sendmmsg(int, struct mmsghdr *, unsigned int, int);

int srtp_protect(void *, void *, int *);
int EVP_EncryptInit_ex(void *, const void *, void *, const uint8_t *, const uint8_t *);
int EVP_EncryptUpdate(void *, uint8_t *, int *, const uint8_t *, int);
int EVP_EncryptFinal_ex(void *, uint8_t *, int *);
int EVP_CIPHER_CTX_ctrl(void *, int, int, void *);
]]

local HEADER_BYTES, TAG_BYTES, GET_TAG = 12, 16, 0x10
local LINE = 64 -- Bytes: messages lie apart by whole lines of the processor's cache.
local SYNCED_EVERY = 16384 -- Packets: libsrtp takes a number for one less than 32,768 away.
local EINTR, EIO, EAGAIN, SOL_UDP, UDP_SEGMENT = 4, 5, 11, 17, 103

local lib = ffi.load(libsrtp)
local M = { sendmmsg = ffi.C.sendmmsg }

-- Messages are made one behind the other, and sent when there is no room for one more: so little memory stays
-- in the processor's cache.
local memory = ffi.new("uint8_t[?]", MEMORY_BYTES)
local vectors = ffi.new("struct iovec[?]", BATCH)
local segments = ffi.new("struct segments[?]", BATCH)
local messages = ffi.new("struct mmsghdr[?]", BATCH)
local piece, single = ffi.new("struct iovec[1]"), ffi.new("struct mmsghdr[1]")
local length, nonce = ffi.new("int[1]"), ffi.new("int32_t[3]")
local iv = cast("const uint8_t *", nonce)

for place = 0, BATCH - 1 do
    messages[place].msg_hdr.msg_iov, messages[place].msg_hdr.msg_iovlen = vectors + place, 1
    segments[place].cmsg_len = ffi.offsetof("struct segments", "size") + 2
    segments[place].cmsg_level, segments[place].cmsg_type = SOL_UDP, UDP_SEGMENT
end
single[0].msg_hdr.msg_iov, single[0].msg_hdr.msg_iovlen = piece, 1

-- The packet for a row, made at ``at``; its bytes, or 0 when that failed.
local function seal(row, packet, at)
    local index = row.sequence_offset + packet.index
    local low = tobit(index)
    local words = cast("int32_t *", at)
    at[0], at[1] = packet.first, bor(row.payload_type, packet.marker)
    at[2], at[3] = band(rshift(low, 8), 0xFF), band(low, 0xFF)
    words[1] = bswap(tobit(packet.timestamp + row.timestamp_offset))
    words[2] = row.ssrc
    if row.context ~= nil and index - row.synced < SYNCED_EVERY then
        local context, body = row.context, at + HEADER_BYTES
        nonce[0] = row.nonce[0]
        nonce[1] = bxor(row.nonce[1], bswap(floor(index / 4294967296)))
        nonce[2] = bxor(row.nonce[2], bswap(low))
        local done = lib.EVP_EncryptInit_ex(context, nil, nil, nil, iv)
            + lib.EVP_EncryptUpdate(context, nil, length, at, HEADER_BYTES)
            + lib.EVP_EncryptUpdate(context, body, length, packet.body, packet.body_bytes)
            + lib.EVP_EncryptFinal_ex(context, body + packet.body_bytes, length)
            + lib.EVP_CIPHER_CTX_ctrl(context, GET_TAG, TAG_BYTES, body + packet.body_bytes)
        return done == 5 and HEADER_BYTES + packet.body_bytes + TAG_BYTES or 0
    end
    copy(at + HEADER_BYTES, packet.body, packet.body_bytes)
    length[0] = HEADER_BYTES + packet.body_bytes
    if lib.srtp_protect(row.session, at, length) ~= 0 then return 0 end
    row.synced = index
    return length[0]
end

-- All packets for a row, one behind the other from ``at``, as the message at ``place``; its bytes, or 0 when
-- that failed.
local function make(row, packets, together, place, at)
    local head, bytes = messages[place].msg_hdr, 0
    for nth = 0, together - 1 do
        local more = seal(row, packets[nth], at + bytes)
        if more == 0 then return 0 end
        if nth == 0 then segments[place].size = more end
        bytes = bytes + more
    end
    vectors[place].iov_base, vectors[place].iov_len = at, bytes
    head.msg_name, head.msg_namelen = row.name, row.name_bytes
    if together > 1 then
        head.msg_control, head.msg_controllen = segments + place, ffi.sizeof("struct segments")
    else
        head.msg_control, head.msg_controllen = nil, 0
    end
    return bytes
end

-- One by one what could not be sent as segments, because of the device or of the way. Gives how many packets
-- had no room in the socket, and how many it refused.
local function part(fd, place)
    local full, failed = 0, 0
    local at, left = cast("uint8_t *", vectors[place].iov_base), tonumber(vectors[place].iov_len)
    single[0].msg_hdr.msg_name = messages[place].msg_hdr.msg_name
    single[0].msg_hdr.msg_namelen = messages[place].msg_hdr.msg_namelen
    while left > 0 do
        local size = min(left, segments[place].size)
        piece[0].iov_base, piece[0].iov_len = at, size
        if ffi.C.sendmmsg(fd, single, 1, 0) ~= 1 then
            if ffi.errno() == EAGAIN then full = full + 1 else failed = failed + 1 end
        end
        at, left = at + size, left - size
    end
    return full, failed
end

-- The first ``filled`` messages. Gives how many packets were lost, and whether the device does not part them.
local function leave(fd, filled, together)
    local full, failed, whole = 0, 0, false
    local place = 0
    while place < filled do
        local sent = M.sendmmsg(fd, messages + place, filled - place, 0)
        local why = sent > 0 and 0 or ffi.errno()
        if sent > 0 then
            place = place + sent
        elseif why == EAGAIN then
            full = full + (filled - place) * together
            break
        elseif why ~= EINTR then
            -- The first that is left cannot be sent; it is not the others' trouble.
            if together > 1 then
                local late, lost = part(fd, place)
                full, failed, whole = full + late, failed + lost, whole or why == EIO
            else
                failed = failed + 1
            end
            place = place + 1
        end
    end
    return full, failed, whole
end

-- To ``count`` rows ``together`` packets, all of one size but for the last, which may be smaller. Gives how
-- many packets were lost: spoiled in the making, with no room in the socket, refused by it; and whether the
-- device does not part messages.
function M.march(fd, rows_at, count, packets_at, together)
    local rows, packets = cast("struct row *", rows_at), cast("const struct packet *", packets_at)
    local most = together * (HEADER_BYTES + packets[0].body_bytes + TAG_BYTES)
    local spoiled, full, failed, whole = 0, 0, 0, false
    local filled, used = 0, 0
    for at = 0, count - 1 do
        local bytes = make(rows[at], packets, together, filled, memory + used)
        if bytes > 0 then
            filled, used = filled + 1, band(used + bytes + LINE - 1, -LINE)
        else
            spoiled = spoiled + together
        end
        if filled > 0 and (at == count - 1 or filled == BATCH or used + most > MEMORY_BYTES) then
            local late, lost, unparted = leave(fd, filled, together)
            full, failed, whole = full + late, failed + lost, whole or unparted
            filled, used = 0, 0
        end
    end
    return spoiled, full, failed, whole
end

return M
