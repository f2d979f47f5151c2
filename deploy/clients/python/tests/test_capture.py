"""Hooks against what Gloss computes itself at the same hookpoints, for each architecture of its goldens."""

import subprocess
import tempfile
import unittest

from support import GLOSS, ROOT, needs

ARCHITECTURES = ROOT / "Tests" / "Golden" / "architectures"
SITES = ("input", "attn.input", "attn.heads", "attn", "attn.normed", "middle", "mlp.input.normalized", "mlp.input", "mlp.neurons", "mlp",
         "mlp.normed")
# Norms come after the modules there, so that nothing is normalised before them.
WITHOUT_NORMS_BEFORE = ("olmo2", "olmo3")
# The second block is one of experts, which have no common neurons.
WITH_EXPERTS = ("qwen3_moe", "gpt_oss")


@needs("torch", "transformers", "safetensors")
class CaptureTests(unittest.TestCase):
    def model(self, name):
        import torch
        import transformers

        folder = ARCHITECTURES / name
        return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()

    def names(self):
        return sorted(folder.name for folder in ARCHITECTURES.iterdir() if folder.is_dir())

    def test_goldens_are_captured(self):
        from gloss_records.capture import capture
        from safetensors.torch import load_file

        for name in self.names():
            golden = load_file(str(ARCHITECTURES / name / "golden.safetensors"))
            points = [point for point in golden if point.startswith("layers.")]
            self.assertGreater(len(points), 5)
            with capture(self.model(name), points) as captured:
                found = captured.run(golden["input_ids"].long())
            self.assertEqual(set(found), set(points))
            for point in points:
                self.assertLess((found[point] - golden[point]).abs().max().item(), 1e-3, f"{name} {point}")

    @needs(gloss=True)
    def test_every_hookpoint_is_that_of_gloss(self):
        from gloss_records.capture import capture
        from safetensors.torch import load_file, save_file

        for name in self.names():
            left_out = (["attn.input", "mlp.input.normalized"] if name in WITHOUT_NORMS_BEFORE else [])
            left_out += ["mlp.neurons"] if name in WITH_EXPERTS else []
            points = [f"layers.1.{site}" for site in SITES if site not in left_out] + ["layers.1"]
            tokens = load_file(str(ARCHITECTURES / name / "golden.safetensors"))["input_ids"]
            with tempfile.TemporaryDirectory() as folder:
                save_file({"input_ids": tokens.int().contiguous()}, f"{folder}/tokens")
                subprocess.run(
                    [GLOSS, "activations", "--model", ARCHITECTURES / name, "--tokens", f"{folder}/tokens"]
                    + ["--hookpoints", ",".join(points), "--output", f"{folder}/out"],
                    check=True,
                )
                own = load_file(f"{folder}/out")
            with capture(self.model(name), points) as captured:
                found = captured.run(tokens.long())
            for point in points:
                difference = (found[point] - own[point]).abs().max().item()
                self.assertLess(difference, 2e-3, f"{name} {point}")

    def test_without_a_stop_the_model_runs_on_and_hooks_are_taken_away(self):
        import torch
        from gloss_records.capture import capture

        model = self.model("llama")
        tokens = torch.arange(12).reshape(1, 12)
        with capture(model, ["layers.0.mlp"], stops=False) as captured:
            logits = model(tokens).logits
        self.assertEqual(captured["layers.0.mlp"].shape, (1, 12, 64))
        seen = captured["layers.0.mlp"]
        torch.testing.assert_close(model(tokens).logits, logits)
        self.assertIs(captured["layers.0.mlp"], seen)

    def test_what_is_no_hookpoint_is_named(self):
        from gloss_records.capture import capture

        for name in ("layers.9", "layers.1.heads", "blocks.1", "layers.1.input.normed"):
            with self.assertRaisesRegex(ValueError, name.replace(".", r"\.")):
                with capture(self.model("llama"), [name]):
                    pass


if __name__ == "__main__":
    unittest.main()
