"""What a label, a subtitle or a bracket says that makes another text of one: ``Erratum: …``, ``…: study guide``."""

from __future__ import annotations

from typing import Final

from pipelines.works.title_words import MARK

#: Folded words by which a text says, anywhere in its title, that it is about another one under that one's title.
ABOUT: Final = frozenset(
    """
    correction corrections corrigendum corrigenda erratum errata addendum addenda retraction retracted withdrawal
    withdrawn comment comments commentary rejoinder reply replies response responses discussion dataset data
    supplementary supporting
    berichtigung berichtigungen korrigenda rectificatif rectificatifs rectificacion retificacao rettifica rectificatie
    ispravlenie ispravlenia popravka opecatki erwiderung entgegnung
    """.split()  # noqa: SIM905
)

#: ``Additional file 2 of …``, as publishers deposit the supplements of their articles.
_FILE: Final = {"additional", "file"}

#: Words that say so in a label, subtitle or bracket of their own: in a title proper they may mean anything.
_IN_A_PART: Final = frozenset(
    """
    workbook workbooks arbeitsbuch arbeitsheft ubungsbuch losungsbuch lehrerhandbuch lehrerband cuaderno eserciziario
    werkboek abridged abridgement abrege gekurzt gekurzte slides folien diapositives supplement supplementum
    supplemento korrektur korrekturen correctif correccion correcciones correzione correzioni correcao correcoes
    correctie correcties replik retractacion retratacao retractatie zuruckziehung
    """.split()  # noqa: SIM905
)
#: Pairs of words that do.
_TOGETHER: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "expression concern", "redundant publication", "duplicate publication", "study guide", "solutions manual",
        "solution manual", "instructors manual", "teachers guide", "teachers manual", "teachers book",
        "teachers edition", "teacher guide", "students guide", "student guide", "students manual", "students book",
        "student companion", "student workbook", "laboratory manual", "answer key", "livre professeur",
        "guide pedagogique", "cahier exercices", "libro profesor", "guia didactica", "fe erratas", "test bank",
    )
)  # fmt: skip
#: Words of ABOUT and of these by which a text says that it corrects or withdraws another, which is no name of that one.
_CORRECTIONS: Final = frozenset(
    """
    correction corrections corrigendum corrigenda erratum errata addendum addenda retraction
    berichtigung berichtigungen korrektur korrekturen korrigenda rectificatif rectificatifs rectificacion retificacao
    rettifica rectificatie correctif correccion correcciones correzione correzioni correcao correcoes correctie
    correcties retractacion retratacao retractatie ispravlenie ispravlenia popravka opecatki
    """.split()  # noqa: SIM905
)
#: What stands beside these in a label that says nothing else: ``Publisher's correction``, ``Notice of retraction``.
_OF_CORRECTIONS: Final = frozenset(
    """
    publisher publishers author authors editor editors editorial published notice note vol volume no issue zu
    """.split()  # noqa: SIM905
)
_CONCERN: Final = ["expression", "concern"]
#: Words that say so in front of a title, in a label of their own: behind it they are kinds of text (``Kommentar``).
_IN_FRONT: Final = frozenset(
    """
    re antwort stellungnahme kommentar nachtrag reponse replique commentaire commentaires respuesta replica comentario
    comentarios risposta commento resposta antwoord reactie commentaar otvet kommentarij code figure fig table video
    poster companion index exercises solutions
    """.split()  # noqa: SIM905
)
#: Behind a title these are a volume or a file of its own, where they stand alone.
_BEHIND: Final = frozenset({"index", "indexes", "register", "solutions", "video", "code", "losungen"})
#: More words than these are the title of something else.
_MOST_WORDS: Final = 3


def is_correction(title: str) -> bool:
    """Whether the words of a title, divided by MARKs, say that the text corrects or withdraws another.

    Its first word says so, or a part in front or behind that has nothing else: ``surgical correction`` is a subtitle.
    """
    words = title.split()
    if _CORRECTIONS.isdisjoint(words) and "concern" not in words:
        return False
    parts = [part.split() for part in title.strip(f" {MARK}").split(MARK)]
    starts = parts[0][:1] and (parts[0][0] in _CORRECTIONS or parts[0][:2] == _CONCERN)
    return bool(starts) or any(_is_label_of_correction(part) for part in (parts[0], parts[-1]))


def _is_label_of_correction(part: list[str]) -> bool:
    words = {word for word in part if not word.isdigit()}
    return words == {*_CONCERN} or (bool(words & _CORRECTIONS) and words <= _CORRECTIONS | _OF_CORRECTIONS)


def is_about(missing: list[str]) -> bool:
    """Whether the words that only one title has say that it is about the other, wherever they stand."""
    return not ABOUT.isdisjoint(missing) or {*missing} >= _FILE


def is_about_in_part(part: list[str], *, in_front: bool) -> bool:
    """Whether a label, subtitle or bracket, which the other title lacks, says that the text is about the other.

    ``in_front``: whether the rest of the title stands behind it.
    """
    words = [word for word in part if not word.isdigit()]
    if not words or len(words) > _MOST_WORDS:
        return False
    told = {*words}
    if told & (ABOUT | _IN_A_PART) or any(pair <= told for pair in _TOGETHER):
        return True
    return bool(told & _IN_FRONT) if in_front else told <= _BEHIND
