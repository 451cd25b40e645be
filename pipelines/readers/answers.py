"""Whether a dump holds all that a server had to give: what its answers say of the lists they are pages of.

A server answers page by page, and says in each page how many there are (Solr's ``numFound``, ``resultCount`` of
VuFind's API, ``completeListSize`` of OAI-PMH), or that more follows (``resumptionToken``, ``nextCursorMark``). The
pages of a list may lie in many files, so that only the whole dump tells whether one is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.stable_ids import stable_id

#: Between two pages a list may grow or shrink: lists whose sizes differ by no more than this share are one.
DRIFT: Final = 0.05

#: So many of the members of archives that are skipped are named.
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server: how many records it brings, and what it says of the list that it is a page of.

    Or one file of a crawl: ``passed_over`` counts by kind what it holds beside pages of records, as every crawl does.
    Or one archive: ``skipped`` counts the members of no known format that are not called as files of records are, and
    ``named`` has the first of them, each with what it seems to be.

    ``announced`` is how many records the list has, None where nothing says so; ``is_estimate`` where the server need
    not know. ``asked`` is the token with which the page was asked for and ``more`` the one that leads to the next;
    empty where there is none. ``is_partial`` where the server says that a part of the index did not answer, or not in
    time: nobody knows what it would have found.
    """

    records: int
    announced: int | None = None
    is_estimate: bool = False
    asked: str = ""
    more: str = ""
    is_partial: bool = False
    passed_over: tuple[tuple[str, int], ...] = ()
    skipped: int = 0
    named: tuple[tuple[str, str], ...] = ()


def passed_over_in_words(passed_over: Mapping[str, int]) -> str:
    """What was passed over in a crawl, of each kind how many, for a person."""
    kinds = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(passed_over.items()))
    return f"{sum(passed_over.values()):,} passed over in a crawl, since no record is shown there: {kinds}"


def other_kinds_in_words(other_kinds: Mapping[str, int]) -> str:
    """The records that are no bibliographic ones, of each kind how many, for a person."""
    kinds = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(other_kinds.items()))
    return f"{sum(other_kinds.values()):,} records passed over that are no bibliographic ones, but of {kinds}"


def skipped_in_words(skipped: int, named: Sequence[Sequence[str]]) -> str:
    """What was skipped in archives, as far as it is ``named``, for a person."""
    told = "; ".join(f"{place}: {what}" for place, what in named)
    more = f"; and {skipped - len(named):,} more" if skipped > len(named) else ""
    return f"{skipped:,} of no known format skipped in archives: {told}{more}"


class Completeness:
    """Gathers the answers of a dump; holds a number for each token, and one for each size of a list.

    ``passed_over`` is what its crawls hold beside pages of records, by kind; ``skipped`` how many members of its
    archives are of no known format, and ``named`` the first of them.
    """

    def __init__(self) -> None:
        self.passed_over: Counter[str] = Counter()
        self.skipped = 0
        self.named: list[tuple[str, str]] = []
        self._records: Counter[int] = Counter()
        self._whole: set[int] = set()
        self._asked: set[int] = set()
        self._more: set[int] = set()
        self._ends = 0
        self._partial = 0
        self._estimate = self._of_estimated = 0

    def add(self, answer: Answer) -> None:
        """Take note of one answer, in whatever order they come."""
        if answer.passed_over:
            self.passed_over.update(dict(answer.passed_over))
            return
        if answer.skipped:
            self.skipped += answer.skipped
            self.named += answer.named[: MOST_NAMED - len(self.named)]
            return
        self._partial += answer.is_partial
        if answer.announced is not None and not answer.is_estimate:
            if answer.records < answer.announced:
                self._records[answer.announced] += answer.records
            else:
                self._whole.add(answer.announced)
            return
        self._of_estimated += answer.records
        self._estimate = max(self._estimate, answer.announced or 0)
        if answer.asked:
            self._asked.add(stable_id(answer.asked))
        if answer.more and answer.more != answer.asked:
            self._more.add(stable_id(answer.more))
        else:
            self._ends += 1

    def add_all(self, answers: Iterable[Answer]) -> None:
        """Take note of several."""
        for answer in answers:
            self.add(answer)

    def missing(self, different_records: Callable[[], int]) -> str:
        """In what the dump is not the whole of the lists, for a person; empty where nothing says so.

        ``different_records`` counts the records of the dump, each id once; it is asked only where pages are there,
        since a page that lies there twice is not the next one.
        """
        if self._partial:
            answers = "1 answer that it is" if self._partial == 1 else f"{self._partial:,} answers that they are"
            return f"the server says of {answers} partial: a part of it did not answer, or not in time"
        lists = list(self._lists())
        different = different_records() if lists else 0
        for read, least, announced in lists:
            # Of one list, all of whose records are there, pages may lie there twice.
            is_whole = len(lists) == 1 and read >= different == announced
            if told := not is_whole and _cut_off(read, least, announced):
                return told
        if lists:
            announced = max(announced for *_, announced in lists)
            if different < announced:
                return f"only {different:,} different records are there of the {announced:,} that the server announced"
        return self._without_the_next()

    def _without_the_next(self) -> str:
        """What is missing of lists that lead from page to page; empty where nothing is."""
        if self._more and self._asked and self._more - self._asked:
            count = len(self._more - self._asked)
            return f"the server says that more follows, and {count:,} of the pages that it leads to are not there"
        if self._more and not self._ends:
            return "the server says that more follows, and the last page is not there"
        if self._more and not self._asked and self._of_estimated < self._estimate:
            return f"only {self._of_estimated:,} of the {self._estimate:,} records that the server announced are there"
        return ""

    def _lists(self) -> Iterator[tuple[int, int, int]]:
        """Of all lists of about one size that came in pages: how many records were read, and how many a list has.

        That is the least and the most that is said, since a list may change while it is read.
        A page without records is no page of its own list, but what follows the last of another.
        """
        read = least = announced = 0
        for size in sorted(size for size, count in self._records.items() if count or size not in self._whole):
            if announced and size - announced > DRIFT * size:
                yield read, least, announced
                read = least = 0
            read, least, announced = read + self._records[size], least or size, size
        if announced:
            yield read, least, announced


def _cut_off(read: int, least: int, announced: int) -> str:
    """In what the lists of about one size, of ``least`` to ``announced`` records, are not whole; empty for nothing."""
    if read < announced:
        return f"only {read:,} of the {announced:,} records that the server announced are there"
    # As many lists as it takes; each may be as small as the smallest.
    if read < -(-read // announced) * least:
        return (
            f"{read:,} records of lists of {announced:,} are there: "
            "one of the lists is not whole, or a page is there twice"
        )
    return ""
