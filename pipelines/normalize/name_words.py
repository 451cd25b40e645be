"""Words that tell how a heading is to be read: particles, suffixes, honorifics, words of organisations.

All words are in lower case and folded (:func:`pipelines.normalize.text.fold_name`) unless said otherwise.
Sources: IFLA, Names of Persons (particles and entry elements by country); RDA 9.19 and 11.7 (titles,
qualifiers); the rest was read off real headings.
"""

from __future__ import annotations

import re
from typing import Final

#: Particles before a family name, as they are written in lower case; the folded form is looked up.
LOWER_PARTICLES: Final = frozenset(
    {
        "af", "al", "am", "an", "auf", "av", "aw", "bar", "bat", "ben", "bet", "bin", "bint", "d", "da", "dal",
        "dalla", "das", "de", "degli", "dei", "del", "dell", "della", "delle", "delli", "dello", "den", "der",
        "des", "di", "do", "dos", "du", "e", "een", "el", "het", "i", "ibn", "il", "im", "in", "l", "la", "las",
        "le", "les", "lo", "los", "met", "o", "of", "op", "t", "te", "ten", "ter", "the", "thor", "to", "tot",
        "ul", "und", "van", "vande", "vanden", "vander", "vom", "von", "vor", "y", "z", "zu", "zum", "zur",
    }
)  # fmt: skip

#: Particles that are so common with a capital that they count as such before a family name.
CAPITAL_PARTICLES: Final = frozenset(
    {
        "abu", "af", "al", "bin", "da", "dal", "dalla", "de", "degli", "dei", "del", "della", "den", "der", "des",
        "di", "dos", "du", "el", "ibn", "la", "las", "le", "les", "lo", "los", "mac", "mc", "o", "st", "ten",
        "ter", "van", "vande", "vanden", "vander", "von", "zu", "zur",
    }
)  # fmt: skip

#: How a suffix is stored, by how it may be written (lower case, no stop). RDA 9.19.1.2.
SUFFIXES: Final = {
    "jr": "Jr.", "junior": "Jr.", "júnior": "Jr.", "sr": "Sr.", "senior": "Sr.", "ii": "II", "iii": "III",
    "iv": "IV", "vi": "VI", "vii": "VII", "viii": "VIII", "2nd": "II", "3rd": "III", "4th": "IV", "2d": "II",
    "3d": "III", "fils": "fils", "père": "père", "filho": "Filho", "hijo": "hijo", "neto": "Neto",
    "sobrinho": "Sobrinho", "the elder": "the Elder", "the younger": "the Younger",
}  # fmt: skip

#: Suffixes that cannot be a family or given name, wherever they stand.
PLAIN_SUFFIX: Final = re.compile(
    r"^(?:[JS]r\.?|[js]r\.?|II|III|IV|VI{1,3}|2n?d|3r?d|4th|fils|père|the [Ee]lder|the [Yy]ounger)\.?$"
)

#: Suffixes that stand after a name without a comma, where they cannot be a family name or initials.
TRAILING_SUFFIX: Final = re.compile(r"^(?:[JS]r\.?|[JS]R\.|[js]r\.?|Junior|Júnior|II|III|IV|2nd|3rd|4th|fils|père)\.?$")

#: Titles that do not tell one bearer of a full name from another: dropped where there is a given name.
HONORIFICS: Final = frozenset(
    {
        "abbe", "abbot", "admiral", "archbishop", "ayatollah", "b.a", "barao", "baron", "barone", "baroness",
        "bishop", "brother", "captain", "cardinal", "colonel", "comte", "comtesse", "conde", "conte", "contessa",
        "count", "countess", "d.d", "d.phil", "dame", "deacon", "dom", "don", "dona", "dr", "duc", "duca",
        "duchess", "duchesse", "duke", "earl", "emperor", "empress", "esq", "esquire", "father", "fray",
        "freifrau", "freiherr", "furst", "general", "graf", "grafin", "hon", "imam", "j.d", "king", "lady",
        "lieutenant", "lieutenantcolonel", "ll.d", "ll.m", "lord", "m.a", "m.d", "maharaja", "major",
        "majorgeneral", "marchioness", "marques", "marquess", "marquez", "marquis", "marquise", "mlle", "mme",
        "monk", "mother", "mr", "mrs", "ms", "pandit", "ph.d", "phd", "pope", "prince", "princess", "principe",
        "prinz", "prinzessin", "prof", "professor", "queen", "r.n", "rabbi", "rev", "reverend", "ritter", "saint",
        "sergeant", "shah", "shri", "sir", "sister", "sra", "sri", "st", "sultan", "swami", "vicomte", "visconde",
        "viscount", "viscountess", "vizconde",
    }
)  # fmt: skip
#: Honorifics that are no given names, so that they are titles even after a lone name ("Nicholas, Saint").
TITLES_OF_LONE_NAMES: Final = frozenset(
    {
        "abbot", "archbishop", "baroness", "brother", "comtesse", "contessa", "countess", "dame", "dr", "duchess",
        "duchesse", "emperor", "empress", "esq", "father", "lady", "m.d", "mlle", "mme", "monk", "mother", "mr",
        "mrs", "ph.d", "phd", "pope", "princess", "prof", "professor", "queen", "saint", "sir", "sister",
    }
)  # fmt: skip
#: Degrees and forms of address: dropped after any name of several words.
DEGREES: Final = frozenset(
    {
        "b.a", "bsc", "d.d", "d.phil", "dame", "dr", "dsc", "esq", "frs", "j.d", "ll.d", "ll.m", "m.a", "m.d",
        "mba", "mlle", "mme", "mr", "mrs", "ms", "msc", "ph.d", "phd", "prof", "professor", "sir",
    }
)  # fmt: skip
#: Titles before a name written in direct order.
LEADING_TITLE: Final = re.compile(
    r"^(?:(?:A/)?Prof\.?|Professor|Dr\.?|Sir|Dame|Mr\.?|Mrs\.?|Ms\.?|Rev\.|Reverend)\s+(?=\S+\s+\S)"
)

