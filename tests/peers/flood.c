/* Sends prepared datagrams at a steady rate, so that the goal that is measured beside it is never its limit.
 *
 * flood FILE PER_S TOTAL FD...
 *
 * FILE holds records: which of the connected sockets that it inherits (u32), length (u32), bytes; they are sent
 * in their order, over and over, TOTAL of them. Prints how many were sent and in how many seconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

enum { EACH_NS = 1000000 };

static double now_s(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    int file = open(argv[1], O_RDONLY);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0 || about.st_size == 0) return 1;
    const uint8_t *data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED) return 1;
    double per_s = atof(argv[2]), began = now_s();
    long total = atol(argv[3]), sent = 0, accepted = 0;
    off_t at = 0;
    while (sent < total) {
        long due = (long)((now_s() - began) * per_s);
        for (; sent < due && sent < total; sent++) {
            uint32_t head[2];
            memcpy(head, data + at, sizeof head);
            int to = atoi(argv[4 + head[0]]);
            const uint8_t *body = data + at + sizeof head;
            at += (off_t)(sizeof head + head[1]);
            if (at >= about.st_size) at = 0;
            /* A refusal is an earlier datagram's: the error is taken, and this one sent. */
            for (int tries = 0; tries < 3; tries++) {
                if (send(to, body, head[1], MSG_DONTWAIT) == (ssize_t)head[1]) {
                    accepted++;
                    break;
                }
                struct pollfd wait = {to, POLLOUT, 0};
                if (errno == EAGAIN) poll(&wait, 1, 5);
            }
        }
        nanosleep(&(struct timespec){0, EACH_NS}, NULL);
    }
    printf("%ld %.6f\n", accepted, now_s() - began);
    return 0;
}
