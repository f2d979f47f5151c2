"""Makes the tiny coders of published layouts with PyTorch, and what their own libraries (or formulas) make of an input.

Run with torch, safetensors, numpy, pyyaml and dictionary_learning (0.1) importable; writes beside itself.
"""
import json
import os
import sys

import numpy as np
import torch
import yaml
from safetensors.torch import save_file

from dictionary_learning.dictionary import AutoEncoder, GatedAutoEncoder, JumpReluAutoEncoder
from dictionary_learning.trainers.batch_top_k import BatchTopKSAE
from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKSAE
from dictionary_learning.trainers.top_k import AutoEncoderTopK

HERE = os.path.dirname(os.path.abspath(__file__))
D, N, K, ROWS = 16, 40, 6, 24
torch.manual_seed(7)
INPUT = torch.randn(ROWS, D) * 2


def folder(name):
    path = os.path.join(HERE, name)
    os.makedirs(path, exist_ok=True)
    return path


def golden(path, codes, output, file="golden.safetensors"):
    save_file({"input": INPUT.contiguous(), "codes": codes.detach().float().contiguous(),
               "output": output.detach().float().contiguous()}, os.path.join(path, file))


def randomise(module):
    with torch.no_grad():
        for name, value in module.named_parameters():
            value.copy_(torch.randn_like(value) * (0.3 if value.dim() > 1 else 0.2))


def dictionary_learning(name, module, dict_class, encode, **trainer):
    path = folder("dictionary_" + name)
    torch.save(module.state_dict(), os.path.join(path, "ae.pt"))
    config = {"trainer": {"dict_class": dict_class, "activation_dim": D, "dict_size": N, "layer": 1,
                          "lm_name": "EleutherAI/pythia-70m-deduped", "submodule_name": "resid_post_layer_1", **trainer},
              "buffer": {"ctx_len": 128}}
    json.dump(config, open(os.path.join(path, "config.json"), "w"), indent=1)
    codes = encode(INPUT)
    golden(path, codes, module.decode(codes))


# Weights keep the transposed layout in which the library makes them.
standard = AutoEncoder(D, N)
randomise(standard)
dictionary_learning("standard", standard, "AutoEncoder", standard.encode)
gated = GatedAutoEncoder(D, N)
randomise(gated)
dictionary_learning("gated", gated, "GatedAutoEncoder", gated.encode)
jump = JumpReluAutoEncoder(D, N)
randomise(jump)
with torch.no_grad():
    jump.threshold.copy_(torch.rand(N))
dictionary_learning("jumprelu", jump, "JumpReluAutoEncoder", jump.encode)
top = AutoEncoderTopK(D, N, K)
randomise(top)
dictionary_learning("topk", top, "AutoEncoderTopK", top.encode, k=K)
batch = BatchTopKSAE(D, N, K)
randomise(batch)
with torch.no_grad():
    batch.threshold.fill_(0.4)
dictionary_learning("batchtopk", batch, "BatchTopKSAE", lambda x: batch.encode(x, use_threshold=True), k=K)
nested = MatryoshkaBatchTopKSAE(D, N, K, [10, 30])
randomise(nested)
with torch.no_grad():
    nested.threshold.fill_(0.3)
dictionary_learning("matryoshka", nested, "MatryoshkaBatchTopKSAE", lambda x: nested.encode(x, use_threshold=True), k=K)


def plain():
    return {"W_enc": torch.randn(D, N) * 0.3, "b_enc": torch.randn(N) * 0.2, "W_dec": torch.randn(N, D) * 0.3,
            "b_dec": torch.randn(D) * 0.2}


def kept(values, k):
    best = torch.topk(values, k, dim=-1)
    return torch.zeros_like(values).scatter_(-1, best.indices, best.values)


# Qwen Scope: rows of latents in the encoder, columns in the decoder; bf16, as published coders are.
path = folder("qwen_scope/SAE-Res-Qwen3-0.1B-Base-W1K-L0_6")
t = {name: value.bfloat16() for name, value in plain().items()}
torch.save({"W_enc": t["W_enc"].T.contiguous(), "W_dec": t["W_dec"].T.contiguous(), "b_enc": t["b_enc"],
            "b_dec": t["b_dec"]}, os.path.join(path, "layer1.sae.pt"))
