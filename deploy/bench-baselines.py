"""Measures other programs on the work that `gloss bench` does, and prints what its --baselines reads as JSON.

Hugging Face `tokenizers` on one thread, and llama.cpp through `llama-cpp-python` on the same GGUF. By the wall clock it may use one
thread or all, whichever is faster. Its threads wait for each other by spinning, which on a busy machine is CPU time that says nothing
of it; so by the CPU clock one thread is measured, and reading prompts is taken to scale perfectly with threads.
Progress goes to standard error.
"""
import argparse
import gzip
import json
import os
import sys
import time

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--model", required=True, help="a GGUF file with a byte-level vocabulary and GPT-2's rule for words, as SmolLM2's")
arguments.add_argument("--corpus", required=True, help="lines of JSON with a text, plain or gzip")
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--threads", type=int, default=os.cpu_count())
arguments.add_argument("--clock", choices=["wall", "cpu"], default="wall")
arguments.add_argument("--note", action="append", default=[], help="a line to pass on")
arguments = arguments.parse_args()

# What `gloss bench` takes, see Sources/Benchmarks/Work.
TEXT_BYTES, PROMPT, SHORT_PROMPT, WRITTEN = 2_000_000, 512, 64, 64

baselines, notes = [], arguments.note


def say(text):
    print(f"[baselines] {text}", file=sys.stderr, flush=True)


def seconds(work, threads):
    """The time of some work; of the CPU's time each thread's mean."""
    if arguments.clock == "wall":
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    start = time.process_time()
    work()
    return (time.process_time() - start) / threads


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def add(name, program, unit, figures):
    say(f"{name}: {program}: {median(figures):.4g} {unit}")
    baselines.append({"name": name, "program": program, "unit": unit, "figures": figures})


def documents():
    texts, size = [], 0
    opening = gzip.open if arguments.corpus.endswith(".gz") else open
    with opening(arguments.corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            if size >= TEXT_BYTES:
                break
            texts.append(json.loads(line)["text"])
            size += len(texts[-1].encode())
    return texts, size


def measure_tokenizers(texts, size):
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    import gguf
    import tokenizers
    from tokenizers import models, pre_tokenizers

    fields = gguf.GGUFReader(arguments.model).fields
    strings = lambda name: [bytes(fields[name].parts[i]).decode() for i in fields[name].data]
    vocabulary = {token: index for index, token in enumerate(strings("tokenizer.ggml.tokens"))}
    merges = [tuple(merge.split(" ")) for merge in strings("tokenizer.ggml.merges")]
    tokenizer = tokenizers.Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    # As transformers reads such a GGUF: the ids are those of Gloss.
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)

    def work():
        for text in texts:
            tokenizer.encode(text, add_special_tokens=False)

    work()
    figures = [size / 1e6 / seconds(work, 1) for _ in range(arguments.rounds)]
    add("tokenise", f"tokenizers {tokenizers.__version__}", "MB/s", figures)


def measure_llama(texts):
    import llama_cpp
    import numpy.ctypeslib

    text = "".join(texts[:64]).encode()
    best = {}
    by_wall = arguments.clock == "wall"
    for threads in sorted({1, arguments.threads}) if by_wall else [1]:
        llama = llama_cpp.Llama(
            arguments.model, n_ctx=1024, n_batch=512, n_ubatch=512, n_threads=threads, n_threads_batch=threads,
            verbose=False)
        tokens = llama.tokenize(text, add_bos=False, special=False)
        prompt, short = tokens[:PROMPT], tokens[:SHORT_PROMPT]

        def read(tokens):
            llama.reset()
            llama.eval(tokens)

        def write():
            for _ in range(WRITTEN):
                logits = numpy.ctypeslib.as_array(llama._ctx.get_logits_ith(-1), shape=(llama.n_vocab(),))
                llama.eval([int(logits.argmax())])

        read(prompt)
        reading, writing = [], []
        for _ in range(arguments.rounds):
            reading.append(PROMPT / seconds(lambda: read(prompt), threads))
            read(short)
            writing.append(WRITTEN / seconds(write, threads))
        program = f"llama-cpp-python {llama_cpp.__version__}, {threads} thread{'s' if threads > 1 else ''}"
        for name, figures in (("prompt", reading), ("decode", writing)):
            say(f"{name}: {program}: {median(figures):.4g} tokens/s")
            if name not in best or median(figures) > median(best[name][1]):
                best[name] = (program, figures)
        llama.close()
    program, figures = best["prompt"]
    if not by_wall:
        program, figures = f"{program} × {arguments.threads}", [figure * arguments.threads for figure in figures]
    add("prompt", program, "tokens/s", figures)
    for name in ("decode-1", "decode-16"):
        add(name, best["decode"][0] + ", one job", "tokens/s", best["decode"][1])


texts, size = documents()
for name, measure in (("tokenizers", lambda: measure_tokenizers(texts, size)), ("llama-cpp-python", lambda: measure_llama(texts))):
    try:
        measure()
    except Exception as error:  # a figure that is missing is told, the others stay
        notes.append(f"{name} was not measured: {type(error).__name__}: {error}")
        say(notes[-1])
print(json.dumps({"clock": arguments.clock, "baselines": baselines, "notes": notes}, indent=1))
