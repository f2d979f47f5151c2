"""Text and codes that are drawn: what a run over a million latents reads where no coder of that size is at hand."""

import json
import subprocess

import numpy as np


def corpus_ids(gloss, model, corpus):
    """The token ids of a corpus of JSON lines, one array a document, cut by the model's own tokenizer."""
    opened = subprocess.Popen(["gzip", "-dcf", corpus], stdout=subprocess.PIPE)
    answers = subprocess.run(
        [gloss, "tokenize", "--model", model, "--plain"], stdin=opened.stdout, stdout=subprocess.PIPE, check=True)
    opened.stdout.close()
    if opened.wait():
        raise SystemExit(f"{corpus} cannot be read")
    return [np.array(json.loads(line)["ids"], dtype=np.int64) for line in answers.stdout.splitlines()]


class Text:
    """Documents in which each token follows the one before it as somewhere in a corpus.

    So there are as many different windows as are asked for, with the corpus' own tokens, pairs and rates.
    """

    def __init__(self, documents, rng):
        ids = np.concatenate(documents)
        self.rng = rng
        self.ids = ids
        self.vocabulary = int(ids.max()) + 1
        order = np.argsort(ids[:-1], kind="stable")
        self.followers = ids[1:][order]
        self.counts = np.bincount(ids[:-1], minlength=self.vocabulary)
        self.starts = np.cumsum(self.counts) - self.counts

    def rates(self):
        """The share of each token."""
        return np.bincount(self.ids, minlength=self.vocabulary) / len(self.ids)

    def begin(self, count):
        """First tokens of documents."""
        return self.rng.choice(self.ids, count)

    def follow(self, tokens):
        """The token after each of these."""
        counts = self.counts[tokens]
        places = (self.rng.random(len(tokens)) * counts).astype(np.int64)
        found = self.followers[np.minimum(self.starts[tokens] + places, len(self.followers) - 1)]
        # The corpus' last token may have none after it.
        return np.where(counts > 0, found, self.begin(len(tokens)))


def groups_of_tokens(rates, count):
    """Parts the tokens into groups that come about equally often; a token that comes more often than that is one alone."""
    order = np.argsort(-rates, kind="stable")
    share = 1 / count
    group, filled = np.zeros(len(rates), dtype=np.int64), 0.0
    number = 0
    for token in order:
        group[token] = number
        filled += rates[token]
        if filled >= share:
            number, filled = number + 1, 0.0
    return group, np.bincount(group, weights=rates, minlength=number + 1)


class Codes:
    """Latents whose rates are log-normal, each tied to the tokens of one group.

    Of the latents active on a token half stay for the next one, so that a latent fires on two tokens of a window, as in usual
    text. Of those that come anew three in five belong to the token's group, the others are drawn from all: an explanation
    by tokens has something to find, and does not tell all.
    """

    entries_per_latent = 32
    groups = 4096
    own = 154  # of 256

    def __init__(self, text, latents, active, deviation, rng):
        self.text, self.latents, self.active, self.rng = text, latents, active, rng
        self.group, masses = groups_of_tokens(text.rates(), min(self.groups, latents))
        belongs = rng.choice(len(masses), latents, p=masses / masses.sum())
        rates = np.exp(deviation * rng.standard_normal(latents))
        shares = rates / rates.sum() * latents * self.entries_per_latent
        entries = (shares + rng.random(latents)).astype(np.int64)
        order = np.argsort(belongs, kind="stable")
        # A latent stands in the table as often as it is to be drawn.
        self.table = np.repeat(order, entries[order]).astype(np.int32)
        self.lengths = np.bincount(belongs, weights=entries, minlength=len(masses)).astype(np.uint64)
        self.starts = (np.cumsum(self.lengths) - self.lengths).astype(np.uint64)
        self.strengths = (1 + 8 * rng.random(1 << 16) * rng.random(1 << 16)).astype(np.float16)

    def documents(self, count, tokens):
        """Some documents of equal length: tokens `[count, tokens]`, latents, strengths and which of them count, `[count, tokens, k]`."""
        shape = (count, tokens, self.active)
        ids = np.empty((count, tokens), dtype=np.uint32)
        latents, counts = np.empty(shape, dtype=np.int32), np.ones(shape, dtype=bool)
        strengths = np.empty(shape, dtype=np.float16)
        current, slots = self.text.begin(count), None
        size = np.uint64(len(self.table))
        for place in range(tokens):
            bits = self.rng.integers(0, 1 << 63, shape[::2], dtype=np.uint64)
            own = self.group[current]
            lengths, starts = self.lengths[own][:, None], self.starts[own][:, None]
            is_own = ((bits & 0xFF) < self.own) & (lengths > 0)
            drawn = np.where(is_own, starts, 0) + ((bits >> 32) * np.where(is_own, lengths, size) >> 31)
            fresh = self.table[drawn]
            slots = fresh if slots is None else np.where(bits & 0x100, slots, fresh)
            row = np.sort(slots, axis=1)
            ids[:, place], latents[:, place] = current, row
            counts[:, place, 1:] = row[:, 1:] != row[:, :-1]
            strengths[:, place] = self.strengths[(bits >> 16) & 0xFFFF]
            current = self.text.follow(current)
        return ids, latents, strengths, counts
