"""Yuan2 in PyTorch: localized filtering before the queries and keys, SiLU on up_proj, tied head.

Queries and keys are kept as two matrices here, heads in order; `export.py` lays them out as real checkpoints do.
"""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Shape:
    vocabulary: int = 2048
    hidden: int = 160
    layers: int = 4
    heads: int = 4
    inner: int = 448
    positions: int = 1024

    @property
    def head(self):
        return self.hidden // self.heads


class RMSNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, 1e-6)


def previous(x):
    """The row before each row of [batch, tokens, size]; zero before the first."""
    return F.pad(x, (0, 0, 1, 0))[:, :-1]


class Filter(nn.Module):
    """Two causal convolutions of width 2 over time, then a residual and a norm."""

    def __init__(self, hidden):
        super().__init__()
        self.old1, self.new1 = nn.Linear(hidden, hidden // 2, bias=False), nn.Linear(hidden, hidden // 2)
        self.old2, self.new2 = nn.Linear(hidden // 2, hidden, bias=False), nn.Linear(hidden // 2, hidden)
        self.norm = RMSNorm(hidden)

    def forward(self, x):
        c = previous(self.old1(x)) + self.new1(x)
        return self.norm(previous(self.old2(c)) + self.new2(c) + x)


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.heads, self.head = s.heads, s.head
        self.norm1, self.norm2 = RMSNorm(s.hidden), RMSNorm(s.hidden)
        self.filter = Filter(s.hidden)
        self.q, self.k, self.v, self.o = (nn.Linear(s.hidden, s.hidden, bias=False) for _ in range(4))
        self.up, self.gate = nn.Linear(s.hidden, s.inner, bias=False), nn.Linear(s.hidden, s.inner, bias=False)
        self.down = nn.Linear(s.inner, s.hidden, bias=False)

    def forward(self, h, cos, sin, keep=None):
        """[batch, tokens, hidden] to the same, or, of the positions `keep` (counted through the batch), to [kept, hidden]."""
        b, t, _ = h.shape

        def split(x):
            return x.view(b, t, self.heads, self.head).transpose(1, 2)

        def rotate(x):
            x1, x2 = x.chunk(2, -1)
            return torch.cat((x1 * cos - x2 * sin, x2 * cos + x1 * sin), -1)

        x = self.norm1(h)
        f = self.filter(x)
        q, k, v = rotate(split(self.q(f))), rotate(split(self.k(f))), split(self.v(x))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        a = a.transpose(1, 2).reshape(b, t, -1)
        if keep is not None:
            a, h = a.flatten(0, 1)[keep], h.flatten(0, 1)[keep]
        h = h + self.o(a)
        z = self.norm2(h)
        return h + self.down(F.silu(self.up(z)) * self.gate(z))


class Yuan(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.shape = s
        self.embed = nn.Embedding(s.vocabulary, s.hidden)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.norm = RMSNorm(s.hidden)
        angles = torch.outer(torch.arange(s.positions).float(), 10000 ** (-torch.arange(0, s.head, 2).float() / s.head))
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02 if "embed" in name else p.shape[1] ** -0.5)
                if name.endswith(("o.weight", "down.weight", "old2.weight", "new2.weight")):
                    nn.init.zeros_(p) if "2" not in name else nn.init.normal_(p, std=0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def hidden(self, ids, keep=None):
        """[batch, tokens] -> [batch, tokens, hidden] before the head, or [kept, hidden] for the positions in `keep`."""
        h = self.embed(ids)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for layer in self.layers:
            h = layer(h, cos, sin, keep if layer is self.layers[-1] else None)
        return self.norm(h)

    def forward(self, ids):
        return self.hidden(ids) @ self.embed.weight.T
