"""The pipeline: stages in order, proofs to look at, nothing rebuilt in vain, nothing stale, ever."""

from __future__ import annotations

import ast
import inspect
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from npp_publish import dist, newsroom, pipeline
from npp_publish.colophon import Digests
from npp_publish.config import Build, Settings, SourceTable
from npp_publish.ledger import invert, load
from npp_publish.morgue import Morgue
from npp_publish.press import Inline
from npp_publish.proofs import Progress
from npp_publish.standing import Order, Outcome, styles_digest
from npp_publish.wishes import epoch_of, is_edition

PAGE = "# 城南旧桥修好了\n\n本报记者 王小明\n\n昨天上午，城南旧桥重新开放。市民走上桥头，感到十分高兴。\n"
pytestmark = pytest.mark.usefixtures("doubles")


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    # our own files may be worked on while the tests run
    monkeypatch.setattr("npp_publish.standing.code_digest", lambda digests: "code")
    shipped = styles_digest(Digests())
    monkeypatch.setattr("npp_publish.standing.styles_digest", lambda digests: shipped)
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "theme.toml").write_text('[theme]\ntitle = "mine"\nbased-on = "briefing"\n', encoding="utf-8")
    settings = Settings(build=Build(theme=str(theme)))
    return Order((page,), dist.place_for(page, tmp_path / "dist"), ("plain",), settings)


PRESS = Inline()  # one for all: a new one clears up the memory of the whole test run first


def publish(order: Order, **more: Any) -> Outcome:
    return newsroom.publish(order, press=PRESS, **more)


def test_build_is_eight_calls_on_one_screen() -> None:
    source = inspect.getsource(pipeline.build) + inspect.getsource(pipeline.copy_of)
    assert len(source.split("\n")) <= 60
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [
        func.id if isinstance(func, ast.Name) else func.attr
        for func in calls
        if isinstance(func, ast.Name | ast.Attribute)
    ]
    assert {"read", "detect", "repair", "compose", "write", "parse", "run"} <= set(names)
    compared = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare)]
    assert compared == [], "the pipeline knows no format by name"


def test_every_stage_leaves_a_proof(order: Order) -> None:
    told: list[Progress] = []
    outcome = newsroom.publish(order, press=Inline(), tell=told.append)
    assert [progress.stage for progress in told] == [1, 2, 3, 4, 5, 6, 7, 8]
    names = {path.name for path in order.place.work.iterdir()}
    assert {"1-read.txt", "2-detect.txt", "3-repair.txt", "4-compose.txt", "4-ledger.json"} <= names
    assert {"5-write.md", "6-parse.json", "7-render", "8-validate.txt"} <= names
    assert (order.place.work / "1-read.txt").read_text(encoding="utf-8") == PAGE
    assert "headline" in (order.place.work / "2-detect.txt").read_text(encoding="utf-8")
    assert invert(load((order.place.work / "4-ledger.json").read_text(encoding="utf-8"))) == PAGE
    assert (order.place.work / "8-validate.txt").read_text(encoding="utf-8") == "plain: accepted\n"
    assert [path.name for path in outcome.published] == ["page.md", "page.ledger.json", "page.plain"]


def test_without_proofs_the_same_is_published(order: Order, tmp_path: Path) -> None:
    publish(order)
    settings = replace(order.settings, build=replace(order.settings.build, keep=False))
    other = dist.place_for(order.inputs[0], tmp_path / "bare")
    outcome = publish(replace(order, place=other, settings=settings))
    assert [path.name for path in outcome.published] == ["page.md", "page.ledger.json", "page.plain"]
    for path in outcome.published:
        assert path.read_bytes() == (order.place.folder / path.name).read_bytes()
    assert not other.work.exists()
    assert publish(replace(order, place=other, settings=settings)).fresh


def test_the_manifest_says_what_was_published(order: Order) -> None:
    publish(order)
    (row,) = json.loads((order.place.folder / "manifest.json").read_text(encoding="utf-8"))["documents"]
    assert row["id"] == "page" and row["title"] == "城南旧桥修好了"
    assert row["inputs"][0]["name"] == "page.txt" and len(row["inputs"][0]["sha256"]) == 64
    assert row["tools"]["npp-publish"]
    assert [output["format"] for output in row["outputs"]] == ["ledger", "md", "plain"]
    assert all(dist.intact(output, order.place.folder) for output in row["outputs"])
    assert str(order.place.folder.parent) not in json.dumps(row)


def test_twice_the_same_bytes_anywhere(order: Order, tmp_path: Path) -> None:
    publish(order)
    other = tmp_path / "elsewhere" / "dist"
    publish(replace(order, place=dist.place_for(order.inputs[0], other)))
    for name in ("page.md", "page.ledger.json", "page.plain", "manifest.json"):
        assert (other / name).read_bytes() == (order.place.folder / name).read_bytes()


