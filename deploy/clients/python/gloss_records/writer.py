"""Documents in, records out."""

import dataclasses
import sys
import time
from typing import Any, List, Optional, Sequence, Tuple, Union

import numpy as np

from .format import Header, RecordError, encode_activations, encode_codes
from .siphash import document_hash
from .targets import FileTarget, KafkaTarget

Target = Union[FileTarget, KafkaTarget]
Codes = Tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclasses.dataclass
class Progress:
    """What has been written so far."""

    documents: int = 0
    records: int = 0
    tokens: int = 0
    bytes: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        rate = self.tokens / self.seconds if self.seconds else 0.0
        return (
            f"{self.documents} documents, {self.tokens} tokens ({rate:,.0f} a second), "
            f"{self.bytes / 1e6:,.1f} MB in {self.records} records"
        )


def to_numpy(values: Any) -> np.ndarray:
    """An array of an array, a list or a torch tensor; bf16 comes as its bits in unsigned 16-bit numbers."""
    if hasattr(values, "detach"):
        tensor = values.detach().cpu().contiguous()
        if str(tensor.dtype) == "torch.bfloat16":
            import torch

            return tensor.view(torch.int16).numpy().view(np.uint16)
        return tensor.numpy()
    return np.asarray(values)


def sparse(latents: Any, values: Any) -> Codes:
    """Codes of top-k form, `[tokens, k]` latents and values in any order, of which those above 0 count."""
    latents, values = to_numpy(latents), to_numpy(values)
    if latents.shape != values.shape or latents.ndim != 2:
        raise RecordError(f"latents of shape {latents.shape} with values of shape {values.shape}; expected [tokens, k] twice")
    if values.dtype == np.uint16:
        values = (values.astype(np.uint32) << 16).view(np.float32)
    order = np.argsort(latents, axis=1, kind="stable")
    latents = np.take_along_axis(latents, order, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    fires = values > 0
    return fires.sum(axis=1), latents[fires], values[fires]


def sparse_rows(dense: Any) -> Codes:
    """Codes of dense rows, `[tokens, latents]`, of which those above 0 count."""
    if hasattr(dense, "detach"):
        # On the device where they are: only what fires comes over.
        fires = dense.detach() > 0
        rows, latents = fires.nonzero(as_tuple=True)
        values = to_numpy(dense.detach()[rows, latents].float())
        active = to_numpy(fires.sum(dim=-1))
        return active, to_numpy(latents), values
    dense = np.asarray(dense)
    rows, latents = np.nonzero(dense > 0)
    return np.bincount(rows, minlength=len(dense)), latents, dense[rows, latents]


class Writer:
    """Writes documents as records to a target.

    Give `width` as `d_in` for activations, or as the number of latents with `coder` for codes. `values` is how floats are
    held: `f16`, `f32`, and for activations `bf16`. With `progress` a line goes to standard error now and then.

    A document that is larger than the target takes is written as several records, each of whole contexts.
    """

    def __init__(
        self,
        target: Union[Target, str],
        model: str,
        hookpoint: str,
        width: int,
        coder: str = "",
        values: str = "f16",
        model_digest: str = "",
        coder_digest: str = "",
        source: str = "",
        progress: bool = False,
    ):
        self.target: Target = FileTarget(target) if isinstance(target, str) else target
        self.header = Header(
            model=model,
            hookpoint=hookpoint,
            width=width,
            values=values,
            coder=coder,
            model_digest=model_digest,
            coder_digest=coder_digest,
            source=source,
        )
        self.header.packed()
        self.progress = Progress()
        self._shows = progress
        self._start = time.monotonic()
        self._shown = self._start

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close(failed=kind is not None)

    def write(
        self,
        tokens: Any,
        activations: Any = None,
        codes: Any = None,
        prefixes: Optional[Sequence[int]] = None,
        id: str = "",
        source: str = "",
        time_ms: Optional[int] = None,
    ) -> None:
        """Writes one document.

        `tokens` is the document's token ids, or a list of them, one for each context in which they were run. `prefixes` says
        how many of each context's first tokens are not the document's own, such as a BOS token; by default none.
        `activations` is `[tokens, d_in]`; `codes` a pair of latents and values `[tokens, k]`, a triple of counts, latents
        and values as `sparse` gives it, or dense rows `[tokens, latents]`.
        """
        contexts = _split(tokens)
        given = [0] * len(contexts) if prefixes is None else [int(prefix) for prefix in prefixes]
        if (activations is None) == (codes is None):
            raise RecordError("give a document either activations or codes")
        if (codes is None) != (self.header.coder == ""):
            raise RecordError("a writer with a coder writes codes, one without it activations")
        header = dataclasses.replace(
            self.header, id=id, source=source or self.header.source, time=time_ms
        )
        if activations is not None:
            rows = to_numpy(activations)
            self._write(header, contexts, given, rows, None)
        else:
            self._write(header, contexts, given, None, _codes(codes))
        self.progress.documents += 1
        self._show()

    def _write(
        self,
        header: Header,
        contexts: List[np.ndarray],
        prefixes: List[int],
        rows: Optional[np.ndarray],
        codes: Optional[Codes],
    ) -> None:
        parts = _parts(contexts, self._bytes_of_tokens(contexts, codes), self.target.maximum_bytes - 1024)
        if len(parts) > 1 and not header.document:
            own = [context[prefix:] for context, prefix in zip(contexts, prefixes)]
            header = dataclasses.replace(header, document=document_hash(np.concatenate(own)))
        starts = np.concatenate([[0], np.cumsum([len(context) for context in contexts])])
        pairs = None if codes is None else np.concatenate([[0], np.cumsum(codes[0])])
        for first, last in parts:
            (start, end), chosen = (int(starts[first]), int(starts[last])), contexts[first:last]
            if codes is None:
                assert rows is not None
                record = encode_activations(header, chosen, prefixes[first:last], rows[start:end])
            else:
                assert pairs is not None
                low, high = int(pairs[start]), int(pairs[end])
                record = encode_codes(
                    header, chosen, prefixes[first:last], codes[0][start:end], codes[1][low:high], codes[2][low:high]
                )
            if len(record) > self.target.maximum_bytes:
                raise RecordError(
                    f"a context of {end - start} tokens takes {len(record)} bytes, and the target takes "
                    f"{self.target.maximum_bytes}: raise maximum_bytes, and for Kafka the topic's max.message.bytes"
                )
            self.target.send(record, header.id.encode() or None)
            self.progress.records += 1
            self.progress.tokens += end - start
            self.progress.bytes += len(record)

    def _bytes_of_tokens(self, contexts: List[np.ndarray], codes: Optional[Codes]) -> List[int]:
        width = 2 if self.header.values != "f32" else 4
        if codes is None:
            return [len(context) * (4 + width * self.header.width) + 8 for context in contexts]
        pairs = np.concatenate([[0], np.cumsum(codes[0])])
        ends = np.cumsum([len(context) for context in contexts])
        starts = ends - np.array([len(context) for context in contexts])
        return [
            int(6 * (end - start) + (4 + width) * (pairs[end] - pairs[start]) + 8)
            for start, end in zip(starts, np.minimum(ends, len(pairs) - 1))
        ]

    def _show(self) -> None:
        now = time.monotonic()
        self.progress.seconds = now - self._start
        if self._shows and now - self._shown >= 5:
            self._shown = now
            print(self.progress, file=sys.stderr, flush=True)

    def flush(self) -> None:
        """Waits until everything written is where it belongs."""
        self.target.flush()

    def close(self, failed: bool = False) -> None:
        """Waits likewise and ends; of work that has failed, no file gets its name."""
        self.target.close(failed)
        self._show()


def _split(tokens: Any) -> List[np.ndarray]:
    if hasattr(tokens, "detach") or (isinstance(tokens, np.ndarray) and tokens.ndim == 1):
        return [to_numpy(tokens).ravel()]
    if len(tokens) and np.ndim(tokens[0]) == 0:
        return [np.asarray(tokens)]
    return [to_numpy(context) for context in tokens]


def _codes(codes: Any) -> Codes:
    if isinstance(codes, (tuple, list)) and len(codes) == 3:
        active, latents, values = (to_numpy(part) for part in codes)
        return active, latents, values
    if isinstance(codes, (tuple, list)) and len(codes) == 2:
        return sparse(*codes)
    return sparse_rows(codes)


def _parts(contexts: List[np.ndarray], sizes: List[int], most: int) -> List[Tuple[int, int]]:
    """Runs of contexts that go into one record each."""
    parts, first, held = [], 0, 0
    for index, size in enumerate(sizes):
        if index > first and held + size > most:
            parts.append((first, index))
            first, held = index, 0
        held += size
    return parts + [(first, len(contexts))]
