"""The demo: every step of the loop does its work, what is told is true, and it never touches what is somebody's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_sample import small_sample

from pipeline.model.collected import Stage
from pipeline.model.errors import Trouble
from pipeline.model.proofs import Strength
from pipeline.run import Played, Scene, demo
from pipeline.run.beginning import sample_files
from pipeline.show import demo as shown
from pipeline.show import language, report


@pytest.fixture(autouse=True)
def own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test speaks is no matter of the next one."""
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.mark.office
@pytest.mark.slow
def test_the_whole_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.playing.sample_files", small_sample)
    language.use("ko")
    told = list(demo(tmp_path, report.wording()))
    scenes = [one for one in told if isinstance(one, Scene)]
    played = [one for one in told if isinstance(one, Played)]
    assert [one.scene for one in played] == scenes
    for one in played:
        for path in one.look:
            assert (tmp_path / path.partition("#")[0]).exists(), path
    by_command = {one.scene.command.partition(" ")[0]: one.outcome for one in played}
    checked, second = (one.outcome for one in played if one.scene.command in {"check", "make"} if one != played[1])
    assert len(checked.jobs) == 11 + 3
    assert {job.revision for job in second.jobs if job.number in second.made} == {2}
    collections = [one.outcome for one in played if one.scene.command == "collect"]
    first, last = (one.collection for one in collections)
    assert first
    assert last
    assert first.cases
    assert not last.cases
    stages = {one.stage for one in collections[1].papers}
    assert {Stage.COMPLETE, Stage.CHANGED, Stage.PAGES} <= stages
    assert len(by_command["signoff"].files) == 2
    assert {one.strength for one in by_command["verify"].proofs} >= {Strength.PROVEN}
    screen = [
        line for one in told for line in ([shown.heading(1, one)] if isinstance(one, Scene) else shown.lines(one))
    ]
    assert len(screen) <= 60
    assert not [line for line in screen if re.search(r"[A-Za-z]{3,} [A-Za-z]{3,} [A-Za-z]{3,}", line.partition("(")[0])]


def test_nothing_of_somebody_is_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Trouble) as told:
        list(demo(tmp_path, report.wording()))
    assert told.value.finding.code == "demo.taken"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_settings_of_somebody_are_no_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "inputs/campaign.toml"
    settings.parent.mkdir()
    settings.write_text('[campaign]\nid = "OURS"\n', encoding="utf-8")
    monkeypatch.setattr("pipeline.run.beginning._shipped", lambda name: tmp_path / name)
    assert sample_files() == {}
    with pytest.raises(Trouble) as told:
        list(demo(tmp_path / "demo", report.wording()))
    assert told.value.finding.code == "demo.no_sample"
