"""Matching keys: under which records meet whatever catalogues did to their titles and names.

Work keys ask for the same form of a name and the same title; these ask for less, each for something else, so that
two records of one publication share at least one as a rule. They make candidates and prove nothing. Kinds:

* ``TB``: how the words of the title begin (16 letters; without stop words): a subtitle is missing, names differ or
  are missing;
* ``TE``: year and how they end: a label in front is missing. Without the year most pairs of a catalogue would be of
  titles that end alike;
* ``TW``: its three longest words: words are missing or misread;
* ``AW``: a family name with the two longest words, for the first two credits: short titles;
* ``AY``: year and family names, the first two in the order of the alphabet, or the only one with the beginning of
  the title: titles whose long words are misread;
* ``TY``: year and how the title begins: titles too short or too common to have a key of their own;
* ``PL``: year, volume and first page: titles translated or worded anew;
* ``ID``: an identifier of the text or of the edition.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import map_distinct, one_array
from pipelines.normalize.repositories import PLAIN_ARXIV_ID
from pipelines.records import RECORD_WORK_KEYS
from pipelines.runs import places_in_runs
from pipelines.works.arxiv_ids import arxiv_key
from pipelines.works.credits import family_words_of
from pipelines.works.edition_statements import split_editions
from pipelines.works.identifier_schemes import EDITION_SCHEMES, TEXT_SCHEMES
from pipelines.works.places import page_range, volume_key
from pipelines.works.title_words import title_words, without_marks

Ints = npt.NDArray[np.int64]

#: Letters of a title's beginning and end.
_LETTERS: Final = 16
#: A title of fewer letters has no key of its own: it would meet half the catalogue.
_FEWEST_LETTERS: Final = 12
_LONG_WORD: Final = 4
_CREDITS: Final = 2
#: Letters of a title that tell apart what one person published in a year.
_FEW_LETTERS: Final = 5


def matching_keys(records: pa.Table, identifiers: pa.Table) -> pa.Table:
    """The matching keys of records: RECORD_WORK_KEYS with the kinds of this module.

    ``records`` has ``record_id``, ``title``, ``author_names``, ``publication_year``, ``volume`` and ``start_page``;
    ``identifiers``, valid ones and arXiv ids in any state, record_id, scheme and value. Rows come by kind; each
    (record, key) once.
    """
    ids = one_array(records["record_id"]).to_numpy()
    # As titles are compared: an edition is no word of them.
    names, _ = split_editions(one_array(records["title"]))
    words = without_marks(title_words(names))
    compact = pc.replace_substring(words, " ", "")
    long_enough = pc.greater_equal(pc.utf8_length(compact), _FEWEST_LETTERS).to_numpy(zero_copy_only=False)
    titled = np.flatnonzero(long_enough)
    letters = compact.take(pa.array(titled))
    credited = _credits(records["author_names"])
    years = one_array(records["publication_year"])
    parts = [
        _rows("TB", ids[titled], pc.utf8_slice_codeunits(letters, 0, _LETTERS)),
        _year_keys("TE", ids[titled], years.take(pa.array(titled)), pc.utf8_slice_codeunits(letters, -_LETTERS, None)),
        *_word_keys(ids, _longest_words(words), credited),
        _credit_keys(ids, years, words, credited),
        _year_keys("TY", ids, years, pc.utf8_slice_codeunits(compact, 0, _LETTERS)),
        _place_keys(ids, records),
        _identifier_keys(identifiers),
    ]
    return pa.concat_tables(parts)


def _rows(kind: str, record_ids: Ints, texts: pa.Array | pa.ChunkedArray) -> pa.Table:
    """Rows of RECORD_WORK_KEYS of one kind."""
    keys = pc.binary_join_element_wise(kind, one_array(texts).cast(pa.string()), " ")
    return pa.table(
        {
            "record_id": pa.array(record_ids),
            "work_key_id": pa.array(text_hashes(keys)),
            "kind": pa.repeat(pa.scalar(kind), len(keys)),
            "key": keys,
            "origin": pa.repeat(pa.scalar("computed"), len(keys)),
        },
        schema=RECORD_WORK_KEYS,
    )


def _longest_words(words: pa.Array) -> tuple[Ints, pa.Array, Ints]:
    """The up to three longest distinct words of at least four letters of each title, the longest first.

    Returns the row of each, the words, and their rank by length within the row (0 for the longest).
    """
    lists = pc.split_pattern(words, " ")
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    each = pc.list_flatten(lists).dictionary_encode()
    codes = each.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    dictionary = each.dictionary
    lengths = pc.utf8_length(dictionary).to_numpy(zero_copy_only=False).astype(np.int64)
    alphabet = pc.sort_indices(dictionary).to_numpy().astype(np.int64)
    # The longest first, and of one length by the alphabet.
    order = alphabet[np.argsort(-lengths[alphabet], kind="stable")]
    kept = lengths[codes] >= _LONG_WORD
    rows, places = _ordered(rows[kept], codes[kept], order)
    repeated = np.zeros(len(rows), dtype=bool)
    repeated[1:] = (rows[1:] == rows[:-1]) & (places[1:] == places[:-1])
    rows, places = rows[~repeated], places[~repeated]
    if not len(rows):
        return np.empty(0, np.int64), pa.array([], pa.string()), np.empty(0, np.int64)
    ranks = places_in_runs(rows)
    three = ranks < 3
    return rows[three], dictionary.take(pa.array(order[places[three]])), ranks[three]


def _ordered(rows: Ints, codes: Ints, order: Ints) -> tuple[Ints, Ints]:
    """The rows, ascending, and within each the places in ``order`` of its codes, ascending."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    both = rows * max(len(order), 1) + places[codes]
    both.sort()
    return both // max(len(order), 1), both % max(len(order), 1)


