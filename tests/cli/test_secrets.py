"""A password comes from the environment or a file, and is seen nowhere after: on no screen, in no log, in no run.

The same ingest shows that what a dump says does nothing to a terminal, nor to the page of Dagster's UI.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from pipelines.home import Home
from pipelines.instance import dagster_instance
from pipelines.normalize.text import clean_text
from pipelines.warehouse.connection import warehouse_url as parse_url
from tests.cli.conftest import PASSWORD, Command
from tests.end_to_end.road import Road

#: Each is an attack on one of those that text passes through on its way in and out.
ATTACKS = {
    # The first few are what Dagster's page shows as a sample.
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "Markdown": "[click](javascript:alert(1)) ![x](http://e.org/t.png) | **b** `c`",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x1b[31mred\x9b31m",
    "turned around": "abc\u202egnp.exe\u2066x\u2069",
    "SQL": "'; DROP TABLE catalog.records; -- \"; $$; %s %(a)s {0} \\'",
    "COPY's end": "\\.",
    "COPY's null": "\\N",
    "COPY's escapes": "a\\tb\\nc\\\\d\\x41 \\",
    "CSV formula": "=cmd|' /C calc'!A0",
    "CSV quotes": 'a "quoted", "" b;\tc',
    "an array": '{"a",NULL,\\"b}',
    "shell": "$(touch /tmp/owned) `id` ; rm -rf ~ | cat & ${IFS}",
    "markup of a terminal": "[red]x[/red] [link=http://e.org]y[/link]",
    "a template": "{{ 7*7 }} ${7*7} %n",
    "a path": "../../etc/passwd",
    "no character": "a\ufffeb\U000e0041",
}

#: What a terminal obeys.
OBEYED = ("\x1b", "\x9b", "\x07", "\u202e", "\u2066", "\u2069")


#: What is a name has a letter.
NAMES = {clean_text(attack) for attack in ATTACKS.values() if any(map(str.isalnum, attack))}


def documents() -> list[dict[str, object]]:
    """A document for each attack, in every field that has room for text."""
    return [
        {
            "id": f"a{number}",
            "title": f"x {attack} y",
            "title_short": attack,
            "description": attack,
            "publisher": [attack],
            "container_title": attack,
            "edition": attack,
            "series": [attack],
            "topic": [attack],
            "institution": [attack],
            "author": [attack],
            "format": [attack],
            "url": [attack],
            "issn": [attack],
            "local_txt_mv": [attack, {"nested": attack}],
            f"local {attack}": attack,
        }
        for number, attack in enumerate(ATTACKS.values())
    ]


@pytest.fixture
def dump() -> Path:
    path = Path("dumps/hostile/2024.jsonl")
    path.parent.mkdir(parents=True)
    lines = [json.dumps(document) for document in documents()]
    # Postgres has no NUL; what stands in quarantine is attacked by it too.
    lines += ['{"id": "nul", "title": "a\\u0000b"}', '{"id": "\x1b[2J<b>', "<script>\x1b]0;x\x07"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_hostile_text_comes_back_as_it_was_and_neither_it_nor_a_password_does_harm(
    command: Command, warehouse: Road, dump: Path
):
    ingested = command("ingest", str(dump))
    assert ingested.code == 0
    _comes_back_by_sql(warehouse)
    _comes_back_by_export_and_query(command)
    _comes_back_by_extract(command, dump)

    warehouse.execute("ALTER TABLE catalog.links RENAME TO links_put_aside")
    failed = command("ingest", str(dump), "--name", "2025")
    warehouse.execute("ALTER TABLE catalog.links_put_aside RENAME TO links")
    assert failed.code == 1
    for answer in (
        ingested,
        failed,
        command("status"),
        command("query", "SELECT * FROM reporting.records"),
        command("query", "SELECT * FROM reporting.quarantine"),
        command("quarantine", "list"),
    ):
        assert [sign for sign in OBEYED if sign in answer.out + answer.told] == []
        _is_without_password((answer.out + answer.told).encode())
    _dagster_is_without_markup_and_password()


def _comes_back_by_sql(warehouse: Road) -> None:
    records = warehouse.rows(
        "SELECT source_record_id, title_short, description, publisher, container_title, edition, series[1], topics[1],"
        " institution, extra FROM catalog.records WHERE source = 'hostile' AND source_record_id <> 'nul'"
    )
    assert len(records) == len(ATTACKS)
    told = dict(zip((f"a{number}" for number in range(len(ATTACKS))), ATTACKS.values(), strict=True))
    for name, *texts, extra in records:
        attack = told[name]
        # What cannot be seen is made clean in the columns, and nothing else; as written it stands in extra.
        assert texts == [clean_text(attack)] * len(texts), attack
        assert extra["local_txt_mv"] == [attack, {"nested": attack}]
        assert extra[f"local {attack}"] == attack
    assert warehouse.values("SELECT count(*) FROM catalog.records WHERE title LIKE 'x %%'") == [len(ATTACKS)]
    written = set(warehouse.values("SELECT name_as_written FROM catalog.record_authors"))
    assert NAMES - written == set()
    urls = set(warehouse.values("SELECT url_as_written FROM catalog.links"))
    assert {clean_text(url) for url in ATTACKS.values()} - {clean_text(url) for url in urls} == set()
    quarantined = "SELECT raw FROM ops.quarantine JOIN ops.dumps USING (dump_id) WHERE source = 'hostile'"
    assert len(warehouse.values(quarantined)) == 2
    assert warehouse.values("SELECT title FROM catalog.records WHERE source_record_id = 'nul'") == ["ab"]


def _comes_back_by_export_and_query(command: Command) -> None:
    cleaned = {clean_text(attack) for attack in ATTACKS.values()} | {""}
    for form in ("csv", "jsonl"):
        assert command("export", form, "--format", form, "--what", "records").code == 0
    with Path("csv/records.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == "hostile"]
    assert {row["publisher"] for row in rows} == cleaned
    lines = [json.loads(line) for line in Path("jsonl/records.jsonl").read_text(encoding="utf-8").split("\n") if line]
    assert {row["publisher"] or "" for row in lines if row["source"] == "hostile"} == cleaned
    for asked, texts in (
        ("publisher FROM catalog.records WHERE source = 'hostile'", cleaned),
        ("name_as_written FROM catalog.record_authors", NAMES),
    ):
        answer = command("query", f"SELECT {asked}", "--format", "csv").out
        assert {row[0] for row in csv.reader(io.StringIO(answer, newline="")) if row} >= texts - {""}


def _comes_back_by_extract(command: Command, dump: Path) -> None:
    extracted = [json.loads(line) for line in command("extract", str(dump)).out.split("\n") if line]
    assert [row["publisher"] for row in extracted[: len(ATTACKS)]] == [[attack] for attack in ATTACKS.values()]


def _is_without_password(data: bytes) -> None:
    for written in (PASSWORD, quote(PASSWORD, safe=""), quote(PASSWORD)):
        assert written.encode() not in data


def _dagster_is_without_markup_and_password() -> None:
    home = Home.here()
    files = [path for path in home.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        _is_without_password(path.read_bytes())
    samples = []
    with dagster_instance(home) as instance:
        for run in instance.get_runs():
            for event in instance.all_logs(run.run_id):
                found = event.dagster_event.event_specific_data if event.dagster_event else None
                if (materialized := getattr(found, "materialization", None)) is not None:
                    samples += [str(each.value) for name, each in materialized.metadata.items() if "sample" in name]
    assert len(samples) > 2
    text = "\n".join(samples)
    assert "&#60;script&#62;" in text
    assert "&#91;click&#93;&#40;javascript" in text
    assert [sign for sign in ("<script", "<img", "](", "\x1b", "\x9b", "\u202e") if sign in text] == []


@pytest.mark.usefixtures("warehouse")
def test_a_password_on_the_command_line_is_refused_without_showing_it(command: Command):
    url = os.environ.pop("WAREHOUSE_URL")
    for given in (url, url.replace(f":{quote(PASSWORD, safe='')}@", "@") + "&sslpassword=" + quote(PASSWORD)):
        answer = command("--warehouse", given, "status")
        assert answer.code == 2
        assert "give a URL with a password in WAREHOUSE_URL" in answer.told
        _is_without_password((answer.out + answer.told).encode())


def test_the_url_may_stand_in_a_file(command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch):
    url = os.environ["WAREHOUSE_URL"]
    monkeypatch.setenv("WAREHOUSE_URL", "")
    monkeypatch.setenv("WAREHOUSE_URL_FILE", "secret.txt")
    Path("secret.txt").write_text(f"{url}\n", encoding="utf-8")
    Path("secret.txt").chmod(0o644)
    assert command("status").told == "error: secret.txt: others may read this secret; chmod 600 secret.txt\n"
    Path("secret.txt").chmod(0o600)
    answer = command("query", "SELECT current_database()", "--format", "csv")
    assert answer.out.split()[1] == parse_url(url).database
    monkeypatch.setenv("WAREHOUSE_URL_FILE", "nowhere.txt")
    assert command("status").told == "error: nowhere.txt: No such file or directory\n"
