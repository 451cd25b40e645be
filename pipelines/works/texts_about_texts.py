"""What a label, a subtitle or a bracket says that makes another text of one: ``Erratum: …``, ``…: study guide``."""

from __future__ import annotations

from typing import Final

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
