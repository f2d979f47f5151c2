"""Makes tiny random models, and what Hugging Face's transformers computes with them at every hookpoint.

Made with transformers 5.24.0 and torch 2.15.0 on a CPU, in single precision. Usage: make_golden.py [NAME…]
"""
import json, pathlib, sys
import torch, transformers
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
SIZES = {"hidden_size": 64, "intermediate_size": 160, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
         "num_hidden_layers": 3, "vocab_size": 512, "max_position_embeddings": 128, "bos_token_id": 2, "eos_token_id": 1,
         "pad_token_id": 0, "rms_norm_eps": 1e-6, "tie_word_embeddings": False}

def sizes(without=(), **changes):
    return {key: value for key, value in {**SIZES, **changes}.items() if key not in without}

CONFIGS = {
    "gemma": sizes(without=["tie_word_embeddings"], model_type="gemma", head_dim=24, num_key_value_heads=1, hidden_act="gelu"),
    # As Google's folders of 4B and more: the text's part says only what differs from the defaults.
    "gemma3_images": {"model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"], "image_token_index": 500,
        "text_config": {"model_type": "gemma3_text", "hidden_size": 64, "intermediate_size": 160, "num_hidden_layers": 6,
            "head_dim": 16, "vocab_size": 512, "sliding_window": 16, "rope_scaling": {"factor": 8.0, "rope_type": "linear"}},
        "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "image_size": 16, "patch_size": 8}},
    "llama_yarn": sizes(model_type="llama", rope_theta=10000.0,
        rope_scaling={"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}),
    "olmo2": sizes(without=["head_dim"], model_type="olmo2", rope_theta=500000.0),
    "olmo3": sizes(without=["head_dim"], model_type="olmo3", num_hidden_layers=4, sliding_window=16, rope_theta=500000.0,
        rope_scaling={"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 64, "beta_fast": 8, "beta_slow": 1,
                      "attention_factor": 1.2079}),
    "phi3": sizes(without=["head_dim"], model_type="phi3", sliding_window=16),
    "phi4": sizes(without=["head_dim", "max_position_embeddings"], model_type="phi3", max_position_embeddings=512,
        original_max_position_embeddings=128, partial_rotary_factor=0.75, tie_word_embeddings=True,
        rope_scaling={"type": "longrope", "short_factor": [1.0, 1.02, 1.1, 1.5, 2.0, 2.5], "long_factor": [1.0, 2, 4, 8, 16, 32]}),
    "qwen3_moe": sizes(model_type="qwen3_moe", num_experts=8, num_experts_per_tok=3, moe_intermediate_size=40, norm_topk_prob=True,
        decoder_sparse_step=2, mlp_only_layers=[], num_hidden_layers=4),
    "gpt_oss": sizes(model_type="gpt_oss", num_local_experts=8, num_experts_per_tok=3, intermediate_size=64, num_hidden_layers=4,
        sliding_window=16, rope_theta=150000.0,
        rope_scaling={"rope_type": "yarn", "factor": 4.0, "beta_fast": 32.0, "beta_slow": 1.0, "truncate": False,
                      "original_max_position_embeddings": 32}),
}

def make(name):
    torch.manual_seed(sum(name.encode()))
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIGS[name], indent=2) + "\n")
    config = transformers.AutoConfig.from_pretrained(folder)
    config._attn_implementation = "eager"
    kind = transformers.AutoModelForImageTextToText if "text_config" in CONFIGS[name] else transformers.AutoModelForCausalLM
    model = kind.from_config(config).float().eval()
    with torch.no_grad():
        for key, value in model.named_parameters():
            isGemmaNorm = "gemma" in name and "norm" in key
            # Large enough for gpt-oss' gate to reach its limit.
            if value.ndim > 1: value.normal_(0, 0.5 if "experts.gate_up" in key and "gpt" in name else 0.12)
            else: value.normal_(0 if isGemmaNorm or "bias" in key or "sink" in key else 1, 0.3)
    model.tie_weights()
    model.save_pretrained(folder, safe_serialization=True)
    tensors = load_file(folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIGS[name], indent=2) + "\n")
    for extra in ("generation_config.json",): (folder / extra).unlink(missing_ok=True)
    print(name, sum(t.numel() for t in tensors.values()), sorted(tensors)[:3], sorted(tensors)[-2:])
    text = model.model.language_model if "text_config" in CONFIGS[name] else model.model
    golden = {}
    def first(output): return output[0] if isinstance(output, tuple) else output
    def keep(name, module, isInput=False):
        def hook(module, given, output): golden[name] = (given[0] if isInput else first(output)).detach().clone()
        module.register_forward_hook(hook)
    for index, layer in enumerate(text.layers):
        place = f"layers.{index}"
        hasPostNorms = hasattr(layer, "post_feedforward_layernorm")
        keep(place, layer)
        keep(place + ".attn", layer.self_attn)
        keep(place + ".attn.heads", layer.self_attn.o_proj, True)
        keep(place + ".mlp", layer.mlp)
        keep(place + ".attn.normed", layer.post_attention_layernorm if hasPostNorms else layer.self_attn)
        keep(place + ".mlp.normed", layer.post_feedforward_layernorm if hasPostNorms else layer.mlp)
        before = getattr(layer, "pre_feedforward_layernorm", layer.mlp if hasPostNorms else layer.post_attention_layernorm)
        keep(place + ".middle", before, True)
        down = getattr(layer.mlp, "down_proj", None)
        if down is not None: keep(place + ".mlp.neurons", down, True)
    ids = torch.randint(3, 500, (2, 48), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        golden["logits"] = model(input_ids=ids).logits
        hooked = dict(golden)
        greedy = ids[:1, :8]
        for _ in range(12):
            greedy = torch.cat([greedy, model(input_ids=greedy).logits[:, -1:].argmax(-1)], dim=1)
    hooked = {key: value.float().contiguous() for key, value in hooked.items()}
    save_file({**hooked, "input_ids": ids.int(), "greedy_ids": greedy.int()}, folder / "golden.safetensors")

for name in sys.argv[1:] or CONFIGS: make(name)
