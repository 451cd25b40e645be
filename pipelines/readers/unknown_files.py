"""What a file of no known format seems to be, by its beginning."""

from __future__ import annotations

import codecs
import re
from typing import Final

from pipelines.readers.csv_lists import lists_in_cells
from pipelines.readers.json_strangers import strange_objects
from pipelines.readers.page_ends import shows_unread_view
from pipelines.readers.staff_view import SHIFTED
from pipelines.readers.xml_prolog import namespace_of, xml_prefix

#: How the reason begins for which a file of no known format is not read.
UNKNOWN: Final = "not a known format: "
#: The beginning of a file of no known format is kept, not the file.
UNKNOWN_KEPT: Final = 4096

_UNPACK: Final = "unpack it, or pack it as zip or tar"
_PACK: Final = "unpack it, or pack it with gzip, zstd, bzip2 or xz"
_AS_LINES: Final = "write its rows as JSON lines"
#: How files begin, and what they are; where there is a way out, that.
_KNOWN_MAGIC: Final = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF"),
    (b"7z\xbc\xaf\x27\x1c", f"a 7z archive: {_UNPACK}"),
    (b"Rar!\x1a\x07", f"a RAR archive: {_UNPACK}"),
    (b"\x1f\x9d", f"a file packed with compress (.Z): {_PACK}"),
    (b"\x04\x22\x4d\x18", f"a file packed with lz4: {_PACK}"),
    (b"\x02\x21\x4c\x18", f"a file packed with lz4: {_PACK}"),
    (b"LZIP\x01", f"a file packed with lzip: {_PACK}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document of Microsoft (xls, doc)"),
    (b"Obj\x01", f"an Avro file: {_AS_LINES}"),
    (b"ARROW1\0\0", f"an Arrow or Feather file: {_AS_LINES}"),
    (b"FEA1\0", f"a Feather file: {_AS_LINES}"),
    (b"SQLite format 3", "an SQLite database"),
    (b"<?xml", "XML"),
)

_ELEMENT: Final = re.compile(rb"<(?:(?P<prefix>[\w.-]+):)?(?P<name>[\w.-]+)(?P<attributes>[^<>]*)")
_CONVERT: Final = "convert it to MARC 21 or MARCXML"
_AS_MARC: Final = "citations and no dump: save the records as MARC or MARCXML, or ask VuFind's API for them"
#: The same where no few bytes tell, as of texts.
_KNOWN_BEGINNINGS: Final = (
    (re.compile(rb"ORC(?=[^ -~])(?s:.{0,200}?)\0"), f"an ORC file: {_AS_LINES}"),
    (
        re.compile(rb"=LDR  "),
        f"MARC as MarcEdit writes it (.mrk): {_CONVERT}: catmandu convert MARC --type MARCMaker to MARC",
    ),
    (
        re.compile(rb"[0-9]{9} (?:LDR|FMT|[0-9]{3}[0-9A-Z ]{2}) {1,3}L "),
        f"Aleph sequential: {_CONVERT}: catmandu convert MARC --type ALEPHSEQ to MARC",
    ),
    (
        re.compile(rb"[0-9 ]{5}[a-z].{13,14}45[0-9 ]{2}[ \t\r]*\n[0-9]{3} "),
        "MARC as yaz-marcdump prints it, a field a line: yaz-marcdump -i line -o marc makes MARC 21 of it",
    ),
    (re.compile(rb"LDR[ \t]+[0-9 ]{5}[a-z]"), f"MARC as text, a field a line: {_CONVERT}"),
    (re.compile(rb"HTTP/[0-9.]+ [45][0-9]{2}"), "an error that a server has answered: ask again"),
    (
        re.compile(rb"HTTP/[0-9.]+ [0-9]{3}"),
        "a server's answer behind its HTTP header: save it without (curl without -i)",
    ),
    (
        re.compile(rb"This XML file does not appear to have any style information"),
        "what a browser shows of XML: save the file itself (curl, or the page's source)",
    ),
    (re.compile(rb"filedesc://\S+ "), "ARC, the Internet Archive's format before WARC: convert it (warcio recompress)"),
    (
        re.compile(rb"version https://git-lfs\.github\.com/"),
        "what Git LFS has in the place of a file: fetch the file itself (git lfs pull)",
    ),
    (re.compile(rb"%0 [A-Z]"), f"EndNote, {_AS_MARC}"),
    (re.compile(rb"RT [A-Z]"), f"RefWorks, {_AS_MARC}"),
    (re.compile(rb"TY  - [A-Z]"), "RIS, citations and no dump: vufind-warehouse match reads it"),
    (
        re.compile(
            rb"(?i)(?:%[^\n]*\n\s*)*@(?:article|book\w*|comment|in\w+|manual|\w*thesis|misc|online|preamble|proceedings|string|"
            rb"techreport|unpublished)\s*[{(]"
        ),
        "BibTeX, citations and no dump: vufind-warehouse match reads it",
    ),
    (
        re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,20}?(?i:content-type):\s*multipart/related"),
        "MHTML, a page with its parts in one file: save the page as HTML",
    ),
)

