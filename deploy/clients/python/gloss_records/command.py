"""Runs a model over a corpus and writes its activations or codes as records."""

import argparse
import gzip
import itertools
import json
import sys
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

import numpy as np


def cut(tokens: List[int], length: int, bos: Optional[int]) -> Tuple[List[np.ndarray], List[int]]:
    """A document's contexts, as Gloss cuts them: the first begins with BOS, and none is longer than `length`."""
    contexts, prefixes, start = [], [], 0
    while start < len(tokens):
        prefix = [bos] if start == 0 and bos is not None else []
        end = min(len(tokens), start + length - len(prefix))
        contexts.append(np.array(prefix + tokens[start:end], dtype=np.uint32))
        prefixes.append(len(prefix))
        start = end
    return contexts, prefixes


def documents(path: str) -> Iterator[Dict[str, Any]]:
    """The documents of a file of JSON lines, plain or gzip: `text` or `tokens`, and optionally `id` and `source`."""
    if path == "-":
        yield from map(json.loads, sys.stdin)
        return
    opening = gzip.open if path.endswith(".gz") else open
    with opening(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def batches(contexts: List[np.ndarray], most: int) -> Iterator[List[int]]:
    """Indices of contexts of one length each, at most `most` together: padding would change nothing but the time."""
    order = sorted(range(len(contexts)), key=lambda index: len(contexts[index]))
    for _, group in itertools.groupby(order, key=lambda index: len(contexts[index])):
        indices = list(group)
        for start in range(0, len(indices), most):
            yield indices[start : start + most]


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(prog="gloss-record", description=__doc__)
    options.add_argument("--model", required=True, help="a folder or a name for transformers")
    options.add_argument("--gguf", help="a GGUF file of the model's folder, to be read in place of its weights")
    options.add_argument("--name", help="the model's name in the records; by default that of --model")
    options.add_argument("--model-digest", default="", help="32 hexadecimal digits for the records")
    options.add_argument("--hookpoint", required=True, help="such as layers.10")
    options.add_argument("--corpus", required=True, help="JSON lines with text or tokens, plain or .gz; - for standard input")
    options.add_argument("--coder", help="RELEASE:ID of SAELens or a folder; codes are written instead of activations")
    options.add_argument("--coder-name", help="the coder's name in the records; by default that of --coder")
    options.add_argument("--coder-digest", default="", help="32 hexadecimal digits for the records")
    options.add_argument("--to", required=True, help="a file, or kafka://HOST:PORT/TOPIC")
    options.add_argument("--kafka", action="append", default=[], metavar="NAME=VALUE", help="a setting for librdkafka")
    options.add_argument("--maximum-bytes", type=int, help="the largest record; by default 900000 for Kafka")
    options.add_argument("--context", type=int, default=256, help="the most tokens of a context, BOS included")
    options.add_argument("--bos", default="auto", help="a token, none, or auto for the tokenizer's own")
    options.add_argument("--values", choices=["f16", "bf16", "f32"], default="f16")
    options.add_argument("--batch", type=int, default=16, help="contexts in one pass")
    options.add_argument("--gather", type=int, default=64, help="documents whose contexts are batched together")
    options.add_argument("--device", default="cpu", help="such as cuda; auto spreads the model over all GPUs")
    options.add_argument("--dtype", default="auto", help="the weights' type, such as float32")
    options.add_argument("--limit", type=int, help="so many documents")
    options.add_argument("--quiet", action="store_true", help="no progress")
    return options


def target(place: str, settings: Iterable[str], maximum: Optional[int]) -> Any:
    """The target of a place."""
    from .targets import FileTarget, KafkaTarget

    sizes = {} if maximum is None else {"maximum_bytes": maximum}
    if not place.startswith("kafka://"):
        return FileTarget(place, **sizes)
    brokers, _, topic = place[len("kafka://") :].partition("/")
    if not brokers or not topic:
        raise SystemExit(f"gloss-record: {place} is not of the form kafka://HOST:PORT/TOPIC")
    return KafkaTarget(brokers, topic, settings=dict(setting.split("=", 1) for setting in settings), **sizes)


def main(arguments: Optional[List[str]] = None) -> None:
    """Runs the command."""
    given = parser().parse_args(arguments)
    import torch
    import transformers

    from .capture import capture
    from .coders import load
    from .writer import Writer

    sources = {"gguf_file": given.gguf} if given.gguf else {}
    tokenizer = transformers.AutoTokenizer.from_pretrained(given.model, **sources)
    dtype = given.dtype if given.dtype == "auto" else getattr(torch, given.dtype)
    if given.device == "auto":
        sources["device_map"] = "auto"
    model = transformers.AutoModelForCausalLM.from_pretrained(given.model, dtype=dtype, **sources).eval()
    if given.device != "auto":
        model = model.to(given.device)
    coder, name = load(given.coder, str(model.device)) if given.coder else (None, "")
    bos = tokenizer.bos_token_id
    if given.bos == "none":
        bos = None
    elif given.bos != "auto":
        bos = tokenizer.convert_tokens_to_ids(given.bos)

    writer: Optional[Writer] = None
    place = target(given.to, given.kafka, given.maximum_bytes)

    def open_writer(width: int) -> Writer:
        return Writer(
            place,
            model=given.name or given.model,
            hookpoint=given.hookpoint,
            width=width,
            coder=(given.coder_name or name) if coder else "",
            values=given.values,
            model_digest=given.model_digest,
            coder_digest=given.coder_digest,
            progress=not given.quiet,
        )

    failed = True
    try:
        stream = itertools.islice(documents(given.corpus), given.limit)
        with capture(model, [given.hookpoint]) as captured:
            while True:
                group = list(itertools.islice(stream, given.gather))
                if not group:
                    break
                cuts = []
                for document in group:
                    ids = document.get("tokens")
                    if ids is None:
                        ids = tokenizer(document["text"], add_special_tokens=False)["input_ids"]
                    cuts.append(cut(ids, given.context, bos))
                contexts = [context for parts, _ in cuts for context in parts]
                found: List[Any] = [None] * len(contexts)
                for indices in batches(contexts, given.batch):
                    ids = torch.tensor(np.stack([contexts[index] for index in indices]).astype(np.int64))
                    rows = captured.run(ids.to(model.device))[given.hookpoint]
                    for place_in_batch, index in enumerate(indices):
                        found[index] = rows[place_in_batch].clone()
                start = 0
                for document, (parts, prefixes) in zip(group, cuts):
                    own = found[start : start + len(parts)]
                    start += len(parts)
                    if not parts:
                        continue
                    rows = torch.cat(own)
                    if writer is None:
                        writer = open_writer(coder.width if coder else rows.shape[1])
                    labels = {"id": str(document.get("id") or ""), "source": str(document.get("source") or "")}
                    if coder:
                        writer.write(parts, codes=coder.encode(rows), prefixes=prefixes, **labels)
                    else:
                        writer.write(parts, activations=rows, prefixes=prefixes, **labels)
        failed = False
    finally:
        if writer is not None:
            writer.close(failed)
        else:
            place.close(failed)
    if writer is not None and not given.quiet:
        print(writer.progress, file=sys.stderr)


if __name__ == "__main__":
    main()
