"""Writes streams.json, page-hinkley.json and adwin.json beside it: what River's detectors say, value by value.

Made with Python 3.11 and river 0.26.1 (`pip install river==0.26.1`): python core/judge/drift/golden/from-river.py
A stream is [name, values]; `detected` are indexes as River's documentation prints them; `every` rows of `n` values apart are
[index, width, total, variance] of ADWIN (River's `variance` is the sum of squared deviations) after that value.
"""

import json
import pathlib
import random

import numpy as np
from river import drift

folder = pathlib.Path(__file__).parent


def streams():
    """River's own documented and tested streams, and harder ones: floats, negative, tiny and huge values, several changes."""
    first = random.Random(12345)
    yield "documentation", first.choices([0, 1], k=1000) + first.choices(range(4, 8), k=1000)
    np.random.seed(12345)
    yield "test", [int(v) for v in np.concatenate((np.random.randint(2, size=1000), np.random.randint(8, size=1000)))]
    several = random.Random(42)
    yield "several", sum((several.choices(values, k=1000) for values in ([0, 1], range(4, 8)) * 2), [])
    yield "sevens", [i % 7 for i in range(200)]
    gauss = random.Random(7)
    yield "gauss", [gauss.gauss(0, 1) for _ in range(700)] + [gauss.gauss(-0.6, 2) for _ in range(700)]
    wide = random.Random(8)
    yield "wide", [wide.gauss(1e9, 1e6) for _ in range(300)] + [wide.gauss(1.002e9, 1e6) for _ in range(300)]
    small = random.Random(9)
    yield "small", [abs(small.gauss(0, 1)) ** 3 * 1e-4 for _ in range(600)] + [0.01 + small.random() for _ in range(100)]
    yield "constant", [1.0] * 100


def detections(detector, values):
    found = []
    for i, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            found.append(i)
    return found


def adwin_rows(values, every, **settings):
    detector, rows = drift.ADWIN(**settings), []
    for i, value in enumerate(values):
        detector.update(value)
        if i % every == every - 1 or detector.drift_detected:
            rows.append([i, detector.width, detector.total, detector.variance])
    return rows


def write(name, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (folder / name).write_text(f"[\n{lines}\n]\n")


write("streams.json", [{"name": name, "values": values} for name, values in streams()])
write(
    "page-hinkley.json",
    [
        {"stream": name, "settings": settings, "detected": detections(drift.PageHinkley(**settings), values)}
        for name, values in streams()
        for settings in ({}, {"threshold": 5, "delta": 0.02, "alpha": 0.99, "min_instances": 10})
    ],
)
write(
    "adwin.json",
    [
        {
            "stream": name,
            "delta": delta,
            "detected": detections(drift.ADWIN(delta=delta), values),
            "rows": adwin_rows(values, 16, delta=delta),
        }
        for name, values in streams()
        for delta in (0.002, 0.3)
    ],
)
