"""The endless, reproducible stream of training samples: block b of seed s is always the same."""
import random

from check_overlap import Bundled
from data import draw

BLOCK = 256


def block(seed, index, forbidden):
    rng = random.Random(f"{seed}:{index}")
    return [draw(rng, "train", forbidden) for _ in range(BLOCK)]


def training_samples(seed, start=0):
    forbidden, index = Bundled(), start
    while True:
        yield from block(seed, index, forbidden)
        index += 1
