"""A self-signed certificate for a LAN: browsers give no camera to a page without TLS.

Made once per set of names and kept in the data directory; browsers warn about it and people accept it. A real
certificate (or Caddy in front) is better wherever there is a public name.
"""

import datetime
import ipaddress
import os
import ssl
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 397


def server_context(cert: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and newer with this certificate; raises OSError or ssl.SSLError when it cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert, key)
    return context


def self_signed(directory: Path, names: Sequence[str], now: datetime.datetime) -> tuple[Path, Path]:
    """Paths of a certificate and its key (0600) for ``names`` (host names or addresses).

    What is already in ``directory`` is used again while it is valid for all the names for another day.
    """
    directory.mkdir(parents=True, exist_ok=True)
    cert_path, key_path = directory / "tls-sendiri.crt", directory / "tls-sendiri.key"
    if key_path.exists() and cert_path.exists() and _covers(cert_path.read_bytes(), names, now):
        return cert_path, key_path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Rembug")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_alternative(n) for n in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    fd = os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    cert_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return cert_path, key_path


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _covers(pem: bytes, names: Sequence[str], now: datetime.datetime) -> bool:
    certificate = x509.load_pem_x509_certificate(pem)
    if certificate.not_valid_after_utc < now + datetime.timedelta(days=1):
        return False
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return all(_alternative(name) in held for name in names)
