"""The format against the records that Gloss' own tests compare with; numpy alone is needed."""

import pathlib
import sys
import tempfile
import unittest

import numpy as np

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))

from gloss_records import FileTarget, Header, RecordError, Writer, decode, encode_activations, encode_codes, read_file
from gloss_records.siphash import document_hash, hash128
from gloss_records.writer import sparse, sparse_rows

GOLDEN = HERE.parents[4] / "Tests" / "Golden" / "records"
CONTEXTS = [np.array([1, 17, 4_000_000_000], np.uint32), np.array([17, 2], np.uint32)]
VECTORS = np.array([0, -1.5, 65504, 1, 6e-8, -0.1, 0.333, 2, -3, 1e-3], np.float32).reshape(5, 2)
ACTIVE = np.array([2, 0, 3, 1, 1])
LATENTS = np.array([2, 70000, 0, 1, 99999, 5, 70000])
VALUES = np.array([0.5, 12.25, 3, 0.1, 1, 65504, 0.75], np.float32)


def header(values, coder):
    return Header(
        model="a/model",
        hookpoint="layers.3",
        width=100_000 if coder else 2,
        values=values,
        coder="a coder" if coder else "",
        model_digest="0123456789abcdeffedcba9876543210",
        coder_digest="00112233445566778899aabbccddeeff" if coder else "",
        time=None if coder else 1_700_000_000_123,
        document=bytes.fromhex("ffeeddccbbaa99887766554433221100") if coder else b"",
        id="Ünïcode",
        source="corpus",
    )


class FormatTests(unittest.TestCase):
    def test_activations_are_the_golden_bytes(self):
        for values in ("f16", "bf16", "f32"):
            record = encode_activations(header(values, False), CONTEXTS, [1, 0], VECTORS)
            self.assertEqual(record, (GOLDEN / f"activations-{values}.bin").read_bytes(), values)

    def test_codes_are_the_golden_bytes(self):
        for values in ("f16", "f32"):
            record = encode_codes(header(values, True), CONTEXTS, [1, 0], ACTIVE, LATENTS, VALUES)
            self.assertEqual(record, (GOLDEN / f"codes-{values}.bin").read_bytes(), values)

    def test_what_was_written_is_read(self):
        record = decode(encode_codes(header("f32", True), CONTEXTS, [1, 0], ACTIVE, LATENTS, VALUES))
        self.assertEqual(record.header, header("f32", True))
        np.testing.assert_array_equal(record.latents, LATENTS)
        np.testing.assert_array_equal(record.activations, VALUES)
        np.testing.assert_array_equal(record.active, ACTIVE)
        self.assertEqual([list(context) for context in record.contexts], [list(context) for context in CONTEXTS])

    def test_what_no_record_can_hold_is_refused(self):
        big = VECTORS.copy()
        big[2, 0] = 65520
        for broken in (big, VECTORS[:4], VECTORS * np.nan):
            with self.assertRaises(RecordError):
                encode_activations(header("f16", False), CONTEXTS, [1, 0], broken)
        with self.assertRaises(RecordError):
            encode_codes(header("f16", True), CONTEXTS, [1, 0], ACTIVE, LATENTS + 1, VALUES)
        with self.assertRaises(RecordError):
            Header(model="m", hookpoint="h", width=1, model_digest="abc").packed()

    def test_damage_is_noticed(self):
        record = encode_activations(header("f16", False), CONTEXTS, [1, 0], VECTORS)
        for place in range(len(record)):
            damaged = bytearray(record)
            damaged[place] ^= 1
            with self.assertRaises(RecordError):
                decode(bytes(damaged))

    def test_the_hash_of_a_document_is_siphash(self):
        # The published vectors, whose eight bytes each stand the other way round.
        key = (0x0706050403020100, 0x0F0E0D0C0B0A0908)
        self.assertEqual(hash128(b"", key).hex(), "930255c71472f66de6a825ba047f81a3")
        self.assertEqual(hash128(bytes(range(15)), key)[::-1].hex(), "5493e99933b0a8117e08ec0f97cfc3d9")
        self.assertEqual(document_hash([17, 4_000_000_000, 17, 2]).hex(), "64fbeba7da6ccce197326a48bf35ae77")


class WriterTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name + "/a.records"

    def tearDown(self):
        self.folder.cleanup()

    def test_codes_in_every_form_are_the_same(self):
        latents, values = np.array([[3, 1], [2, 0]]), np.array([[0.5, 2], [0, 1]], np.float32)
        dense = np.zeros((2, 4), np.float32)
        dense[0, 3], dense[0, 1], dense[1, 0], dense[1, 2] = 0.5, 2, 1, -1
        with Writer(self.path, "m", "layers.1", 4, coder="c") as writer:
            writer.write([7, 8], codes=(latents, values))
            writer.write([7, 8], codes=dense)
            writer.write([7, 8], codes=sparse(latents, values))
            writer.write([7, 8], codes=sparse_rows(dense))
        records = list(read_file(self.path))
        self.assertEqual(len(records), 4)
        for record in records:
            self.assertEqual(record.latents.tolist(), [1, 3, 0])
            self.assertEqual(record.activations.tolist(), [2, 0.5, 1])
        self.assertEqual(str(writer.progress).split(" (")[0], "4 documents, 8 tokens")

    def test_a_large_document_is_several_records_of_whole_contexts_with_one_hash(self):
        contexts = [list(range(100 * part, 100 * part + 50)) for part in range(6)]
        rows = (np.arange(300 * 8, dtype=np.float32) % 1000).reshape(300, 8)
        with Writer(FileTarget(self.path, maximum_bytes=4000), "m", "layers.1", 8) as writer:
            writer.write(contexts, activations=rows, prefixes=[1, 0, 0, 0, 0, 0], id="d")
        records = list(read_file(self.path))
        self.assertGreater(len(records), 1)
        self.assertTrue(all(record.header.document == records[0].header.document for record in records))
        self.assertEqual(
            records[0].header.document, document_hash(np.concatenate([contexts[0][1:]] + contexts[1:]))
        )
        self.assertEqual([list(context) for record in records for context in record.contexts], contexts)
        np.testing.assert_array_equal(np.concatenate([record.activations for record in records]), rows)
        self.assertEqual([prefix for record in records for prefix in record.prefixes], [1, 0, 0, 0, 0, 0])

    def test_a_context_that_is_too_large_says_so(self):
        with self.assertRaisesRegex(RecordError, "maximum_bytes"):
            with Writer(FileTarget(self.path, maximum_bytes=2000), "m", "layers.1", 64) as writer:
                writer.write([1] * 100, activations=np.zeros((100, 64)))

    def test_work_that_fails_leaves_no_file_of_that_name(self):
        with self.assertRaises(ZeroDivisionError):
            with Writer(self.path, "m", "layers.1", 2) as writer:
                writer.write([1], activations=np.zeros((1, 2)))
                raise ZeroDivisionError
        self.assertFalse(pathlib.Path(self.path).exists())
        self.assertTrue(pathlib.Path(self.path + ".part").exists())


if __name__ == "__main__":
    unittest.main()
