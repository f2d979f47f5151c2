"""What transformers computes at every hookpoint of the tiny models, in single precision: `hookpoints.safetensors` in their folders.

Made with transformers 5.24.0 and torch 2.15.0 on a CPU, with the hooks of deploy/clients/python. Usage: make_hookpoints.py
"""
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "deploy/clients/python"))
from gloss_records.capture import capture  # noqa: E402

SITES = ["input", "attn.input", "attn.heads", "attn", "attn.normed", "middle", "mlp.input.normalized", "mlp.input", "mlp.neurons", "mlp",
         "mlp.normed", ""]

for name in ["gemma2", "gemma3", "llama", "qwen3", "gpt2"]:
    model = transformers.AutoModelForCausalLM.from_pretrained(HERE / name, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.tensor([[2, 300, 17, 411, 5, 99, 256, 31, 8, 450, 120, 77]])
    places = [f"layers.{layer}" + ("." + site if site else "") for layer in (0, model.config.num_hidden_layers - 1) for site in SITES]
    with capture(model, places) as captured:
        values = captured.run(ids)
    tensors = {place: values[place][0].float().contiguous().clone() for place in places}
    save_file({"input_ids": ids[0].int(), **tensors}, HERE / name / "hookpoints.safetensors")
