"""A real model: the same corpus through Gloss' own forward pass, and through transformers and the writer."""

import gzip
import itertools
import json
import pathlib
import subprocess
import tempfile
import unittest

from support import GLOSS, MODEL, ROOT, needs

QUICKSTART = ROOT / "topologies" / "quickstart"
DOCUMENTS = 24
BOS = "<|endoftext|>"


@needs("torch", "transformers", "safetensors", "gguf", "accelerate", gloss=True)
@unittest.skipUnless(MODEL.exists(), f"left out: there is no {MODEL}")
class ParityTests(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        self.corpus = self.folder / "corpus.ndjson"
        with gzip.open(QUICKSTART / "corpus.ndjson.gz", "rt") as lines:
            self.corpus.write_text("".join(itertools.islice(lines, DOCUMENTS)))

    def tearDown(self):
        self._folder.cleanup()

    def gloss(self, *arguments):
        return subprocess.run([GLOSS, *map(str, arguments)], check=True, capture_output=True, text=True).stdout

    def record(self, *arguments):
        from gloss_records.command import main

        main(
            ["--model", str(MODEL.parent), "--gguf", MODEL.name, "--name", "smol", "--hookpoint", "layers.10"]
            + ["--corpus", str(self.corpus), "--bos", BOS, "--dtype", "float32", "--values", "f32", "--quiet"]
            + list(map(str, arguments))
        )

    def codes_of(self, rows):
        """The dense codes that Gloss makes of activations `[n, d_in]`."""
        from safetensors.torch import load_file, save_file

        save_file({"input": rows.contiguous()}, self.folder / "rows")
        self.gloss("encode", "--coder", QUICKSTART / "sae", "--input", self.folder / "rows", "--output", self.folder / "codes")
        return load_file(self.folder / "codes")["codes"]

    def own_rows(self, contexts):
        """Gloss' own activations of contexts, one after the other."""
        import torch
        from safetensors.torch import load_file, save_file

        rows = []
        for context in contexts:
            save_file({"input_ids": torch.tensor(context.astype("int32")).reshape(1, -1)}, self.folder / "ids")
            self.gloss(
                "activations", "--model", MODEL, "--tokens", self.folder / "ids", "--hookpoints", "layers.10",
                "--output", self.folder / "out",
            )
            rows.append(load_file(self.folder / "out")["layers.10"][0])
        return torch.cat(rows)

    def evidence(self, name, models, source, stages):
        topology = self.folder / f"{name}.yaml"
        topology.write_text(
            f"""version: 1
name: parity
state: {{ directory: "{self.folder}/state-{name}", checkpoint: 1s, memory: 4GiB }}
models: {{ subject: {{ {models}, bos: "{BOS}" }} }}
sources: {{ {source} }}
stages:
{stages}
  evidence: {{ type: reservoir, inputs: [codes], window: 32 }}
"""
        )
        self.gloss("run", topology, "--until-drained", "--quiet")
        report = json.loads(self.gloss("report", self.folder / f"state-{name}", "--json"))
        return report["evidence"][0]

    def test_transformers_and_gloss_fire_the_same_latents(self):
        import torch
        from gloss_records import read_file

        self.record("--to", self.folder / "activations.records")
        records = list(read_file(str(self.folder / "activations.records")))
        self.assertEqual(len(records), DOCUMENTS)
        contexts = [context for record in records for context in record.contexts]
        written = torch.cat([torch.tensor(record.activations) for record in records])
        # The first position of a context is an attention sink, which Gloss leaves out of evidence.
        counted = torch.tensor([place > 0 for context in contexts for place in range(len(context))])
        own, theirs = (self.codes_of(rows)[counted] > 0 for rows in (self.own_rows(contexts), written))
        self.assertGreater(len(own), 3000)
        same = (own == theirs).all(dim=1).float().mean().item()
        print(f"\nthe same top-k set at {same:.4%} of {len(own)} positions")
        self.assertGreaterEqual(same, 0.999)

    def test_codes_of_ones_own_activations_give_the_same_evidence(self):
        import torch
        from gloss_records import Writer, read_file

        self.record("--to", self.folder / "activations.records")
        records = list(read_file(str(self.folder / "activations.records")))
        with Writer(
            str(self.folder / "codes.records"), "smol", "layers.10", 4096, coder="sae", values="f32"
        ) as writer:
            for record in records:
                dense = self.codes_of(self.own_rows(record.contexts))
                writer.write(record.contexts, codes=dense, prefixes=record.prefixes, id=record.header.id)
        sae = QUICKSTART / "sae"
        own = self.evidence(
            "own", f"path: {MODEL}", f"corpus: {{ type: file, path: {self.corpus} }}",
            f"""  tokens: {{ type: tokenize, inputs: [corpus], model: subject, context: 256 }}
  residual: {{ type: forward, inputs: [tokens], model: subject, hookpoints: [layers.10] }}
  codes: {{ type: encode, inputs: [residual], coder: {sae}, hookpoint: layers.10 }}""",
        )
        written = self.evidence(
            "written", f"tokenizer: {MODEL}",
            f"codes: {{ type: codes, from: file, path: {self.folder}/codes.records, model: subject, model_name: smol, "
            f"hookpoint: layers.10, coder_name: sae, latents: 4096, coder: {sae} }}",
            "",
        )
        self.assertEqual(written["tokens"], own["tokens"])
        self.assertEqual(written["evidence_digest"], own["evidence_digest"])


if __name__ == "__main__":
    unittest.main()
