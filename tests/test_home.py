"""Where everything of a home lies: the same place for the command and for the UI's processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.interface import environment_of


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a command runs, on a home beside it, both named as people do."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", "../home")
    for name in ("WAREHOUSE_URL", "VUFIND_WAREHOUSE_FRAMES", "VUFIND_WAREHOUSE_DUMPS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "here"


@pytest.mark.parametrize(
    ("given", "frames"),
    [
        (None, "{here}/../home/frames"),
        ("", "{here}/../home/frames"),
        ("frames", "{here}/frames"),
        ("/elsewhere/frames", "/elsewhere/frames"),
        ("s3://bucket/frames", "s3://bucket/frames"),
    ],
)
def test_frames_lie_in_one_place_wherever_a_process_runs(
    here: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, frames: str
):
    if given is not None:
        monkeypatch.setenv("VUFIND_WAREHOUSE_FRAMES", given)
    home = Home.here()
    assert home.frames == frames.format(here=here)
    of_the_ui = subprocess.run(
        [sys.executable, "-c", "from pipelines.home import Home; print(Home.here().frames)"],
        cwd=here.parent, env={**environment_of(home), "PYTHONPATH": str(Path(__file__).parents[1])},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert of_the_ui.stdout.strip() == home.frames


def test_dumps_lie_in_one_place_too(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VUFIND_WAREHOUSE_DUMPS", "dumps")
    assert environment_of(Home.here())["VUFIND_WAREHOUSE_DUMPS"] == str(here / "dumps")
