"""Titles as words: folded, without stop words and without what databases append, in columns."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import icu
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import DROPPED, Bytes, map_bytes
from pipelines.normalize.folded_columns import LATIN, MARKED_ASCII
from pipelines.works.han_titles import han_words, has_han

#: Words that cataloguers add, drop and translate freely, in the main languages of libraries; folded.
STOP_WORDS: Final = frozenset(
    """
    the of and for in on a an to with by from at as is are its their or using via de la le les des du et un une en
    el los las del y e da do dos das em na der die das und fur von im zur zum ein eine mit i il lo gli di della
    degli per su het een van voor och av som
    """.split()  # noqa: SIM905
)

#: What databases append to a title: notes on errata, kinds of text, numbers of references, the session
#: of a meeting, the original title. Seen in MEDLINE, Embase, CINAHL, the Cochrane databases, ACM, DBLP.
#: A bare "(Erratum)" is no note, nor is "[Erratum to vol. 2]": they say what the text itself is.
_NOTE_WORDS: Final = (
    r"(?:(?:(?:published )?erratum|errata|correction|(?:see )?comment|update|republished)\s+(?:appears|in)"
    r"|corrected|review|\d+ refs?|original|structured abstract|provisional abstract|meeting abstract|abstract|summary)"
)
#: General material designations, which cataloguers put into brackets behind a title (AACR2, 1.1C1; ISBD 1.2, in the
#: languages of large union catalogues). What kind a publication is tells its format.
_MATERIALS: Final = (
    "electronic resource|computer file|microforms?|microfilm|microfiche|sound recording|video ?recording|motion picture"
    "|cartographic material|text|text \\(large print\\)|large print|braille|manuscript|music|printed music|online"
    "|ressource [eé]lectronique|texte imprim[eé]|document cartographique|enregistrement sonore|images anim[eé]es"
    "|elektronische ressource|elektronik|druckschrift|mikroform|tontr[aä]ger|recurso electr[oó]nico|texto impreso"
    "|grabaci[oó]n sonora|risorsa elettronica|testo a stampa|elektronisk resurs|dokument elektroniczny"
    "|elektronick[yý] zdroj|электронный ресурс|текст"
)
_SESSIONS: Final = "panel|tutorial|demo|demonstration|poster|keynote|invited|extended|experience"
_NOTES: Final = (
    rf"(?i)\s*\[(?:{_MATERIALS})\]",
    # As MEDLINE says that the title is a translation of another.
    r"(?i)\s*\[article in [^\[\]]{3,60}\]",
    rf"(?i)\s*\[{_NOTE_WORDS}\b[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]?",
    rf"(?i)\s*\({_NOTE_WORDS}\b[^()]*\)",
    r"(?i)\s*\[see comments?\]",
    r"(?i)\s*[\[(](?:letter|editorial)(?:\s*[;,]\s*comment)?[\])]",
    rf"(?i)\s*\((?:{_SESSIONS})\b[^()]{{0,20}}\)",
    r"(?i)[\s:–—-]+(?:a )?book review\.?$",
    r"(?i)[\s:(]*\btalk[ -]slides available\b.*$",
    r"(?i)[\s.]*\bincludes? discussion\.?$",
    r"(?i)\s*<original>.*$",
)
_TAGS: Final = r"<[^<>]{1,40}>"
#: Something of which stands in each title that a note, a sign or a tag is in: a quick look, for few have any.
_MAY_HOLD_A_NOTE: Final = r"(?i)[\[(<#\\{]|\+\+|\be-|ed\.?\)|review|available|include"

#: Stands between words where a subtitle, a parallel title or a label may begin or end.
MARK: Final = "|"
_UNIT: Final = "\x1f"
_BOUNDARY: Final = (
    r",\s+|\s*[:;/|=?!()\[\]]\s*|\.\s+|\s+[-–—]+\s+|—|\s*[：；／｜＝？！（）［］【】《》〈〉「」『』〔〕、。，·]\s*"
)
_STOP: Final = rf"(^| )(?:{'|'.join(sorted(STOP_WORDS, key=len, reverse=True))})(?: |$)"

#: What a number, or a letter in its place, counts.
NUMBERED: Final = frozenset(
    """
    part vol volume war band teil tome tomo phase type book chapter pt no number nr paper study section parte partie
    """.split()  # noqa: SIM905
)

#: What a letter tells apart; elsewhere a lone a, e, i or y is an article, or "and".
_LETTERED: Final = frozenset({"hepatitis", "vitamin", "influenza", "appendix"})
#: ``Part I`` -> ``part 1``, ``Hepatitis A`` -> ``hepatitis 1a``, ``A minor`` -> ``1a minor``: no stop words there.
_COUNTED: Final = (
    (rf"\b({'|'.join(sorted(NUMBERED))}) i\b", r"\1 1"),
    (rf"\b({'|'.join(sorted(NUMBERED | _LETTERED))}) ([aey])\b", r"\1 1\2"),
    (r"\b([ae]) (minor|major|flat|sharp)\b", r"1\1 \2"),
)
#: Whether any of these may match.
_MAY_BE_COUNTED: Final = rf"\b(?:{'|'.join(sorted(NUMBERED | _LETTERED))}) [aeiy]\b|\b[ae] (?:minor|major|flat|sharp)\b"
#: The end of a title that was cut off, and what is left of it where it can be told by it: five words.
_CUT_OFF: Final = r"(?:\.{3}|…)[\])]?\s*$"
_FIVE_WORDS: Final = rf"^[^ ]+(?: (?:\{MARK} )?[^ {MARK}]+){{4}}"
#: Signs that tell languages of programming apart; ``e-mail`` is ``email``, ``(2nd ed.)`` is ``(2nd edition)``.
_SIGNS: Final = (
    (r"(?i)\bc\+\+", " cplusplus "),
    (r"(?i)\b([cf])#", r" \1sharp "),
    (r"(?i)\be-([a-z]{3})", r"e\1"),
    (r"(?i)([^,\s])\s+ed\.?\)", r"\1 edition)"),
    # Accents and letters of TeX, which the preprint archives keep, and braces that guard capitals.
    (r"""\\[`'^"~=.]\s*\{?\\?([A-Za-z])\}?""", r"\1"),
    (r"\\[uvHckrbdt]\s*\{\\?([A-Za-z])\}", r"\1"),
    (r"\\([oOlLij]|ss|ae|oe|AE|OE)(?:\{\}|\b ?)", r"\1"),
    (r"\{([A-Za-z]+)\}", r"\1"),
)

_GREEK: Final = re.compile("[α-ρσ-ωΑ-Ωµ]")
_GREEK_WORD: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2}")

#: Folds like VuFind's rules and keeps a blank between words.
_FOLD_WORDS: Final = icu.Transliterator.createFromRules(
    "title words",
    ":: NFD; :: lower; :: Latin; :: NFD; :: [:nonspacing mark:] Remove; [^[:letter:] [:number:] \\u001f]+ > ' ';"
    ":: NFKC; :: lower;",
    icu.UTransDirection.FORWARD,
)


def _words_of_ascii() -> Bytes:
    """For :func:`map_bytes`: ASCII in lower case, blanks for what is no letter or digit, no other bytes."""
    table = np.full(256, ord(" "), np.uint8)
    for byte in b"abcdefghijklmnopqrstuvwxyz0123456789":
        table[byte] = table[ord(chr(byte).upper())] = byte
    table[ord(_UNIT)] = ord(_UNIT)
    table[128:] = DROPPED
    return table


_WORDS_OF_ASCII: Final = _words_of_ascii()


def plain_words(text: str) -> str:
    """Fold a text to words without marks, divided by blanks; control characters that divide its parts stay.

    A lone Greek letter is its name (``TNF-α``, ``TNF-alpha``): transcribed it would be an article, or another letter.
    Chinese characters stay characters (:mod:`pipelines.works.han_titles`): a syllable is no word, and many share one.
    """
    if has_han(text):
        return han_words(text)
    if _GREEK.search(text) and not _GREEK_WORD.search(text):
        letters = unicodedata.normalize("NFC", text.replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"))
        text = _GREEK.sub(lambda letter: f" {unicodedata.name(letter.group()).split()[-1]} ", letters)
    # As catalogues without the letter write it: Strasse.
    folded: str = _FOLD_WORDS.transliterate(text.replace("ß", "ss"))
    return folded


def plain_words_of(texts: pa.Array) -> pa.Array:
    """:func:`plain_words` of each text of a string array without nulls, without blanks around them."""
    plain = map_bytes(texts, _WORDS_OF_ASCII, close_blanks=True)
    foreign = pc.invert(pc.string_is_ascii(texts))
    if not pc.any(foreign).as_py():
        return plain
    return pc.replace_with_mask(plain, foreign, pc.utf8_trim(_foreign_words(texts.filter(foreign)), " "))


def _foreign_words(texts: pa.Array) -> pa.Array:
    """The plain words of texts that are not ASCII; those of Latin letters in columns, by Unicode's own tables."""
    is_latin = pc.and_not(pc.match_substring_regex(texts, LATIN), pc.match_substring(texts, "\N{MICRO SIGN}"))
    latin = _latin_words(texts.filter(is_latin))
    if len(latin) == len(texts):
        return latin
    is_other = pc.invert(is_latin)
    others = pa.array([plain_words(text) for text in texts.filter(is_other).to_pylist()], pa.string())
    return pc.replace_with_mask(pc.replace_with_mask(texts, is_latin, latin), is_other, others)


def _latin_words(texts: pa.Array) -> pa.Array:
    decomposed = pc.utf8_normalize(pc.replace_substring(texts, "ß", "ss"), "NFD")
    words = map_bytes(decomposed, _WORDS_OF_ASCII, close_blanks=True)
    is_more = pc.invert(pc.match_substring_regex(decomposed, MARKED_ASCII))
    if not pc.any(is_more).as_py():
        return words
    bare = pc.utf8_normalize(pc.utf8_lower(decomposed.filter(is_more)), "NFD")
    bare = pc.replace_substring_regex(bare, r"\p{Mn}+", "")
    bare = pc.replace_substring_regex(bare, rf"[^\pL\pN{_UNIT}]+", " ")
    return pc.replace_with_mask(words, is_more, pc.utf8_lower(pc.utf8_normalize(bare, "NFKC")))


def title_words(titles: pa.Array) -> pa.Array:
    """The words of each title, folded and divided by blanks, without stop words and what databases append.

    MARK stands where a subtitle, a parallel title or a label may begin or end, and behind a title that was cut off (of
    five words or more), the last word of which may be a part of one. ``titles`` is a string array; null,
    and a title without words, give an empty text. A title of nothing but stop words keeps them.
    """
    bare = _without_signs(titles)
    plain = plain_words_of(pc.replace_substring_regex(bare, _BOUNDARY, _UNIT))
    plain = pc.replace_substring_regex(plain, f" ?(?:{_UNIT} ?)+", f" {MARK} ")
    plain = _counted(pc.utf8_trim(plain, f" {MARK}"))
    # Of two stop words in a row the first match takes the blank between them, so once more, and once more.
    kept = plain
    for _ in range(3):
        kept = pc.replace_substring_regex(kept, _STOP, r"\1")
    kept = pc.replace_substring_regex(kept, rf"\{MARK}(?: \{MARK})+", MARK)
    kept = pc.utf8_trim(kept, f" {MARK}")
    cut_off = pc.and_(pc.match_substring_regex(bare, _CUT_OFF), pc.match_substring_regex(kept, _FIVE_WORDS))
    kept = pc.if_else(cut_off, pc.binary_join_element_wise(kept, MARK, " "), kept)
    return pc.if_else(pc.equal(kept, ""), plain, kept)


def whole_words(titles: pa.Array) -> pa.Array:
    """All words of each title, folded and divided by blanks, stop words too, without what databases append."""
    return plain_words_of(_without_signs(titles))


def _without_signs(titles: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(_without_notes(pc.fill_null(titles, "")), "['’ʼ]", "")


def _without_notes(titles: pa.Array) -> pa.Array:
    """Titles without notes and tags, and with words for signs."""
    may_hold = pc.match_substring_regex(titles, _MAY_HOLD_A_NOTE)
    if not pc.any(may_hold).as_py():
        return titles
    texts = titles.filter(may_hold)
    for pattern, replacement in (*((note, "") for note in _NOTES), *_SIGNS, (_TAGS, " ")):
        texts = pc.replace_substring_regex(texts, pattern, replacement)
    return pc.replace_with_mask(titles, may_hold, texts)


def _counted(words: pa.Array) -> pa.Array:
    """Words of titles with numbers for letters that count."""
    may_be = pc.match_substring_regex(words, _MAY_BE_COUNTED)
    if not pc.any(may_be).as_py():
        return words
    texts = words.filter(may_be)
    for counted, number in _COUNTED:
        texts = pc.replace_substring_regex(texts, counted, number)
    return pc.replace_with_mask(words, may_be, texts)


def session_notes(titles: pa.Array) -> pa.Array:
    """What each title says in brackets to be at a meeting: ``(demo abstract)`` -> ``demo``; null for none."""
    found = pc.struct_field(pc.extract_regex(titles, rf"(?i)\((?P<session>{_SESSIONS})\b[^()]{{0,20}}\)"), "session")
    return pc.ascii_lower(found)


def without_marks(words: pa.Array) -> pa.Array:
    """Words of titles without MARK."""
    return pc.utf8_rtrim(pc.replace_substring(words, f" {MARK} ", " "), f" {MARK}")