def _credits(author_names: pa.ChunkedArray) -> tuple[Ints, Ints, pa.Array]:
    """The row of each credit, the code of its name, and by that code the last word of the family name, or ``""``."""
    lists = one_array(author_names)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    names = pc.list_flatten(lists).dictionary_encode()
    codes = names.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    found = family_words_of(one_array(names.dictionary))
    last = np.full(len(names.dictionary), -1, dtype=np.int64)
    # Words of a name ascend: the last one stays.
    last[found.names] = np.arange(len(found.names))
    families = pc.fill_null(found.words.take(pa.array(last, mask=last < 0)), "")
    return rows, codes, families


def _word_keys(
    ids: Ints, longest: tuple[Ints, pa.Array, Ints], credited: tuple[Ints, Ints, pa.Array]
) -> list[pa.Table]:
    rows, words, ranks = longest
    by_rank = []
    for rank in range(3):
        column = np.full(len(ids), -1, dtype=np.int64)
        column[rows[ranks == rank]] = np.flatnonzero(ranks == rank)
        by_rank.append(words.take(pa.array(column, mask=column < 0)))
    three = pc.binary_join_element_wise(*by_rank, " ")
    has_three = pc.is_valid(three).to_numpy(zero_copy_only=False)
    two = pc.coalesce(pc.binary_join_element_wise(by_rank[0], by_rank[1], " "), by_rank[0])
    credit_rows, codes, families = credited
    early = places_in_runs(credit_rows) < _CREDITS
    family = families.take(pa.array(codes[early]))
    owners = credit_rows[early]
    texts = pc.binary_join_element_wise(family, two.take(pa.array(owners)), " ")
    told = pc.and_(pc.is_valid(texts), pc.fill_null(pc.not_equal(family, ""), False))
    mask = told.to_numpy(zero_copy_only=False)
    return [
        _rows("TW", ids[has_three], three.filter(pa.array(has_three))),
        # Two credits of one family name have one key.
        _distinct(_rows("AW", ids[owners[mask]], texts.filter(told))),
    ]


