/* Takes what a hall's receivers get, as cheaply as may be, so that no goal measures its own load.
 *
 * sink STATE CAPTURE SAMPLED FD...
 *
 * Reads connected UDP sockets that it inherits, every few milliseconds with recvmmsg; the kernel says when a
 * packet arrived. STATE is a file of one `struct ear` for each socket, mapped and kept up to date. Of
 * SAMPLED sockets, evenly spread since a server may serve them in their order, each RTP packet is kept in
 * CAPTURE: arrival (u64, ns since 1970), length (u32), ear (u32), bytes. Ends on SIGTERM.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, BYTES = 1600, STREAMS = 4, PERIOD_NS = 5000000 };

struct stream {
    uint32_t ssrc, newest; /* newest sequence number, 16 bits */
    uint64_t packets;      /* each number once */
};

struct ear {
    uint64_t datagrams, bytes, overflown, again;
    struct stream streams[STREAMS];
};

struct seen {
    uint8_t numbers[STREAMS][65536 / 8];
};

static int is_sampled(int ear, int ears, int sampled) {
    return (ear + 1) * sampled / ears > ear * sampled / ears;
}

static volatile sig_atomic_t ended;
static void end(int signal) { (void)signal; ended = 1; }

static void count(struct ear *ear, struct seen *seen, const uint8_t *data, size_t size) {
    if (size < 12 || data[0] >> 6 != 2 || (data[1] >= 192 && data[1] <= 223)) return;
    uint32_t ssrc = (uint32_t)data[8] << 24 | data[9] << 16 | data[10] << 8 | data[11];
    uint16_t number = (uint16_t)(data[2] << 8 | data[3]);
    for (int i = 0; i < STREAMS; i++) {
        struct stream *stream = &ear->streams[i];
        if (stream->ssrc == 0) {
            stream->ssrc = ssrc;
            stream->newest = number;
        }
        if (stream->ssrc != ssrc) continue;
        uint8_t *numbers = seen->numbers[i];
        if (numbers[number >> 3] >> (number & 7) & 1) {
            ear->again++;
            return;
        }
        numbers[number >> 3] |= (uint8_t)(1 << (number & 7));
        uint16_t opposite = (uint16_t)(number + 32768); /* forgotten before its number comes round */
        numbers[opposite >> 3] = 0;
        if ((int16_t)(number - (uint16_t)stream->newest) > 0) stream->newest = number;
        stream->packets++;
        return;
    }
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    int ears = argc - 4, sampled = atoi(argv[3]);
    size_t size = (size_t)ears * sizeof(struct ear);
    int file = open(argv[1], O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, (off_t)size) != 0) return 1;
    struct ear *state = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    FILE *capture = fopen(argv[2], "wb");
    struct seen *seen = calloc((size_t)ears, sizeof *seen);
    if (state == MAP_FAILED || capture == NULL || seen == NULL) return 1;
    static uint8_t data[BATCH][BYTES];
    static char control[BATCH][128];
    struct iovec vectors[BATCH];
    struct mmsghdr messages[BATCH];
    signal(SIGTERM, end);
    puts("ready");
    fflush(stdout);
    while (!ended) {
        for (int e = 0; e < ears; e++) {
            struct ear *ear = &state[e];
            int got;
            do {
                for (int i = 0; i < BATCH; i++) {
                    vectors[i] = (struct iovec){data[i], BYTES};
                    messages[i] = (struct mmsghdr){0};
                    messages[i].msg_hdr.msg_iov = &vectors[i];
                    messages[i].msg_hdr.msg_iovlen = 1;
                    messages[i].msg_hdr.msg_control = control[i];
                    messages[i].msg_hdr.msg_controllen = sizeof control[i];
                }
                got = recvmmsg(atoi(argv[4 + e]), messages, BATCH, MSG_DONTWAIT, NULL);
                for (int i = 0; i < got; i++) {
                    uint32_t length = messages[i].msg_len, who = (uint32_t)e;
                    uint64_t at = 0;
                    struct msghdr *head = &messages[i].msg_hdr;
                    for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
                        if (c->cmsg_level != SOL_SOCKET) continue;
                        if (c->cmsg_type == SO_RXQ_OVFL) {
                            uint32_t overflown;
                            memcpy(&overflown, CMSG_DATA(c), sizeof overflown);
                            ear->overflown = overflown;
                        } else if (c->cmsg_type == SO_TIMESTAMPNS) {
                            struct timespec when;
                            memcpy(&when, CMSG_DATA(c), sizeof when);
                            at = (uint64_t)when.tv_sec * 1000000000u + (uint64_t)when.tv_nsec;
                        }
                    }
                    ear->datagrams++;
                    ear->bytes += length;
                    count(ear, &seen[e], data[i], length);
                    if (is_sampled(e, ears, sampled) && length >= 12 && data[i][0] >> 6 == 2) {
                        fwrite(&at, sizeof at, 1, capture);
                        fwrite(&length, sizeof length, 1, capture);
                        fwrite(&who, sizeof who, 1, capture);
                        fwrite(data[i], length, 1, capture);
                    }
                }
            } while (got == BATCH);
        }
        nanosleep(&(struct timespec){0, PERIOD_NS}, NULL);
    }
    return fclose(capture) == 0 ? 0 : 1;
}