#: Version 2, a map or a named list, and the name of the first thing in an answer (Solr's ``JavaBinCodec``).
_JAVABIN: Final = re.compile(rb"\x02[\xa0-\xdf](?:\xe0)?.?(?:responseHeader|response|params|docsMap)", re.DOTALL)


#: UTF-16 without its mark, where it begins with ASCII: every other byte is zero.
_UTF_16: Final = (
    (re.compile(rb"(?:[\t\n\r -~]\0){4}"), "UTF-16LE"),
    (re.compile(rb"(?:\0[\t\n\r -~]){4}"), "UTF-16BE"),
)


def utf_16(head: bytes) -> str:
    """What ``iconv`` calls the encoding of a file that begins so, if that is UTF-16; empty for any other."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not head.startswith(codecs.BOM_UTF32_LE):
        return "UTF-16"
    return next((name for begins, name in _UTF_16 if begins.match(head)), "")


def describe(head: bytes) -> str:
    """What a file of no known format seems to be, for the person who has to look at it."""
    if encoding := utf_16(head):
        return f"UTF-16 text, which must be UTF-8: iconv -f {encoding} -t UTF-8"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if known := _known(start) or _csv_with_lists(head) or strange_objects(head):
        return _describe_xml(start) if known == "XML" else known
    if len(head) > 24 and head[:5].isdigit() and head[20:22] == b"45":
        return "a damaged record of MARC 21"
    if _JAVABIN.match(head):
        return "Solr's javabin, which only Solr reads: export it as JSON (wt=json)"
    if b"\0" in head[:UNKNOWN_KEPT]:
        return "binary data"
    begins = f"text that begins with {start[:40].decode(errors='replace')!r}"
    return SHIFTED if shows_unread_view(head.decode(errors="replace")) else begins


def _describe_xml(start: bytes) -> str:
    """XML by its root, with the namespace of that."""
    root = _ELEMENT.match(xml_prefix(start[:UNKNOWN_KEPT]))
    if not root:
        return "XML"
    namespace = namespace_of(root["attributes"], root["prefix"])
    if root["name"] == b"responseWrapper" and b"europepmc" in start[:UNKNOWN_KEPT]:
        return "an answer of Europe PMC in XML: ask for format=json"
    said = f"XML, <{root['name'].decode(errors='replace')}>"
    return f"{said} of the namespace {namespace.decode(errors='replace')}" if namespace else said


def _known(start: bytes) -> str:
    """What a file is by its signature or its first line; "" where that is not known."""
    by_magic = (what for magic, what in _KNOWN_MAGIC if start.startswith(magic))
    return next(by_magic, "") or next((what for begins, what in _KNOWN_BEGINNINGS if begins.match(start)), "")


def _csv_with_lists(head: bytes) -> str:
    """A CSV of an index that is not read for how it writes lists; "" for any other file."""
    lists = lists_in_cells(head)
    return lists and f"CSV with {lists}"
