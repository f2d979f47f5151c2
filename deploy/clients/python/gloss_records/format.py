"""The bytes of a record, as docs/records.md describes them."""

import dataclasses
import struct
import zlib
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import numpy as np

MAGIC = b"GLSR"
VERSION = 1
ACTIVATIONS, CODES = 1, 2
F16, BF16, F32 = 1, 2, 3
VALUES = {"f16": F16, "bf16": BF16, "f32": F32}
NO_TIME = -(1 << 63)
PRELUDE = struct.Struct("<4sHBBII")
PRELUDE_BYTES = PRELUDE.size + 4


class RecordError(ValueError):
    """Something that no record can hold, or bytes that are no record."""


@dataclasses.dataclass(frozen=True)
class Header:
    """What a record says of itself; digests are 32 hexadecimal digits or empty."""

    model: str
    hookpoint: str
    width: int
    values: str = "f16"
    coder: str = ""
    model_digest: str = ""
    coder_digest: str = ""
    time: Optional[int] = None
    document: bytes = b""
    id: str = ""
    source: str = ""

    def packed(self) -> bytes:
        """The bytes of the header."""
        if self.values not in VALUES:
            raise RecordError(f"values must be one of {', '.join(VALUES)}, not {self.values!r}")
        if not 0 < self.width < 1 << 32:
            raise RecordError(f"width must be from 1 to {(1 << 32) - 1}, not {self.width}")
        parts = [
            struct.pack("<q", NO_TIME if self.time is None else self.time),
            self.document or bytes(16),
            _digest(self.model_digest, "model_digest"),
            _digest(self.coder_digest, "coder_digest"),
            struct.pack("<IB", self.width, VALUES[self.values]),
        ]
        for name in ("model", "hookpoint", "coder", "id", "source"):
            data = getattr(self, name).encode()
            if len(data) > 0xFFFF:
                raise RecordError(f"{name} has {len(data)} bytes; a record takes at most 65535")
            parts.append(struct.pack("<H", len(data)) + data)
        return b"".join(parts)


def _digest(text: str, name: str) -> bytes:
    if not text:
        return bytes(16)
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != 16:
        raise RecordError(f"{name} must be 32 hexadecimal digits, not {text!r}")
    return data


def _record(kind: int, body: bytes) -> bytes:
    size = PRELUDE_BYTES + len(body)
    if size >= 1 << 32:
        raise RecordError(f"the record would have {size} bytes; at most {(1 << 32) - 1} can be said")
    head = PRELUDE.pack(MAGIC, VERSION, kind, 0, size, zlib.crc32(body))
    return b"".join((head, struct.pack("<I", zlib.crc32(head)), body))


def _contexts(contexts: Sequence[np.ndarray], prefixes: Sequence[int]) -> bytes:
    if not len(contexts) or len(contexts) != len(prefixes):
        raise RecordError(f"{len(contexts)} contexts with {len(prefixes)} prefixes; expected as many, and at least one")
    table = np.empty((len(contexts), 2), dtype="<u4")
    for index, (tokens, prefix) in enumerate(zip(contexts, prefixes)):
        if not len(tokens) or not 0 <= prefix <= len(tokens):
            raise RecordError(f"context {index} has {len(tokens)} tokens and a prefix of {prefix}")
        table[index] = len(tokens), prefix
    ids = np.concatenate([np.asarray(tokens, dtype="<u4") for tokens in contexts])
    return struct.pack("<I", len(contexts)) + table.tobytes() + ids.tobytes()


def pack_values(values: np.ndarray, kind: str, name: str) -> bytes:
    """Floats as a record holds them; refuses those that are not finite in that type.

    Arrays of unsigned 16-bit numbers are taken as the bits of bf16.
    """
    if values.dtype == np.uint16:
        if kind != "bf16":
            values = (values.astype(np.uint32) << 16).view(np.float32)
        elif ((values & 0x7F80) == 0x7F80).any():
            raise RecordError(f"{name} holds values that are not finite")
        else:
            return np.ascontiguousarray(values, dtype="<u2").tobytes()
    with np.errstate(over="ignore"):
        if kind == "f16":
            packed = np.ascontiguousarray(values, dtype="<f2")
        else:
            packed = np.ascontiguousarray(values, dtype="<f4")
    if not np.isfinite(packed).all():
        raise RecordError(f"{name} holds values that are not finite in {kind}")
    if kind == "bf16":
        bits = packed.view("<u4")
        rounded = (bits + (0x7FFF + (bits >> 16 & 1))) >> 16
        if ((rounded & 0x7F80) == 0x7F80).any():
            raise RecordError(f"{name} holds values that are not finite in bf16")
        packed = rounded.astype("<u2")
    return packed.tobytes()


def encode_activations(
    header: Header, contexts: Sequence[np.ndarray], prefixes: Sequence[int], activations: np.ndarray
) -> bytes:
    """A record of activations `[tokens, d_in]`."""
    tokens = sum(len(context) for context in contexts)
    if activations.shape != (tokens, header.width):
        raise RecordError(f"activations have the shape {activations.shape}, expected {(tokens, header.width)}")
    payload = pack_values(activations, header.values, "activations")
    return _record(ACTIVATIONS, header.packed() + _contexts(contexts, prefixes) + payload)


