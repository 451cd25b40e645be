"""What the fields and codes of UNIMARC are in MARC 21.

Sources: UNIMARC to MARC 21 Conversion Specifications, version 3.0 (Library of Congress, 2001), and what came into
UNIMARC later: UNIMARC Manual, Bibliographic Format (IFLA).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

#: What has a title in the first of these fields and none in the second, and coded data in the third, is UNIMARC.
TITLE, TITLE_OF_MARC21, CODED = 200, 245, 100
#: What 100 $a begins with: the date of the record, or where that is missing the type of the date of publication.
CODED_DATA: Final = "[a-z]?[0-9]{4}"

#: Signs of ISBD that MARC 21 writes before a subfield and UNIMARC does not, as the text before it ends with them.
MARKS: Final = {":": " :", "/": " /", ";": " ;", "=": " =", "+": " +", ",": ",", ".": "."}

#: Tags in UNIMARC and in MARC 21, then each subfield: its code, the sign of ISBD before it if there is one, its code
#: in MARC 21. All others, and fields that are not listed, tell nothing that a Solr document has.
_FIELDS: Final = """
010 020 aa zz
011 022 aa yy zz
035 035 aa zz
101 041 aa ch jj
200 245 a;a bh c.c d=b e:b f/c g;c h.n i,p
205 250 aa b,b f/b g;b
207 362 aa
210 260 a;a c:b d,c
214 264 a;a c:b d,c
219 260 a;a c:b d,c
215 300 aa c:b d;c e+e
225 490 aa e:a i,a v;v xx
327 505 aa
328 502 aa
330 520 aa
410 830 t,a v;v xx
430,431,432,433,434,435,436,437 780 aa b,a t,t xx
440,441,442,443,444,445,446,447,448 785 aa b,a t,t xx
452 776 aa b,a t,t xx
461,462,463,464 773 aa b,a t,t v,g xx yz
500 240 aa
510,512,513,514,515,516,517,518,532,540,541 246 aa e:b h.n i,p
600 600 aa b,a c,c db f,d jv xx yz zy
601 610 aa b.b c,c dn e,c f,d jv xx yz zy
602 600 aa f,d jv xx yz zy
605 630 aa h.n i,p jv xx yz zy
606 650 aa jv xx yz zy
607 651 aa jv xx yz zy
608 655 aa jv xx yz zy
610 653 aa
675 080 aa
676 082 aa
680 050 aa bb
700,720 100 aa b,a c,c db f,d gq 44
701,702,721,722 700 aa b,a c,c db f,d gq 44
710 110 aa b.b c,c 44
711,712 710 aa b.b c,c 44
713 111 aa b.b dn e,c f,d 44
714,715 711 aa b.b dn e,c f,d 44
856 856 2y 33 uu yy zz
"""
#: Fields of bodies that are meetings are read by these tags, which UNIMARC has not; subfields that meetings alone have.
MEETINGS: Final = {710: 713, 711: 714, 712: 715}
MEETING_CODES: Final = "def"
#: Fields that lead to other records.
LINKING: Final = (410, *range(430, 438), *range(440, 449), 452, *range(461, 465))
#: Such a field may hold whole fields (each begins with $1, its tag and indicators): what their subfields would be.
_EMBEDDED: Final = "010 ay\n011 ax\n200 at vv\n500 at\n700,701,702,710,711,712 aa bb"

#: The types of records, leader position 6, that have other letters: manuscripts, electronic resources, multimedia.
KINDS: Final = {"b": "t", "l": "m", "m": "o"}
#: What sets apart the signs at the beginning of a title by which it is not filed (ISO 6630, and in ISO 8859).
NON_SORTING: Final = {"\x88": "\x89", "\x98": "\x9c"}
#: Positions of 008 that tell formats: the first letter of which subfield $a, and what its letters are there.
FIXED: Final = (
    (21, 110, {"a": "p", "b": "m", "c": "n"}),
    (23, 106, {"s": "s"}),
    (26, 135, {letter: letter for letter in "abcdefghijmuz"}),
    (33, 115, {"a": "m", "b": "f", "c": "v"}),
)

_RELATORS: Final = (
    "005 act 010 adp 018 anm 020 ann 030 arr 040 art 050 asg 060 asn 062 att 065 auc 070 aut 072 aqt 075 aft 080 aui "
    "090 aud 100 ant 110 bnd 120 bdd 130 bkd 140 bjd 150 bpd 160 bsl 170 cll 180 ctg 190 cns 200 chr 205 ctb 210 cmm "
    "212 cwt 220 com 230 cmp 240 cmt 245 ccp 250 cnd 255 csp 260 cph 270 crr 273 cur 275 dnc 280 dte 290 dto 295 dgg "
    "300 drt 305 dis 310 dst 320 dnr 330 dub 340 edt 350 egr 360 etr 365 exp 370 flm 380 frg 390 fmo 400 fnd 410 grt "
    "420 hnr 430 ilu 440 ill 450 ins 460 ive 470 ivr 480 lbt 490 lse 500 lso 510 ltg 520 lyr 530 mte 540 mon 545 mus "
    "550 nrt 555 opn 557 orm 560 org 570 oth 580 ppm 582 pta 584 inv 587 pth 590 prf 595 res 600 pht 610 prt 620 pop "
    "630 pro 635 prg 640 pfr 650 pbl 651 pbd 660 rcp 670 rce 673 rth 675 rev 677 rtm 680 rbr 690 sce 695 sad 700 scr "
    "705 scl 710 sec 720 sgn 721 sng 723 spn 725 stn 727 ths 730 trl 740 tyd 750 tyg 755 voc 760 wde 770 wam"
)
_WORDS: Final = _RELATORS.split()
_RELATOR_CODES: Final = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
#: What says that the role is not known.
_NO_ROLE: Final = "000"


class Subfield(NamedTuple):
    """What a subfield of UNIMARC is in MARC 21, and what the text before it ends with there."""

    tag: int
    code: str
    new_tag: int
    new_code: str
    mark: str


def _subfields(text: str) -> Iterator[Subfield]:
    for line in text.split("\n"):
        tags, *words = line.split()
        new_tag = words.pop(0) if words[0].isdigit() else "0"
        for tag in tags.split(","):
            for word in words:
                yield Subfield(int(tag), word[0], int(new_tag), word[-1], MARKS.get(word[1:-1], ""))


SUBFIELDS: Final = tuple(_subfields(_FIELDS.strip()))
#: Of subfields of embedded fields ``new_code`` is the code that the linking field would have for them.
EMBEDDED: Final = tuple(_subfields(_EMBEDDED))


def relator_of(code: str) -> str:
    """The relator's code in MARC 21 for one of UNIMARC; "" for none, itself for what is not in the list.

    The Bibliothèque nationale de France writes a zero before it.
    """
    number = code[1:] if len(code) == 4 and code.startswith("0") else code
    return "" if number == _NO_ROLE else _RELATOR_CODES.get(number, code)
