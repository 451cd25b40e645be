"""WACZ, the ZIP archives in which browsertrix and ArchiveWeb.page keep crawls: what they hold beside their WARCs.

Standard: "Web Archive Collection Zipped (WACZ)" 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/. WARCs in ``archive/``
are read as any are. All else says what is in them: a list of pages has the form of documents of an index, an id, a
title and an address in each line, and is none. Each of these files says itself what it is, so that neither the order
of the members matters nor whether somebody has unpacked them.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pipelines.readers.folders import ending


class _Part(NamedTuple):
    """A file of a WACZ: what it is, how its name is (``*.`` before an ending), and how it begins."""

    what: str
    names: frozenset[str]
    begins: re.Pattern[bytes]


_OBJECT: Final = rb"(?:\xef\xbb\xbf)?\s*\{"
_PARTS: Final = (
    _Part(
        "list of the pages of a WACZ",
        frozenset({"*.jsonl"}),
        re.compile(_OBJECT + rb'[^{}\n]*"format"\s*:\s*"json-pages-[0-9.]+"'),
    ),
    # One line a capture, or a line for each block of them: an address with its parts turned round, and a time.
    _Part(
        "index of a crawl",
        frozenset({"*.cdx", "*.cdxj", "*.idx"}),
        re.compile(rb"(?: CDX |!meta |[^\s{}\[<]\S* [0-9]{1,14}[ \t])"),
    ),
    _Part(
        "description of a WACZ",
        frozenset({"datapackage.json"}),
        re.compile(_OBJECT + rb'.*"wacz_version"\s*:', re.DOTALL),
    ),
    _Part(
        "signature of a WACZ",
        frozenset({"datapackage-digest.json"}),
        re.compile(_OBJECT + rb'.*"path"\s*:\s*"datapackage\.json"', re.DOTALL),
    ),
    _Part("log of a crawl", frozenset({"*.log"}), re.compile(_OBJECT + rb'[^\n]*"logLevel"\s*:')),
)


_PACKAGE: Final = re.compile(_OBJECT + rb'.*"resources"\s*:\s*\[', re.DOTALL)


def is_package(name: str, head: bytes) -> bool:
    """Whether a file describes the files beside it, as a WACZ and other data packages do, and holds no record."""
    return PurePosixPath(name).name == "datapackage.json" and _PACKAGE.match(head) is not None


def what_it_tells(name: str, head: bytes) -> str:
    """What a file of a WACZ tells of the crawl that holds no record, by its name and beginning; "" for any other."""
    last = PurePosixPath(name).name
    names = {last, f"*.{ending(last)}"}
    return next((part.what for part in _PARTS if part.names & names and part.begins.match(head)), "")