#: Written whole, family name first: no order of parts can be told from blanks.
UNDIVIDED_SCRIPTS: Final = frozenset({"Hani", "Hang", "Hira", "Kana", "Bopo"})

#: Family names of two or three letters that people write in capitals after the given names ("Baowen LI"),
#: where other capitals are initials after the family name ("Greenman CD").
SHORT_FAMILY_NAMES: Final = frozenset(
    {
        "ai", "an", "bai", "bi", "bo", "bui", "cai", "cao", "chi", "cho", "chu", "cui", "dai", "dan", "dao", "de",
        "deng", "ding", "do", "dou", "du", "duan", "fan", "fei", "feng", "fu", "gan", "gao", "ge", "gu", "gui",
        "guo", "ha", "han", "hao", "he", "ho", "hou", "hu", "hua", "hui", "im", "ito", "ji", "jia", "jin", "ju",
        "kim", "ko", "koo", "la", "lai", "lam", "lan", "le", "lee", "lei", "li", "lim", "lin", "liu", "lo", "lu",
        "luo", "luu", "ly", "ma", "mai", "man", "mao", "mei", "mo", "mu", "ng", "ngo", "ni", "nie", "oh", "oka",
        "ono", "pan", "pei", "pu", "qi", "qin", "qiu", "qu", "ren", "ryu", "san", "shi", "sim", "sin", "so",
        "son", "su", "sui", "sun", "tan", "tao", "to", "tu", "uno", "vo", "vu", "wan", "wei", "wen", "woo", "wu",
        "xia", "xie", "xin", "xu", "xue", "yan", "ye", "yi", "yin", "yoo", "you", "yu", "yue", "yun", "zha",
        "zhu", "zou",
    }
)  # fmt: skip

#: Patronymics end a Russian name written family name first ("Иванов Иван Иванович").
PATRONYMIC: Final = re.compile(r"(?:ович|евич|ьич|овна|евна|ична|инична)$")

#: No person is called so: one of these makes a heading corporate.
ORGANISATION_WORDS: Final = frozenset(
    {
        "academia", "academie", "academy", "agency", "agentur", "akademie", "akademiia", "akademija", "akademiya",
        "aktiengesellschaft", "arbeitsgemeinschaft", "arbeitsgruppe", "asociacion", "asociatia", "asotsiatsiia",
        "assembly", "assessorato", "associacao", "association", "associations", "associazione", "authority",
        "ayuntamiento", "biblioteca", "bibliotek", "biblioteka", "bibliotheek", "bibliothek", "bibliotheque",
        "bundesamt", "bundesministerium", "bureau", "centro", "centrum", "collaboration", "collaborations",
        "collective", "comision", "comissao", "comitato", "comite", "commission", "commissions", "committee",
        "committees", "comune", "conference", "congress", "consejo", "consorcio", "consortium", "consorzio",
        "cooperative", "corporation", "council", "daigaku", "departamento", "departement", "department", "dept",
        "directorate", "division", "ecole", "embassy", "enterprises", "facultad", "faculty", "fakultat",
        "federacion", "federation", "fondation", "fondazione", "fondo", "forschungsgruppe", "forschungszentrum",
        "foundation", "fundacao", "fundacion", "gesellschaft", "gmbh", "gosudarstvennyi", "government", "group",
        "groupe", "gruppe", "gruppo", "hochschule", "inc", "incorporated", "initiative", "institut", "institute",
        "institutes", "institutet", "institutie", "institution", "instituto", "instituut", "instytut",
        "investigators", "istituto", "kaisha", "kenkyujo", "komisja", "komitee", "komitet", "kommission",
        "kommunen", "kongress", "konsortium", "kyokai", "laboratoire", "laboratories", "laboratorio",
        "laboratorium", "laboratory", "landesamt", "landesmuseum", "legislature", "library", "limited", "ltd",
        "ministere", "ministerio", "ministerium", "ministero", "ministerstvo", "ministerstwo", "ministry",
        "musee", "museet", "museo", "museu", "museum", "muzei", "muzeum", "network", "observatoire",
        "observatorio", "observatory", "obshchestvo", "organisation", "organizacion", "organization",
        "organizzazione", "osservatorio", "parliament", "partnership", "programme", "project", "projekt",
        "publishers", "publishing", "research", "rossiiskaia", "schule", "sdruzenie", "secretaria", "secretariat",
        "services", "sociedad", "sociedade", "societa", "societas", "societe", "societies", "society",
        "spolecnost", "stichting", "stiftung", "stowarzyszenie", "subcommittee", "symposium", "taskforce", "team",
        "teams", "tidningar", "towarzystwo", "tsentr", "uczelnia", "umweltbundesamt", "universidad",
        "universidade", "universita", "universitas", "universitat", "universitatea", "universite", "universiteit",
        "universitet", "universitetet", "universities", "university", "univerza", "univerzita", "univerzitet",
        "uniwersytet", "verband", "verein", "vereinigung", "vereniging", "verlag", "verlagsgesellschaft",
        "workshop", "zentrum", "πανεπιστημιο", "академии", "академия", "институт", "коллаборация", "комитет",
        "министерство", "общество", "университет", "центр", "אוניברסיטה", "האוניברסיטה", "מכון", "جامعة", "جمعية",
        "دانشگاه", "مؤسسة", "معهد", "وزارة",
    }
)  # fmt: skip

