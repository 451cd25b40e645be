"""Titles that name a kind of text instead of a text: equal ones prove nothing.

"Editorial", "Proceedings", "Poems" by the same author are as a rule different texts. The words are collected
from catalogues in the main languages of libraries; the patterns cover their variants. Everything is written
as :func:`pipelines.folding.fold` leaves it.
"""

from __future__ import annotations

import re
from typing import Final

#: Titles of serial sections, parts of books, official series and collected writings, whole.
_WORDS: Final = """
editorial editorials editorialboard editorialintroduction editorialcomment editorialcommentary editorialnote
editorialnotes guesteditorial guesteditorsintroduction fromtheeditor fromtheeditors
notefromtheeditor aletterfromtheeditor lettertotheeditor letterstotheeditor letterfromtheeditor letters letter
correspondence antwortderautoren reponsedesauteurs respuestadelosautores
comment comments commentary reply response rejoinder discussion debate viewpoint opinion forum
introduction introductorynote introductoryremarks preface foreword prefaceandacknowledgments prologue epilogue
afterword postscript conclusion conclusions summary abstract abstracts overview appendix appendices glossary
bibliography references contents tableofcontents index authorindex subjectindex indexofauthors titlepage
frontmatter backmatter cover errata erratum corrigendum corrigenda correction corrections addendum retraction
publishersnote publisherserratum acknowledgements acknowledgments acknowledgement acknowledgment dedication
contributors notesoncontributors abouttheauthor abouttheauthors listofcontributors listofreviewers committees
programcommittee organizingcommittee organization sponsors welcome welcomemessage openingremarks closingremarks
keynote invitedtalk keynoteaddress panel tutorial tutorials workshop poster posters
bookreview bookreviews review reviews reviewarticle reviewessay booknotes booknotices booksreceived newbooks
obituary obituaries inmemoriam necrology news newsandnotes newsandviews newsbriefs announcements announcement
calendar notices notesandnews notes miscellany miscellanea miscellaneous varia
report reports annualreport annualreports biennialreport finalreport interimreport progressreport
technicalreport quarterlyreport monthlyreport statisticalreport proceedings transactions minutes memoirs bulletin
newsletter yearbook directory handbook catalogue catalog bylaws constitution charter statutes rules regulations
budget financialstatement auditreport hearings hearing workingpaper discussionpaper memorandum circular pamphlet
papers selectedpapers collectedpapers poems selectedpoems collectedpoems completepoems poeticalworks poetry
newpoems verses verse songs sonnets plays dramas selectedplays collectedplays works completeworks selectedworks
collectedworks theworks writings selectedwritings collectedwritings essays selectedessays collectedessays
stories shortstories selectedstories collectedstories tales sermons speeches addresses lectures diary diaries
journal journals autobiography selections anthology sketches fragments novels
untitled notitle titleunknown withouttitle titlenotavailable unknown na none null
map maps photographs drawings paintings exhibition album atlas
editorialnotiz vorwort einleitung einfuhrung geleitwort nachwort nachruf inhalt inhaltsverzeichnis register
buchbesprechung buchbesprechungen rezension rezensionen jahresbericht bericht berichte geschaftsbericht
berichtigung mitteilungen verschiedenes zusammenfassung schlusswort literaturverzeichnis gedichte
ausgewahltegedichte gesammeltegedichte werke samtlichewerke gesammeltewerke ausgewahltewerke schriften
gesammelteschriften erzahlungen novellen briefe dramen reden aufsatze ohnetitel tagungsband
avantpropos preambule editoriale avertissement sommaire tabledesmatieres compterendu comptesrendus necrologie
rapport rapports rapportannuel rapportfinal rapportdactivite actes oeuvres œuvres oeuvrescompletes
œuvrescompletes oeuvreschoisies œuvreschoisies poemes poesies poesie theatre theatrecomplet contes nouvelles
lettres correspondance essais memoires bibliographie conclusiongenerale introductiongenerale sanstitre recueil
prologo prefacio presentacion introduccion introduccao introducao apresentacao editoriales indice resena resenas
reseñabibliografica resenabibliografica resenha resenhas obituario necrologia informe informeanual informefinal
primerinformedegobierno memoria memorias memoriaanual relatorio relatorioanual actas anais anales obras
obrascompletas obrasescogidas obrasselectas obrareunida obrapoetica obrapoeticacompleta poesia poesias
poesiacompleta poesiascompletas poesiareunida poemas poemasescogidos antologia antologiapoetica cuentos
cuentoscompletos contoscompletos contos teatro teatrocompleto cronicas cartas ensayos ensaios sintitulo semtitulo
bibliografia conclusiones conclusoes agradecimientos agradecimentos cartaaleditor
prefazione introduzione premessa presentazione recensione recensioni recensionilibri atti relazione opere
operecomplete tutteleopere racconti novelle lettere saggi scritti bilancio senzatitolo
voorwoord inleiding boekbespreking jaarverslag verslag gedichten verzameldegedichten verhalen inhoud
forord innledning indledning inledning arsberetning arsrapport arsberattelse dikter digte dikt noveller
wstep przedmowa recenzja recenzje sprawozdanie wiersze poezje poezjewybrane opowiadania pisma dzieła utworywybrane
predislovie vvedenie redakcionnaâstatʹâ recenziâ izbrannoe izbrannye sočineniâ sočineniia sobraniesočinenij
sobraniesochinenii polnoesobraniesocinenij stihi stihotvoreniâ stikhi stikhotvoreniia stikhotvoreniiia rasskazy
povesti poemy pesy pisma vospominaniâ vospominaniia vospominaniiia otčet otchet trudy
uvod predgovor prosiding laporan laporanakhir laporantahunan katapengantar sanwen shixuan shiji xuji
""".split()  # noqa: SIM905

