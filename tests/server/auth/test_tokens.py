"""The cookie's token: what is accepted, and everything that is not."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from server.auth import secret
from server.auth.tokens import AUDIENCE, ISSUER, BadToken, Tokens

SECRET = b"0123456789abcdef0123456789abcdef"
TOKENS = Tokens(SECRET, time.time)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: Mapping[str, Any], *, header: Mapping[str, Any] | None = None, key: bytes = SECRET) -> str:
    """A token made by hand, as an attacker would."""
    head = b64(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = f"{head}.{b64(json.dumps(claims).encode())}"
    return f"{body}.{b64(hmac.new(key, body.encode(), hashlib.sha256).digest())}"


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"sub": "g1", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60, "jti": "j"}
    return {name: value for name, value in (whole | changes).items() if value is not None}


def test_what_was_minted_is_read() -> None:
    read = TOKENS.read(TOKENS.mint("g1", life_s=60))
    assert read.grant_id == "g1"
    assert read.expires_at_s - read.issued_at_s == 60
    assert read.jti != TOKENS.read(TOKENS.mint("g1")).jti


def test_a_token_made_by_hand_with_all_claims_is_read() -> None:
    assert TOKENS.read(signed(claims())).grant_id == "g1"


@pytest.mark.parametrize("missing", ["sub", "iss", "aud", "iat", "exp", "jti"])
def test_every_claim_is_required(missing: str) -> None:
    with pytest.raises(BadToken):
        TOKENS.read(signed(claims(**{missing: None})))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "lain"},
        {"aud": "lain"},
        {"aud": ["lain"]},
        {"exp": int(time.time()) - 10},
        {"exp": "besok"},
        {"iat": "kemarin"},
        {"sub": 7},
        {"jti": 7},
        {"nbf": int(time.time()) + 86_400},  # the parameters are older than the test by the whole suite
    ],
)
def test_wrong_claims_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        TOKENS.read(signed(claims(**changes)))


@pytest.mark.parametrize("alg", ["none", "None", "HS384", "HS512", "RS256", "ES256", "", None, 7, ["HS256"]])
def test_the_algorithm_is_never_taken_from_the_token(alg: Any) -> None:
    header = {"alg": alg, "typ": "JWT"}
    unsigned = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims()).encode())}."
    for token in (signed(claims(), header=header), unsigned):
        with pytest.raises(BadToken):
            TOKENS.read(token)


def test_another_key_is_refused() -> None:
    with pytest.raises(BadToken):
        TOKENS.read(signed(claims(), key=b"x" * 32))
    public = rsa.generate_private_key(65537, 2048).public_key()
    for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
        raw = public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(BadToken):
            TOKENS.read(signed(claims(), key=raw))


@given(
    st.one_of(
        st.text(),
        st.lists(st.binary(max_size=60), min_size=1, max_size=5).map(lambda parts: ".".join(map(b64, parts))),
    )
)
def test_anything_else_is_a_bad_token_and_no_other_error(token: str) -> None:
    with pytest.raises(BadToken):
        TOKENS.read(token)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda v: st.lists(v) | st.dictionaries(st.text(), v),
        max_leaves=8,
    )
)
def test_signed_nonsense_is_a_bad_token_too(value: Any) -> None:
    with pytest.raises(BadToken):
        TOKENS.read(signed(value))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"x" * 31, time.time)


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "baru" / "secret"
    made = secret.load_or_create(path)
    assert len(made) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert secret.load_or_create(path) == made
    assert secret.load_or_create(tmp_path / "lain") != made
    path.chmod(0o640)
    with pytest.raises(secret.BadSecret, match="read by others"):
        secret.load_or_create(path)
    path.chmod(0o600)
    path.write_bytes(b"pendek")
    with pytest.raises(secret.BadSecret, match="6 bytes"):
        secret.load_or_create(path)
