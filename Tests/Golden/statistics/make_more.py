"""Writes more.json: quantiles, Wilson limits, areas under the ROC curve, Student's quantiles and G statistics."""
import json
import numpy
import scipy
from scipy import stats

rng = numpy.random.default_rng(20261123)
quantiles = []
for size, kind in [(1, "normal"), (2, "normal"), (7, "ties"), (100, "normal"), (1001, "normal"), (64, "ties")]:
    values = rng.normal(size=size) if kind == "normal" else rng.integers(0, 4, size) / 4
    fractions = [0, 0.025, 0.25, 0.5, 0.6180339887, 0.75, 0.975, 1]
    quantiles.append({"values": values.tolist(), "fractions": fractions,
                      "expected": numpy.quantile(values, fractions).tolist()})
wilson = []
for count in [1, 2, 9, 40, 128, 8000]:
    for successes in sorted({0, 1, count // 3, count // 2, count - 1, count}):
        interval = stats.binomtest(successes, count).proportion_ci(method="wilson")
        wilson.append({"successes": int(successes), "count": count, "lower": interval.low, "upper": interval.high})
areas = []
for size, levels in [(20, 0), (50, 0), (60, 5), (200, 3), (80, 2)]:
    positive = rng.random(size) < 0.4
    positive[:2] = [True, False]
    scores = rng.normal(size=size) + positive
    if levels:
        scores = numpy.floor(scores * levels) / levels
    statistic = stats.mannwhitneyu(scores[positive], scores[~positive]).statistic
    areas.append({"scores": scores.tolist(), "positive": positive.tolist(),
                  "area": statistic / positive.sum() / (~positive).sum()})
student = [{"degrees": d, "quantile": stats.t.ppf(0.975, d)} for d in [2, 3, 5, 7.5, 14, 38, 120, 1e5]]
clustered = [{"fired": fired, "tokens": tokens, "statistic": stats.chi2_contingency(
    [fired, [t - f for f, t in zip(fired, tokens)]], correction=False, lambda_="log-likelihood").statistic}
    for fired, tokens in [([0, 300], [30000, 10000]), ([5, 7, 900], [10000, 2000, 50000]), ([3, 3], [100, 90])]]
with open("more.json", "w") as file:
    json.dump({"numpy": numpy.__version__, "scipy": scipy.__version__, "quantiles": quantiles, "wilson": wilson,
               "areas": areas, "student": student, "sources": clustered}, file)
