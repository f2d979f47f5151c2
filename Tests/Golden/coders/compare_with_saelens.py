"""Compares the goldens of published layouts with SAELens' own loaders and classes, its downloads replaced by the folders beside this file.

Run with torch and sae_lens (6.54) importable; prints the largest differences of codes and outputs.
"""
import os

import sae_lens.loading.pretrained_sae_loaders as loaders
import torch
from sae_lens import SAE
from safetensors.torch import load_file

HERE = os.path.dirname(os.path.abspath(__file__))
SCALE = 16 ** 0.5 / 9.5


def path(*parts):
    return os.path.join(HERE, *parts)


def download(repo_id=None, filename=None, subfolder=None, **_):
    return path(subfolder or "", filename)


def built(cfg, state):
    cfg = loaders.handle_config_defaulting({**cfg, "dtype": "float32", "device": "cpu"})
    sae = SAE.get_sae_class_for_architecture(cfg["architecture"])(
        SAE.get_sae_config_class_for_architecture(cfg["architecture"]).from_dict(cfg))
    state = {name: value.float() for name, value in state.items()}
    sae.process_state_dict_for_loading(state)
    sae.load_state_dict(state)
    return sae


def compare(name, sae, signed=False):
    golden = load_file(path(name, "golden.safetensors"))
    with torch.no_grad():
        codes = sae.encode(golden["input"])
        output = sae.decode(codes)
    if signed:
        codes = torch.cat([codes.relu(), (-codes).relu()], dim=1)
    print(f"{name:24} codes {float((codes - golden['codes']).abs().max()):.1e} output {float((output - golden['output']).abs().max()):.1e}")


loaders.hf_hub_download = download
for name in ["standard", "topk", "jumprelu", "gated"]:
    compare("saelens_" + name, SAE.load_from_disk(path("saelens_" + name)))
compare("saelens_abstopk", SAE.load_from_disk(path("saelens_abstopk")), signed=True)
average = SAE.load_from_disk(path("saelens_average"))
average.fold_activation_norm_scaling_factor(SCALE)
compare("saelens_average", average)
for name, load in [("llama_scope", loaders.llama_scope_sae_huggingface_loader),
                   ("llama_scope_r1", loaders.llama_scope_r1_distill_sae_huggingface_loader)]:
    cfg, state, _ = load("", name, "cpu", False, {"dtype": "float32", "device": "cpu"})
    # The tiny coder's factor of expansion is no whole number.
    sae = built({**cfg, "d_sae": 40}, state)
    sae.fold_activation_norm_scaling_factor(SCALE)
    compare(name, sae)
for name in ["standard", "gated", "jumprelu", "topk", "batchtopk", "matryoshka"]:
    cfg, state, _ = loaders.dictionary_learning_sae_huggingface_loader_1("", "dictionary_" + name, "cpu")
    compare("dictionary_" + name, built(cfg, state))