#: Longer forms of the same; each must cover the whole title.
_PATTERNS: Final = (
    r"(?:the)?(?:editorial|preface|foreword|introduction)(?:to|for)?(?:the|this)?(?:special)?(?:issue|section|volume|edition)(?:on.{0,40})?",
    r"(?:guest)?editors?(?:introduction|note|notes|foreword|preface|message|page|comment|comments|choice|column|corner)",
    r"(?:letters?|note|notes|message|messages|remarks)(?:to|from|by)the(?:guest)?(?:editors?|president|chairs?|director|publisher)",
    r"(?:erratum|errata|corrigendum|corrigenda|correction|corrections|addendum|retraction)(?:to|for|notice|note).{0,12}",
    r"(?:the)?(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth)?(?:annual|biennial|quarterly|monthly|final|interim|progress)report(?:s)?(?:of|for|to)?(?:the)?(?:year|director|president)?\d{0,8}",
    r"(?:annualreport|report|jahresbericht|rapport(?:annuel)?|informe(?:anual)?|relatorio(?:anual)?|budget|proceedings|yearbook|bulletin|minutes)\d{2,8}",
    r"(?:the)?(?:complete|collected|selected|poetical|dramatic|early|later|new|last|more)(?:and(?:complete|collected|selected|new))?(?:poetical|prose|dramatic)?(?:poems|works|plays|writings|essays|stories|shortstories|letters|papers|poetry|verse)(?:\d{2,8})?",
    r"(?:book|film|record|media|software|music|literature)reviews?(?:column|corner|section)?",
    r"(?:the)?(?:authors?|in)?(?:reply|response|rejoinder)(?:(?:of|by|from)(?:the)?authors?)?"
    r"(?:to(?:the)?(?:letters?|comments?|commentary|commentaries|editors?|letters?to(?:the)?editors?))?",
    r"letters?to(?:the)?editors?",
    # A mere number: a volume, a part, a chapter. Bare years such as "1984" are titles.
    r"\d{1,3}",
    r"(?:part|volume|vol|chapter|section|book|issue|number|no|nr|band|bd|teil|heft|tome|tomo|parte|partie|libro|deel|del|tom|chast|vypusk)(?:\d{1,4}|m{0,3}(?:x{0,3})(?:ix|iv|v?i{0,3})|one|two|three|four|five|six|a|b|c)",
    r"x{0,3}(?:ix|iv|v?i{0,3})",
)

_WHOLE: Final = frozenset(_WORDS)
_PATTERN: Final = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))


def is_generic_title(folded: str) -> bool:
    """Whether a folded title names a kind of text, or is empty, a single character or a mere number."""
    return len(folded) <= 1 or folded in _WHOLE or _PATTERN.fullmatch(folded) is not None


_GUEST: Final = re.compile(r"guesteditor")


def is_of_guest(folded: str) -> bool:
    """Whether a folded title is what a guest editor writes, who edits one issue: ``Guest editor's introduction``."""
    return _GUEST.search(folded) is not None