def _credit_keys(ids: Ints, years: pa.Array, words: pa.Array, credited: tuple[Ints, Ints, pa.Array]) -> pa.Table:
    """Keys of year and family names."""
    rows, codes, families = credited
    order = pc.sort_indices(families).to_numpy().astype(np.int64)
    rows, places = _ordered(rows, codes, order)
    codes = order[places]
    place = places_in_runs(rows)

    def nth(rank: int) -> pa.Array:
        column = np.full(len(ids), -1, dtype=np.int64)
        column[rows[place == rank]] = codes[place == rank]
        return families.take(pa.array(column, mask=column < 0))

    beginning = pc.utf8_slice_codeunits(pc.replace_substring(words, " ", ""), 0, _FEW_LETTERS)
    texts = pc.binary_join_element_wise(pc.cast(years, pa.string()), nth(0), pc.coalesce(nth(1), beginning), " ")
    told = pc.is_valid(texts)
    return _rows("AY", ids[told.to_numpy(zero_copy_only=False)], texts.filter(told))


def _year_keys(kind: str, ids: Ints, years: pa.Array, texts: pa.Array) -> pa.Table:
    """Keys of year and a part of the title, however short."""
    keys = pc.binary_join_element_wise(pc.cast(years, pa.string()), texts, " ")
    told = pc.and_(pc.is_valid(keys), pc.fill_null(pc.not_equal(texts, ""), False))
    return _rows(kind, ids[told.to_numpy(zero_copy_only=False)], keys.filter(told))


def _place_keys(ids: Ints, records: pa.Table) -> pa.Table:
    columns = [one_array(records[name]) for name in ("publication_year", "volume", "start_page")]
    known = pc.and_(pc.and_(pc.is_valid(columns[0]), pc.is_valid(columns[1])), pc.is_valid(columns[2]))
    years, volumes, pages = (column.filter(known).to_pylist() for column in columns)
    texts, kept = [], []
    for row, year, volume, page in zip(
        np.flatnonzero(known.to_numpy(zero_copy_only=False)).tolist(), years, volumes, pages, strict=True
    ):
        letters, first, _ = page_range(page)
        number = volume_key(volume)
        if first and number:
            texts.append(f"{year} {number} {letters}{first}")
            kept.append(row)
    return _rows("PL", ids[np.array(kept, dtype=np.int64)], pa.array(texts, pa.string()))


def _identifier_keys(identifiers: pa.Table) -> pa.Table:
    schemes = pc.is_in(identifiers["scheme"], value_set=pa.array([*TEXT_SCHEMES, *EDITION_SCHEMES]))
    chosen = identifiers.filter(schemes)
    values = one_array(chosen["value"])
    is_arxiv = one_array(pc.equal(chosen["scheme"], "arxiv"))
    # The key of an id that is as it should be is the id.
    is_odd = pc.and_not(is_arxiv, pc.match_substring_regex(values, f"^(?:{PLAIN_ARXIV_ID})$"))
    keys = map_distinct(values.filter(is_odd), lambda value: arxiv_key(value) or None, pa.string())
    values = pc.replace_with_mask(values, is_odd, keys)
    texts = pc.binary_join_element_wise(chosen["scheme"], values, " ")
    chosen, texts = chosen.filter(pc.is_valid(texts)), texts.filter(pc.is_valid(texts))
    # A record may bring one identifier twice.
    return _distinct(_rows("ID", one_array(chosen["record_id"]).to_numpy(), texts))


def _distinct(keys: pa.Table) -> pa.Table:
    """Each key of a record once, in the order of their first rows."""
    order = np.lexsort((keys["work_key_id"].to_numpy(), keys["record_id"].to_numpy()))
    records, key_ids = (keys[name].to_numpy()[order] for name in ("record_id", "work_key_id"))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (records[1:] != records[:-1]) | (key_ids[1:] != key_ids[:-1])
    return keys if is_first.all() else keys.take(pa.array(np.sort(order[is_first])))
