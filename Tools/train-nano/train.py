"""Trains yuan2-nano from nothing.

    python train.py WORK_FOLDER [--steps N] [--seed S] [--start MODEL_FOLDER --rate R]

Writes tokenizer.model, loss.csv and checkpoint.pt into the folder; run again with the same folder, it goes on where the
last checkpoint ended, on the same data, also with another --steps while the learning rate is constant. The loss is taken on
the answers only. A step takes two batches, each in a thread of its own.
"""
import argparse
import csv
import os
import pathlib
import random
import time

from concurrent.futures import ThreadPoolExecutor

import torch
import torch.nn.functional as F

import goldens
import stream
import tokenizer as tok
from check_overlap import Bundled
from model import Shape, Yuan

WAYS = 2  # batches a step
# From this block of the data on: padded tokens of a batch, and the shares of samples in the chat form and without their
# examples. Small steps and short samples come first.
PHASES = [(0, 1024, 0.3, 0.85), (60, 1536, 0.55, 0.55)]
WARMUP = 60
DECAY = 0.21  # the learning rate is constant, then falls linearly over this share of the steps


def orthogonal(x):
    """The nearest matrix with orthogonal rows or columns, about: five Newton-Schulz steps."""
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised by five Newton-Schulz steps (Jordan et al. 2024), for matrices."""

    def __init__(self, params, lr, run, momentum=0.95, decay=0.0):
        """`run` maps a function over a list, as `map` does."""
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})
        self.run = run

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if "buffer" not in self.state[p]:
                    self.state[p]["buffer"] = torch.zeros_like(p)

            @torch.no_grad()
            def update(p):
                m = self.state[p]["buffer"].lerp_(p.grad, 1 - group["momentum"])
                x = orthogonal(p.grad.lerp(m, group["momentum"]))
                p.mul_(1 - group["lr"] * group["decay"])
                p.add_(x, alpha=-group["lr"] * max(1.0, p.shape[0] / p.shape[1]) ** 0.5)

            list(self.run(update, group["params"]))


def sequence(sample, tokenizer, rng, chat, bare):
    """Token ids and the number of them that are prompt. A share of `chat` has the chat form; a share of `bare` is shown
    without examples, which makes it shorter and leaves only the description to go by."""
    if rng.random() < bare:
        sample.examples = []
    if rng.random() < chat:
        user, opening, answer = sample.chat()
        prompt, full = user + "<sep>" + opening, user + "<sep>" + opening + answer
    else:
        prompt, body = sample.completion()
        full = prompt + body
    head, ids = tokenizer.encode(prompt), tokenizer.encode(full)
    assert ids[: len(head)] == head
    return ids + [tokenizer.eod], len(head)


def batches(seed, start_block, tokenizer, forbidden, length=320):
    """Yields (next block, ids, targets, weights): sequences of similar length together, padded with <eod>."""
    index = start_block
    while True:
        # Four blocks are sorted by length and cut into batches.
        _, batch_tokens, chat, bare = next(p for p in reversed(PHASES) if index >= p[0])
        rng = random.Random(f"form:{seed}:{index}")
        pool = []
        for _ in range(4):
            pool += [sequence(s, tokenizer, rng, chat, bare) for s in stream.block(seed, index, forbidden)]
            index += 1
        pool = sorted((p for p in pool if len(p[0]) <= length), key=lambda p: len(p[0]))
        cuts, current = [], []
        for p in pool:
            if current and len(p[0]) * (len(current) + 1) > batch_tokens:
                cuts.append(current)
                current = []
            current.append(p)
        cuts.append(current)
        rng.shuffle(cuts)
        for i, cut in enumerate(cuts):
            longest = max(len(ids) for ids, _ in cut)
            ids = torch.full((len(cut), longest), tokenizer.eod)
            weights = torch.zeros(len(cut), longest - 1)
            for row, (s, head) in enumerate(cut):
                ids[row, : len(s)] = torch.tensor(s)
                weights[row, head - 1 : len(s) - 1] = 1
            yield (index if i == len(cuts) - 1 else None), ids[:, :-1], ids[:, 1:], weights


def gradients(model, ids, targets, weights):
    """Sum of the loss over the answers' tokens, their number, and the gradients; the end of the network is computed at
    those tokens alone."""
    keep = weights.flatten().nonzero().flatten()
    loss = F.cross_entropy(model.hidden(ids, keep) @ model.embed.weight.T, targets.flatten()[keep], reduction="sum")
    return loss.item(), len(keep), torch.autograd.grad(loss, list(model.parameters()))


def optimizers(model, run=map):
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    vectors = [p for n, p in model.named_parameters() if p.dim() < 2]
    return [Muon(matrices, 0.02, run, decay=0.01),
            torch.optim.AdamW([{"params": [model.embed.weight], "lr": 3e-3}, {"params": vectors, "lr": 3e-3}], betas=(0.9, 0.98), weight_decay=0.0)]


def take_over(model, tokenizer, folder):
    """Starts with the weights of an exported model, whose tokenizer may be another: a piece that it lacks gets the mean of
    the pieces that it has for the same text."""
    old, pieces = goldens.load(folder), tok.Tokenizer(folder / "tokenizer.model").sp
    rows = []
    for i in range(tokenizer.sp.get_piece_size()):
        piece = tokenizer.sp.id_to_piece(i)
        same = pieces.piece_to_id(piece)
        if pieces.id_to_piece(same) == piece:
            rows.append(old.embed.weight[same])
        else:
            parts = pieces.encode("\n" + piece.replace("\u2581", " "))  # the line's end is no part of any piece
            rows.append(old.embed.weight[parts[parts.index(pieces.piece_to_id("<0x0A>")) + 1 :]].mean(0))
    model.load_state_dict(old.state_dict())
    with torch.no_grad():
        model.embed.weight.copy_(torch.stack(rows))


def schedule(step, steps):
    if step < WARMUP:
        return (step + 1) / WARMUP
    decay = int(steps * DECAY)
    return min(1.0, 0.02 + 0.98 * (steps - step) / decay)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.0, help="share of the usual learning rate")
    parser.add_argument("--start", type=pathlib.Path, help="begin with the weights of this exported model")
    parser.add_argument("--stop-after", type=int, default=None, help="leave after this step, as if interrupted")
    args = parser.parse_args()
    torch.set_num_threads(1)
    pool = ThreadPoolExecutor(WAYS, initializer=torch.set_num_threads, initargs=(1,))
    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    if not (args.work / "tokenizer.model").exists():
        tok.train(args.work)
    tokenizer, forbidden = tok.Tokenizer(args.work / "tokenizer.model"), Bundled()
    model = Yuan(Shape())
    if args.start:
        take_over(model, tokenizer, args.start)
    opts = optimizers(model, pool.map)
    base = [[g["lr"] for g in o.param_groups] for o in opts]
    step = block = seen = skip = 0
    seconds = 0.0
    checkpoint, log = args.work / "checkpoint.pt", args.work / "loss.csv"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        for o, s in zip(opts, state["optimizers"]):
            o.load_state_dict(s)
        step, block, skip, seen, seconds = (state[k] for k in ("step", "block", "skip", "seen", "seconds"))
    rows = list(csv.reader(open(log)))[1:] if log.exists() else []
    rows = [r for r in rows if int(r[0]) <= step]
    with open(log, "w") as f:
        csv.writer(f).writerows([["step", "tokens", "loss", "learning_rate_factor"], *rows])
    print(f"{sum(p.numel() for p in model.parameters())} parameters, from step {step}", flush=True)

    def save():
        part = checkpoint.with_suffix(".part")
        torch.save({"model": model.state_dict(), "optimizers": [o.state_dict() for o in opts], "step": step, "block": block, "skip": skip, "seen": seen, "seconds": seconds}, part)
        os.replace(part, checkpoint)

    stream_ = batches(args.seed, block, tokenizer, forbidden)
    for _ in range(skip):
        next(stream_)
    last, total, count = time.monotonic(), 0.0, 0
    saved = last
    while step < args.steps:
        taken = [next(stream_) for _ in range(WAYS)]
        factor = args.rate * schedule(step, args.steps)
        for o, lrs in zip(opts, base):
            for g, lr in zip(o.param_groups, lrs):
                g["lr"] = lr * factor
        results = list(pool.map(lambda b: gradients(model, *b[1:]), taken))
        answers = sum(r[1] for r in results)
        for p, *parts in zip(model.parameters(), *(r[2] for r in results)):
            p.grad = sum(parts) / answers
        torch.nn.utils.clip_grad_norm_(opts[1].param_groups[0]["params"], 1.0)
        for o in opts:
            o.step()
            o.zero_grad()
        step, seen = step + 1, seen + sum(b[1].numel() for b in taken)
        for following, *_ in taken:
            skip = 0 if following is not None else skip + 1
            block = following if following is not None else block
        total, count = total + sum(r[0] for r in results), count + answers
        if step % 20 == 0:
            now = time.monotonic()
            seconds += now - last
            with open(log, "a") as f:
                csv.writer(f).writerow([step, seen, f"{total / count:.4f}", f"{factor:.4f}"])
            print(f"{step} loss {total / count:.4f} {seen / seconds:.0f} tokens/s", flush=True)
            last, total, count = now, 0.0, 0
            if now - saved > 60:
                save()
                saved = now
        if step == args.stop_after:
            break
    save()


if __name__ == "__main__":
    main()
