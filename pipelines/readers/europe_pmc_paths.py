"""Which members of the results of Europe PMC's API are read: the names of its reference, and those of getpapers.

What :mod:`pipelines.readers.europe_pmc_columns` asks for has to be here.
"""

from __future__ import annotations

from typing import Final

from pipelines.readers.json_tables import Paths


def _texts(*names: str) -> Paths:
    return dict.fromkeys(names)


_AUTHOR: Final[Paths] = {
    **_texts("fullName", "firstName", "lastName", "initials", "suffix", "collectiveName", "affiliation"),
    # getpapers reads the API's XML, and names the text of an element that has attributes "_" and these "$".
    "authorId": {**_texts("type", "value", "_"), "$": _texts("type")},
    "authorAffiliationDetailsList": {"authorAffiliation": _texts("affiliation")},
    "authorAffiliationsList": _texts("authorAffiliation"),
}
_JOURNAL: Final = _texts("title", "medlineAbbreviation", "NLMid", "nlmid", "ISSN", "issn", "ESSN", "essn")
_HEADING: Final[Paths] = {
    **_texts("descriptorName", "majorTopic_YN"),
    "meshQualifierList": {"meshQualifier": _texts("qualifierName", "majorTopic_YN")},
}

#: Of a result, ``lite`` or ``core``.
RESULT: Final[Paths] = {
    **_texts("id", "source", "pmid", "pmcid", "doi", "title", "authorString", "journalTitle", "issue"),
    **_texts("journalVolume", "pubYear", "journalIssn", "pageInfo", "pubType", "isOpenAccess", "abstractText"),
    **_texts("language", "license", "dateOfRevision", "electronicPublicationDate"),
    "authorList": {"author": _AUTHOR},
    "investigatorList": {"investigator": _texts("firstName", "lastName")},
    "journalInfo": {**_texts("volume", "issue", "dateOfPublication"), "journal": _JOURNAL},
    "bookOrReportDetails": _texts("comprisingTitle", "yearOfPublication", "isbn13", "isbn10", "publisher"),
    "pubTypeList": _texts("pubType"),
    "keywordList": _texts("keyword"),
    "meshHeadingList": {"meshHeading": _HEADING},
    "fullTextUrlList": {"fullTextUrl": _texts("url")},
    "chemicalList": {"chemical": _texts("name", "registryNumber")},
    "grantsList": {"grant": _texts("grantId", "acronym", "agency")},
    "commentCorrectionList": {"commentCorrection": _texts("type", "reference", "id")},
}
