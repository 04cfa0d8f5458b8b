"""Whole runs: the same files as single builds, whatever is killed, full, or pulled from under them."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmark import sample, stories
from benchmark.printer import HERE
from benchmark.scramble import scramble
from npp_publish import dist, newsroom, pandoc
from npp_publish.cli import main
from npp_publish.config import Settings
from npp_publish.errors import CannotWrite
from npp_publish.press import Inline
from npp_publish.pressroom import Order, Outcome, Status, Tally, hand, work_shift
from npp_publish.pressroom import depot as depots
from npp_publish.pressroom.crew import Crew
from npp_publish.pressroom.depot import FOLDER, Depot
from npp_publish.pressroom.hand import print_order, wishes
from npp_publish.pressroom.journal import Journal
from npp_publish.pressroom.orders import gather
from npp_publish.standing import Order as Single
from npp_publish.wishes import is_edition

COMMAND = [sys.executable, "-m", "npp_publish", "batch"]


def draw(folder: Path, count: int, seed: int = 3) -> Path:
    folder.mkdir()
    told = stories.load(HERE / "stories" / "dev.txt")
    for number, plan in enumerate(sample.draw("dev", told, count, seed)):
        (folder / f"p{number:03}.txt").write_bytes(scramble(plan, told)[0].encode())
    return folder


def single(page: Path, out: Path, formats: tuple[str, ...]) -> None:
    place = dist.place_for(page, out)
    newsroom.publish(Single((page,), place, formats, Settings(), edited=is_edition(page)), press=Inline())


def published(folder: Path, pages: Path) -> dict[str, bytes]:
    """The files of the pages, without what a run keeps for itself."""
    stems = {page.stem for page in pages.iterdir()}
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name.partition(".")[0] in stems}


def journalled(out: Path) -> Counter[str]:
    lines = (line for path in (out / FOLDER).glob("*.jsonl") for line in path.read_text().split("\n"))
    keys: Counter[str] = Counter()
    for line in lines:
        with contextlib.suppress(ValueError):
            keys[json.loads(line)["key"]] += 1
    return keys


def test_a_batch_publishes_what_single_builds_publish(tmp_path: Path) -> None:
    pages = draw(tmp_path / "pages", 2)
    single(pages / "p000.txt", tmp_path / "one", ("html",))
    (pages / "edited.md").write_bytes(
        (tmp_path / "one" / "p000.md").read_bytes().replace("。".encode(), "！".encode(), 1)
    )
    for page in sorted(pages.iterdir()):
        single(page, tmp_path / "alone", ("html", "epub"))
    orders = gather([str(pages)], str(tmp_path / "out"), wishes(("html", "epub")))
    tally = work_shift(orders, Here(), Journal(Depot.of(str(tmp_path / "out"))))
    assert tally.published == 3
    assert published(tmp_path / "out", pages) == published(tmp_path / "alone", pages)


class Here:
    """An executor in this process."""

    def run(self, orders: Any) -> Iterator[Outcome]:
        yield from map(print_order, orders)

    def close(self) -> None:
        """Nothing to close."""


def test_the_commands_answers(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hand._digests.cache_clear()  # what workers read anew is not to be what this process read long ago
    pages = draw(tmp_path / "pages", 2)
    (pages / "bad.txt").write_bytes(b"\x00\x01\x02" * 400)
    order = ["batch", str(pages), "--to", "html", "-o", str(tmp_path / "out"), "--jobs", "1"]
    assert main([*order, "--json", "-q"]) == 0
    events = [json.loads(line) for line in capfd.readouterr().out.strip().split("\n")]
    assert [event["event"] for event in events] == ["begin", "done", "done", "done", "end"]
    assert events[-1]["published"] == 2 and events[-1]["peak"] > 0
    assert [(row["key"], row["code"]) for row in events[-1]["failed"]] == [("bad", "NPP003")]
    rows = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["documents"]
    assert {key: row["status"] for key, row in rows.items()} == {
        "bad": "failed",
        "p000": "published",
        "p001": "published",
    }
    assert main([*order, "--retry"]) == 0
    assert "0 published, 2 done before, 1 failed" in capfd.readouterr().err
    assert main([*order, "--strict"]) == 8  # another setting: everything once more
    assert "2 published, 0 done before, 1 failed" in capfd.readouterr().err


def test_pages_of_one_edition_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(tmp_path), "-o", str(tmp_path / "out"), "--pages", "4"]) == 2
    assert "--pages" in capsys.readouterr().err


def test_two_runs_of_one_shard_keep_out_of_each_others_way(tmp_path: Path) -> None:
    def claim(shard: int) -> Any:
        return Depot.of(str(tmp_path)).claim(f"{FOLDER}/{shard}-of-2.lock")

    with claim(1), claim(2), pytest.raises(CannotWrite, match="another run"), claim(1):
        pass
    with claim(1):
        pass


def test_what_a_run_published_is_no_input(tmp_path: Path) -> None:
    for name in ("a.txt", "out/b.txt", "outer/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    keys = [order.key for order in gather([str(tmp_path)], str(tmp_path / "out"), "{}")]
    assert keys == ["a", "outer/c"]


def test_a_changed_tool_or_theme_makes_everything_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.css").write_text("p { color: red }")
    flags: dict[str, object] = {"styles": [str(tmp_path / "my.css")]}
    before = wishes(("html",), flags=flags)
    assert wishes(("html",), flags=flags) == before
    (tmp_path / "my.css").write_text("p { color: navy }")
    hand._digests.cache_clear()
    assert wishes(("html",), flags=flags) != before
    monkeypatch.setattr(hand, "tool_versions", lambda: {"pango": "0"})
    page = tmp_path / "p.txt"
    page.write_text("# 标题\n\n正文。")
    (order,) = gather([str(page)], str(tmp_path / "out"), before)
    outcome = print_order(order)
    assert (outcome.status, outcome.code) == (Status.HELD, "NPP004")
    assert "another npp-publish" in outcome.reason


def test_a_cleared_folder_for_temporary_files_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "cleared" / "bench"))
    (tmp_path / "p.txt").write_text("# 标题\n\n正文。")
    (order,) = gather([str(tmp_path / "p.txt")], str(tmp_path / "out"), wishes(()))
    assert print_order(order).status is Status.PUBLISHED


# ------------------------------------------------------------------------------- full disks


def test_a_full_disk_stops_the_run_and_fails_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes, nursery: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    orders = [Order(f"p{n:02}", (), str(tmp_path), "{}", "0") for n in range(30)]
    journal = Journal(Depot.of(str(tmp_path)))
    with monkeypatch.context() as disk:
        disk.setattr(depots, "_rename_into", full)
        with pytest.raises(CannotWrite, match="No space left") as caught:
            work_shift(orders, Writing(), journal)
    assert caught.value.exit_code == 9
    assert len(journal) == 0
    assert work_shift(orders, Writing(), journal).published == 30


class Writing(Here):
    """Prints the key of each order and nothing else."""

    def run(self, orders: Any) -> Iterator[Outcome]:
        for order in orders:
            outcome = Outcome(order.key, order.digest, Status.PUBLISHED, ((order.key, "0", 1),))
            try:
                Depot.of(order.out).write(order.key, b"x")
            except CannotWrite as error:
                outcome = replace(outcome, status=Status.HELD, files=(), code="NPP009", reason=error.message)
            yield outcome


def test_a_store_that_fails_now_and_then_holds_a_page_over(tmp_path: Path) -> None:
    class Moody(Here):
        def run(self, orders: Any) -> Iterator[Outcome]:
            for number, order in enumerate(orders):
                status = Status.HELD if number % 3 == 1 else Status.PUBLISHED
                yield Outcome(order.key, order.digest, status, code="NPP009" if number % 3 == 1 else "")

    orders = [Order(f"p{n:02}", (), str(tmp_path), "{}", "0") for n in range(9)]
    journal = Journal(Depot.of(str(tmp_path)))
    tallies = [work_shift(orders, Moody(), journal) for _ in range(3)]
    assert [(tally.before, tally.published, len(tally.held)) for tally in tallies] == [
        (0, 6, 3),
        (6, 2, 1),
        (8, 1, 0),
    ]


def test_an_executor_that_forgets_an_order_loses_no_page(tmp_path: Path) -> None:
    class Forgetful(Here):
        def run(self, orders: Any) -> Iterator[Outcome]:
            for order in orders[:-1]:
                yield from [Outcome(order.key, order.digest, Status.PUBLISHED)] * 2

    orders = [Order(f"p{n}", (), str(tmp_path), "{}", "0") for n in range(3)]
    tally: Tally = work_shift(orders, Forgetful(), Journal(Depot.of(str(tmp_path))))
    assert (tally.published, [(o.key, o.code) for o in tally.held]) == (2, [("p2", "NPP953")])


@pytest.mark.cluster
def test_a_small_disk(tmp_path: Path) -> None:
    """A real one of four megabytes: the run ends with 9, and goes on when there is room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a disk needs root")
    try:
        pages = draw(tmp_path / "pages", 24)
        order = [*COMMAND, str(pages), "--to", "html", "-o", str(disk), "--jobs", "2", "-q"]
        first = subprocess.run(order, capture_output=True, text=True, check=False)
        assert first.returncode == 9, first.stderr
        assert "No space left" in first.stderr
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        assert subprocess.run(order, check=False).returncode == 0
        assert set(journalled(disk)) == {page.stem for page in pages.iterdir()}
        assert not list((disk / FOLDER / "new").iterdir())
    finally:
        subprocess.run(["umount", disk], check=False)


