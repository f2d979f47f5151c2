#!/usr/bin/env python3
"""Writes the records that RecordsTests compares with, from docs/records.md alone and with the standard library alone."""

import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
FORMATS = {1: "e", 3: "f"}


def text(value):
    data = value.encode()
    return struct.pack("<H", len(data)) + data


def floats(values, kind):
    if kind != 2:
        return struct.pack(f"<{len(values)}{FORMATS[kind]}", *values)
    out = b""
    for value in values:
        (bits,) = struct.unpack("<I", struct.pack("<f", value))
        out += struct.pack("<H", (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    return out


def body(values, width, coder, time, document, contexts, payload):
    out = struct.pack("<q", time)
    out += bytes.fromhex(document)
    out += bytes.fromhex("0123456789abcdeffedcba9876543210")
    out += bytes.fromhex("00112233445566778899aabbccddeeff") if coder else bytes(16)
    out += struct.pack("<IB", width, values)
    out += text("a/model") + text("layers.3") + text(coder) + text("Ünïcode") + text("corpus")
    out += struct.pack("<I", len(contexts))
    for tokens, prefix in contexts:
        out += struct.pack("<II", len(tokens), prefix)
    for tokens, _ in contexts:
        out += struct.pack(f"<{len(tokens)}I", *tokens)
    return out + payload


def record(kind, content):
    head = b"GLSR" + struct.pack("<HBBII", 1, kind, 0, 20 + len(content), zlib.crc32(content))
    return head + struct.pack("<I", zlib.crc32(head)) + content


CONTEXTS = [([1, 17, 4_000_000_000], 1), ([17, 2], 0)]
VECTORS = [0.0, -1.5, 65504.0, 1.0, 6e-8, -0.1, 0.333, 2.0, -3.0, 1e-3]
LATENTS = [[2, 70000], [], [0, 1, 99999], [5], [70000]]
VALUES = [0.5, 12.25, 3.0, 0.1, 1.0, 65504.0, 0.75]

for name, values in (("f16", 1), ("bf16", 2), ("f32", 3)):
    content = body(values, 2, "", 1_700_000_000_123, "00" * 16, CONTEXTS, floats(VECTORS, values))
    (HERE / f"activations-{name}.bin").write_bytes(record(1, content))

for name, values in (("f16", 1), ("f32", 3)):
    payload = struct.pack("<5H", *map(len, LATENTS))
    payload += struct.pack("<7I", *[latent for row in LATENTS for latent in row])
    payload += floats(VALUES, values)
    content = body(values, 100_000, "a coder", -(1 << 63), "ffeeddccbbaa99887766554433221100", CONTEXTS, payload)
    (HERE / f"codes-{name}.bin").write_bytes(record(2, content))
