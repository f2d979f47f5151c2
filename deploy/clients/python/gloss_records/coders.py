"""Sparse coders in torch: those of SAELens by its own code, TopK folders of sparsify by a few lines."""

import json
import pathlib
from typing import Any, Tuple

import torch

from .writer import Codes, sparse, sparse_rows


class TopKCoder:
    """A TopK coder in a folder of sparsify: `cfg.json` and `sae.safetensors`."""

    def __init__(self, folder: str, device: str = "cpu"):
        from safetensors.torch import load_file

        path = pathlib.Path(folder)
        settings = json.loads((path / "cfg.json").read_text())
        if settings.get("activation", "topk") != "topk" or settings.get("transcode"):
            raise ValueError(f"{folder} is no TopK autoencoder of sparsify")
        tensors = load_file(str(path / "sae.safetensors"), device=device)
        self.weight = tensors["encoder.weight"].float()
        self.bias = tensors["encoder.bias"].float()
        self.offset = tensors["b_dec"].float()
        self.k = int(settings["k"])
        self.width = self.weight.shape[0]

    def encode(self, activations: torch.Tensor) -> Codes:
        """The codes of rows `[tokens, d_in]`."""
        with torch.no_grad():
            rows = activations.to(self.weight.device, torch.float32) - self.offset
            values, latents = torch.relu(rows @ self.weight.T + self.bias).topk(self.k, dim=-1, sorted=False)
        return sparse(latents, values)


class SAELensCoder:
    """An object of SAELens: anything with `encode` to dense rows and `cfg.d_sae`."""

    def __init__(self, sae: Any):
        self.sae = sae
        self.width = int(sae.cfg.d_sae)

    def encode(self, activations: torch.Tensor) -> Codes:
        """The codes of rows `[tokens, d_in]`."""
        with torch.no_grad():
            parameter = next(iter(self.sae.parameters()), None) if hasattr(self.sae, "parameters") else None
            if parameter is not None:
                activations = activations.to(parameter.device, parameter.dtype)
            return sparse_rows(self.sae.encode(activations))


def load(place: str, device: str = "cpu") -> Tuple[Any, str]:
    """A coder and its name: `RELEASE:ID` of SAELens, or a folder of SAELens or sparsify."""
    path = pathlib.Path(place)
    if path.is_dir():
        settings = json.loads((path / "cfg.json").read_text()) if (path / "cfg.json").exists() else {}
        if "num_latents" in settings or "expansion_factor" in settings:
            return TopKCoder(place, device), path.name
        from sae_lens import SAE

        return SAELensCoder(SAE.load_from_disk(place, device=device)), path.name
    release, _, name = place.partition(":")
    if not name:
        raise ValueError(f"{place} is neither a folder nor RELEASE:ID of SAELens")
    from sae_lens import SAE

    sae = SAE.from_pretrained(release, name, device=device)
    return SAELensCoder(sae[0] if isinstance(sae, tuple) else sae), place