t = {name: value.float() for name, value in t.items()}
codes = kept((INPUT @ t["W_enc"] + t["b_enc"]).relu(), 6)
golden(path, codes, codes @ t["W_dec"] + t["b_dec"])

# Llama Scope: linear layers, the input scaled by sqrt(d) / norm, one threshold scaled by the same.
path = folder("llama_scope")
os.makedirs(path + "/checkpoints", exist_ok=True)
t = plain()
t["W_dec"] = t["W_dec"] / t["W_dec"].norm(dim=1, keepdim=True)
save_file({"encoder.weight": t["W_enc"].T.contiguous(), "encoder.bias": t["b_enc"],
           "decoder.weight": t["W_dec"].T.contiguous(), "decoder.bias": t["b_dec"]},
          path + "/checkpoints/final.safetensors")
norm = 9.5
json.dump({"hook_point_in": "blocks.1.hook_resid_post", "hook_point_out": "blocks.1.hook_resid_post", "d_model": D,
           "d_sae": N, "act_fn": "jumprelu", "jump_relu_threshold": 0.52734375,
           "dataset_average_activation_norm": {"in": norm, "out": norm}, "norm_activation": "dataset-wise",
           "sparsity_include_decoder_norm": True, "use_decoder_bias": True,
           "apply_decoder_bias_to_pre_encoder": False, "top_k": 50}, open(path + "/hyperparams.json", "w"), indent=1)
scale = D ** 0.5 / norm
pre = INPUT * scale @ t["W_enc"] + t["b_enc"]
codes = pre * (pre > 0.52734375 * scale)
golden(path, codes.relu(), (codes.relu() @ t["W_dec"] + t["b_dec"]) / scale)

# Llama Scope R1: the same with a threshold of each latent's own, by its logarithm.
path = folder("llama_scope_r1")
t = plain()
logs = torch.randn(N) * 0.3 - 1
save_file({"encoder.weight": t["W_enc"].T.contiguous(), "encoder.bias": t["b_enc"],
           "decoder.weight": t["W_dec"].T.contiguous(), "decoder.bias": t["b_dec"], "log_jumprelu_threshold": logs},
          path + "/sae_weights.safetensors")
json.dump({"sae_type": "sae", "hook_point_in": "blocks.1.hook_resid_post", "hook_point_out": "blocks.1.hook_resid_post",
           "d_model": D, "expansion_factor": 2.5, "act_fn": "jumprelu", "norm_activation": "dataset-wise"},
          open(path + "/config.json", "w"), indent=1)
pre = INPUT * scale @ t["W_enc"] + t["b_enc"]
codes = (pre * (pre > logs.exp())).relu()
golden(path, codes, (codes @ t["W_dec"] + t["b_dec"]) / scale)

# SAELens with the mean length of activations (expected_average_only_in), and with signed latents (abstopk).
for name, extra in [("saelens_average", {"architecture": "standard", "normalize_activations": "expected_average_only_in"}),
                    ("saelens_abstopk", {"architecture": "abstopk", "k": K, "rescale_acts_by_decoder_norm": False})]:
    path = folder(name)
    t = plain()
    save_file(t, path + "/sae_weights.safetensors")
    json.dump({"d_in": D, "d_sae": N, "dtype": "float32", "apply_b_dec_to_input": True, "reshape_activations": "none",
               **extra, "metadata": {"sae_lens_version": "6.54.12", "hook_name": "blocks.1.hook_resid_post"}},
              open(path + "/cfg.json", "w"), indent=1)
    if name == "saelens_average":
        codes = ((INPUT * scale - t["b_dec"]) @ t["W_enc"] + t["b_enc"]).relu()
        golden(path, codes, (codes @ t["W_dec"] + t["b_dec"]) / scale)
    else:
        pre = (INPUT - t["b_dec"]) @ t["W_enc"] + t["b_enc"]
        best = torch.topk(pre.abs(), K, dim=-1).indices
        codes = torch.zeros_like(pre).scatter_(-1, best, pre.gather(-1, best))
        golden(path, torch.cat([codes.relu(), (-codes).relu()], dim=1), codes @ t["W_dec"] + t["b_dec"])

