"""Writes activations and codes computed anywhere as records that Gloss reads (docs/records.md)."""

from .format import Header, RecordError, decode, encode_activations, encode_codes, read_file
from .targets import DeliveryError, FileTarget, KafkaTarget
from .writer import Progress, Writer

__all__ = [
    "DeliveryError",
    "FileTarget",
    "Header",
    "KafkaTarget",
    "Progress",
    "RecordError",
    "Writer",
    "decode",
    "encode_activations",
    "encode_codes",
    "read_file",
]
