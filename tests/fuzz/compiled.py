"""Random changes of what compiled readers read, under sanitizers: ``make fuzz-compiled [SECONDS=60]``.

AddressSanitizer and UndefinedBehaviorSanitizer end the run where the code reads or writes what is not its own: it is
given each line in memory of just its length. Besides, what it takes must be what orjson, the tree of a page and the
ways without compiled code tell.
The modules in the folder that is named first are run, in the place of the project's, which have no sanitizers.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, sys.argv[1])
for module in Path(sys.argv[1]).glob("*.abi3.so"):
    name = module.name.partition(".")[0]
    sys.modules[f"pipelines.readers.{name}"] = importlib.import_module(name)

import numpy as np  # noqa: E402
import orjson  # noqa: E402

from pipelines.readers import json_structure, page_columns, xml_spans, xml_tokens  # noqa: E402
from pipelines.readers._json_nesting import find_nesting  # noqa: E402
from pipelines.readers._json_strings import cut_strings  # noqa: E402
from pipelines.readers._json_structure import find_structure  # noqa: E402
from pipelines.readers._json_tables import read_tables  # noqa: E402
from pipelines.readers._warc_records import plain_records  # noqa: E402
from pipelines.readers._xml_tags import cut_tags, find_tags  # noqa: E402
from pipelines.readers.json_nesting import nesting_of  # noqa: E402
from pipelines.readers.json_paths import objects  # noqa: E402
from pipelines.readers.json_tables import _members, read_objects  # noqa: E402
from pipelines.readers.pages import WORTH_COLUMNS  # noqa: E402
from tests.readers.test_json_nesting import rebuilt  # noqa: E402
from tests.readers.test_marc_view import RECORD, page, read, table, without_lineage  # noqa: E402

PATHS: dict[str, Any] = {
    "id": None, "title": None, "keywordList": {"keyword": None},
    "authorList": {"author": {"fullName": None, "authorId": {"type": None, "$": {"type": None}}}},
}  # fmt: skip
MEMBERS = _members(PATHS)
#: Where to look for texts: what stands above, and the name.
LEAVES = [
    ((), "id"), ((), "title"), (("keywordList",), "keyword"), (("authorList", "author"), "fullName"),
    (("authorList", "author", "authorId"), "type"), (("authorList", "author", "authorId", "$"), "type"),
]  # fmt: skip
LINES = [
    b'{"id":"1","title":" A  \\u00e9\\ud83d\\ude00 b","x":[1.5,-2,true,null,{"y":[[]]}],'
    b'"keywordList":{"keyword":["k",7]}}',
    b'{"authorList":{"author":[{"fullName":"Lu C","authorId":[{"$":{"type":["ORCID"]}}]},null,{}]},"id":["\xc3\xa9"]}',
    b'{"id":"2","authors":{"primary":{"Cruz, Ana":{"role":["-"]}}},"urls":[{"url":"http://a.org/1","desc":"\\/"}],"s":[]}',
]
JSON_SIGNS = [
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\n", b"\\u", b"\\ud800", b"\xc3", b"\xe2\x82", b"\0", b"null",
    b"\xf0\x9f\x98\x80", b"-0", b"1e5", b"1234567890123456789", b" ", b"\t", 70 * b"[", 70 * b'{"a":', b'{"id":', b"",
]  # fmt: skip
PAGE_SIGNS = [
    b"&nbsp;", b"&nbsp", b"\xc2\xa0", b"<td>", b"</td>", b"<strong>|", b"</strong>", b"<tr>", b"</tr>", b" ", b"<", b"",
    b">", b'"', b"=", b"<th>", b"</th>", b"LEADER", b"008", b"&amp;", b"<strong>|a</strong>&nbsp;", b"</table>", b"'",
    b"\n", b"<b>", b"<!-- x -->", b"/",
]  # fmt: skip
ELEMENTS = b'<r><!-- <a> --><a b="1">x</a><n:ab/><![CDATA[</a>]]><long.name-of_an:a c="/"/>&amp;</r>'
XML_SIGNS = [
    b"<", b">", b"</", b"/>", b"<!", b"<!--", b"-->", b"--", b"<![CDATA[", b"]]>", b"]]", b"a", b":", b"<a>", b"</ab>",
    b"", b"<" + 61 * b"x" + b":a>", b"<" + 62 * b"x" + b":a>", b"\xc3\xa9", b"\xff", b" ", b"<aa>", b"<?", b"\0",
    b"eightsigns",
]  # fmt: skip
RECORDS = 3 * (
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5\r\nWARC-Target-URI: https://a/\r\nX: y\r\n\r\nabcde\r\n\r\n"
)
WARC_SIGNS = [
    b"\r\n", b"\n", b":", b" ", b"WARC/", b"Content-Length: 9\r\n", b"9", b"\0", b"\xff", b"", b"\r\n\r\n", b"-",
]  # fmt: skip
VIEWS = [table(RECORD).encode(), table(RECORD, "\u00a0").replace("\n", "").encode()]


def changed(text: bytes, signs: list[bytes], drawn: random.Random) -> bytes:
    for _ in range(drawn.randrange(5)):
        place, cut = drawn.randrange(len(text) + 1), drawn.choice((0, 0, 1, 2, 6, 50))
        text = text[:place] + drawn.choice(signs) + text[place + cut :]
    return text[: drawn.randrange(len(text) + 1)] if drawn.random() < 0.1 else text


def read_lines(drawn: random.Random) -> int:
    """Read some lines; how many were taken."""
    lines = [changed(drawn.choice(LINES), JSON_SIGNS, drawn).replace(b"\n", b"") for _ in range(drawn.randrange(1, 5))]
    for line in lines:
        alone, span = np.frombuffer(line, np.uint8).copy(), (np.array([0]), np.array([len(line)]))
        find_nesting(alone, *span)  # type: ignore[arg-type]
        read_tables(alone, *span, MEMBERS)  # type: ignore[arg-type]
        find_structure(alone, 0, len(line))  # type: ignore[arg-type]
        cut_strings(alone)  # type: ignore[arg-type]
    ends = np.cumsum([len(line) + 1 for line in lines]) - 1
    starts, text = ends - [len(line) for line in lines], b"\n".join(lines)
    told_by = []
    for is_compiled in (True, False):
        json_structure.IS_COMPILED = is_compiled  # type: ignore[misc]
        structure = json_structure.structure_of(text)
        told_by.append(
            [
                getattr(structure, part).tolist()
                for part in ("brackets", "steps", "depths", "newlines", "quotes", "odd_quotes")
            ]
        )
    assert told_by[0] == told_by[1], text
    nesting = nesting_of(text, starts, ends)
    assert rebuilt(nesting) == [orjson.loads(line) for line, odd in zip(lines, nesting.odd, strict=True) if not odd]
    found, rows = read_objects(text, starts, ends, PATHS)
    told = objects([orjson.loads(lines[row]) for row in rows.tolist()])
    for above, name in LEAVES:
        here, there = found.objects(*above).texts(name), told.objects(*above).texts(name)
        assert (here.texts.to_pylist(), here.owner.tolist()) == (there.texts.to_pylist(), there.owner.tolist()), text
    return int(np.count_nonzero(~nesting.odd)) + len(rows)


def read_tags(drawn: random.Random) -> int:
    """Cut a text of XML at its tags, and find some of them; how many there were."""
    text = changed(ELEMENTS, XML_SIGNS, drawn)
    alone, place = np.frombuffer(text, np.uint8).copy(), drawn.randrange(len(text) + 1)
    with suppress(UnicodeDecodeError):
        cut_tags(alone, 3)  # type: ignore[arg-type]
    is_all = drawn.random() < 0.5
    find_tags(alone, place, (b"a", b"ab"), is_all)  # type: ignore[arg-type]
    cut, found = [], []
    for is_compiled in (True, False):
        xml_tokens.IS_COMPILED = xml_spans.IS_COMPILED = is_compiled  # type: ignore[misc]
        cut.append(xml_tokens.tokens_of(text))
        found.append(list(map(list, xml_spans.tags_of(text, ("a", "ab"), place, is_all=is_all)[:4])))
        found[-1].append([xml_spans.tags_of(text, ("a", "ab"), place, is_all=is_all).endless])
    assert found[0] == found[1], (text, place)
    first, second = ([one.tags, one.numbers.tolist(), one.both.to_pylist()] if one else None for one in cut)
    assert first == second, text
    return len(found[0])


def read_crawl(drawn: random.Random) -> int:
    """Look for the records of a crawl; how many are plain."""
    text = changed(RECORDS, WARC_SIGNS, drawn)
    place = drawn.randrange(len(text) + 1) if drawn.random() < 0.2 else 0
    return len(plain_records(np.frombuffer(text, np.uint8).copy(), place, 100))  # type: ignore[arg-type]


def read_pages(drawn: random.Random) -> int:
    """Read a page by itself, and many together with and without compiled code; how many documents it gave."""
    text = page(changed(drawn.choice(VIEWS), PAGE_SIGNS, drawn).decode(errors="ignore"))
    alone, refused = read(text)
    for is_compiled in (True, False):
        page_columns.IS_COMPILED = is_compiled  # type: ignore[misc]
        many, refused_of_many = read(text * WORTH_COLUMNS)
        assert without_lineage(many) == without_lineage(alone) * WORTH_COLUMNS, text
        assert refused_of_many == refused * WORTH_COLUMNS, text
    return len(alone)


def main(seconds: float) -> None:
    drawn, end = random.Random(time.time_ns()), time.monotonic() + seconds  # noqa: S311 - no secret
    rounds = lines = tags = records = pages = 0
    while time.monotonic() < end:
        for _ in range(20):
            lines += read_lines(drawn)
            tags += read_tags(drawn)
            records += read_crawl(drawn)
        pages += read_pages(drawn)
        rounds += 1
    taken = f"{lines:,} lines, {tags:,} tags, {records:,} records of WARC and {pages:,} pages"
    print(f"{rounds:,} rounds: {taken} were taken, and nothing was wrong")


if __name__ == "__main__":
    main(float(sys.argv[2]))