#: Organisations, but surnames too: only where a linking word stands beside them and no comma.
SURNAMES_OR_ORGANISATIONS: Final = frozenset(
    {
        "abbey", "archive", "archives", "army", "bank", "board", "books", "brothers", "center", "centre",
        "chamber", "church", "city", "club", "college", "company", "county", "court", "diocese", "district",
        "firm", "firma", "force", "hospital", "house", "kirche", "office", "party", "press", "province", "school",
        "schools", "service", "state", "states", "studio", "studios", "temple", "theater", "theatre", "trust",
        "union", "unit", "works",
    }
)  # fmt: skip
LINKING_WORDS: Final = frozenset(
    {
        "and", "da", "de", "del", "della", "der", "des", "do", "du", "e", "et", "for", "fuer", "fur", "in", "of",
        "on", "the", "und", "y",
    }
)  # fmt: skip

#: Words of organisations in scripts without blanks, as they stand inside a name.
ORGANISATION_PARTS: Final = re.compile(
    "大学|大學|学院|學院|研究所|研究院|研究会|研究會|协会|協会|協會|学会|學會|委员会|委員会|委員會|出版社|公司|会社|"
    "图书馆|図書館|圖書館|博物馆|博物館|编写组|編輯部|编辑部|대학교|학회|연구소|연구원|협회|위원회|출판사|도서관"
)

#: MARC qualifiers of bodies whose name does not convey that it is one. RDA 11.7.1.4.
CORPORATE_QUALIFIER: Final = re.compile(
    r"\((?:[^()]*\b)?(?:firm|organi[sz]ation|association|project|program|group|society|school|journal|newspaper|"
    r"ship|gallery|musical group|publisher|company|club|agency|province|state)\)",
    re.IGNORECASE,
)

#: A meeting: the word with what it was about, an ordinal, or a MARC qualifier "(2nd : 1999 : Paris)".
MEETING_WORDS: Final = (
    "conference|conférence|conferencia|conferência|conferenza|konferenz|konferentsiia|konferencja|konferencia|"
    "congress|congrès|congreso|congresso|kongress|kongres|symposium|symposion|simposio|simpósio|colloquium|colloque|"
    "coloquio|colóquio|workshop|seminar|seminario|seminário|séminaire|tagung|meeting|jornadas|journées|"
    "convegno|summit|конференция|симпозиум|конгресс|съезд"
)
MEETING: Final = re.compile(
    # Nothing begins with another letter: to look at that first saves most of the search.
    rf"\b(?=[cksjtmwaiкс\d])(?:(?:{MEETING_WORDS})s? (?:on|sur|über|sobre|su|sul|sulla|zur|zum|zu|za|po|по|held)\b"
    r"|(?:symposium|symposion|simposio|simpósio|colloquium|colloque|coloquio|colóquio|workshop)\b"
    rf"|(?:\d+(?:st|nd|rd|th|e|er|ème|º|ª|\.)|annual|international|world) (?:[\w-]+ ){{0,4}}(?:{MEETING_WORDS})$"
    rf"|(?:{MEETING_WORDS})\b[^()]*\((?:\d+(?:st|nd|rd|th|d)?|\d{{4}}[^()]*)\s*[:)])"
    r"|\(\d+(?:st|nd|rd|th|d)\s*(?:[:)]|$)",
    re.IGNORECASE,
)
#: A body that prepares meetings is none.
NOT_A_MEETING: Final = re.compile(
    r"\b(?:committee|commission|board|secretariat|society|association|team)\s*\.?$", re.IGNORECASE
)
