"""Makes assignment.json: SciPy's optimum for two matrices that the tests make again from the same integers."""
import json, pathlib, numpy as np, scipy
from scipy.optimize import linear_sum_assignment

N, D, SEED, MIX = 2048, 24, 20250115, 3

class Numbers:
    """The 16 high bits of a 64-bit linear congruential generator (Knuth's MMIX), as signed integers."""
    def __init__(self, seed): self.state = seed
    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        high = self.state >> 48
        return high - 65536 if high >= 32768 else high
    def matrix(self, rows, columns):
        return np.array([self.next() for _ in range(rows * columns)], dtype=np.int64).reshape(rows, columns)

numbers = Numbers(SEED)
a = numbers.matrix(N, D)
noise = numbers.matrix(N, D)
# Row i of b is row (i * 733 + 5) mod N of a, and noise that grows with i: easy pairs and hopeless ones.
b = a[(np.arange(N) * 733 + 5) % N] * MIX * 64 + noise * (np.arange(N)[:, None] // 4)
unit = lambda m: m / np.linalg.norm(m.astype(float), axis=1, keepdims=True)
cosines = unit(a) @ unit(b).T
rows, columns = linear_sum_assignment(cosines, maximize=True)
chosen = cosines[rows, columns]
near_a = np.argsort(-cosines, axis=1)[:, :32]
near_b = np.argsort(-cosines, axis=0)[:32].T
held = sum(1 for r, c in zip(rows, columns) if c in near_a[r] or r in near_b[c])
print("mean", chosen.mean(), "min", chosen.min(), "held", held, "of", N, "identity", np.mean((columns * 733 + 5) % N == rows))
json.dump({"made_by": f"scipy {scipy.__version__} linear_sum_assignment, numpy {np.__version__}", "rows": N, "width": D, "seed": SEED,
           "mix": MIX * 64, "total": float(chosen.sum()), "held_by_candidates": held, "columns": columns.tolist()},
          open(pathlib.Path(__file__).with_name("assignment.json"), "w"), separators=(",", ":"))
