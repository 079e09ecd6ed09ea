/* The least that a fan-out over SRTP can cost here: AES-128-GCM and sendto, and nothing else.
 *
 * limit SECONDS SIZE PORT...   (IPv4 loopback)
 *
 * Encrypts SIZE bytes behind a 12-byte header for one port after the other, each with a context of its own,
 * as N subscribers have, and sends. Prints packets and CPU microseconds.
 */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

static double cpu_us(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    int size = atoi(argv[2]), ports = argc - 3;
    static uint8_t plain[1500], packet[1600], key[16], iv[12];
    EVP_CIPHER_CTX **contexts = calloc((size_t)ports, sizeof *contexts);
    struct sockaddr_in *to = calloc((size_t)ports, sizeof *to);
    int out = socket(AF_INET, SOCK_DGRAM, 0);
    if (size > 1400 || contexts == NULL || to == NULL || out < 0) return 1;
    for (int i = 0; i < ports; i++) {
        memcpy(key, &i, sizeof i);
        contexts[i] = EVP_CIPHER_CTX_new();
        EVP_EncryptInit_ex(contexts[i], EVP_aes_128_gcm(), NULL, key, NULL);
        to[i].sin_family = AF_INET;
        to[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to[i].sin_port = htons((uint16_t)atoi(argv[3 + i]));
    }
    time_t until = time(NULL) + atoi(argv[1]);
    double began = cpu_us();
    uint64_t sent = 0;
    for (uint64_t index = 0; time(NULL) < until; index++) {
        for (int i = 0; i < ports; i++) {
            int length;
            memcpy(iv + 4, &index, sizeof index);
            EVP_EncryptInit_ex(contexts[i], NULL, NULL, NULL, iv);
            EVP_EncryptUpdate(contexts[i], NULL, &length, packet, 12);
            EVP_EncryptUpdate(contexts[i], packet + 12, &length, plain, size);
            EVP_EncryptFinal_ex(contexts[i], packet + 12 + length, &length);
            EVP_CIPHER_CTX_ctrl(contexts[i], EVP_CTRL_GCM_GET_TAG, 16, packet + 12 + size);
            sent += sendto(out, packet, (size_t)size + 28, 0, (struct sockaddr *)&to[i], sizeof to[i]) > 0;
        }
        /* The load of a hall: 200 source packets in a second, not all at once. */
        nanosleep(&(struct timespec){0, 2000000}, NULL);
    }
    printf("%llu %.0f\n", (unsigned long long)sent, cpu_us() - began);
    return 0;
}
