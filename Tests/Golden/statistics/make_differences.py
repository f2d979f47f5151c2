"""Writes differences.json: differences of paired and unpaired values, their standard errors, bootstrap intervals and power."""
import json
import numpy
import scipy
from scipy import stats

rng = numpy.random.default_rng(20261128)


def tail(n):
    return float(stats.norm.cdf(-numpy.sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1)))


def needed(difference, deviation):
    """The least n at which a two-sided t-test at 5 % tells the difference in four of five repetitions, by the noncentral t."""
    for n in range(2, 100000):
        critical, shift = stats.t.ppf(0.975, n - 1), abs(difference) / deviation * numpy.sqrt(n)
        power = stats.nct.sf(critical, n - 1, shift) + stats.nct.cdf(-critical, n - 1, shift)
        if power >= 0.8:
            return n


pairs = []
for size, shift in [(8, 0.1), (30, 0.05), (104, 0.0915), (200, 0.01)]:
    ease = rng.normal(0.7, 0.15, size)
    a = numpy.clip(numpy.round(ease + shift + rng.normal(0, 0.1, size), 3), 0, 1)
    b = numpy.clip(numpy.round(ease + rng.normal(0, 0.1, size), 3), 0, 1)
    b[:2] = a[:2]
    d = a - b
    draws = d[rng.integers(0, size, (40000, size))].mean(axis=1)
    apart = a[rng.integers(0, size, (40000, size))].mean(axis=1) - b[rng.integers(0, size, (40000, size))].mean(axis=1)
    ends = [tail(size), 1 - tail(size)]
    pairs.append({
        "a": a.tolist(), "b": b.tolist(), "difference": d.mean(), "meanA": a.mean(), "meanB": b.mean(),
        "wins": int((d > 1e-12).sum()), "ties": int((abs(d) <= 1e-12).sum()), "losses": int((d < -1e-12).sum()),
        "paired": stats.sem(d), "unpaired": float(numpy.sqrt(stats.sem(a) ** 2 + stats.sem(b) ** 2)),
        "pearson": stats.pearsonr(a, b).statistic, "spearman": stats.spearmanr(a, b).statistic,
        "interval": numpy.quantile(draws, ends).tolist(), "apart": numpy.quantile(apart, ends).tolist(),
    })
tails = [{"latents": n, "tail": tail(n)} for n in [2, 3, 5, 10, 30, 100, 4000]]
power = [{"difference": d, "deviation": s, "latents": needed(d, s)}
         for d, s in [(0.1, 0.1), (0.05, 0.1), (0.0915, 0.17), (0.02, 0.15), (-0.01, 0.2), (0.3, 0.2)]]
with open("differences.json", "w") as file:
    json.dump({"numpy": numpy.__version__, "scipy": scipy.__version__, "pairs": pairs, "tails": tails, "power": power}, file)
