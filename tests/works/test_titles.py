"""What two titles have in common."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works import title_words as title_words_module
from pipelines.works.telling_titles import is_long, is_telling
from pipelines.works.title_words import plain_words, plain_words_of, session_notes, title_words, without_marks
from pipelines.works.titles import TitleRelation, compare_titles


def words(*titles: str | None) -> list[str]:
    return title_words(pa.array(titles, pa.string())).to_pylist()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Role of the HPV testing", "role hpv testing"),
        ("Editor's comments", "editors comments"),
        ("Über die Prävention", "uber pravention"),
        ("Толстой и мир", "tolstoj mir"),
        (None, ""),
        ("!?", ""),
        # Nothing but stop words is a title too.
        ("It and the", "it"),
        ("To the", "to the"),
        # A mark stands where a part of the title may begin or end, and nowhere else.
        ("Hamlet, prince of Denmark", "hamlet | prince denmark"),
        ("MiniCon: a scalable algorithm", "minicon | scalable algorithm"),
        ("Vivienda y ciudad / Housing and town.", "vivienda ciudad | housing town"),
        ("A - B (C)", "b | c"),
        ("Non-small cells", "non small cells"),
        # What databases append is no title.
        ("HPV testing. [Review] [72 refs]", "hpv testing"),
        ("Histoire des rats [Texte imprimé] : les villes", "histoire rats | villes"),
        ("A history of rats [electronic resource]", "history rats"),
        ("[Study of rats]. [Article in German]", "study rats"),
        # Cut off, its last word may be half a one; of a title of few words nothing would be left without it.
        ("The effect of rats on the cities of northern Eu…", "effect rats cities northern eu |"),
        ("The effect of rats: on the cities of northern Eu [...]", "effect rats | cities northern eu |"),
        ("The effect of rats on the cities of Øs... [electronic resource]", "effect rats cities øs"),
        ("The effect of brown rats on the cities of Øs... [electronic resource]", "effect brown rats cities øs |"),
        ("Waiting for northern rats ...", "waiting northern rats"),
        ("Trial.[Erratum appears in N Engl J Med. 2005 May 19;352(20):2146]", "trial"),
        ("Timing.[Erratum appears in J 26(2):244 Note: Y [corrected to Z]]", "timing"),
        ("Outcomes (Structured abstract)", "outcomes"),
        ("Surgery. <ORIGINAL> CHIRURGIE", "surgery"),
        ("Strange relations? (panel session)", "strange relations"),
        ("Data mining - Book Review", "data mining"),
        ("A site server (commerce ed.): Talk-slides available at the conference", "site server | commerce edition"),
        ("Rats and mice (J. Smith, ed.)", "rats mice | j | smith | ed"),
        ("A multi-center trial... includes discussion", "multi center trial"),
        ("Trial. [Correction in J 2001;3:4]", "trial"),
        ("Trial. [Erratum to vol 2, page 7]", "trial | erratum vol 2 | page 7"),
        ("A trial [Correction for J 2001]", "trial | correction j 2001"),
        ("A trial [Comment on J 2001]", "trial | comment j 2001"),
        # What a text is itself is no note, and letters that tell things apart are no articles.
        ("A model of objects (Erratum)", "model objects | erratum"),
        ("Hepatitis A virus, hepatitis E virus", "hepatitis 1a virus | hepatitis 1e virus"),
        ("Concerto in A minor", "concerto 1a minor"),
        ("No evidence of harm", "no evidence harm"),
        ("C++ and C# how to program", "cplusplus csharp how program"),
        ("Чайка и вишневый сад", "cajka visnevyj sad"),
        # A lone Greek letter has its name.
        ("TNF-α in β2-receptors", "tnf alpha beta 2 receptors"),
        ("\N{MICRO SIGN}-opioids", "mu opioids"),
        ("Η ιστορία", "istoria"),
        # What is said in Chinese characters: parts and numbers, in either spelling.
        ("高等数学 上册", "高等数学 part 1"),
        ("高等數學（下冊）", "高等数学 | part 下"),
        ("高等数学：中册", "高等数学 | part 2"),
        ("史记卷十二", "史记 part 12"),
        ("史記 第12卷", "史记 part 12"),
        ("研究之三", "研究 part 3"),
        ("统计年鉴2019", "统计年鉴 2019"),
        ("统计年鉴 二〇一九年", "统计年鉴 2019"),
        ("第二次世界大战", "2 次世界大战"),
        ("坂の上の雲（二）", "坂上云 | 2"),
        ("中国的经济", "中国经济"),
        ("上海史", "上海史"),
    ],
)
def test_a_title_is_its_telling_words(title: str | None, expected: str):
    assert words(title) == [expected]


LATIN_BLOCKS = [(0, 0x370), (0x1E00, 0x1F00), (0x2000, 0x2300), (0xFE20, 0xFE30)]


def test_every_latin_letter_mark_and_sign_is_folded_as_icu_folds_it():
    letters = [chr(code) for block in LATIN_BLOCKS for code in range(*block)]
    texts = [text for letter in letters for text in (letter, f"a{letter}", f"{letter}B", f"I{letter} \u0307x")]
    folded = plain_words_of(pa.array(texts)).to_pylist()
    assert [text for text, words in zip(texts, folded, strict=True) if words != plain_words(text).strip(" ")] == []


@given(st.lists(st.text() | st.text(st.sampled_from("aB éßøµΩαΣЖ東\x1f-'’\u0301"), max_size=9), max_size=9))
def test_a_column_is_folded_to_words_as_its_texts_are(texts: list[str]):
    folded = plain_words_of(pa.array(["sliced off", *texts], pa.string()).slice(1)).to_pylist()
    assert folded == [plain_words(text).strip(" ") for text in texts]


PIECES = st.sampled_from(
    [
        "[", "]", "(", ")", "<", ">", " ", "-", ":", ".", "abstract", "Review", "boo\N{KELVIN SIGN} review", "12 refs",
        "Talk-slides available", "includes discussion", "<original>", "C++", "f#", "e-mail", " ed.", "panel",
        "part", "i", "A", "minor", "vitamin", "Erratum appears in", "the", "ſ", "é",
    ]
)  # fmt: skip


@given(st.lists(st.lists(PIECES | st.just(" "), max_size=9).map("".join), max_size=6))
def test_no_rule_matches_where_a_quick_look_finds_nothing(titles: list[str]):
    expected = words(*titles)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(title_words_module, "_MAY_HOLD_A_NOTE", "")
        patched.setattr(title_words_module, "_MAY_BE_COUNTED", "")
        assert words(*titles) == expected


def test_marks_can_be_taken_out():
    assert without_marks(title_words(pa.array(["A: b, c - dd"]))).to_pylist() == ["b c dd"]


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("Apprentissage par r\\'{e}f\\'erence", "Apprentissage par référence", TitleRelation.EQUAL),
        ('Schr\\"{o}dinger operators and {R}iemann', "Schrödinger operators and Riemann", TitleRelation.EQUAL),
        ("On a result of Erd\\H{o}s and Tur\\'an", "On a result of Erdős and Turán", TitleRelation.EQUAL),
        ("The sun", "Sun /", TitleRelation.EQUAL),
        ("Data base systems", "Database systems", TitleRelation.EQUAL),
        ("Part II of it", "Part 2 of it", TitleRelation.EQUAL),
        ("The 4th workshop on rats", "The fourth workshop on rats", TitleRelation.EQUAL),
        ("The 21st century", "The 1st century", TitleRelation.NUMBERED),
        ("The colour of whales", "The color of whales", TitleRelation.MISSPELT),
        ("Decisoin support systems", "Decision support systems", TitleRelation.MISSPELT),
        ("Video anywhere in the home", "VideoAnywhere in the home", TitleRelation.EQUAL),
        (
            "A tool for extracting structured and semistructured data",
            "A tool for extracting semi-structured data",
            TitleRelation.OMITTED,
        ),
        ("Hamlet", "Hamlet, Prinz von Dänemark", TitleRelation.CONTAINED),
        ("The application profile", "Competition paper - The application profile", TitleRelation.CONTAINED),
        # Cut off within a word, behind one, both at other places; a cataloguer's mark of omission cuts no word.
        (
            "The effect of rats on the cities of northern Eu...",
            "The effect of rats on the cities of northern Europe: a history",
            TitleRelation.CONTAINED,
        ),
        (
            "The effect of common rats on the cities of no…",
            "The effect of common rats on the cities of northern Eu...",
            TitleRelation.CONTAINED,
        ),
        ("Principles of natural and political law ...", "Principles of natural and political law", TitleRelation.EQUAL),
        # The next part of it, of which the other may have been the first.
        (
            "The effect of rats on old cities...",
            "The effect of rats on old cities. II. Towns",
            TitleRelation.NUMBERED,
        ),
        ("A history of natural law...", "A history of natural law: in two volumes", TitleRelation.CONTAINED),
        ("Rats of the cities of northern Eu...", "Rats of the cities of Norway", TitleRelation.EXCHANGED),
        (
            "The effect of rats on cities and towns, par...",
            "The effect of rats on cities and towns, part 2",
            TitleRelation.EXCHANGED,
        ),
        # A part that the other title does not count.
        (
            "Fredholm realizations of elliptic symbols on manifolds",
            "Fredholm realizations of elliptic symbols on manifolds II: fibered boundary",
            TitleRelation.NUMBERED,
        ),
        ("A study of the rats of Norway", "A study of the rats of Norway, part 2: breeding", TitleRelation.NUMBERED),
        ("A study of the rats of Norway", "A study of the rats of Norway, 1999: breeding", TitleRelation.CONTAINED),
        ("A study of the rats of Norway", "A study of the rats of Norway: first results", TitleRelation.CONTAINED),
        # Two titles proper with one subtitle, one of which holds a number.
        (
            "Slope stability 2000 : proceedings of sessions of Geo-Denver 2000 : Denver, Colorado",
            "Environmental geotechnics : proceedings of sessions of Geo-Denver 2000 : Denver, Colorado",
            TitleRelation.EXCHANGED,
        ),
        ("A scalable algorithm for views", "MiniCon: A scalable algorithm for views", TitleRelation.CONTAINED),
        # Cut off somewhere, as catalogues cut.
        (
            "Use of a component architecture in integrating relational",
            "Use of a component architecture in integrating relational storage systems",
            TitleRelation.CONTAINED,
        ),
        # The end of a sentence is not the end of a title.
        ("Statistical machine translation", "Experiments in statistical machine translation", TitleRelation.OMITTED),
        ("History of the United States", "A school history of the United States", TitleRelation.OMITTED),
        ("Management of adult patients", "Management of patients", TitleRelation.OMITTED),
        ("Applying the golden rule of sampling", "Testing the golden rule of sampling", TitleRelation.EXCHANGED),
        ("A study of rats, part I", "A study of rats, part II", TitleRelation.NUMBERED),
        ("Cluster methods: part I", "Cluster checking methods: part II", TitleRelation.NUMBERED),
        ("A study of rats", "A study of rats II", TitleRelation.NUMBERED),
        ("Report on farming 1998", "Report on farming 1999", TitleRelation.NUMBERED),
        ("Where is the theory in wikis?", "Comment: Where is the theory in wikis?", TitleRelation.ABOUT),
        ("A model for objects", "Erratum: A model for objects", TitleRelation.ABOUT),
        ("A model for objects", "A model for objects: rejoinder", TitleRelation.ABOUT),
        *(
            (about.format("Principles of organic chemistry"), "Principles of organic chemistry", TitleRelation.ABOUT)
            for about in (
                "{}: study guide",
                "{}. Solutions manual",
                "{}: Arbeitsbuch",
                "{} (abridged)",
                "{}: a workbook",
                "{}: instructor's manual",
                "Student companion to {}",
                "Notice of redundant publication: {}",
                "Expression of concern: {}",
                "Re: {}",
                "Antwort auf: {}",
                "Berichtigung zu: {}",
                "Rectificatif : {}",
                "{} [Corrección]",
                "Code for: {}",
                "Code for {}",
                "Supplement to: {}",
                "Figure 2 from: {}",
                "Table 1 from {}",
                "{} (slides)",
                "Video: {}",
                "Index to {}",
                "{}: Index",
                "Исправление: {}",
                "{} [Erratum to vol 2]",
            )
        ),
        # What may belong to the title, and what databases append, is about nothing.
        ("Grundgesetz der Republik", "Grundgesetz der Republik : Kommentar", TitleRelation.CONTAINED),
        ("Rats of the world", "Rats of the world: a guide for everybody", TitleRelation.CONTAINED),
        ("Rats of the world", "Rats of the world, with an index of places", TitleRelation.CONTAINED),
        ("Rats of the world", "Rats of the world [letter]", TitleRelation.EQUAL),
        ("Companion to rats and mice", "Companion to rats and mice: new essays", TitleRelation.CONTAINED),
        ("The workbook of rat catchers", "The workbook of rat catchers: essays", TitleRelation.CONTAINED),
        # One of a series, and the series; a sequel.
        (
            "Geological survey of Norway, memoir",
            "Geological survey of Norway, memoir: the Oslo region",
            TitleRelation.OTHER,
        ),
        ("日本の歴史散歩", "続・日本の歴史散歩", TitleRelation.NUMBERED),
        ("War and peace", "Guerre et paix", TitleRelation.OTHER),
        ("Čajka i višnevyj sad", "Чайка и вишневый сад", TitleRelation.EQUAL),
        # Not one letter apart, or too short to be misspelt.
        ("Behaviour of male rats", "Behaviour of female rats", TitleRelation.EXCHANGED),
        ("Economic survey of Iran", "Economic survey of Iraq", TitleRelation.EXCHANGED),
        ("Hypertension in pregnancy", "Hypotension in pregnancy", TitleRelation.OTHER),
        ("Hepatitis A virus infection", "Hepatitis E virus infection", TitleRelation.NUMBERED),
        ("Studies on enzymes. XVII", "Studies on enzymes. XVIII", TitleRelation.NUMBERED),
        ("Studies on enzymes. XX", "Studies on enzymes. XXI", TitleRelation.NUMBERED),
        ("Studies on enzymes. XL", "Studies on enzymes. XLI", TitleRelation.NUMBERED),
        ("Studies on enzymes, part LIV", "Studies on enzymes, part 54", TitleRelation.EQUAL),
        ("Li and the city of rats", "51 and the city of rats", TitleRelation.EXCHANGED),
        ("The foruth study of rats", "The 4th study of rats", TitleRelation.EQUAL),
        # A letter was lost on the way.
        ("Th?mis: a language of databases", "Themis: a language of databases", TitleRelation.MISSPELT),
        ("World War I: a history", "World War II: a history", TitleRelation.NUMBERED),
        ("The First World War", "The Second World War", TitleRelation.NUMBERED),
        ("大学化学研究", "地学化学研究", TitleRelation.EXCHANGED),
        ("中国近代史研究", "中国现代史研究", TitleRelation.EXCHANGED),
        ("小细胞肺癌的治疗", "非小细胞肺癌的治疗", TitleRelation.EXCHANGED),
        ("高等数学 上册", "高等数学 下册", TitleRelation.NUMBERED),
        ("高等数学", "高等数学 下册", TitleRelation.NUMBERED),
        ("高等数学上册", "高等數學 第一冊", TitleRelation.EQUAL),
        ("统计年鉴2019", "统计年鉴2020", TitleRelation.NUMBERED),
        ("中国经济：历史研究", "中国经济", TitleRelation.CONTAINED),
        ("中国近代史研究资料", "中国近代史研究资料汇编", TitleRelation.OMITTED),
        ("TNF-α in rats", "TNF-alpha in rats", TitleRelation.EQUAL),
        ("TNF-α in rats", "TNF-β in rats", TitleRelation.EXCHANGED),
        ("A model for objects", "Additional file 2 of A model for objects", TitleRelation.ABOUT),
        ("A model for objects", "Additional model for objects", TitleRelation.OMITTED),
        # Companion papers exchange a word for an unlike one, or say no.
        ("Synthesis of vitamin D in rats", "Metabolism of vitamin D in rats", TitleRelation.EXCHANGED),
        ("Therapy of small cell lung cancer", "Therapy of non-small cell lung cancer", TitleRelation.EXCHANGED),
        ("Principles of microeconomics", "Principles of macroeconomics", TitleRelation.OTHER),
        ("Reduction of nitrate in soils", "Reduction of nitrite in soils", TitleRelation.EXCHANGED),
        ("Wounds of children in Norway and Sweden", "Wounds of chicken in Norway and Sweden", TitleRelation.EXCHANGED),
        ("Economic survey of rural Guinea", "Economic survey of rural Guyana", TitleRelation.EXCHANGED),
        ("Economic survey of rural Austria", "Economic survey of rural Australia", TitleRelation.EXCHANGED),
        ("Growth of tumour cells in vivo", "Growth of tumour cells in vitro", TitleRelation.EXCHANGED),
        # The same word in another form, or mistyped.
        (
            "Coordinating human learning for the organization",
            "Coordinating human learning, organizational",
            TitleRelation.REWORDED,
        ),
        ("Mining e-mail for forensics", "Mining email for forensics", TitleRelation.EQUAL),
        ("Advanced knowledge processing in KBMS", "Advanced knowledge processing in KDMS", TitleRelation.EXCHANGED),
        (
            "Design and implementation of advanced knowledge processing in KBMS",
            "Design and implementation of advanced knowledge processing in KDMS",
            TitleRelation.REWORDED,
        ),
        # A label in front hides that the rest is the same but for slips.
        (
            "Competition paper - Partnershipsin information technology",
            "Partnerships in information technology: managing rats",
            TitleRelation.OTHER,
        ),
        (
            "Competition paper - Partnershipsin information technology: managing images",
            "Partnerships in information technology: managing images",
            TitleRelation.REWORDED,
        ),
        (
            "Competition paper - Hierarchial models in information systems",
            "Hierarchical models in information systems",
            TitleRelation.CONTAINED,
        ),
        (
            "Comment - Hierarchial models in information systems",
            "Hierarchical models in information systems",
            TitleRelation.ABOUT,
        ),
        ("Frogs", "Toads", TitleRelation.OTHER),
    ],
)
def test_titles_relate(first: str, second: str, relation: TitleRelation):
    assert compare_titles(*words(first, second))[0] is relation
    assert compare_titles(*words(second, first))[0] is relation


@pytest.mark.parametrize(
    ("title", "telling", "long"),
    [
        ("Poems", False, False),
        ("高等数学", False, False),
        ("中国近代史研究", True, False),
        ("中国近代经济史研究资料汇编与目录", True, True),
        ("Data mining", False, False),
        ("Linear algebraic groups", True, False),
        ("Electroencephalographic biofeedback", True, False),
        ("On the naturalness of software", True, False),
        ("Rates of cancer in screening of women with cytology of the cervix and trachea", True, False),
        ("Rates of cancer in screening of older rural women with cytology of the cervix and trachea", True, True),
    ],
)
def test_a_title_is_telling_or_long(title: str, telling: bool, long: bool):
    [title] = words(title)
    assert (is_telling(title), is_long(title)) == (telling, long)


vocabulary = st.lists(
    st.sampled_from(["cell", "cells", "theory", "of", "part", "ii", "2", "data", "|", "base"]), max_size=7
)


@given(vocabulary, vocabulary)
def test_a_relation_is_symmetric_and_its_share_a_share(first: list[str], second: list[str]):
    a, b = " ".join(first), " ".join(second)
    relation, share = compare_titles(a, b)
    assert compare_titles(b, a) == (relation, share)
    assert 0 <= share <= 1
    assert compare_titles(a, a) == (TitleRelation.EQUAL, 1.0)


def test_a_title_may_name_its_session():
    titles = ["DEVise (Demo Abstract): querying", "Beef? (panel session)", "A demo of beef", "Beef (a panel)", None]
    assert session_notes(pa.array(titles)).to_pylist() == ["demo", "panel", None, None, None]
