"""What someone did for a publication, as a MARC relator code.

Source: MARC Code List for Relators (Library of Congress); abbreviations of AACR2 21.0D and of
German, French and Spanish cataloguing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pipelines.normalize.text import clean_text, fold_name

#: Terms by code, separated by commas; each is looked up folded.
_TERMS: Final = {
    "abr": "abridger",
    "act": "actor",
    "adp": "adapter, adapt",
    "aft": "author of afterword, author of afterword colophon etc, writer of afterword",
    "ann": "annotator",
    "arc": "architect",
    "arr": "arranger, arr",
    "art": "artist",
    "asn": "associated name",
    "att": "attributed name",
    "aud": "author of dialog",
    "aui": "author of introduction, author of introduction etc, writer of introduction",
    "aus": "screenwriter, author of screenplay",
    "aut": (
        "author, joint author, jt author, jt auth, coauthor, co-author, auteur, autor, Verfasser, "
        "Verfasserin, VerfasserIn, auth"
    ),
    "bkp": "book producer",
    "bsl": "bookseller",
    "cmm": "commentator",
    "cmp": "composer, Komponist, compositeur, compositor",
    "cnd": "conductor, Dirigent",
    "col": "collector",
    "com": "compiler, comp, joint comp, joint compiler",
    "cov": "cover designer",
    "cre": "creator",
    "crp": "correspondent",
    "csl": "consultant",
    "ctb": "contributor, contrib, Mitwirkender, MitwirkendeR",
    "ctg": "cartographer",
    "dgg": "degree granting institution",
    "dgs": "degree supervisor",
    "dir": "director",
    "dnc": "dancer",
    "drt": "film director",
    "dsr": "designer",
    "dst": "distributor",
    "dte": "dedicatee",
    "dto": "dedicator",
    "edc": "editor of compilation",
    "edt": (
        "editor, ed, eds, editors, joint editor, joint ed, jt ed, coeditor, co-editor, Herausgeber, "
        "Herausgeberin, Hrsg, Hg, Hgg, éditeur scientifique, éd, redaktor, red, editor literario, "
        "HerausgeberIn, otv red, toim"
    ),
    "egr": "engraver",
    "etr": "etcher",
    "flm": "film editor",
    "fmo": "former owner",
    "fnd": "funder",
    "hnr": "honoree",
    "hst": "host",
    "ill": "illustrator, illus, illust, illustrateur, ilustrador, Illustratorin",
    "ins": "inscriber",
    "isb": "issuing body",
    "itr": "instrumentalist",
    "ive": "interviewee",
    "ivr": "interviewer",
    "lbt": "librettist",
    "lyr": "lyricist",
    "mod": "moderator",
    "msd": "musical director",
    "mus": "musician",
    "nrt": "narrator",
    "orm": "organizer",
    "oth": "other",
    "own": "owner",
    "pbd": "publishing director",
    "pbl": "publisher",
    "pht": "photographer, photog, phot",
    "prf": "performer",
    "prg": "programmer",
    "pro": "producer",
    "prt": "printer",
    "red": "redaktor",
    "res": "researcher",
    "rev": "reviewer",
    "sce": "scenarist",
    "scr": "scribe",
    "sng": "singer",
    "spk": "speaker",
    "spn": "sponsor",
    "ths": "thesis advisor",
    "trc": "transcriber",
    "trl": (
        "translator, tr, trans, transl, joint tr, joint translator, traducteur, traductor, trad, "
        "Übersetzer, Übersetzerin, ÜbersetzerIn, Übers, perevodchik"
    ),
    "voc": "vocalist",
    "wam": "writer of accompanying material",
    "win": "writer of foreword, author of foreword",
    "wpr": "writer of preface, writer of supplementary textual content, author of preface",
}


def _term_key(term: str) -> str:
    """A term folded word by word, so that initials ("D. I. R.") are no abbreviation ("dir")."""
    return " ".join(filter(None, map(fold_name, term.split())))


_CODES: Final = {_term_key(term): code for code, terms in _TERMS.items() for term in terms.split(",")}
#: Every term that is known, folded word by word.
ROLE_TERMS: Final = frozenset(_CODES)
_INITIALS: Final = re.compile(r"\.\w")


@lru_cache(maxsize=16384)
def relator_code(text: str) -> str | None:
    """The relator code of a term, an abbreviation, a code in lower case or a relator URI; None for anything else."""
    text = text.rstrip("/ ").rsplit("/relators/", 1)[-1]
    if text in _TERMS:
        return text
    return None if _INITIALS.search(text) else _CODES.get(_term_key(text))


def clean_role(text: str | None) -> str | None:
    """A role as it is stored: the relator code where there is one, else the clean text; None for none."""
    cleaned = clean_text(text)
    if cleaned is None:
        return None
    return relator_code(cleaned) or relator_code(cleaned.lower()) or cleaned.strip(" .,;:()[]") or None
