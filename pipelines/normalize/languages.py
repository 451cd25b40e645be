"""Languages as codes of ISO 639-3, out of the names and codes that catalogues write.

A group of languages (MARC's ``roa``, Romance languages), for which ISO 639-3 has no code, keeps that of
ISO 639-2/5. Names and their spellings in other languages are CLDR's and IANA's, by langcodes and
language_data.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import langcodes
import pyarrow as pa
from language_data import names as language_names  # type: ignore[import-untyped]
from language_data.util import data_filename  # type: ignore[import-untyped]

from pipelines.normalize.columns import map_distinct

#: ISO 639-2/B (bibliographic) codes and the terminological ones that ISO 639-3 uses.
_BIBLIOGRAPHIC: Final = {
    "alb": "sqi", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zho", "cze": "ces", "dut": "nld",
    "fre": "fra", "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl", "mac": "mkd", "mao": "mri",
    "may": "msa", "per": "fas", "rum": "ron", "slo": "slk", "tib": "bod", "wel": "cym",
}  # fmt: skip

#: Codes that MARC has discontinued. Some mean another, small language in ISO 639-3; library data is MARC.
#: Source: MARC Code List for Languages, part III (https://www.loc.gov/marc/languages/).
_DISCONTINUED: Final = {
    "cam": "khm", "esk": "iku", "esp": "epo", "eth": "gez", "far": "fao", "fri": "fry", "gae": "gla", "gag": "glg",
    "gal": "orm", "gua": "grn", "int": "ina", "iri": "gle", "kus": "kos", "lan": "oci", "lap": "smi", "max": "glv",
    "mla": "mlg", "mol": "ron", "sao": "smo", "scc": "srp", "scr": "hrv", "sho": "sna", "snh": "sin", "sso": "sot",
    "swz": "ssw", "tag": "tgl", "taj": "tgk", "tar": "tat", "tru": "chk", "tsw": "tsn",
}  # fmt: skip

#: Names that catalogues use and the name data lacks or reads differently, normalised as it does.
_NAMES: Final = {
    "multiple": "mul", "multilingual": "mul", "mehrsprachig": "mul", "various": "mul", "several languages": "mul",
    "undetermined": "und", "undetermined language": "und", "unknown": "und", "unknown language": "und",
    "not applicable": "zxx", "no linguistic content": "zxx", "no linguistic content; not applicable": "zxx",
    "uncoded languages": "mis",
    "modern greek": "ell", "modern greek 1453": "ell", "classical greek": "grc", "sami": "smi", "sami languages": "smi",
    "iranian": "ira", "scottish gaelic": "gla", "brazilian portuguese": "por", "mandarin chinese": "cmn",
    "modern hebrew": "heb", "sign languages": "sgn", "uighur": "uig", "biblical hebrew": "hbo",
    "tagalog": "tgl", "haitian french creole": "hat", "haitian creole": "hat",
}  # fmt: skip
_CODE_ADDRESS: Final = re.compile(
    r"https?://[^\s]*/(?:languages?|iso639-[1-5][tb]?)/(?:code/)?([a-z]{2,3})/?", re.IGNORECASE
)
_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})+")
_OTHER: Final = re.compile(r"\(other\)$", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[;|]")
_BRACKETED: Final = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_LOCAL_USE: Final = re.compile("q[a-t][a-z]")


@lru_cache(maxsize=65536)
def language_code(text: str) -> str | None:
    """The code of the language that ``text`` names; None where it names none for sure.

    Takes ISO 639-1, -2 (both kinds) and -3 codes, codes that MARC discontinued, BCP 47 tags, addresses of
    id.loc.gov, and names in any language, inverted or with a remark in brackets (``Greek, Ancient (to
    1453)``). A name must agree to the letter: nothing is guessed.
    """
    written = text.strip().removesuffix(".")
    if bracketed := _BRACKETED.fullmatch(written):
        written = (bracketed.group(1) or bracketed.group(2) or "").strip()
    address = _CODE_ADDRESS.fullmatch(written)
    tag = _TAG.fullmatch(written)
    code = address.group(1) if address else written
    if code.isascii() and code.isalpha() and 2 <= len(code) <= 3:
        return _of_code(code.lower()) or _of_name(written)
    if tag and langcodes.tag_is_valid(written):
        return _of_code(tag.group(1).lower())
    return _of_name(written)


def codes_of_text(text: str) -> list[str]:
    """The codes of all languages that ``text`` names, each once; none where it names none for sure.

    What stands between semicolons or bars is a language each where all of it is (``Chinese; English``).
    """
    codes = [language_code(part) for part in _BETWEEN.split(text) if part.strip()]
    if None in codes:
        codes = [language_code(text)]
    return [code for code in dict.fromkeys(codes) if code]


def language_codes(texts: pa.Array) -> pa.Array:
    """:func:`codes_of_text` of each text of a string column, as lists; null where it is null."""
    return map_distinct(texts, codes_of_text, pa.list_(pa.string()))


def _of_code(code: str) -> str | None:
    if code in _BIBLIOGRAPHIC or code in _DISCONTINUED:
        return _BIBLIOGRAPHIC.get(code) or _DISCONTINUED[code]
    if _LOCAL_USE.fullmatch(code) or not langcodes.tag_is_valid(code):
        return None
    return _of_iso_code(code)


def _of_iso_code(code: str) -> str:
    """Three letters for two, without folding a language into its macrolanguage."""
    three: str = code if len(code) == 3 else langcodes.Language.get(code, normalize=False).to_alpha3()
    return _BIBLIOGRAPHIC.get(three, three)


def _of_name(name: str) -> str | None:
    if len(name) < 2 or (len(name) == 2 and name.isascii()):
        return None
    bare = re.sub(r"\s*\([^)]*\)?\s*$", "", name)
    first = re.split(r"\s*[;/=]\s*", bare, maxsplit=1)[0]
    family, comma, variety = bare.partition(",")
    inverted = f"{variety.strip()} {family}" if comma else bare
    # MARC's "Slavic (Other)" are those of the family that have no code.
    family_of = f"{bare} languages" if _OTHER.search(name) else bare
    return next(
        (code for spelling in (name, bare, inverted, first, family_of) if (code := _of_exact_name(spelling))), None
    )


def _of_exact_name(name: str) -> str | None:
    key: str = language_names.normalize_name(name)
    if key in _NAMES:
        return _NAMES[key]
    for trie in _name_tries():
        if key in trie:
            return _of_iso_code(language_names.get_trie_value(trie, key).split("-")[0])
    return None


@lru_cache(maxsize=1)
def _name_tries() -> tuple[Any, ...]:
    """Names in English, then in any language: ``langcodes.find`` also takes names that only begin alike."""
    return tuple(
        language_names.load_trie(data_filename(f"trie/{language}/name_to_language.marisa"))
        for language in ("en", "und")
    )
