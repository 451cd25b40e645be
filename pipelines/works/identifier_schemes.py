"""Which schemes of identifiers say what of a text or an edition."""

from __future__ import annotations

from typing import Final

#: Identifiers of one text, and identifiers of an edition, which its parts and reprints may share.
TEXT_SCHEMES: Final = ("doi", "pmid", "pmcid", "arxiv")
EDITION_SCHEMES: Final = ("isbn", "lccn", "oclc")
#: Schemes of which a publication has its own: two records that share none of theirs are two publications.
#: Not OCLC numbers, of which one publication often has several.
CONFLICTING_SCHEMES: Final = ("doi", "pmid", "pmcid", "arxiv", "isbn", "lccn")
