"""The pressroom: every order once, none lost, whatever dies on the way."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from npp_publish.errors import InputUnreadable, UsageError
from npp_publish.pressroom import Order, Outcome, Status, work_shift
from npp_publish.pressroom.crew import Crew
from npp_publish.pressroom.depot import Depot
from npp_publish.pressroom.journal import FOLDER, Journal
from npp_publish.pressroom.orders import gather, parse_shard, share
from npp_publish.pressroom.shift import write_manifest


def print_page(order: Order) -> Outcome:
    """A stand-in for the real task: what it does depends on the text of the page."""
    text = Path(order.inputs[0]).read_text(encoding="utf-8")
    if text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "die once" and not (mark := Path(order.out) / "died").exists():
        mark.touch()
        os._exit(3)
    if text == "hang":
        time.sleep(60)
    if text == "grow":
        raise MemoryError
    if text == "bad":
        return Outcome(order.key, order.digest, Status.FAILED, code="NPP003", reason="unreadable")
    name = f"{order.key}.out"
    Depot.of(order.out).write(name, text.encode())
    return Outcome(order.key, order.digest, Status.PUBLISHED, files=((name, "0", len(text.encode())),))


class Foreman:
    """An executor in this process that counts and can be interrupted."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.stop_after, self.carried, self.closed = stop_after, list[str](), False

    def run(self, orders: Iterable[Order]) -> Iterator[Outcome]:
        for order in orders:
            if len(self.carried) >= self.stop_after:
                raise KeyboardInterrupt
            self.carried.append(order.key)
            yield print_page(order)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    for name in ("01.txt", "02.txt", "b/01.txt", "b/03.txt"):
        (folder / name).write_text(f"page {name}", encoding="utf-8")
    (folder / ".hidden.txt").write_text("x")
    (folder / "picture.png").write_bytes(b"x")
    return folder


def orders_of(pages: Path, settings: str = "{}") -> list[Order]:
    out = pages.parent / "out"
    out.mkdir(exist_ok=True)
    return gather([str(pages)], str(out), settings)


def journal_of(pages: Path, shard: tuple[int, int] = (1, 1)) -> Journal:
    return Journal(Depot.of(str(pages.parent / "out")), shard).load()


def test_orders_of_folder_glob_list_and_editions(pages: Path) -> None:
    assert [o.key for o in orders_of(pages)] == ["01", "02", "b/01", "b/03"]
    assert [o.key for o in gather([f"{pages}/**/*.txt"], "out", "")] == ["01", "02", "b/01", "b/03"]
    (pages / "list.lst").write_text(f"# pages\n{pages}/02.txt\n\n{pages}/b/03.txt\n", encoding="utf-8")
    assert [o.key for o in gather([f"@{pages}/list.lst"], "out", "")] == ["02", "03"]
    editions = gather([str(pages)], "out", "", editions=True)
    assert [(o.key, len(o.inputs)) for o in editions] == [("b", 2), ("in", 2)]


