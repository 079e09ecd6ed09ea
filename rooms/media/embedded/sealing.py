"""SRTP's AES-128-GCM (RFC 7714) with the keys at hand, for those who encrypt without asking libsrtp.

A ``Sealing`` holds what libsrtp derives of the same master key, so that both make the same bytes of a packet.
Who uses it answers for each number being used once, as ``slots`` sees to.
"""

from functools import cache
from typing import Any

import cffi
import pylibsrtp
import pylibsrtp._binding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

LIBRARY: str = pylibsrtp._binding.__file__
"""libsrtp's binding, which has OpenSSL in it and shows its functions."""
KEY_BYTES = 16
SALT_BYTES = 12
_KEY_LABEL, _SALT_LABEL = 0, 2

_ffi = cffi.FFI()
_ffi.cdef(
    """
    void *EVP_CIPHER_CTX_new(void);
    void EVP_CIPHER_CTX_free(void *);
    const void *EVP_aes_128_gcm(void);
    int EVP_EncryptInit_ex(void *, const void *, void *, const char *, const char *);
    """
)


def handle_of(session: pylibsrtp.Session) -> int:
    """Where libsrtp keeps its state (``srtp_t``) of a session, which must live as long as that is used."""
    return int(pylibsrtp._binding.ffi.cast("uintptr_t", session._srtp[0]))


@cache
def _openssl() -> Any:
    return _ffi.dlopen(LIBRARY)


def derived(master: bytes, label: int, size: int) -> bytes:
    """Of a master key and salt (RFC 3711, 4.3.1, at a key derivation rate of 0)."""
    key, salt = master[:KEY_BYTES], bytearray(master[KEY_BYTES:].ljust(16, b"\0"))
    salt[7] ^= label
    return Cipher(algorithms.AES(key), modes.CTR(bytes(salt))).encryptor().update(bytes(size))


class Sealing:
    """One peer's outbound key and salt, as OpenSSL wants them."""

    def __init__(self, master: bytes) -> None:
        """``master``: key and salt. Raises OSError where OpenSSL is not to be had."""
        try:
            openssl = _openssl()
            self._context = _ffi.gc(openssl.EVP_CIPHER_CTX_new(), openssl.EVP_CIPHER_CTX_free)
            key = derived(master, _KEY_LABEL, KEY_BYTES)
            done = openssl.EVP_EncryptInit_ex(
                self._context, openssl.EVP_aes_128_gcm(), _ffi.NULL, key, _ffi.NULL
            )
        except AttributeError as error:
            raise OSError("libsrtp's binding does not show its OpenSSL") from error
        if done != 1:
            raise OSError("OpenSSL does not take the key")
        self._salt = int.from_bytes(derived(master, _SALT_LABEL, SALT_BYTES), "big")
        self.context = int(_ffi.cast("uintptr_t", self._context))
        """The address of the EVP_CIPHER_CTX, which lives as long as this object."""

    def nonce(self, ssrc: int) -> bytes:
        """That of a packet, less its extended number, which is XORed to the last six bytes."""
        return (self._salt ^ ssrc << 48).to_bytes(SALT_BYTES, "big")


def sealing_of(master: bytes | None) -> Sealing | None:
    """None where there is no such key, or no OpenSSL to be had: then libsrtp does all."""
    try:
        return None if master is None else Sealing(master)
    except OSError:
        return None
