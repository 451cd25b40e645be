"""Who wrote articles in JATS, of many at once: names, and what is known of those who have them."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.article_columns import author_details
from pipelines.readers.article_fields import orcid
from pipelines.readers.jats_front import AUTHORS
from pipelines.readers.text_columns import Texts, both, either, is_filled, mapped, mapped_lists, together
from pipelines.readers.value_columns import Column
from pipelines.readers.xml_nodes import Elements
from pipelines.readers.xml_tree import Tag

_GROUP: Final = "contrib-group"


def credit_columns(meta: Elements) -> list[Column]:
    """The columns of names, with roles and details, of the ``article-meta`` of many articles.

    Articles with groups of contributors within others are bad.
    """
    nodes = meta.document
    groups = meta.children(_GROUP)
    nested = np.setdiff1d(nodes.called(_GROUP), groups.places)
    nodes.bad[nodes.record[nested]] = True
    people = groups.children("contrib")
    each = people.alone()
    group = each.child("collab")
    is_group = group.has()
    name = pc.if_else(pa.array(is_group), group.texts().first(), _names(each))
    names = Texts(name, people.owner, meta.count)
    named, wrote = is_filled(name), people.told(_wrote) == 1
    number = mapped(_orcids(each).first().texts().first(), orcid)
    kinds = people.attribute("contrib-type")
    other = named & ~wrote
    return [
        names.at(named & wrote & ~is_group).column("author"),
        names.at(named & wrote & is_group).column("author_corporate"),
        names.at(other).column("author2"),
        Texts(kinds, people.owner, meta.count).at(other).column("author2_role"),
        author_details(names, number, _affiliations(meta, groups, people), named),
    ]


def _wrote(tag: Tag) -> bool:
    return (tag.attributes.get("contrib-type", "") or "author") in AUTHORS


def _orcids(people: Elements) -> Elements:
    ids = people.children("contrib-id")
    return ids.at(ids.says("contrib-id-type", "orcid"))


def _names(people: Elements) -> pa.Array:
    """The names of people, each as NLM inverts it; of alternatives the first."""
    alternatives = people.child("name-alternatives")
    places = people.places.copy()
    places[alternatives.owner] = alternatives.places
    within = Elements(people.document, places, people.owner, people.count)
    name, written = within.child("name"), within.child("string-name")
    written = written.at(~np.isin(written.owner, name.owner))
    in_parts = written.child("surname").has()[written.owner]
    parts = _both(name, written.at(in_parts))
    family, given, suffix = (parts.child(one).texts().first() for one in ("surname", "given-names", "suffix"))
    whole = written.at(~in_parts).texts().first()
    return either(both(family, both(given, suffix, " "), ", "), whole)


def _both(first: Elements, second: Elements) -> Elements:
    """Elements of owners none of which has two."""
    places, owner = np.append(first.places, second.places), np.append(first.owner, second.owner)
    order = np.argsort(places, kind="stable")
    return Elements(first.document, places[order], owner[order], first.count)


def _affiliations(meta: Elements, groups: Elements, people: Elements) -> Texts:
    """Where each of the contributors is: what stands within, then what is referred to."""
    nodes, each = meta.document, people.alone()
    known = [meta.children("aff"), groups.children("aff")]
    texts = pa.concat_arrays([one.texts().texts for one in known])
    record = np.concatenate([one.owner for one in known])
    references = each.children("xref")
    references = references.at(references.says("ref-type", "aff"))
    wanted = mapped_lists(Texts(references.attribute("rid"), references.owner, len(people)), str.split)
    ids = pa.concat_arrays([*(one.attribute("id") for one in known), wanted.texts]).dictionary_encode()
    codes = ids.indices.to_numpy().astype(np.int64)
    keys = np.append(record, nodes.record[people.places[wanted.owner]]) * (len(ids.dictionary) + 1) + codes
    own, asked = keys[: len(record)], keys[len(record) :]
    order = np.argsort(own, kind="stable")
    # Of those with one id the last counts.
    found = np.searchsorted(own[order], asked, "right") - 1
    is_known = (found >= 0) & (own[order][found] == asked) if len(own) else np.zeros(len(asked), bool)
    referred = texts.take(pa.array(order[found[is_known]]))
    return together([each.children("aff").texts(), Texts(referred, wanted.owner[is_known], len(people))]).distinct()
