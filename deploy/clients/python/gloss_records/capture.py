"""Activations of Hugging Face models at Gloss' hookpoints (docs/hookpoints.md)."""

import re
from typing import Any, Callable, Dict, Iterable, List, Optional

import torch

_PLACE = re.compile(r"layers\.(\d+)(?:\.(input|middle|attn|mlp)(?:\.(input\.normalized|input|heads|normed|neurons))?)?")
_BLOCKS = (
    "model.layers",
    "model.language_model.layers",
    "language_model.model.layers",
    "language_model.layers",
    "transformer.h",
    "gpt_neox.layers",
    "layers",
    "h",
)
_ATTENTION = ("self_attn", "attn", "attention")
_OUTPUT_PROJECTION = ("o_proj", "c_proj", "dense", "out_proj")
_NEURONS = ("down_proj", "c_proj", "dense_4h_to_h", "fc2")
_NORM_BEFORE_ATTENTION = ("input_layernorm", "ln_1")
_NORM_BEFORE_MLP = ("pre_feedforward_layernorm", "post_attention_layernorm", "ln_2")


class _Deep(Exception):
    """Everything asked for has been seen."""


class Captured:
    """What the hooks have seen in the latest pass: by hookpoint `[batch, tokens, width]`."""

    def __init__(self, model: Any, stops: bool):
        self._model = model
        self._stops = stops
        self.activations: Dict[str, torch.Tensor] = {}

    def __getitem__(self, hookpoint: str) -> torch.Tensor:
        return self.activations[hookpoint]

    def run(self, input_ids: torch.Tensor, **arguments: Any) -> Dict[str, torch.Tensor]:
        """Runs the model up to the deepest hookpoint, without gradients."""
        self.activations = {}
        arguments.setdefault("use_cache", False)
        with torch.no_grad():
            try:
                self._model(input_ids=input_ids, **arguments)
            except _Deep:
                pass
        return self.activations


class capture:
    """A context manager that puts hooks at hookpoints: `with capture(model, ["layers.10"]) as captured: ...`.

    With `stops` the pass ends behind the deepest hookpoint, which `Captured.run` catches; without it call the model as usual.
    """

    def __init__(self, model: Any, hookpoints: Iterable[str], stops: bool = True):
        self._model = model
        self._hookpoints = list(hookpoints)
        self._captured = Captured(model, stops)
        self._handles: List[Any] = []
        self._parts: Dict[str, torch.Tensor] = {}

    def __enter__(self) -> Captured:
        blocks = _blocks(self._model)
        deepest = -1
        try:
            for name in self._hookpoints:
                deepest = max(deepest, self._attach(name, blocks))
            if self._captured._stops and deepest >= 0:
                self._handles.append(blocks[deepest].register_forward_hook(self._stop))
        except Exception:
            self.__exit__(None, None, None)
            raise
        return self._captured

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    @staticmethod
    def _stop(module: Any, inputs: Any, output: Any) -> None:
        raise _Deep

    def _keep(self, name: str) -> Callable[[torch.Tensor], None]:
        def keep(value: torch.Tensor) -> None:
            self._captured.activations[name] = value.detach()

        return keep

    def _after(self, module: Any, take: Callable[[torch.Tensor], None]) -> None:
        def hook(_: Any, inputs: Any, output: Any) -> None:
            take(output[0] if isinstance(output, (tuple, list)) else output)

        self._handles.append(module.register_forward_hook(hook))

    def _before(self, module: Any, take: Callable[[torch.Tensor], None]) -> None:
        def hook(_: Any, inputs: Any, arguments: Any) -> None:
            take(inputs[0] if inputs else arguments["hidden_states"])

        self._handles.append(module.register_forward_pre_hook(hook, with_kwargs=True))

    def _attach(self, name: str, blocks: Any) -> int:
        match = _PLACE.fullmatch("layers.0.input" if name == "embed" else name)
        if not match or (match[2] in ("input", "middle") and match[3]) or (match[2] == "attn" and match[3] == "input.normalized"):
            raise ValueError(f"{name!r} is no hookpoint; docs/hookpoints.md lists them")
        layer, site = int(match[1]), ".".join(part for part in match.groups()[1:] if part)
        if layer >= len(blocks):
            raise ValueError(f"{name} is not there: the model has {len(blocks)} blocks, counted from 0")
        block = blocks[layer]
        attention = _child(block, _ATTENTION, name)
        mlp = _child(block, ("mlp",), name)
        has_norms_after = hasattr(block, "post_feedforward_layernorm")
        keep = self._keep(name)
        if site == "":
            self._after(block, keep)
        elif site == "input":
            self._before(block, keep)
        elif site == "attn.input":
            self._after(_child(block, _NORM_BEFORE_ATTENTION, name), keep)
        elif site == "attn.heads":
            self._before(_child(attention, _OUTPUT_PROJECTION, name), keep)
        elif site == "attn":
            self._after(attention, keep)
        elif site == "attn.normed":
            self._after(block.post_attention_layernorm if has_norms_after else attention, keep)
        elif site == "middle":
            place = f"{name}.input"
            self._before(block, lambda value: self._parts.__setitem__(place, value))
            self._after(
                block.post_attention_layernorm if has_norms_after else attention,
                lambda value: keep(self._parts.pop(place) + value),
            )
        elif site == "mlp.input":
            self._before(mlp, keep)
        elif site == "mlp.input.normalized":
            norm = _child(block, _NORM_BEFORE_MLP, name)
            self._before(norm, lambda value: keep(_plain(norm, value)))
        elif site == "mlp.neurons":
            self._before(_child(mlp, _NEURONS, name), keep)
        elif site == "mlp":
            self._after(mlp, keep)
        elif site == "mlp.normed":
            self._after(block.post_feedforward_layernorm if has_norms_after else mlp, keep)
        else:
            raise ValueError(f"{name!r} is no hookpoint; docs/hookpoints.md lists them")
        return layer


def _plain(norm: Any, value: torch.Tensor) -> torch.Tensor:
    """What a norm makes of its input before its weight and bias are applied."""
    epsilon = getattr(norm, "variance_epsilon", getattr(norm, "eps", 0.0))
    value = value.float()
    if getattr(norm, "bias", None) is not None:
        return torch.nn.functional.layer_norm(value, value.shape[-1:], eps=epsilon)
    return value * torch.rsqrt(value.pow(2).mean(-1, keepdim=True) + epsilon)


def _blocks(model: Any) -> Any:
    for path in _BLOCKS:
        found: Optional[Any] = model
        for part in path.split("."):
            found = getattr(found, part, None)
        if isinstance(found, torch.nn.ModuleList):
            return found
    raise ValueError(f"{type(model).__name__} has its blocks at none of {', '.join(_BLOCKS)}")


def _child(module: Any, names: Iterable[str], hookpoint: str) -> Any:
    for name in names:
        found = getattr(module, name, None)
        if found is not None:
            return found
    raise ValueError(f"{hookpoint}: {type(module).__name__} has none of {', '.join(names)}")