# ------------------------------------------------------------------------------- kills


def sleep_long(order: Order) -> Outcome:
    Path(order.out, f"{os.getpid()}.pid").touch()
    time.sleep(60)
    return Outcome(order.key, order.digest, Status.PUBLISHED)


def run_crew(out: str) -> None:
    """For the test below: a foreman with two workers that sleep."""
    orders = [Order(f"p{n}", (), out, "{}", "0") for n in range(4)]
    list(Crew(sleep_long, 2).run(orders))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere they end after their document")
def test_workers_end_with_a_killed_foreman(tmp_path: Path) -> None:
    code = "import sys; from test_pressroom_runs import run_crew; run_crew(sys.argv[1])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "TMPDIR": str(tmp_path)}
    foreman = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment)
    wait_for(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
    foreman.kill()
    foreman.wait()
    workers = [int(path.stem) for path in tmp_path.glob("*.pid")]
    wait_for(lambda: not any(alive(worker) for worker in workers))


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def wait_for(condition: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_sixty_pages_killed_three_times(tmp_path: Path) -> None:
    """The parent and everything else is killed at random moments; every page is published exactly once,
    and the files are those of single builds."""
    pages, out, dice = draw(tmp_path / "pages", 60), tmp_path / "out", random.Random(1)
    order = [*COMMAND, str(pages), "--to", "pdf,epub,html", "-o", str(out), "--jobs", "2", "-q"]
    for number in (1, 2, 3):
        process = subprocess.Popen(order)
        wait_for(lambda least=14 * number: out.is_dir() and len(journalled(out)) >= least, 120)
        time.sleep(dice.random() * 2)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        with contextlib.suppress(OSError):  # a line that was being written
            (journal,) = (out / FOLDER).glob("*.jsonl")
            journal.write_bytes(journal.read_bytes()[: -dice.randrange(40) or None])
    assert subprocess.run(order, check=False).returncode == 0
    keys = journalled(out)
    assert set(keys) == {page.stem for page in pages.iterdir()}
    assert max(keys.values()) == 1
    files = published(out, pages)
    assert Counter(Path(name).suffix for name in files) == {
        ".pdf": 60,
        ".epub": 60,
        ".html": 60,
        ".md": 60,
        ".json": 60,
    }
    for page in sorted(pages.iterdir())[::12]:
        single(page, tmp_path / "alone", ("pdf", "epub", "html"))
    alone = published(tmp_path / "alone", pages)
    assert len(alone) == 25
    assert {name: files[name] for name in alone} == alone


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")
def test_a_run_from_s3_to_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server_module = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    import fsspec

    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        surroundings = {
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        for name, value in {**surroundings, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            monkeypatch.setenv(name, value)
        files = fsspec.filesystem("s3", endpoint_url=f"http://{host}:{port}", skip_instance_cache=True)
        files.mkdir("paper")
        pages = draw(tmp_path / "pages", 3)
        for page in pages.iterdir():
            files.pipe_file(f"paper/in/07/{page.name}", page.read_bytes())
            single(page, tmp_path / "alone", ("html",))
        order = [
            *COMMAND,
            "s3://paper/in",
            "--to",
            "html",
            "-o",
            "s3://paper/out",
            "--json",
            "-q",
            "--jobs",
            "2",
        ]
        ends = []
        for _ in range(2):
            done = subprocess.run(order, capture_output=True, text=True, check=True)
            ends.append(json.loads(done.stdout.strip().split("\n")[-1]))
        assert [(end["published"], end["before"]) for end in ends] == [(3, 0), (0, 3)]
        files.invalidate_cache()
        found = {name.rpartition("/")[2]: files.cat_file(name) for name in files.find("paper/out/07")}
        alone = published(tmp_path / "alone", pages)
        assert [name for name in sorted({*found, *alone}) if found.get(name) != alone.get(name)] == []
        names = [name.removeprefix("paper/out/") for name in files.find("paper/out") if "/07/" not in name]
        assert sorted(names) == [f"{FOLDER}/1-of-1.000000.jsonl", "manifest.json"]
    finally:
        server.stop()


def test_pictures_of_a_page_far_away_come_with_it(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    from PIL import Image

    Image.new("RGB", (40, 30), "navy").save(tmp_path / "a b.png")
    files = fsspec.filesystem("memory")
    page = "# 图片新闻\n\n![桥已合龙。](p/a%20b.png)\n\n正文在这里，说的是桥。![没有的](nowhere.png)\n"
    files.pipe_file("/far/in/page.md", page.encode())
    files.pipe_file("/far/in/p/a b.png", (tmp_path / "a b.png").read_bytes())
    (tmp_path / "p").mkdir()
    (tmp_path / "a b.png").rename(tmp_path / "p" / "a b.png")
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    single(tmp_path / "page.md", tmp_path / "alone", ("html",))
    (order,) = gather(["memory://far/in"], "memory://far/out", wishes(("html",)))
    outcome = print_order(order)
    assert outcome.status is Status.PUBLISHED
    data = files.cat_file("/far/out/page.html")
    assert data == (tmp_path / "alone" / "page.html").read_bytes()
    assert b"data:image/png" in data


@pytest.fixture(autouse=True)
def no_kept_pandoc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "_kept", [])
