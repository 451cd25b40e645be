"""Random changes of what compiled readers read, under sanitizers: ``make fuzz-compiled [SECONDS=60]``.

AddressSanitizer and UndefinedBehaviorSanitizer end the run where the code reads or writes what is not its own. Besides,
what it takes has to be what orjson takes, and the record of a table has to be XML. The modules in the folder that is
named first are run, apart from the project's: those are compiled without sanitizers.
"""

from __future__ import annotations

import importlib
import random
import sys
import time

import numpy as np
import orjson
from lxml import etree

sys.path.insert(0, sys.argv[1])
nesting, tables, marc_view = (importlib.import_module(name) for name in ("_json_nesting", "_json_tables", "_marc_view"))

PATHS = [
    ("id", None), ("title", None), ("keywordList", [("keyword", None)]),
    ("authorList", [("author", [("fullName", None), ("authorId", [("type", None), ("$", [("type", None)])])])]),
]  # fmt: skip
LINES = [
    b'{"id":"1","title":" A  \\u00e9\\ud83d\\ude00 b","x":[1.5,-2,true,null,{"y":[[]]}],'
    b'"keywordList":{"keyword":["k",7]}}',
    b'{"authorList":{"author":[{"fullName":"Lu C","authorId":[{"$":{"type":["ORCID"]}}]},null,{}]},"id":["\xc3\xa9"]}',
    b'{"id":"2","authors":{"primary":{"Cruz, Ana":{"role":["-"]}}},"urls":[{"url":"http://a.org/1","desc":"\\/"}],"s":[]}',
]
TABLE = (
    b'<table class="t">\n<tbody>\n<tr>\n<th></th>\n<td></td>\n</tr>\n<tr>\n<th>LEADER</th>\n<td>00000nam</td>\n'
    b'</tr>\n<tr class="r">\n<th>001</th>\n<td>a&nbsp;1</td>\n</tr>\n<tr>\n<th>245</th>\n<td>1</td>\n<td>0</td>\n<td>'
    b"<strong>|a</strong>&nbsp;Rivers &amp; lakes /&nbsp;\n  <strong>|c</strong>\xc2\xa0Cruz\xc2\xa0\n  </td>\n</tr>\n"
    b"</tbody></table>"
)
JSON_SIGNS = [
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\u", b"\\ud800", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98\x80",
    b"\0", b"null", b"-0", b"1e5", b"1234567890123456789", b" ", b"\t", 70 * b"[", 70 * b'{"a":', b'{"id":',
    b'"id":"x",', b"",
]  # fmt: skip
TABLE_SIGNS = [
    b"&nbsp;", b"&nbsp", b"\xc2\xa0", b"\xc2", b"<td>", b"</td>", b"<strong>|", b"</strong>", b"<tr>", b"</tr>", b" ",
    b"<", b">", b'"', b"=", b"<th>", b"</th>", b"LEADER", b"008", b"", b"&", b"<strong>|a</strong>&nbsp;", b"</table>",
    b"'",
]  # fmt: skip


def changed(text: bytes, signs: list[bytes], drawn: random.Random) -> bytes:
    for _ in range(drawn.randrange(6)):
        place, cut = drawn.randrange(len(text) + 1), drawn.choice((0, 0, 1, 2, 6, 50))
        text = text[:place] + drawn.choice(signs) + text[place + cut :]
    # The end of its memory is the end of the text.
    return bytes(bytearray(text[: drawn.randrange(len(text) + 1)] if drawn.random() < 0.2 else text))


def read_lines(drawn: random.Random) -> int:
    """Read some lines; how many were taken."""
    lines = [changed(drawn.choice(LINES), JSON_SIGNS, drawn).replace(b"\n", b"") for _ in range(drawn.randrange(1, 5))]
    ends = np.cumsum([len(line) + 1 for line in lines]) - 1
    starts = ends - [len(line) for line in lines]
    text = b"\n".join(lines)
    left_out = nesting.find_nesting(text, starts, ends)[0], tables.read_tables(text, starts, ends, PATHS)[0]
    for line, *odd in zip(lines, *left_out, strict=True):
        if not all(odd):
            assert isinstance(orjson.loads(line), dict), line
    return sum(one.count(0) for one in left_out)


def read_table(drawn: random.Random) -> int:
    """Read a table; whether it was taken."""
    record = marc_view.as_marcxml(changed(TABLE, TABLE_SIGNS, drawn), "245")
    if record is None:
        return 0
    # Entities of HTML are refused by whoever reads the record.
    etree.fromstring(record, etree.XMLParser(recover=b"&" in record or b"\0" in record or b"\xc2" in record))
    return 1


def main(seconds: float) -> None:
    drawn, end = random.Random(time.time_ns()), time.monotonic() + seconds  # noqa: S311 - no secret
    rounds = lines = views = 0
    while time.monotonic() < end:
        lines += read_lines(drawn)
        views += read_table(drawn)
        rounds += 1
    print(f"{rounds:,} rounds: {lines:,} lines and {views:,} tables were taken, and nothing was wrong")


if __name__ == "__main__":
    main(float(sys.argv[2]))