# A set of transcoders of circuit-tracer: ReLU with a skip in layer 0, thresholds in layer 1; and one of top k.
path = folder("transcoder_set")
yaml.safe_dump({"model_name": "Qwen/Qwen3-0.6B", "model_kind": "transcoder_set", "feature_input_hook": "mlp.hook_in",
                "feature_output_hook": "mlp.hook_out", "scan": "tiny"}, open(path + "/config.yaml", "w"))
for layer in range(2):
    t = plain()
    tensors = {"W_enc": t["W_enc"].T.contiguous(), "b_enc": t["b_enc"], "W_dec": t["W_dec"], "b_dec": t["b_dec"]}
    pre = INPUT @ t["W_enc"] + t["b_enc"]
    codes = pre.relu()
    output = codes @ t["W_dec"] + t["b_dec"]
    if layer == 0:
        tensors["W_skip"] = torch.randn(D, D) * 0.3
        output = output + INPUT @ tensors["W_skip"].T
    else:
        tensors["activation_function.threshold"] = torch.rand(N)
        codes = (pre * (pre > tensors["activation_function.threshold"])).relu()
        output = codes @ t["W_dec"] + t["b_dec"]
    save_file(tensors, path + f"/layer_{layer}.safetensors")
    golden(path, codes, output, f"golden_{layer}.safetensors")

# A cross-layer transcoder: what each layer's encoder makes of its input.
path = folder("cross_layer")
yaml.safe_dump({"model_name": "google/gemma-2-2b", "model_kind": "cross_layer_transcoder",
                "feature_input_hook": "hook_resid_mid", "feature_output_hook": "hook_mlp_out"},
               open(path + "/config.yaml", "w"))
t = plain()
threshold = torch.rand(N)
save_file({"W_enc_1": t["W_enc"].T.contiguous(), "b_enc_1": t["b_enc"], "b_dec_1": t["b_dec"], "threshold_1": threshold},
          path + "/W_enc_1.safetensors")
pre = INPUT @ t["W_enc"] + t["b_enc"]
golden(path, (pre * (pre > threshold)).relu(), torch.zeros(ROWS, D), "golden_1.safetensors")

# Files of two linear layers (Goodfire), and a coder of heads beside its settings.
path = folder("linear_layers")
t = plain()
model = torch.nn.ModuleDict({"encoder_linear": torch.nn.Linear(D, N), "decoder_linear": torch.nn.Linear(N, D)})
randomise(model)
torch.save(model.state_dict(), path + "/Tiny-8B-Instruct-SAE-l19.pth")
codes = model["encoder_linear"](INPUT).relu()
golden(path, codes, model["decoder_linear"](codes))
path = folder("heads")
torch.save(t, path + "/gpt2-small_L5_Hcat_z.pt")
json.dump({"act_size": D, "dict_size": N, "act_name": "blocks.5.attn.hook_z", "l1_coeff": 2.0},
          open(path + "/gpt2-small_L5_Hcat_z_cfg.json", "w"), indent=1)
codes = ((INPUT - t["b_dec"]) @ t["W_enc"] + t["b_enc"]).relu()
golden(path, codes, codes @ t["W_dec"] + t["b_dec"])

# Files that are no dictionaries of tensors: another name to call, one of numpy's, and the form before 1.6.
path = folder("hostile_pt")


class Call:
    def __reduce__(self):
        return (os.system, ("true",))


torch.save({"W_enc": Call()}, path + "/call.pt")
torch.save({"W_enc": np.zeros(3)}, path + "/numpy.pt")
torch.save(torch.nn.Linear(2, 2), path + "/module.pt")
torch.save({"W_enc": torch.zeros(3)}, path + "/old.pt", _use_new_zipfile_serialization=False)
torch.save({"W_enc": torch.zeros(4, 4)[::2], "b": torch.zeros(1).expand(8)}, path + "/strides.pt")
torch.save([torch.zeros(3)], path + "/list.pt")
torch.save({"model": {"W_enc": torch.arange(6.0).reshape(2, 3).T}, "step": 5, "loss": 0.5, "name": "x", "flags": [True, None]},
           path + "/nested.pt")
print("torch", torch.__version__, file=sys.stderr)
