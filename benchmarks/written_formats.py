"""The same made-up documents in each format that a dump may have: what the speed of reading is measured on."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import orjson
import pymarc

from pipelines.records import MULTI_VALUED_FIELDS

Document = dict[str, Any]

_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)


def _values(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _json_lines(documents: Sequence[Document]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in documents)


def _solr_json(documents: Sequence[Document]) -> bytes:
    return orjson.dumps({"responseHeader": {"status": 0}, "response": {"numFound": len(documents), "docs": documents}})


def _rest_api(documents: Sequence[Document]) -> bytes:
    records = [
        {
            "id": one["id"],
            "title": one["title"],
            "authors": {"primary": {name: {"role": ["-"]} for name in one["author"]}, "secondary": [], "corporate": []},
            "formats": one["format"],
            "languages": one["language"],
            "publishers": one["publisher"],
            "publicationDates": one["publishDate"],
            "subjects": [[topic] for topic in one["topic"]],
            "summary": [one["description"]],
            "urls": [{"url": url, "desc": url} for url in one["url"]],
        }
        for one in documents
    ]
    return orjson.dumps({"resultCount": len(records), "records": records, "status": "OK"})


def _solr_xml(documents: Sequence[Document]) -> bytes:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<response>\n<lst name="responseHeader"></lst>\n<result>\n']
    for one in documents:
        parts.append("<doc>\n")
        for name, value in one.items():
            if name in _MULTI:
                parts.append(f"  <arr name={quoteattr(name)}>\n")
                parts += [f"    <str>{escape(text)}</str>\n" for text in _values(value)]
                parts.append("  </arr>\n")
            else:
                kind = "long" if isinstance(value, int) else "str"
                parts.append(f"  <{kind} name={quoteattr(name)}>{escape(str(value))}</{kind}>\n")
        parts.append("</doc>\n")
    return "".join([*parts, "</result>\n</response>\n"]).encode()


def _solr_csv(documents: Sequence[Document]) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    names = list(documents[0])
    writer.writerow(names)
    for one in documents:
        cells = [[text.replace("\\", "\\\\").replace(",", "\\,") for text in _values(one[name])] for name in names]
        writer.writerow(
            [",".join(cell) if name in _MULTI else one[name] for name, cell in zip(names, cells, strict=True)]
        )
    return sink.getvalue().encode()


def _oai_answer(documents: Sequence[Document], prefix: str, metadata: Callable[[Document], str]) -> bytes:
    """A list of records, as a repository answers it where it is asked for ``prefix``."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f'<request verb="ListRecords" metadataPrefix="{prefix}">https://repository.example/oai</request>\n<ListRecords>\n'
    ]
    parts += [
        f"<record><header><identifier>oai:repository.example:{one['id']}</identifier>"
        f"<datestamp>2024-05-01</datestamp></header>\n<metadata>{metadata(one)}</metadata></record>\n"
        for one in documents
    ]
    return "".join([*parts, "</ListRecords>\n</OAI-PMH>\n"]).encode()


def _oai_dc(documents: Sequence[Document]) -> bytes:
    fields = {"title": "title", "author": "creator", "topic": "subject", "description": "description",
              "publisher": "publisher", "publishDate": "date", "format": "type", "language": "language",
              "url": "identifier"}  # fmt: skip

    def metadata(one: Document) -> str:
        elements = (
            f"  <dc:{element}>{escape(text)}</dc:{element}>\n"
            for name, element in fields.items()
            for text in _values(one[name])
        )
        return (
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">\n{"".join(elements)}</oai_dc:dc>'
        )

    return _oai_answer(documents, "oai_dc", metadata)


def _oai_marc(documents: Sequence[Document]) -> bytes:
    def metadata(one: Document) -> str:
        written: bytes = pymarc.record_to_xml(_marc_record(one), namespace=True)  # type: ignore[no-untyped-call]
        return written.decode()

    return _oai_answer(documents, "marc21", metadata)


def _marc_record(one: Document) -> pymarc.Record:
    def data(tag: str, indicators: str, *subfields: tuple[str, str]) -> pymarc.Field:
        parts = [pymarc.Subfield(code, text) for code, text in subfields]
        return pymarc.Field(tag, pymarc.Indicators(*indicators), parts)

    record = pymarc.Record(force_utf8=True)
    record.leader = pymarc.Leader("00000cab a2200000 a 4500")
    record.add_field(  # type: ignore[no-untyped-call]
        pymarc.Field("001", data=one["id"]),
        pymarc.Field("003", data="DLC"),
        pymarc.Field("005", data="20240501101010.0"),
        pymarc.Field("008", data=f"240501s{one['publishDate'][0]}    xxu|||||o|||||||||||eng|d"),
        data("035", "  ", ("a", f"(OCoLC)ocm{len(one['title']):08}")),
        data("040", "  ", ("a", "DLC"), ("c", "DLC")),
        data("050", "00", ("a", "QH301"), ("b", ".A1")),
        data("082", "00", ("a", "574.05"), ("2", "19")),
        data("100", "1 ", ("a", one["author"][0]), ("e", "author.")),
        data("245", "10", ("a", one["title"] + " /"), ("c", "; ".join(one["author"]) + ".")),
        data("260", "  ", ("a", "London :"), ("b", one["publisher"][0] + ","), ("c", one["publishDate"][0] + ".")),
        data("300", "  ", ("a", "12 p. :"), ("b", "ill. ;"), ("c", "24 cm.")),
        data("520", "  ", ("a", one["description"])),
        *(data("650", " 0", ("a", topic), ("x", "History.")) for topic in one["topic"]),
        *(data("700", "1 ", ("a", name)) for name in one["author"][1:]),
        data("773", "0 ", ("t", one["container_title"]), ("g", "Vol. 12, no. 3 (2001), p. 4-9")),
        *(data("856", "40", ("u", url), ("z", "Full text")) for url in one["url"]),
    )
    return record


