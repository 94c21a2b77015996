"""What is sensitive is stored sealed: keys that can change, column types that seal, a hash to look up by."""

import base64
import binascii
import contextlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Dialect, LargeBinary
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator

KEY_BYTES = 32
KEY_ID_BYTES = 2
NONCE_BYTES = 12
KEY_VARIABLE = "XUNQIAO_SECRET_KEY"
KEY_FILE = "secret.key"

_JSON_ONLY = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""What is no JSON is refused, as it always was."""

Sealable = TypeVar("Sealable")
Json = str | int | float | bool | list[Any] | dict[str, Any] | None


class SecretError(Exception):
    """A key is missing, wrong or in danger; its words are for the operator."""


def new_key(number: int = 1) -> str:
    """Make a key as it is written in the environment: `1:BASE64`."""
    return f"{number}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def key_number(sealed: bytes) -> int:
    """Give the number of the key that sealed this."""
    return int.from_bytes(sealed[:KEY_ID_BYTES], "big")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys in use: the newest seals, every one opens.

    Sealed bytes are key id (2), nonce (12), AES-256-GCM text and its tag (16): 30 bytes more than the text.
    """

    newest: int
    _keys: dict[int, AESGCM] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1:BASE64`, or `2:…,1:…` with the newest first. Raises SecretError."""
        keys: dict[int, AESGCM] = {}
        for part in text.split(","):
            number, colon, encoded = part.strip().partition(":")
            if not colon or not number.isascii() or not number.isdigit() or not 0 < int(number) < 1 << 16:
                raise SecretError("密钥的写法不对。应是 编号:密钥，如 1:BASE64。编号从 1 到 65535。")
            try:
                key = base64.b64decode(encoded.translate({45: "+", 95: "/"}), validate=True)
            except (binascii.Error, ValueError):
                raise SecretError(f"{number} 号密钥不是 BASE64。") from None
            if len(key) != KEY_BYTES:
                raise SecretError(f"{number} 号密钥是 {len(key)} 字节。应是 {KEY_BYTES} 字节。")
            if int(number) in keys:
                raise SecretError(f"{number} 号密钥写了两次。每个编号只写一次。")
            keys[int(number)] = AESGCM(key)
        return cls(next(iter(keys)), keys)

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the keys on this ring."""
        return frozenset(self._keys)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Seal for one `table.column`; it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self.newest].encrypt(nonce, plain, place.encode())
        return self.newest.to_bytes(KEY_ID_BYTES, "big") + nonce + sealed

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open what was sealed for this place. Raises SecretError when no key of ours does it."""
        number = key_number(sealed)
        key = self._keys.get(number)
        if key is None:
            have = "、".join(map(str, self._keys))
            raise SecretError(
                f"{place} 要用 {number} 号密钥打开。现在只有 {have} 号。把它加进 {KEY_VARIABLE}。"
            )
        body = KEY_ID_BYTES + NONCE_BYTES
        try:
            return key.decrypt(sealed[KEY_ID_BYTES:body], sealed[body:], place.encode())
        except (InvalidTag, ValueError):
            raise SecretError(f"{place} 打不开。密钥不是原来的，或者内容被改动、被挪动过。") from None


@dataclass(slots=True)
class _Installed:
    ring: KeyRing | None = None
    hash_key: bytes | None = None


_installed = _Installed()


def use(ring: KeyRing | None, hash_key: bytes | None = None) -> None:
    """Install the ring this process seals and opens with (None forgets it); see `vault.open_vault`."""
    _installed.ring = ring
    _installed.hash_key = hash_key


def ring_in_use() -> KeyRing:
    """Give the installed ring. Raises SecretError when there is none."""
    if _installed.ring is None:
        raise SecretError("还没有装上密钥。先读密钥，再打开数据库。")
    return _installed.ring


def lookup_hash(text: str) -> str:
    """Give the keyed hash a sensitive value is found by: HMAC-SHA256, 64 hex digits, fixed through rotations.

    Raises SecretError before the vault is open. The text is hashed as it is: normalise it first.
    """
    if _installed.hash_key is None:
        raise SecretError("还没有打开保险箱。先打开数据库，再查找。")
    return hmac.digest(_installed.hash_key, text.encode(), "sha256").hex()


class Sealed(TypeDecorator[Sealable]):
    """A column kept sealed. Sealing twice gives different bytes, so it cannot be searched or sorted."""

    impl = LargeBinary
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801 - SQLAlchemy's name
        """Only NULL can be asked for; any other comparison would silently find nothing."""

        def operate(
            self,
            op: OperatorType,
            *other: Any,  # noqa: ANN401 - SQLAlchemy's signature
            **kwargs: Any,  # noqa: ANN401
        ) -> ColumnElement[Any]:
            if op not in {is_, is_not}:
                raise TypeError("a sealed column cannot be compared; keep a lookup_hash beside it")
            return super().operate(op, *other, **kwargs)

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def plain(self, value: Sealable) -> bytes:
        """Turn the value into the bytes that are sealed."""
        raise NotImplementedError

    def value(self, plain: bytes) -> Sealable:
        """Turn the opened bytes into the value again."""
        raise NotImplementedError

    def process_bind_param(self, value: Sealable | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else ring_in_use().seal(self.plain(value), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealable | None:  # noqa: ARG002
        return None if value is None else self.value(ring_in_use().open(value, self.place))


class Encrypted(Sealed[str]):
    """A sealed text: `Encrypted("person.name")`."""

    cache_ok = True

    def plain(self, value: str) -> bytes:
        return value.encode()

    def value(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedJson(Sealed[Json]):
    """A sealed JSON value. Assign a new one to change it: a change inside is not noticed."""

    cache_ok = True

    def plain(self, value: Json) -> bytes:
        try:
            return orjson.dumps(value, option=_JSON_ONLY)
        except TypeError:  # numbers beyond 64 bits, keys that are no text
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def value(self, plain: bytes) -> Json:
        value: Json = json.loads(plain)  # not orjson: it makes a float of a number beyond 64 bits
        return value


class EncryptedBytes(Sealed[bytes]):
    """A sealed file."""

    cache_ok = True

    def plain(self, value: bytes) -> bytes:
        return value

    def value(self, plain: bytes) -> bytes:
        return plain


def load_ring(home: Path, given: str | None, *, is_sqlite: bool) -> KeyRing:
    """Read the keys: `given` (the environment) first, else HOME/secret.key.

    With SQLite and no key, one is made, mode 600. With PostgreSQL several machines share the data, so
    a key that only one of them has is refused. Raises SecretError.
    """
    if given and given.strip():
        return KeyRing.parse(given)
    file = home / KEY_FILE
    if not is_sqlite:
        raise SecretError(
            f"没有密钥。用 PostgreSQL 时，把密钥写进环境变量 {KEY_VARIABLE}。"
            "每台机器写同一个。先做一个：echo 1:$(openssl rand -base64 32)"
        )
    if not file.exists():
        _write_new(file)
    mode = file.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        raise SecretError(f"别人也能读 {file}（{mode:o}）。先收回来：chmod 600 {file}")
    return KeyRing.parse(file.read_text("ascii", errors="replace").strip())


def _write_new(file: Path) -> None:
    """Put a new key there whole or not at all; of two processes at once, one wins and both read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(new_key() + "\n")
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
