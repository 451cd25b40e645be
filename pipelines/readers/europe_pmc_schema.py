"""The results of Europe PMC's API as its reference has them, as far as they are read.

What :mod:`pipelines.readers.europe_pmc_columns` asks for has to be here, even where getpapers alone writes it.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

_TEXT: Final = pa.string()


def _texts(*names: str) -> dict[str, pa.DataType]:
    return dict.fromkeys(names, _TEXT)


def _object(**members: pa.DataType) -> pa.DataType:
    return pa.struct(list(members.items()))


def _objects(**members: pa.DataType) -> pa.DataType:
    return pa.list_(_object(**members))


_JOURNAL: Final = _object(**_texts("title", "medlineAbbreviation", "NLMid", "nlmid", "ISSN", "issn", "ESSN", "essn"))
_AUTHOR: Final = {
    **_texts("fullName", "firstName", "lastName", "initials", "suffix", "collectiveName", "affiliation"),
    "authorId": _object(**_texts("type", "value", "_"), **{"$": _object(**_texts("type"))}),
    "authorAffiliationDetailsList": _object(authorAffiliation=_objects(**_texts("affiliation"))),
    "authorAffiliationsList": _object(authorAffiliation=pa.list_(_TEXT)),
}
_QUALIFIER: Final = _texts("qualifierName", "majorTopic_YN")

#: A result, ``lite`` or ``core``.
RESULT: Final = pa.schema(
    {
        **_texts("id", "source", "pmid", "pmcid", "doi", "title", "authorString", "journalTitle", "issue"),
        **_texts("journalVolume", "pubYear", "journalIssn", "pageInfo", "pubType", "isOpenAccess", "abstractText"),
        **_texts("language", "license", "dateOfRevision", "electronicPublicationDate"),
        "authorList": _object(author=_objects(**_AUTHOR)),
        "investigatorList": _object(investigator=_objects(**_texts("firstName", "lastName"))),
        "journalInfo": _object(**_texts("volume", "issue", "dateOfPublication"), journal=_JOURNAL),
        "bookOrReportDetails": _object(
            **_texts("comprisingTitle", "yearOfPublication", "isbn13", "isbn10", "publisher")
        ),
        "pubTypeList": _object(pubType=pa.list_(_TEXT)),
        "keywordList": _object(keyword=pa.list_(_TEXT)),
        "meshHeadingList": _object(
            meshHeading=_objects(
                **_texts("descriptorName", "majorTopic_YN"),
                meshQualifierList=_object(meshQualifier=_objects(**_QUALIFIER)),
            )
        ),
        "fullTextUrlList": _object(fullTextUrl=_objects(**_texts("url"))),
        "chemicalList": _object(chemical=_objects(**_texts("name", "registryNumber"))),
        "grantsList": _object(grant=_objects(**_texts("grantId", "acronym", "agency"))),
        "commentCorrectionList": _object(commentCorrection=_objects(**_texts("type", "reference", "id"))),
    }
)


def _listed(kind: pa.DataType) -> pa.DataType:
    """What getpapers makes of a value: a list of it, but for what stands beside the text of an element of XML."""
    if pa.types.is_list(kind):
        return _listed(kind.value_type)
    if not pa.types.is_struct(kind):
        return pa.list_(kind)
    return pa.list_(pa.struct([(one.name, one.type if one.name in _OF_XML else _listed(one.type)) for one in kind]))


#: How getpapers, which reads the API's XML, names the text of an element that has attributes, and these.
_OF_XML: Final = ("_", "$")
#: The same as getpapers writes it, each value in a list of its own.
LISTED_RESULT: Final = pa.schema([(one.name, _listed(one.type)) for one in RESULT])
