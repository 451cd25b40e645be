"""What codes in MARC mean: languages and relators.

Sources: MARC Code List for Languages and MARC Code List for Relators (Library of Congress). Which relators make
an author, a further author or neither: VuFind 10, ``author-classification.ini``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import langcodes

#: Names of the MARC list that are not CLDR's, as far as catalogues use them often.
_LANGUAGES: Final = {
    "ang": "English, Old (ca. 450-1100)", "enm": "English, Middle (1100-1500)", "dum": "Dutch, Middle (ca. 1050-1350)",
    "frm": "French, Middle (ca. 1300-1600)", "fro": "French, Old (ca. 842-1300)",
    "gmh": "German, Middle High (ca. 1050-1500)", "goh": "German, Old High (ca. 750-1050)",
    "grc": "Greek, Ancient (to 1453)", "gre": "Greek, Modern (1453-)", "ota": "Turkish, Ottoman",
    "pan": "Panjabi", "pus": "Pushto", "sga": "Irish, Old (to 1100)", "gla": "Scottish Gaelic", "fry": "Frisian",
    "nno": "Norwegian (Nynorsk)", "nob": "Norwegian (Bokmål)", "chu": "Church Slavic", "scc": "Serbian",
    "scr": "Croatian", "mol": "Moldavian", "mul": "Multiple languages", "und": "Undetermined",
    "zxx": "No linguistic content",
}  # fmt: skip
#: Languages of the MARC list that catalogues hold books in and that have no code of two letters.
_WITHOUT_SHORT_CODE: Final = (
    "ace ach ada ady akk ale alt ang anp arc arn arp arw ast awa bad ban bas bej bem bho bik bin bla bra bua bug byn "
    "car ceb chb chg chk chm chn cho chr chy cop crh csb dak del den dgr din doi dsb dua dum dyu efi egy eka elx enm "
    "ewo fan fil fon frm fro frr frs fur gaa gay gba gez gil gmh goh gon gor got grb grc gsw gwi hai haw hil hit hmn "
    "hsb hup iba ilo inh jbo jpr jrb kaa kab kac kam kaw kbd kha kho kmb kok kos kpe krc krl kru kum kut lad lah lam "
    "lez lol loz lua lui lun luo lus mad mag mai mak man mas mdf mdr men mga mic min mnc mni moh mos mus mwl mwr myv "
    "nap nds new nia niu nog non nqo nso nwc nym nyn nyo nzi osa ota pag pal pam pap pau peo phn pon pro raj rap rar "
    "rom rup sad sah sam sas sat scn sco sel sga shn sid sma smj smn sms snk sog srn srr suk sus sux swc syc syr tem "
    "ter tet tig tiv tkl tlh tli tmh tog tpi tsi tum tvl tyv udm uga umb vai vot wal war was xal yao yap zap zen zun "
    "zxx mul und"
)
_CODE: Final = re.compile("[a-z]{3}")


@lru_cache(maxsize=4096)
def language_names(code: str) -> tuple[str, ...]:
    """The English names of what a language code of MARC says; several where codes run together, as 041 once had them.

    A code that names no language is its own name; blanks and fill characters name none.
    """
    code = code.strip().lower()
    if not code or set(code) <= set("| -"):
        return ()
    if len(code) > 3 and len(code) % 3 == 0:
        codes = [code[at : at + 3] for at in range(0, len(code), 3)]
        if all(_name(one) for one in codes):
            return tuple(dict.fromkeys(_name(one) for one in codes))
    return (_name(code) or code,)


def every_language_name() -> Iterator[str]:
    """The names of the languages that have a code of two letters, and of those of the MARC list without one."""
    yield from _LANGUAGES.values()
    letters = "abcdefghijklmnopqrstuvwxyz"
    for code in (*(one + other for one in letters for other in letters), *_WITHOUT_SHORT_CODE.split()):
        if langcodes.tag_is_valid(code):
            name: str = langcodes.Language.get(code).display_name("en")
            if not name.startswith("Unknown language"):
                yield name


def _name(code: str) -> str:
    if code in _LANGUAGES:
        return _LANGUAGES[code]
    if not _CODE.fullmatch(code) or not langcodes.tag_is_valid(code):
        return ""
    name: str = langcodes.Language.get(code).display_name("en")
    return "" if name.startswith("Unknown language") else name


#: Code, term; those of each list in a line of their own.
_FIRST: Final = "adp adapter; aut author; cmp composer; cre creator; dub dubious author; inv inventor"
_SECOND: Final = (
    "acp art copyist; act actor; aft author of afterword, colophon, etc.; anm animator; ann annotator; "
    "ard artistic director; ar; arr arranger; aud author of dialog; aui author of introduction, etc.; "
    "aus screenwriter; bjd bookjacket designer; bpd bookplate designer; ccp conceptor; chr choreographer; "
    "clb collaborator; cll calligrapher; clr colorist; cmm commentator; cnd conductor; cng cinematographer; "
    "coe contestant-appellee; com compiler; cor collection registrar; cos contestant; cot contestant-appellant; "
    "cov cover designer; cpe complainant-appellee; cpl complainant; cpt complainant-appellant; crp correspondent; "
    "cst costume designer; ctb contributor; cte contestee-appellee; ctg cartographer; cts contestee; "
    "ctt contestee-appellant; cur curator; cwt commentator for written text; dfd defendant; dfe defendant-appellee; "
    "dft defendant-appellant; dis dissertant; dln delineator; dnc dancer; dpc depicted; drm draftsman; drt director; "
    "dsr designer; dtc data contributor; dto dedicator; edt editor; egr engraver; elt electrotyper; etr etcher; "
    "fac facsimilist; fld field director; flm film editor; frg forger; ill illustrator; ilu illuminator; "
    "ins inscriber; itr instrumentalist; ivr interviewer; lbt librettist; ldr laboratory director; led lead; "
    "lee libelee-appellee; lel libelee; let libelee-appellant; lgd lighting designer; lie libelant-appellee; "
    "lil libelant; lit libelant-appellant; lsa landscape architect; ltg lithographer; lyr lyricist; mrb marbler; "
    "msd musical director; mte metal-engraver; mus musician; nrt narrator; opn opponent; org originator; "
    "pbd publishing director; pdr project director; pht photographer; pmn production manager; pop printer of plates; "
    "ppt puppeteer; prd production personnel; prf performer; prg programmer; prm printmaker; pro producer; "
    "prt printer; pta patent applicant; pte plaintiff-appellee; ptf plaintiff; pth patent holder; "
    "ptt plaintiff-appellant; rbr rubricator; ren renderer; res researcher; rev reviewer; rpt reporter; "
    "rpy responsible party; rse respondent-appellee; rsg restager; rsp respondent; rst respondent-appellant; "
    "rth research team head; rtm research team member; sad scientific advisor; sce scenarist; scl sculptor; "
    "scr scribe; sds sound designer; sht supporting host; sng singer; spk speaker; spy second party; "
    "std set designer; stl storyteller; stm stage manager; str stereotyper; ths thesis advisor; trl translator; "
    "tyd type designer; tyg typographer; vdg videographer; voc vocalist; wam writer of accompanying material; "
    "wdc woodcutter; wde wood engraver"
)
_NEITHER: Final = (
    "abr abridger; adi art director; anl analyst; ant bibliographic antecedent; ape appellee; apl appellant; "
    "app applicant; aqt author in quotations or text abstracts; arc architect; art artist; asg assignee; "
    "asn associated name; ato autographer; att attributed name; auc auctioneer; bdd binding designer; "
    "bkd book designer; bkp book producer; blw blurb writer; bnd binder; brd broadcaster; brl braille embosser; "
    "bsl bookseller; cas caster; cli client; clt collotyper; cmt compositor; cns censor; col collector; "
    "con conservator; cou court governed; cpc copyright claimant; cph copyright holder; crr corrector; "
    "crt court reporter; csl consultant; csp consultant to a project; ctr contractor; dbp distribution place; "
    "dgg degree granting institution; dgs degree supervisor; dnr donor; dpt depositor; dst distributor; "
    "dte dedicatee; dtm data manager; edc editor of compilation; edm editor of moving image work; elg electrician; "
    "eng engineer; enj enacting jurisdiction; evp event place; exp expert; fds film distributor; fmd film director; "
    "fmk filmmaker; fmo former owner; fmp film producer; fnd funder; fpy first party; "
    "gis geographic information specialist; grt graphic technician; his host institution; hnr honoree; hst host; "
    "isb issuing body; ive interviewee; jud judge; jug jurisdiction governed; lbr laboratory; len lender; "
    "lse licensee; lso licensor; mcp music copyist; mdc metadata contact; med medium; mfp manufacture place; "
    "mfr manufacturer; mod moderator; mon monitor; mrk markup editor; mtk minute taker; orm organizer; "
    "osp onscreen presenter; oth other; own owner; pan panelist; pat patron; pbl publisher; pfr proofreader; "
    "plt platemaker; pma permitting agency; ppm papermaker; pra praeses; prc process contact; pre presenter; "
    "prn production company; prp production place; prs production designer; prv provider; pup publication place; "
    "rcd recordist; rce recording engineer; rcp addressee; rdd radio director; red redactor; rpc radio producer; "
    "rps repository; rsr restorationist; sec secretary; sgd stage director; sgn signer; sll seller; spn sponsor; "
    "srv surveyor; stg setting; stn standards body; tcd technical director; tch teacher; tld television director; "
    "tlp television producer; trc transcriber; uvp university place; vac voice actor; "
    "wac writer of added commentary; wal writer of added lyrics; wat writer of added text; "
    "win writer of introduction; wit witness; wpr writer of preface; wst writer of supplementary textual content"
)
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]+")
_AT_ADDRESS: Final = re.compile(r"https?://id\.loc\.gov/vocabulary/relators/([a-z]{3})/?")


def _folded(text: str) -> str:
    return _PUNCTUATION.sub("", text.strip().lower())


def _codes(text: str) -> dict[str, str]:
    codes: dict[str, str] = {}
    for one in text.split("; "):
        code, _, term = one.partition(" ")
        codes[code] = code
        if term:
            codes[_folded(term)] = code
    return codes


_CODES: Final = _codes(f"{_NEITHER}; {_SECOND}; {_FIRST}")
FIRST_AUTHOR_ROLES: Final = frozenset(_codes(_FIRST).values())
SECOND_AUTHOR_ROLES: Final = frozenset(_codes(_SECOND).values())


@lru_cache(maxsize=4096)
def relator_code(text: str) -> str | None:
    """The code of a relator code, term or address of id.loc.gov; None where the list does not have it."""
    address = _AT_ADDRESS.fullmatch(text.strip())
    return _CODES.get(address.group(1) if address else _folded(text))
