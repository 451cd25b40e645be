"""Small dumps of every format, plain and packed, for the fuzzer to begin with."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.documents import make_block
from benchmarks.written_articles import ARTICLE_WRITERS
from benchmarks.written_formats import PAYLOAD_WRITERS, WRITERS
from tests.archives import tarred

_PAGE: Final = (
    "Bare\nMain Author: | |\n---|---|\nFormat: | Book |\n_version_ | 17 |\n---|---|\nid | 1 |\ntitle | With |\n"
)
_ROWS: Final = [{"url": f"https://a.example/Record/{number}/Details", "text": _PAGE} for number in (1, 2)]
_MARC: Final = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    '<controlfield tag="001">1</controlfield><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">T</subfield></datafield></record>'
)
_WITHOUT_ID: Final = _MARC.replace('<controlfield tag="001">1</controlfield>', "")
_RECORDS: Final = [{"id": "1", "title": "T", "formats": ["Book"], "primaryAuthors": ["A"]}, {"id": "2"}]

#: Of the formats, and the forms of them, that no benchmark writes.
_OTHERS: Final = {
    "page rows": b"".join(orjson.dumps(row) + b"\n" for row in _ROWS),
    "vufind api records": orjson.dumps(_RECORDS),
    "vufind api record lines": b"".join(orjson.dumps(one) + b"\n" for one in _RECORDS),
    "marcxml without ids": f"<collection>{_WITHOUT_ID * 2}</collection>".encode(),
    "marc 21 without ids": 2 * b"00057nam a2200037 a 4500245001900000\x1e00\x1faWithout any id\x1e\x1d",
    "solr updates": b'{"add":{"doc":{"id":"1","title":"T"}},"delete":["2"],"delete":{"id":"3"},"commit":{}}',
    "solr get": b'{"doc":{"id":"1","title":"T"}}',
    "solr deletions": b"<update><add><doc><field name='id'>1</field></doc></add><delete><id>2</id></delete></update>",
    "sru": (
        '<zs:searchRetrieveResponse xmlns:zs="http://www.loc.gov/zing/srw/"><zs:numberOfRecords>1</zs:numberOfRecords>'
        f"<zs:records><zs:record><zs:recordPacking>xml</zs:recordPacking><zs:recordData>{_MARC}</zs:recordData>"
        "</zs:record></zs:records></zs:searchRetrieveResponse>"
    ).encode(),
    "page without staff view": (
        b'<html lang="de"><head><link rel="canonical" href="/Record/1"></head><body><h1 property="name">T</h1>'
        b'<table><tr><th>1. Verfasser:</th><td><a href="/Author/Home?author=A">A</a></td></tr><tr><th>Format:</th>'
        b'<td><span class="format book">Buch</span></td></tr><tr><th>Online-Zugang:</th><td>'
        b'<a href="https://a.example/">x</a></td></tr></table>'
        b'<span class="Z3988" title="rft.date=1999&amp;rft.pub=P"></span></body></html>'
    ),
    "europe pmc answers": (
        b'[{"version":"6.9","hitCount":1,"resultList":{"result":[{"id":"1","source":"MED","title":"T"}]}},'
        b'{"version":"6.9","hitCount":1,"resultList":{"result":[{"id":"2","source":"MED","title":"U"}]}}]'
    ),
    "medline text": b"PMID- 1\nOWN - NLM\nTI  - Two,\n      and more.\nAU  - Roe R\n\nPMID- 2\nTI  - One.\n",
}


def small_dumps() -> dict[str, bytes]:
    """A dump by what it is called, of each format and of what holds files."""
    documents = [{**one, "description": one["description"][:40]} for one in make_block(0, 2)]
    plain = {name: write(documents) for name, write in (WRITERS | PAYLOAD_WRITERS | ARTICLE_WRITERS).items()} | _OTHERS
    plain["page parquet"] = _parquet()
    lines = {"lines": WRITERS["json lines"](documents[:1])}
    dumps = plain | {f"{name}.gz": gzip.compress(data, mtime=0) for name, data in plain.items()}
    dumps |= {"tar": tarred(lines.items()), "zip": _zip(lines)}
    dumps["wacz"] = _zip({"archive/data.warc": plain["warc"], "pages/pages.jsonl": b'{"format":"json-pages-1.0"}\n'})
    return {name.replace(" ", "-"): data for name, data in dumps.items()}


def _parquet() -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(_ROWS), written)
    return written.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()