def test_a_second_run_does_nothing(order: Order) -> None:
    first = publish(order)
    before = {path: path.stat().st_mtime_ns for path in first.published}
    second = publish(order)
    assert second.fresh and not first.fresh
    assert second.published == first.published and second.row == first.row
    assert {path: path.stat().st_mtime_ns for path in second.published} == before
    assert not publish(replace(order, again=True)).fresh


def _input(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    order.inputs[0].write_text(PAGE.replace("高兴", "欢喜"), encoding="utf-8")
    return order


def _input_same_size_and_time(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    status = order.inputs[0].stat()
    order.inputs[0].write_text(PAGE.replace("高兴", "欢喜"), encoding="utf-8")
    os.utime(order.inputs[0], ns=(status.st_atime_ns, status.st_mtime_ns))
    return order


def _name(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    folder = order.inputs[0].parent / "sub"
    folder.mkdir()
    other = folder / "page.md"
    other.write_text(PAGE, encoding="utf-8")
    return replace(order, inputs=(other,))


def _option(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    return replace(order, settings=replace(order.settings, command={"plain": {"size": "12"}}))


def _project(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    return replace(order, settings=replace(order.settings, project={"plain": {"size": 12}}))


def _encoding(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    return replace(order, settings=replace(order.settings, source=SourceTable(encoding="utf-8")))


def _theme_file(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    with (Path(order.settings.build.theme) / "theme.toml").open("a", encoding="utf-8") as stream:
        stream.write('[labels]\ncontents = "目次"\n')
    return order


def _theme(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    return replace(order, settings=replace(order.settings, build=Build(theme="briefing")))


def _epoch(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    return order


def _output_changed(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    order.place.target(".plain").write_text("changed", encoding="utf-8")
    return order


def _output_gone(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    order.place.target(".ledger.json").unlink()
    return order


def _record_damaged(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    order.place.record.write_text('{"row": []}', encoding="utf-8")
    return order


def _tool(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    monkeypatch.setattr("npp_publish.standing.tool_versions", lambda: {"weasyprint": "71"})
    return order


def _code(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    monkeypatch.setattr("npp_publish.standing.code_digest", lambda digests: "other")
    return order


def _maker(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    monkeypatch.setattr("npp_publish.standing.backend_digest", lambda name, digests: "other")
    return order


def _format(order: Order, monkeypatch: pytest.MonkeyPatch) -> Order:
    return replace(order, formats=("plain", "worried"))


CHANGES = [
    value for name, value in list(globals().items()) if name.startswith("_") and inspect.isfunction(value)
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_whatever_changes_is_seen(
    order: Order, monkeypatch: pytest.MonkeyPatch, change: Callable[[Order, pytest.MonkeyPatch], Order]
) -> None:
    assert not publish(order).fresh
    assert publish(order).fresh
    changed = change(order, monkeypatch)
    assert not publish(changed).fresh
    assert publish(changed).fresh


def _greeted(order: Order, text: str) -> Order:
    path = order.inputs[0].parent / "greeting.txt"
    path.write_text(text, encoding="utf-8")
    return replace(order, settings=replace(order.settings, command={"plain": {"greeting": f"cat {path}"}}))


def test_a_file_that_an_option_names_counts(order: Order) -> None:
    assert not publish(_greeted(order, "hello")).fresh
    assert publish(_greeted(order, "hello")).fresh
    assert not publish(_greeted(order, "hullo")).fresh


def test_a_new_look_runs_the_last_stages_only(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    morgue = Morgue(tmp_path / "morgue")
    publish(order, morgue=morgue)
    proofs = {path.name: path.read_bytes() for path in order.place.work.glob("[1-5]-*")}
    monkeypatch.setattr(pipeline, "read", None)  # calling it would fail
    told: list[Progress] = []
    publish(_theme(order, monkeypatch), morgue=morgue, tell=told.append)
    assert {path.name: path.read_bytes() for path in order.place.work.glob("[1-5]-*")} == proofs
    assert [progress.text for progress in told[:4]] == ["as before"] * 4
    assert "briefing" in order.place.target(".plain").read_text(encoding="utf-8")
    with pytest.raises(TypeError):
        publish(_input(order, monkeypatch), morgue=morgue)


def test_a_part_of_the_formats_is_up_to_date_too(order: Order) -> None:
    publish(replace(order, formats=("plain", "worried")))
    assert publish(order).fresh
    other = publish(replace(order, formats=("poor",)))
    assert not other.fresh
    assert {row["format"] for row in other.row["outputs"]} == {"md", "ledger", "plain", "worried", "poor"}


def test_a_format_that_fails_later_is_withdrawn(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    import npp_doubles

    publish(order)
    monkeypatch.setattr(npp_doubles.Plain, "validate", npp_doubles.Refused.validate)
    outcome = publish(_input(order, monkeypatch))
    assert outcome.exit_code == 6
    assert not order.place.target(".plain").exists()
    assert (order.place.work / "7-render" / "earlier-page.plain").exists()
    assert order.place.target(".md").exists()
    assert not publish(order).fresh, "a failure is tried again"


def test_entering_at_stage_five(order: Order) -> None:
    publish(order)
    edited = order.place.target(".md")
    edited.write_text(edited.read_text(encoding="utf-8").replace("十分高兴", "非常快乐"), encoding="utf-8")
    assert is_edition(edited) and not is_edition(order.inputs[0])
    outcome = publish(replace(order, inputs=(edited,), edited=True))
    assert "非常快乐" in order.place.target(".plain").read_text(encoding="utf-8")
    assert "非常快乐" in edited.read_text(encoding="utf-8")
    assert [path.name for path in outcome.published] == ["page.md", "page.plain"]


@pytest.mark.parametrize(
    ("before", "after", "code", "stands"),
    [
        ("", "", "NPP510", "非常快乐"),
        ("桥长八十米", "桥长九十米", "NPP511", "桥长九十米"),
        ("昨天上午", "今天上午", "NPP512", "昨天上午"),
    ],
    ids=["only the editor", "both, elsewhere", "both, the same place"],
)
def test_a_hand_edit_is_never_overwritten_silently(
    order: Order, before: str, after: str, code: str, stands: str
) -> None:
    page = PAGE + "\n桥长八十米，宽十二米，桥面铺了新的石板，两边装上了栏杆。\n"
    order.inputs[0].write_text(page, encoding="utf-8")
    publish(order)
    edited = order.place.target(".md")
    edited.write_text(edited.read_text(encoding="utf-8").replace("十分高兴", "非常快乐"), encoding="utf-8")
    order.inputs[0].write_text(page.replace(before, after), encoding="utf-8")
    outcome = publish(order)
    for path in (edited, order.place.target(".plain")):
        text = path.read_text(encoding="utf-8")
        assert "非常快乐" in text and stands in text
    assert code in {item.code for item in outcome.diagnostics}
    assert "非常快乐" not in (order.place.work / "5-write.md").read_text(encoding="utf-8")
    assert "by-hand" in (order.place.work / "5-by-hand.json").read_text(encoding="utf-8")
    assert publish(order).fresh
    publish(replace(order, overwrite=True, again=True))
    assert "非常快乐" not in edited.read_text(encoding="utf-8")


def test_without_the_work_folder_the_manifest_knows_what_was_generated(order: Order) -> None:
    publish(order)
    shutil.rmtree(order.place.work.parent)
    order.inputs[0].write_text(PAGE.replace("昨天", "今天"), encoding="utf-8")
    outcome = publish(order)
    assert not outcome.diagnostics and "今天" in order.place.target(".md").read_text(encoding="utf-8")
    edited = order.place.target(".md")
    edited.write_text(edited.read_text(encoding="utf-8").replace("今天", "前天"), encoding="utf-8")
    publish(order)
    shutil.rmtree(order.place.work.parent)
    assert "NPP512" in {item.code for item in publish(order).diagnostics}
    assert "前天" in edited.read_text(encoding="utf-8")


def test_a_file_that_was_there_before_us_is_not_overwritten(order: Order) -> None:
    order.place.folder.mkdir()
    order.place.target(".md").write_text("# 我的稿子\n\n我写的字。\n", encoding="utf-8")
    outcome = publish(order)
    assert order.place.target(".md").read_text(encoding="utf-8") == "# 我的稿子\n\n我写的字。\n"
    assert "NPP512" in {item.code for item in outcome.diagnostics}


@pytest.mark.parametrize(
    ("date", "named", "epoch"),
    [
        ("2024-03-06", "", 1709683200),
        ("1949-01-01", "", 315532800),
        ("2024-13-41", "", 315532800),
        ("sometime", "", 315532800),
        ("2024-03-06", "1700000000", 1700000000),
    ],
)
def test_the_date_of_all_timestamps(
    monkeypatch: pytest.MonkeyPatch, date: str, named: str, epoch: int
) -> None:
    from npp_publish.model import Edition, Stated

    monkeypatch.setenv("SOURCE_DATE_EPOCH", named)
    assert epoch_of(Edition("t", "zh-Hans", (), (("news.edition-date", Stated(date)),))) == epoch


@pytest.mark.parametrize("named", ["now", "-1", "１７", "9" * 30])
def test_a_wrong_date_variable_is_refused(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    from npp_publish.errors import UsageError
    from npp_publish.model import Edition

    monkeypatch.setenv("SOURCE_DATE_EPOCH", named)
    with pytest.raises(UsageError):
        epoch_of(Edition("t", "zh-Hans", ()))
