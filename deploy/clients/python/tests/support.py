"""What tests need of the checkout, and a plain word where something is missing."""

import importlib.util
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[4]
sys.path.insert(0, str(HERE.parents[1]))

GLOSS = pathlib.Path(os.environ.get("GLOSS", ROOT / ".build" / "release" / "gloss"))
MODEL = ROOT / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"


def needs(*packages, gloss=False):
    """Leaves a test out, and says so, unless these packages and the program are there."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if gloss and not GLOSS.exists():
        missing.append(f"the program {GLOSS}")
    return unittest.skipIf(bool(missing), f"left out: there is no {', '.join(missing)}")
