"""Nothing that comes from outside is ever run: no pickle of data, no eval, no YAML that builds objects."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

#: Modules whose loading of data runs what the data say.
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle", "code", "codeop"}

CALLS = {"eval", "exec", "compile", "__import__"}
METHODS = {"read_pickle", "to_pickle", "unsafe_load", "full_load", "load_all", "literal_eval", "system", "popen"}


def dangers(source: str) -> list[str]:
    """What of a program runs text or bytes, each with its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [f"import {alias.name}" for alias in node.names if alias.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            names = [f"from {node.module}"]
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in CALLS:
                names = [called.id]
            elif isinstance(called, ast.Attribute):
                of = called.value.id if isinstance(called.value, ast.Name) else ""
                is_yaml = of == "yaml" and called.attr == "load"
                names = [f"{of}.{called.attr}"] if called.attr in METHODS or is_yaml else []
            names += [
                f"{each.arg}=True"
                for each in node.keywords
                if each.arg in {"shell", "allow_pickle"}
                if isinstance(each.value, ast.Constant) and each.value.value
            ]
        found += [f"line {getattr(node, 'lineno', 0)}: {name}" for name in names]
    return found


@pytest.mark.parametrize("folder", ["pipelines", "benchmarks", "scripts"])
def test_no_program_of_ours_runs_what_it_reads(folder: str):
    files = sorted((PROJECT / folder).rglob("*.py"))
    assert files
    assert {str(file): found for file in files if (found := dangers(file.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import pickle", "from joblib import load", "eval(x)", "exec(x)", "yaml.load(x)", "pandas.read_pickle(x)",
        "np.load(x, allow_pickle=True)", "subprocess.run(x, shell=True)", "os.system(x)",
    ],
)  # fmt: skip
def test_each_danger_is_seen(line: str):
    assert dangers(line)


@pytest.mark.parametrize(
    "line", ["yaml.safe_load(x)", "json.loads(x)", "re.compile(x)", "np.load(x)", "run(x, shell=False)"]
)
def test_what_is_harmless_is_not(line: str):
    assert not dangers(line)
