"""The command: what it prints, how it ends, and what it never does or shows."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pipelines import cli
from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from tests.cli.conftest import PASSWORD, Command
from tests.end_to_end.road import Road

SAMPLE = Path(__file__).parents[2] / "dumps" / "sample"

VERBS = sorted(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]


def test_there_is_a_verb_for_every_thing_one_does():
    assert VERBS == [
        "backup",
        "dumps",
        "export",
        "extract",
        "ingest",
        "match",
        "migrate",
        "psql",
        "quarantine",
        "query",
        "restore",
        "search",
        "serve",
        "status",
        "ui",
        "works",
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example(command: Command, verb: str):
    answer = command(verb, "--help")
    assert answer.code == 0
    assert "Example" in answer.out
    assert f"vufind-warehouse {verb}" in answer.out.replace("vufind-warehouse --home var", "vufind-warehouse")


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-verb"],
        ["ingest", "nowhere"],
        ["ingest", "."],
        ["ingest", ".", "--kind", "half"],
        ["query", "SELECT 1", "--format", "xml"],
        ["query", "SELECT 1", "--timeout", "0"],
        ["status", "--no-such-option"],
    ],
)
def test_a_mistake_of_usage_ends_with_2(command: Command, arguments: list[str]):
    assert command(*arguments).code == 2


def test_the_version_is_told_without_a_warehouse(command: Command):
    answer = command("--version")
    assert (answer.code, answer.told) == (0, "")
    program, readers = answer.out.split("; ")
    assert re.fullmatch(r"vufind-warehouse \S+ \(schema \d+, .*matching \d+, ICU \S+", program)
    assert readers in {"with compiled readers)\n", "readers were not compiled when it was installed)\n"}


def test_extract_writes_documents_as_json_lines_with_their_lineage(command: Command, tmp_path: Path):
    (tmp_path / "dump.jsonl").write_bytes(b'{"id": "1", "author": "A", "local": {"x": 1}}\nbroken\n{"id": "2"}\n')
    answer = command("extract", "dump.jsonl")
    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert answer.code == 0
    assert (first["id"], first["author"], second["id"]) == ("1", ["A"], "2")
    assert first["_lineage"]["file"] == "dump.jsonl"
    assert (first["_lineage"]["offset"], second["_lineage"]["offset"]) == (0, 53)
    assert "dump.jsonl at byte 46" in answer.told
    assert "2 documents, 1 in quarantine" in answer.told


@pytest.mark.parametrize(
    "number",
    ["0.12345678901234567890", "1e400", "-0", "1.10", "1E+2", "18446744073709551616", "1e999999999", "[1,2.50]", "7"],
)
def test_extract_writes_every_number_as_it_is_written(command: Command, tmp_path: Path, number: str):
    (tmp_path / "dump.jsonl").write_text(f'{{"id":"1","title":"t","x":{number},"y":{{"z":{number}}}}}\n')
    answer = command("extract", "dump.jsonl")
    assert answer.code == 0
    assert f'"x":{number},"y":{{"z":{number}}},"_lineage"' in answer.out


def test_extract_writes_to_a_file(command: Command, tmp_path: Path):
    answer = command("extract", str(SAMPLE), "--out", "all.jsonl")
    assert (answer.code, answer.out) == (0, "")
    assert all(json.loads(line)["id"] for line in (tmp_path / "all.jsonl").read_text().splitlines())


def test_extract_of_nothing_ends_with_1_and_says_why(command: Command):
    answer = command("extract", "nowhere")
    assert (answer.code, answer.out) == (1, "")
    assert "nowhere: no such file or folder" in answer.told


QUESTION = "SELECT source_record_id AS id, title, format, NULL AS nothing FROM catalog.records ORDER BY 1"


@pytest.mark.usefixtures("warehouse")
def test_query_writes_json_lines(command: Command):
    rows = [json.loads(line) for line in command("query", QUESTION, "--format", "json").out.splitlines()]
    assert [(row["id"], row["format"], row["nothing"]) for row in rows] == [
        ("1", ["Book", "Article"], None),
        ("2", None, None),
    ]


@pytest.mark.usefixtures("warehouse")
def test_query_writes_csv(command: Command):
    header, *rows = csv.reader(io.StringIO(command("query", QUESTION, "--format", "csv").out))
    assert header == ["id", "title", "format", "nothing"]
    assert rows[0][:2] == ["1", "A study of rivers"]
    assert len(rows) == 2


@pytest.mark.usefixtures("warehouse")
def test_query_writes_a_table_that_does_nothing_to_a_terminal(command: Command):
    out = command("query", "SELECT E'\\x1b[2Jred [red]x[/red]' AS \"[bold]a\"").out
    assert "\x1b" not in out
    assert "\\x1b[2Jred [red]x[/red]" in out
    assert "[bold]a" in out


@pytest.mark.parametrize(
    "question",
    [
        "TABLE reporting.works", "WITH a AS (SELECT 1) SELECT * FROM a", "VALUES (1), (2);", "EXPLAIN SELECT 1",
        "SELECT 100 % 7, '%s', '%(a)s' -- a comment", "SHOW server_version", "SELECT ';'",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("warehouse")
def test_query_takes_whatever_reads(command: Command, question: str):
    assert command("query", question, "--format", "csv").code == 0


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM catalog.record_authors",
        "INSERT INTO ops.warehouse_version SELECT * FROM ops.warehouse_version RETURNING version",
        "WITH gone AS (DELETE FROM catalog.record_authors RETURNING *) SELECT * FROM gone",
        "SELECT 1; DELETE FROM catalog.record_authors",
        "SELECT 1; COMMIT; DELETE FROM catalog.record_authors",
        "SELECT 1; COMMIT; RESET ROLE; DELETE FROM catalog.record_authors",
        "SELECT 1; ROLLBACK; RESET ROLE; BEGIN READ WRITE; DELETE FROM catalog.record_authors; COMMIT; SELECT 1",
        "RESET ROLE; DELETE FROM catalog.record_authors",
        "SET ROLE postgres",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "CREATE TABLE public.mine AS SELECT 1",
        "COPY catalog.records TO '/tmp/stolen'",
        "DROP SCHEMA catalog CASCADE",
        "DO $$ BEGIN DELETE FROM catalog.record_authors; END $$",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT",
        "nonsense",
    ],
)
def test_query_cannot_write(command: Command, warehouse: Road, question: str):
    tables = "catalog.record_authors", "catalog.records", "ops.warehouse_version"
    before = [warehouse.rows(f"SELECT xmin::text, t::text FROM {table} AS t") for table in tables]
    answer = command("query", question, "--format", "csv")
    assert [warehouse.rows(f"SELECT xmin::text, t::text FROM {table} AS t") for table in tables] == before
    assert warehouse.values("SELECT to_regclass('public.mine')") == [None]
    if question != "SELECT":
        assert answer.code == 1
        assert answer.told.startswith("error: ")
        assert "Traceback" not in answer.told


@pytest.mark.usefixtures("warehouse")
def test_a_question_that_takes_too_long_is_given_up(command: Command):
    answer = command("query", "SELECT pg_sleep(60)", "--timeout", "1")
    assert answer.code == 1
    assert answer.told.strip() == "error: given up after 1 s; --timeout SECONDS gives a question more time"


@pytest.mark.usefixtures("warehouse")
def test_status_shows_what_is_in_and_where_without_the_password(command: Command):
    answer = command("status")
    assert answer.code == 0
    for word in ("warehouse version", "library", "2020", "2021", "records"):
        assert word in answer.out
    assert PASSWORD not in answer.out + answer.told
    assert parse_url(os.environ["WAREHOUSE_URL"]).render_as_string(hide_password=False) not in answer.out
    assert "***" in answer.out


def test_status_shows_whose_rules_made_the_work_keys_of_a_source(command: Command, warehouse: Road):
    keys = ["AT nunezana astudyofseas"]
    document = {"id": "1", "title": "A study of seas", "author": ["Núñez, Ana"], "work_keys_str_mv": keys}
    warehouse.ingest("archive", "2020", [document, {**document, "id": "2", "title": "Another study of seas"}])
    answer = command("status")
    assert answer.code == 0
    [line] = [line for line in answer.out.splitlines() if "vufind_marc" in line]
    assert line.split("\t") == ["archive", "vufind_marc", "2", "1", "1"]


@pytest.mark.parametrize("verb", [["status"], ["query", "SELECT 1"], ["psql"]])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:{}@127.0.0.1:1/db",
        "postgres://me:{}@127.0.0.1:1/db",
        "mysql://me:{}@h/db",
        "{}",
        "postgresql://127.0.0.1:1/db?user=me&password={}",
        "postgresql://127.0.0.1:1/db?sslpassword={}",
        "postgresql://me:{}@h:1,i:2/db",
        "postgresql://h/db?nonsense=1&password={}",
    ],
)
def test_a_warehouse_out_of_reach_ends_with_1_in_one_line_without_the_password(
    command: Command, monkeypatch: pytest.MonkeyPatch, verb: list[str], url: str
):
    monkeypatch.setenv("WAREHOUSE_URL", url.format("s3cretword"))
    answer = command(*verb)
    assert answer.code == 1
    assert answer.told.startswith("error: ")
    assert "s3cretword" not in answer.out + answer.told
    assert "Traceback" not in answer.told


def test_status_of_a_home_without_warehouse_says_how_to_make_one(command: Command, tmp_path: Path):
    answer = command("--home", str(tmp_path / "new"), "status")
    assert answer.code == 1
    assert f"vufind-warehouse --home {tmp_path / 'new'} ingest PATH" in answer.told
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("warehouse")
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "SELECT 1"],
        ["query", "SELECT repeat('x', 1000) FROM generate_series(1, 2000)", "--format", "csv"],
        ["extract", str(SAMPLE / "city-library" / "2024-01-01.jsonl")],
    ],
)
def test_a_disk_that_is_full_is_told_as_that_of_standard_output(arguments: list[str]):
    with Path("/dev/full").open("w") as full:
        outcome = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *arguments],
            stdout=full, stderr=subprocess.PIPE, cwd=SAMPLE.parents[1], check=False, text=True,
        )  # fmt: skip
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines()[-1] == "error: standard output: No space left on device"


@pytest.mark.parametrize("sign", ["%41", "?"])
def test_a_home_in_which_dagster_would_not_find_its_files_is_refused_at_once(command: Command, sign: str):
    Path("2020.jsonl").write_text('{"id": "1", "title": "Rivers"}\n')
    refused = command("--home", f"of{sign}mine", "ingest", "2020.jsonl", "--source", "city")
    assert refused.code == 1
    assert "Dagster cannot keep its files in a folder with % or ? in its path, such as " in refused.told
    assert not Path(f"of{sign}mine").exists()


def test_also_beside_ones_own_server(command: Command, warehouse: Road):
    Path("2020.jsonl").write_text('{"id": "1", "title": "Rivers"}\n')
    refused = command("--home", "of%mine", "ingest", "2020.jsonl", "--source", "city")
    assert refused.code == 1
    assert "folder with % or ?" in refused.told
    assert command("--home", "of%mine", "query", "SELECT 1").code == 0, "which keeps nothing there"


def test_frames_that_cannot_be_kept_where_they_are_told_to_name_the_variable(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch
):
    Path("2020.jsonl").write_text('{"id": "1", "title": "Rivers"}\n')
    for folder in ("/proc/x", "2020.jsonl"):
        monkeypatch.setenv("VUFIND_WAREHOUSE_FRAMES", folder)
        answer = command("ingest", "2020.jsonl", "--source", "city")
        assert answer.code == 1
        assert "the frames cannot be kept in" in answer.out
        assert "set VUFIND_WAREHOUSE_FRAMES to a folder in which this user may write" in answer.out


@pytest.mark.usefixtures("warehouse")
def test_whoever_reads_only_the_beginning_gets_no_traceback():
    long = "SELECT repeat('x', 1000) FROM generate_series(1, 20000)"
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "query", long, "--format", "csv"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=SAMPLE.parents[1],
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    told = process.stderr.read()
    process.wait()
    assert told == b""


@pytest.mark.usefixtures("warehouse")
def test_status_does_not_show_a_password_from_the_query(command: Command, monkeypatch: pytest.MonkeyPatch):
    url = parse_url(os.environ["WAREHOUSE_URL"])
    query = {**url.query, "user": str(url.username), "password": "s3cretword"}
    moved = url.set(drivername="postgresql", username="nobody", query=query)
    monkeypatch.setenv("WAREHOUSE_URL", moved.render_as_string(hide_password=False))
    answer = command("status")
    assert answer.code == 0
    assert "s3cretword" not in answer.out + answer.told
    assert "***" in answer.out


def test_dumps_of_two_paths_that_would_be_one_are_refused(command: Command, tmp_path: Path):
    for folder in ("a/city", "b/city"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "1.json").write_text('{"id": "1"}')
    answer = command("ingest", "a/city/1.json", "b/city/1.json")
    assert answer.code == 2
    assert "rename one" in answer.told


@pytest.mark.parametrize("source", ["..", ".", "../..", "a/b", " "])
def test_a_source_that_is_no_plain_name_is_refused(command: Command, tmp_path: Path, source: str):
    (tmp_path / "1.json").write_text('{"id": "1"}')
    assert command("ingest", "1.json", "--source", source).code == 2


@pytest.mark.parametrize("path", ["[/foo].json", "\x1b[2Jx.json", "[red]x[/red].json"])
def test_an_error_is_printed_as_it_is_and_does_nothing_to_a_terminal(command: Command, path: str):
    answer = command("extract", path)
    assert answer.code == 1
    assert path.replace("\x1b", "\\x1b") in answer.told
    assert "\x1b" not in answer.told


@pytest.mark.usefixtures("warehouse")
def test_a_question_cannot_put_off_the_role_by_set_role(command: Command):
    question = "SELECT set_config('role', 'none', false), (SELECT current_user) UNION ALL SELECT current_user, 'after'"
    assert [row[0] for row in csv.reader(io.StringIO(command("query", question, "--format", "csv").out))][1:] == [
        "none", "warehouse_reader",
    ]  # fmt: skip
    assert "warehouse_reader" in command("query", "SELECT session_user", "--format", "csv").out


@pytest.mark.parametrize("missing", [True, False])
def test_a_server_without_the_role_gets_a_line_of_warning(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch, missing: bool
):
    from pipelines.warehouse import reader

    monkeypatch.setattr(reader, "READER_ROLE", "no_such_role" if missing else "warehouse_reader")
    answer = command("query", "SELECT 1 AS one", "--format", "csv")
    assert answer.out.split() == ["one", "1"]
    assert [line.startswith("warning: the role no_such_role") for line in answer.told.splitlines()] == [True] * missing


@pytest.mark.usefixtures("warehouse")
def test_ones_own_server_on_a_socket_is_not_entered_under_the_readers_name(
    command: Command, monkeypatch: pytest.MonkeyPatch
):
    url = parse_url(os.environ["WAREHOUSE_URL"]).set(password="")
    monkeypatch.setenv("WAREHOUSE_URL", url.set(drivername="postgresql").render_as_string(hide_password=False))
    used = []

    def watched(url: object, **options: bool) -> object:
        used.append(getattr(url, "username", None))
        return connect(url, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("pipelines.warehouse.reader.connect", watched)
    assert command("query", "SELECT 1").code == 0
    assert used == [url.username]


VALUES = (
    "SELECT '\\xdead'::bytea AS b, ARRAY['a', 'ü'] AS a, 12345678901234567890.10 AS n, 1 AS same, 2 AS same,"
    " '{\"x\": [1, null]}'::jsonb AS j, true AS t, 'NaN'::numeric AS nan"
)


@pytest.mark.usefixtures("warehouse")
def test_json_and_csv_hold_the_very_values(command: Command):
    assert command("query", VALUES, "--format", "json").out == (
        '{"b": "\\\\xdead", "a": ["a", "ü"], "n": 12345678901234567890.10, "same": 1, "same_2": 2,'
        ' "j": {"x": [1, null]}, "t": true, "nan": "NaN"}\n'
    )
    header, row = csv.reader(io.StringIO(command("query", VALUES, "--format", "csv").out))
    assert header == ["b", "a", "n", "same", "same", "j", "t", "nan"]
    assert row == ["\\xdead", '["a", "ü"]', "12345678901234567890.10", "1", "2", '{"x": [1, null]}', "true", "NaN"]


@pytest.mark.usefixtures("warehouse")
def test_a_table_ends_somewhere_and_is_not_folded_where_no_terminal_is(
    command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "80")
    answer = command("query", "SELECT repeat('x', 300) || n AS x FROM generate_series(1, 1001) AS n")
    assert "x" * 300 + "1000" in answer.out
    assert "x" * 300 + "1001" not in answer.out
    assert "first 1,000 rows" in answer.told


def by_itself(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_home_that_is_not_there_is_not_made_by_a_question(tmp_path: Path):
    home = tmp_path / "mistyped"
    result = by_itself("--home", str(home), "query", "SELECT 1")
    assert result.returncode == 1
    assert "there is no warehouse in" in result.stderr
    assert not home.exists()


def test_a_question_does_not_wait_for_what_only_loads_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    told = by_itself("--home", str(tmp_path / "mistyped"), "query", "SELECT 1").stderr
    imported = {line.rpartition("|")[2].strip() for line in told.splitlines()}
    assert "psycopg2" in imported
    assert not imported & {"dagster", "pandas", "pyarrow"}


def test_the_ui_says_that_its_port_is_in_use(tmp_path: Path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        result = by_itself("--home", str(tmp_path / "home"), "ui", "--port", str(port))
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in result.stderr
