"""SipHash-2-4 with 128 bits under a key of zeros, by which Gloss knows a document.

Only a document that is spread over several records needs it: of others Gloss takes it itself.
"""

import numpy as np

_MASK = (1 << 64) - 1


def _rotate(word, by):
    return (word << by | word >> (64 - by)) & _MASK


def _rounds(v0, v1, v2, v3, count):
    for _ in range(count):
        v0 = (v0 + v1) & _MASK
        v1 = _rotate(v1, 13) ^ v0
        v0 = _rotate(v0, 32)
        v2 = (v2 + v3) & _MASK
        v3 = _rotate(v3, 16) ^ v2
        v0 = (v0 + v3) & _MASK
        v3 = _rotate(v3, 21) ^ v0
        v2 = (v2 + v1) & _MASK
        v1 = _rotate(v1, 17) ^ v2
        v2 = _rotate(v2, 32)
    return v0, v1, v2, v3


def hash128(data, key=(0, 0)):
    """The hash of some bytes: 16 bytes in the order of its printed hexadecimal digits."""
    v0, v1 = 0x736F6D6570736575 ^ key[0], 0x646F72616E646F6D ^ key[1] ^ 0xEE
    v2, v3 = 0x6C7967656E657261 ^ key[0], 0x7465646279746573 ^ key[1]
    whole = len(data) // 8
    for word in np.frombuffer(data[: 8 * whole], dtype="<u8").tolist():
        v3 ^= word
        v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
        v0 ^= word
    last = int.from_bytes(data[8 * whole :], "little") | (len(data) & 0xFF) << 56
    v3 ^= last
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
    v0 ^= last
    v2 ^= 0xEE
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 4)
    low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 4)
    high = v0 ^ v1 ^ v2 ^ v3
    return high.to_bytes(8, "big") + low.to_bytes(8, "big")


def document_hash(tokens):
    """The hash of a document's token ids."""
    return hash128(np.ascontiguousarray(tokens, dtype="<u4").tobytes())
