"""Coders against the golden codes that Gloss' own are held to."""

import unittest

from support import ROOT, needs

GOLDEN = ROOT / "Tests" / "Golden" / "coders" / "sparsify_topk"


@needs("torch", "safetensors")
class CoderTests(unittest.TestCase):
    def test_a_topk_coder_gives_the_golden_codes(self):
        import numpy as np
        from gloss_records.coders import load
        from safetensors.torch import load_file

        golden = load_file(str(GOLDEN / "golden.safetensors"))
        coder, name = load(str(GOLDEN))
        self.assertEqual((name, coder.width, coder.k), ("sparsify_topk", 256, 16))
        active, latents, values = coder.encode(golden["input"])
        dense = np.zeros(golden["codes"].shape, np.float32)
        rows = np.repeat(np.arange(len(active)), active)
        dense[rows, latents] = values
        np.testing.assert_allclose(dense, golden["codes"].numpy(), rtol=1e-4, atol=1e-4)
        for row in np.split(latents, np.cumsum(active)[:-1]):
            self.assertTrue((np.diff(row) > 0).all())

    def test_what_saelens_encodes_densely_is_what_fires(self):
        import torch
        from gloss_records.coders import SAELensCoder

        class Settings:
            d_sae = 6

        class Dense:
            """An object as SAELens has them."""

            cfg = Settings()

            def encode(self, rows):
                return torch.relu(rows @ torch.eye(6)).to(torch.bfloat16)

        rows = torch.tensor([[0.5, -1, 2, 0, 0, 3], [0, 0, 0, 0, 0, 0], [-1, 4, 0, 0, 1, 0]])
        active, latents, values = SAELensCoder(Dense()).encode(rows)
        self.assertEqual(active.tolist(), [3, 0, 2])
        self.assertEqual(latents.tolist(), [0, 2, 5, 1, 4])
        self.assertEqual(values.tolist(), [0.5, 2, 3, 4, 1])


if __name__ == "__main__":
    unittest.main()
