"""What kind of publication a record describes, out of the formats its catalogue gives it.

Source of the words: the formats that VuFind 10 gives (``FormatCalculator``, its translation files and
the XSLT importers), those of RecordManager, and the types of DataCite, Crossref and MODS.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipelines.normalize.columns import joined_lists, map_distinct

#: Formats by kind, folded by :func:`_folded`; the kinds from the most telling to the least: of several
#: formats the earliest kind counts.
_FORMATS: Final = {
    "thesis": "thesis theses dissertation doctoralthesis doctoraldissertation phdthesis mastersthesis "
    "masterthesis bachelorthesis bachelorsthesis habilitation thesisdissertation electronicthesis "
    "etd diplomathesis prograduthesis",
    "conference_paper": "conferencepaper conferencepapers conferencearticle inproceedings conferenceobject "
    "proceedingspaper conferenceitem conferencecontribution meetingpaper conferenceabstract "
    "conferenceposter poster",
    "preprint": "preprint preprints eprint postedcontent workingpaper workingpapers researchpaper",
    "review": "review bookreview reviewarticle peerreview",
    "dataset": "dataset datasets data researchdata statistics database",
    "chapter": "chapter bookchapter bookpart booksection bookcomponentpart bookarticle incollection "
    "referenceentry",
    "article": "article articles journalarticle newspaperarticle magazinearticle serialcomponentpart "
    "journalcomponentpart earticle researcharticle datapaper letter editorial ejournalarticle "
    "scholarlyarticle conferencereview",
    "map": "map maps atlas globe cartographicmaterial cartographic mapdigital",
    "score": "musicalscore score scores sheetmusic notatedmusic musicscore notation",
    "video": "video videos videodisc videocassette videocartridge videoreel motionpicture film movie dvd "
    "bluray bluraydisc filmstrip movingimage videorecording streamingvideo vhs",
    "audio": "audio sound soundrecording musicrecording soundrecordings sounddisc soundcassette audiobook "
    "eaudiobook eaudio cd lp audiocd spokenword nonmusicalrecording music podcast "
    "spokenwordrecording vinyl",
    "manuscript": "manuscript manuscripts handwritten archivalmaterial archive archives findingaid papers "
    "correspondence",
    "report": "report reports technicalreport governmentdocument governmentpublication whitepaper "
    "policypaper",
    "journal": "journal journals serial serials periodical ejournal newspaper newspapers magazine emagazine "
    "journalissue yearbook annual continuingresource",
    "book": "book books ebook ebooks monograph monographs conferenceproceeding conferenceproceedings "
    "proceedings textbook bookset braille editedbook referencebook looseleaf pamphlet largeprint",
    "website": "website websites webpage integratingresource blog webresource onlineresource",
    "other": "image images photo photograph print drawing painting slide poster3d transparency software "
    "computerfile kit game boardgame videogame physicalobject object realia patent standard "
    "collage chart flashcard photonegative sensorimage collection lecture course learningobject "
    "event artwork model visualmaterial",
}  # fmt: skip
_RANKS: Final = {kind: rank for rank, kind in enumerate(_FORMATS)}
_KINDS: Final = {word: kind for kind, words in reversed(_FORMATS.items()) for word in words.split()}

#: How a publication is carried, or nothing at all: says nothing about its kind.
_CARRIERS: Final = frozenset(
    [
        "online",
        "electronic",
        "text",
        "printed",
        "microfilm",
        "microform",
        "microfiche",
        "cdrom",
        "floppydisk",
        "discdisc",
        "chipcartridge",
        "discoptical",
        "tapecartridge",
        "tapecassette",
        "tapereel",
        "disccartridge",
        "unknown",
        "digital",
        "printmaterial",
        "onlineaccess",
        "electronicresource",
        "openaccess",
        "fulltext",
        "digitalitem",
        "streamingmedia",
        "internet",
        "disc",
        "download",
        "peerreviewed",
        "physical",
        "unspecified",
        "undefined",
        "onlineonly",
        "remote",
    ]
)


_LONGEST: Final = max(map(len, [*_KINDS, *_CARRIERS]))


def publication_kind(formats: list[str]) -> str | None:
    """The kind of publication that ``formats`` name, the most telling where they name several.

    Written in any case and spacing, as Finna's paths (``1/Book/eBook/``), or run together as on a record
    page (``Online Article Text``). ``other`` where they name
    something unknown; None where they only say how it is carried (``Online``, ``Text``) or nothing.
    """
    words = {word for text in formats for part in text.split("/") for word in _formats_in(part)} - {""} - _CARRIERS
    if not words:
        return None
    kinds = {_KINDS.get(word, "other") for word in words if not word.isdigit()}
    return min(kinds, key=_RANKS.__getitem__, default=None)


def publication_kinds(formats: pa.Array) -> pa.Array:
    """:func:`publication_kind` of each list of a ``list<string>`` column, worked out once for each distinct list."""
    joined = joined_lists(formats, "\x1f")
    return map_distinct(joined, lambda text: publication_kind(text.split("\x1f")), pa.string())


def _formats_in(text: str) -> set[str]:
    """The formats named in a text: the text itself where it is one, else the known ones that its words make up."""
    whole = _folded(text)
    if whole in _KINDS or whole in _CARRIERS:
        return {whole}
    words = list(filter(None, map(_folded, text.split())))
    found, begin = set(), 0
    while begin < len(words):
        name, end, made = whole, begin + 1, ""
        for place in range(begin, len(words)):
            made += words[place]
            # A text may be long, and what it names is not.
            if len(made) > _LONGEST:
                break
            if made in _KINDS or made in _CARRIERS:
                name, end = made, place + 1
        found.add(name)
        begin = end
    return found - {whole} if found - {whole} - _CARRIERS else found


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