def encode_codes(
    header: Header,
    contexts: Sequence[np.ndarray],
    prefixes: Sequence[int],
    active: np.ndarray,
    latents: np.ndarray,
    values: np.ndarray,
) -> bytes:
    """A record of codes: of each token how many latents are active, then all latents, ascending within a token, and values."""
    tokens = sum(len(context) for context in contexts)
    if header.values == "bf16":
        raise RecordError("codes are written in f16 or f32, not in bf16")
    if len(active) != tokens or int(active.sum()) != len(latents) or len(latents) != len(values):
        raise RecordError(
            f"{len(active)} counts that add up to {int(active.sum())}, {len(latents)} latents and {len(values)} values "
            f"for {tokens} tokens"
        )
    if len(active) and int(active.max()) > 0xFFFF:
        raise RecordError(f"{int(active.max())} latents are active on a token; a record takes at most 65535")
    if len(latents) and int(latents.max()) >= header.width:
        raise RecordError(f"latent {int(latents.max())} is not below the width, {header.width}")
    payload = pack_values(values, header.values, "values")
    body = (
        header.packed(),
        _contexts(contexts, prefixes),
        np.ascontiguousarray(active, dtype="<u2").tobytes(),
        np.ascontiguousarray(latents, dtype="<u4").tobytes(),
        payload,
    )
    return _record(CODES, b"".join(body))


@dataclasses.dataclass
class Record:
    """A record that was read: `activations` are `[tokens, d_in]`, or for codes the values of `latents`."""

    kind: int
    header: Header
    contexts: List[np.ndarray]
    prefixes: List[int]
    activations: np.ndarray
    active: Optional[np.ndarray] = None
    latents: Optional[np.ndarray] = None


def _prelude(data: Any, at: int) -> Tuple[int, int, int]:
    if len(data) - at < PRELUDE_BYTES:
        raise RecordError(f"byte {at}: {len(data) - at} bytes are left, a record begins with {PRELUDE_BYTES}")
    head = bytes(data[at : at + PRELUDE.size])
    magic, version, kind, _, size, checksum = PRELUDE.unpack(head)
    (own,) = struct.unpack_from("<I", data, at + PRELUDE.size)
    if magic != MAGIC or own != zlib.crc32(head):
        raise RecordError(f"byte {at}: no record begins here")
    if version != VERSION:
        raise RecordError(f"byte {at}: the record's version is {version}, expected {VERSION}")
    return kind, size, checksum


def decode(data: bytes) -> Record:
    """Reads the whole value of a record."""
    kind, size, checksum = _prelude(data, 0)
    if size != len(data):
        raise RecordError(f"the record says that it has {size} bytes, and there are {len(data)}")
    if zlib.crc32(data[PRELUDE_BYTES:]) != checksum:
        raise RecordError("the checksum of the body does not fit")
    offset = PRELUDE_BYTES

    def take(form: str) -> Tuple[Any, ...]:
        nonlocal offset
        values = struct.unpack_from("<" + form, data, offset)
        offset += struct.calcsize("<" + form)
        return values

    def array(kind: str, count: int) -> np.ndarray:
        nonlocal offset
        values = np.frombuffer(data, dtype=kind, count=count, offset=offset)
        offset += values.nbytes
        return values

    time, document, model_digest, coder_digest, width, values = take("q16s16s16sIB")
    texts = []
    for _ in range(5):
        (length,) = take("H")
        texts.append(take(f"{length}s")[0].decode())
    form = {number: name for name, number in VALUES.items()}[values]
    header = Header(
        model=texts[0],
        hookpoint=texts[1],
        width=width,
        values=form,
        coder=texts[2],
        model_digest=model_digest.hex() if any(model_digest) else "",
        coder_digest=coder_digest.hex() if any(coder_digest) else "",
        time=None if time == NO_TIME else time,
        document=document if any(document) else b"",
        id=texts[3],
        source=texts[4],
    )
    (count,) = take("I")
    table = array("<u4", 2 * count).reshape(count, 2)
    contexts = [array("<u4", int(length)) for length in table[:, 0]]
    tokens = int(table[:, 0].sum())

    def floats(count: int) -> np.ndarray:
        if values == BF16:
            return (array("<u2", count).astype(np.uint32) << 16).view(np.float32)
        return array("<f2" if values == F16 else "<f4", count).astype(np.float32)

    record = Record(kind, header, contexts, [int(prefix) for prefix in table[:, 1]], np.empty(0))
    if kind == ACTIVATIONS:
        record.activations = floats(tokens * width).reshape(tokens, width)
    else:
        record.active = array("<u2", tokens)
        record.latents = array("<u4", int(record.active.sum()))
        record.activations = floats(len(record.latents))
    if offset != len(data):
        raise RecordError(f"the record ends at byte {offset}, but it has {len(data)}")
    return record


def read_file(path: str) -> Iterator[Record]:
    """The records of a file, one after the other; stops with an error at the first that is damaged."""
    with open(path, "rb") as file:
        while True:
            head = file.read(PRELUDE_BYTES)
            if not head:
                return
            _, size, _ = _prelude(head, 0)
            yield decode(head + file.read(size - PRELUDE_BYTES))
