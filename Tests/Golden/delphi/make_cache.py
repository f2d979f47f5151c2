"""Cuts a small cache out of one that delphi 0.1.1 wrote, and counts it by brute force.

Rows 0 to 11 and latents 0 to 255, in two files as delphi splits them; `signed` is the same in uint32 with every seventh activation negated.
Usage: make_cache.py FOLDER_OF_HOOKPOINT
"""
import json, pathlib, sys
import numpy as np
from safetensors.numpy import load_file, save_file

ROWS, LATENTS = 12, 256
here = pathlib.Path(__file__).parent
cache = load_file(f"{sys.argv[1]}/0_2047.safetensors")
location, activation = cache["locations"].astype(np.int64), cache["activations"]
kept = (location[:, 0] < ROWS) & (location[:, 2] < LATENTS)
location, activation = location[kept], activation[kept]
tokens = cache["tokens"][:ROWS]

def write(folder, kind, activation):
    folder.mkdir(parents=True, exist_ok=True)
    for start in (0, LATENTS // 2):
        inside = (location[:, 2] >= start) & (location[:, 2] < start + LATENTS // 2)
        part = location[inside] - [0, 0, start]
        save_file({"locations": np.ascontiguousarray(part.astype(kind)), "activations": activation[inside], "tokens": tokens},
                  str(folder / f"{start}_{start + LATENTS // 2 - 1}.safetensors"))

def counts(activation):
    fired, negative, maxima = [0] * LATENTS, [0] * LATENTS, [None] * LATENTS
    for (_, _, latent), value in zip(location.tolist(), activation.astype(float).tolist()):
        if value > 0:
            fired[latent] += 1
            maxima[latent] = value if maxima[latent] is None else max(maxima[latent], value)
        elif value < 0:
            negative[latent] += 1
    return {"fired": fired, "negative": negative, "maxima": maxima}

signed = activation.copy()
signed[::7] *= -1
write(here / "cache" / "layers.10", np.uint16, activation)
write(here / "signed" / "layers.10", np.uint32, signed)
json.dump({"cache": counts(activation), "signed": counts(signed)}, open(here / "counts.json", "w"), separators=(",", ":"))
