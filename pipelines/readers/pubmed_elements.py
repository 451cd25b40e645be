"""Which elements of PubMed's citations say something of the article, of many citations at once.

They stand right in the citation, in what PubMed adds to it, or in elements that only hold others. Of what stands in
lists they hold the list.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pipelines.readers.byte_spans import Flags
from pipelines.readers.xml_nodes import Document as Nodes
from pipelines.readers.xml_nodes import Elements

#: Elements that only hold others.
_HOLDERS: Final = ("Article", "Journal", "MedlineJournalInfo", "Book", "Publisher")
#: What articles do not have, or not there.
_OF_BOOKS: Final = (
    "BookTitle", "CollectionTitle", "Edition", "PublisherName", "Isbn", "PubDate", "Volume", "PublicationType",
)  # fmt: skip
#: What an article has once: of several the last would count.
_ONCE: Final = ("PMID", "JournalIssue", "Pagination", "Abstract", "DateRevised", "ArticleDate")


class Citations:
    """The elements of citations, ``taken`` those that say something; ``bad`` are records that are no articles."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.bad, self.count = nodes.bad, len(nodes.bad)
        parent = nodes.parent
        citation = self._named("MedlineCitation") & ((nodes.level == 1) | (nodes.level == 2))
        data = self._named("PubmedData") & (nodes.level == 2)
        article = self._named("PubmedArticle") & (nodes.level == 1)
        held = np.append(citation | data, False)
        holds = self._named(*_HOLDERS)
        for level in range(2, 7):
            held[:-1] |= holds & (nodes.level == level) & held[parent]
        self.taken = held[parent]
        self.bad[nodes.record[holds & self.taken & ~held[:-1]]] = True
        self._check(citation, data, article)

    def _named(self, *names: str) -> Flags:
        found = np.zeros(len(self.nodes.parent), bool)
        found[self.nodes.called(*names)] = True
        return found

    def _check(self, citation: Flags, data: Flags, article: Flags) -> None:
        """Records that are no articles as NLM has them are bad."""
        nodes, bad = self.nodes, self.bad
        for wanted, least in ((citation, 1), (data, 0), *((self.taken & self._named(one), 0) for one in _ONCE)):
            counts = np.bincount(nodes.record[wanted], minlength=self.count)
            bad |= (counts > 1) | (counts < least)
        bad |= np.bincount(nodes.record[self.taken & self._named("PMID")], minlength=self.count) != 1
        # Of a citation alone nothing else is read.
        alone = np.bincount(nodes.record[article], minlength=self.count) == 0
        bad |= alone & (np.bincount(nodes.record[data], minlength=self.count) > 0)
        bad |= alone & (np.bincount(nodes.record[citation & (nodes.level == 2)], minlength=self.count) > 0)
        bad[nodes.record[self.taken & self._named(*_OF_BOOKS)]] = True
        bad[nodes.record[self._named("PubmedBookData", "BookDocument")]] = True
        # The slow path leaves these out, wherever they stand.
        left_out = self._named("ReferenceList", "History")
        own = np.append(data | self._named("ReferenceList"), False)[nodes.parent]
        bad[nodes.record[left_out & ~own]] = True
        # What PubMed adds stands behind the citation.
        first = np.full(self.count, -1)
        first[nodes.record[citation]] = np.flatnonzero(citation)
        bad[nodes.record[data]] |= np.flatnonzero(data) < first[nodes.record[data]]

    def of(self, *names: str) -> Elements:
        """The elements of these names that are taken."""
        places = self.nodes.called(*names)
        return self.nodes.elements(places[self.taken[places]])

    def refuse_second(self, elements: Elements) -> None:
        """Records in which one of the elements that these are of has two are bad."""
        self.bad[self.nodes.record[elements.places[1:][elements.owner[1:] == elements.owner[:-1]]]] = True