def test_pages_of_an_edition_stand_in_page_order(tmp_path: Path) -> None:
    for name in ("A10.txt", "A2.txt", "A1.markdown"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (edition,) = gather([str(tmp_path)], "out", "", editions=True)
    assert [Path(url).name for url in edition.inputs] == ["A1.markdown", "A2.txt", "A10.txt"]


def test_bad_lists_and_nothing_found(pages: Path) -> None:
    (pages / "list.lst").write_text("nowhere/*.txt\n", encoding="utf-8")
    with pytest.raises(InputUnreadable, match=r"list\.lst:1"):
        gather([f"@{pages}/list.lst"], "out", "")
    with pytest.raises(InputUnreadable):
        gather([str(pages / "nothing")], "out", "")


def test_two_documents_of_one_name_are_refused(pages: Path) -> None:
    (pages / "01.md").write_text("x")
    with pytest.raises(UsageError, match="01"):
        orders_of(pages)


def test_a_change_of_input_or_settings_changes_the_digest(pages: Path) -> None:
    before = {o.key: o.digest for o in orders_of(pages)}
    assert before == {o.key: o.digest for o in orders_of(pages)}
    (pages / "01.txt").write_text("changed page", encoding="utf-8")
    after = {o.key: o.digest for o in orders_of(pages)}
    assert [k for k in before if before[k] != after[k]] == ["01"]
    assert all(o.digest != after[o.key] for o in orders_of(pages, settings='{"theme": "book"}'))


@pytest.mark.parametrize("bad", ["", "0/2", "3/2", "1", "a/b", "1/0"])
def test_bad_shards_are_refused(bad: str) -> None:
    with pytest.raises(UsageError):
        parse_shard(bad)


def test_shards_cover_everything_once(pages: Path) -> None:
    orders = orders_of(pages)
    parts = [share(orders, parse_shard(f"{n}/3")) for n in (1, 2, 3)]
    assert sorted(o.key for part in parts for o in part) == [o.key for o in orders]


def test_an_interrupted_shift_goes_on_where_it_was(pages: Path) -> None:
    first = Foreman(stop_after=2)
    with pytest.raises(KeyboardInterrupt):
        work_shift(orders_of(pages), first, journal_of(pages))
    assert first.closed
    second = Foreman()
    tally = work_shift(orders_of(pages), second, journal_of(pages))
    assert sorted(first.carried + second.carried) == ["01", "02", "b/01", "b/03"]
    assert (tally.total, tally.before, tally.published, tally.done) == (4, 2, 2, 4)


def test_a_torn_line_is_done_again_and_ends_no_other(pages: Path) -> None:
    work_shift(orders_of(pages), Foreman(), journal_of(pages))
    file = pages.parent / "out" / FOLDER / "1-of-1.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    again = Foreman()
    work_shift(orders_of(pages), again, journal_of(pages))
    assert again.carried == ["b/03"]
    assert work_shift(orders_of(pages), nobody := Foreman(), journal_of(pages)).before == 4
    assert nobody.carried == []


def test_missing_output_is_printed_again_and_failures_on_request(pages: Path) -> None:
    (pages / "02.txt").write_text("bad", encoding="utf-8")
    tally = work_shift(orders_of(pages), Foreman(), journal_of(pages))
    assert [(o.key, o.code) for o in tally.failures] == [("02", "NPP003")]
    (pages.parent / "out" / "01.out").unlink()
    foreman = Foreman()
    work_shift(orders_of(pages), foreman, journal_of(pages))
    assert foreman.carried == ["01"]
    foreman = Foreman()
    work_shift(orders_of(pages), foreman, journal_of(pages), again=True)
    assert foreman.carried == ["02"]


def test_the_manifest_does_not_depend_on_the_order_of_work(pages: Path) -> None:
    store = Depot.of(str(pages.parent / "out"))
    work_shift(orders_of(pages), Foreman(), journal := journal_of(pages))
    write_manifest(orders_of(pages), journal, store)
    before = store.read("manifest.json")
    work_shift(orders_of(pages), Foreman(), fresh := Journal(store, (1, 2)))
    write_manifest(reversed(orders_of(pages)), fresh, store)
    assert store.read("manifest.json") == before
    assert list(json.loads(before)["documents"]) == ["01", "02", "b/01", "b/03"]


def test_a_crew_survives_death_hanging_and_failure(pages: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (pages / "02.txt").write_text("die", encoding="utf-8")
    (pages / "b" / "01.txt").write_text("hang", encoding="utf-8")
    (pages / "04.txt").write_text("die once", encoding="utf-8")
    (pages / "05.txt").write_text("grow", encoding="utf-8")
    crew = Crew(print_page, 2, limit=1.5, recycle=2)
    tally = work_shift(orders_of(pages), crew, journal_of(pages))
    assert {o.key: o.code for o in tally.failures} == {"02": "NPP951", "05": "NPP951", "b/01": "NPP952"}
    assert [o.reason for o in tally.failures if o.key == "05"] == [
        "the worker process died (it may not use more memory), twice"
    ]
    assert "Traceback" not in capfd.readouterr().err
    assert tally.published == 3
    assert sorted(Journal(Depot.of(str(pages.parent / "out"))).load()) == [
        "01",
        "02",
        "04",
        "05",
        "b/01",
        "b/03",
    ]


def test_any_fsspec_place_works_for_output_and_input(pages: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    for path in ("01.txt", "b/02.txt"):
        files.pipe_file(f"/archive/{path}", b"page")
    orders = gather(["memory://archive"], "memory://printed", "{}")
    assert [(o.key, o.inputs) for o in orders] == [
        ("01", ("memory://archive/01.txt",)),
        ("b/02", ("memory://archive/b/02.txt",)),
    ]
    store = Depot.of("memory://printed")
    store.write("b/02.pdf", b"12345")
    outcome = Outcome("b/02", orders[1].digest, Status.PUBLISHED, (("b/02.pdf", "0", 5),))
    journal = Journal(store)
    journal.record(outcome)
    journal.flush()
    again = Journal(Depot.of("memory://printed")).load()
    assert again.holds(orders[1])
    assert not again.holds(orders[0])


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_loses_workers_and_no_page(pages: Path) -> None:
    distributed = pytest.importorskip("distributed")
    from npp_publish.pressroom.cluster import DaskExecutor

    for number in range(10, 30):
        (pages / f"{number}.txt").write_text(
            "die once" if number == 15 else f"page {number}", encoding="utf-8"
        )
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp"
    ) as cluster:
        executor = DaskExecutor(print_page, cluster.scheduler_address, chunk=3)
        tally = work_shift(orders_of(pages), executor, journal_of(pages))
    assert (tally.total, tally.published, tally.failures) == (24, 24, [])


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")
def test_pages_and_publications_on_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    server_module = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    import fsspec

    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        files = fsspec.filesystem("s3", endpoint_url=f"http://{host}:{port}", skip_instance_cache=True)
        files.mkdir("archive")
        files.pipe_file("archive/2024/03/07/04.txt", b"page four")
        orders = gather(["s3://archive/2024"], "s3://archive/printed", "{}")
        assert [(o.key, o.inputs) for o in orders] == [("03/07/04", ("s3://archive/2024/03/07/04.txt",))]
        store = Depot.of(orders[0].out)
        assert Depot.of(orders[0].inputs[0]).read(orders[0].inputs[0]) == b"page four"
        store.write("03/07/04.pdf", b"%PDF")
        journal = Journal(store)
        journal.record(Outcome("03/07/04", orders[0].digest, Status.PUBLISHED, (("03/07/04.pdf", "0", 4),)))
        journal.flush()
        assert Journal(Depot.of("s3://archive/printed")).load().holds(orders[0])
    finally:
        server.stop()


def test_free_memory_is_given_back_again_and_again(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from npp_publish import devils
    from npp_publish.pressroom import hand

    devils.sweep()  # whatever the C library is
    swept: list[int] = []
    monkeypatch.setattr(hand, "sweep", lambda: swept.append(1))
    order = gather([str(pages)], str(pages.parent / "out"), "no settings")[0]
    for _ in range(2 * hand._SWEPT):
        assert hand.print_order(order).status is Status.FAILED
    assert len(swept) == 2