def _marc21(documents: Sequence[Document]) -> bytes:
    return b"".join(_marc_record(one).as_marc() for one in documents)


def _marcxml(documents: Sequence[Document]) -> bytes:
    records = [pymarc.record_to_xml(_marc_record(one)) for one in documents]  # type: ignore[no-untyped-call]
    start = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
    return start + b"\n".join(records) + b"\n</collection>\n"


def page_html(one: Document) -> bytes:
    """A record page with its staff view, as VuFind 10 shows it."""
    rows = "".join(
        f"<tr><th>{name}</th><td>"
        + "".join(f'<span class="detail">{html.escape(text)}</span><br>' for text in _values(one[name]))
        + "</td></tr>\n"
        for name in sorted(one)
    )
    links = ", ".join(
        f'<span property="author"><a href="/Author/Home?author={html.escape(name)}">{html.escape(name)}</a></span>'
        for name in one["author"]
    )
    authors = f"<table><tr><th>Main Authors: </th><td>{links}</td></tr></table>\n"
    return _page(one, f'{authors}<table class="citation table table-striped">\n{rows}</table>\n')


def _page(one: Document, shown: str) -> bytes:
    """A record page that shows its title, and something below that."""
    title = html.escape(one["title"])
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Staff View: {title}</title>\n'
        f'<link rel="canonical" href="https://library.example/Record/{one["id"]}"></head>\n<body>\n'
        f'<h1 property="name">{title}</h1>\n{shown}</body></html>\n'
    ).encode()


def _pages_html(documents: Sequence[Document]) -> bytes:
    return b"".join(map(page_html, documents))


def _marc_page(one: Document) -> bytes:
    """A record page of a MARC catalogue with its staff view, as VuFind's ``record-marc.xsl`` writes that."""
    record = _marc_record(one)
    rows = [f'<tr class="marc-row-LEADER">\n<th>LEADER</th>\n<td colspan="3">{record.leader}</td>\n</tr>\n']
    for field in record.fields:
        if field.data is not None:
            cells = f'<td colspan="3">{html.escape(field.data)}</td>\n'
        else:
            subfields = "".join(
                f"<strong>|{part.code}</strong>&nbsp;{html.escape(part.value, quote=False)}&nbsp;\n  "
                for part in field.subfields
            )
            cells = "".join(f'<td class="marc__ind">{sign}</td>\n' for sign in field.indicators or "  ")
            cells += f'<td class="marc__field">{subfields}</td>\n'
        tag = f'<th class="marc__tag">{field.tag}</th>\n'
        rows.append(f'<tr class="marc-row-{field.tag}">\n{tag}{cells}</tr>\n')
    widths = '<tr class="pace-car">\n<th class="marc__tag"></th>\n<td class="marc__ind"></td>\n</tr>\n'
    return _page(one, f'<table class="staff-view--marc table">\n{widths}{"".join(rows)}</table>\n')


def _marc_pages(documents: Sequence[Document]) -> bytes:
    return b"".join(map(_marc_page, documents))


def _pages_text(documents: Sequence[Document]) -> bytes:
    parts = []
    for one in documents:
        parts.append(f"{one['title']}\nMain Authors: {', '.join(one['author'])}\nFormat: Article\n")
        for number, name in enumerate(sorted(one)):
            parts.append(f"{name} | {' '.join(_values(one[name]))} |\n" + ("---|---|\n" if not number else ""))
    return "".join(parts).encode()


def _warc(documents: Sequence[Document]) -> bytes:
    parts = []
    for one in documents:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page_html(one)
        for kind, content in (("request", b"GET / HTTP/1.1\r\n\r\n"), ("response", block)):
            head = (
                f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-05-01T10:00:00Z\r\n"
                f"WARC-Target-URI: https://library.example/Record/{one['id']}\r\n"
                f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(content)}\r\n\r\n"
            )
            parts.append(head.encode() + content + b"\r\n\r\n")
    return b"".join(parts)


#: How to write documents, by the name of the format.
WRITERS: Final[dict[str, Callable[[Sequence[Document]], bytes]]] = {
    "json lines": _json_lines,
    "solr json": _solr_json,
    "vufind api": _rest_api,
    "solr xml": _solr_xml,
    "solr csv": _solr_csv,
    "oai-pmh": _oai_dc,
    "marc 21": _marc21,
    "marcxml": _marcxml,
    "page html": _pages_html,
    "page text": _pages_text,
    "warc": _warc,
}

#: How to write them in a format that has a writer already, with records of another kind in it.
PAYLOAD_WRITERS: Final[dict[str, Callable[[Sequence[Document]], bytes]]] = {
    "oai-pmh, marc21": _oai_marc,
    "page html, marc": _marc_pages,
}
