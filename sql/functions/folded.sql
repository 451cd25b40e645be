-- Letters and digits of a text in which its spellings agree: small letters without accents, one blank between words.
--
-- Latin, Greek and Cyrillic lose case and accents, Hebrew and Arabic their points; vowel signs and the voicing of kana
-- spell a word, and stay. Letters with a stroke or bar and ligatures become plain ones (ø o, æ ae). Everything else,
-- punctuation above all, parts words. Nothing depends on the database's locale: case is folded by tables of our own,
-- as a database may know only that of ASCII. Compare pipelines.normalize.text.fold_name, which folds names for ids.
CREATE OR REPLACE FUNCTION reporting.folded(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    -- Most texts are ASCII, and spared the rest.
    WHEN written ~ '^[\u0001-\u007f]*$'
        THEN BTRIM(REGEXP_REPLACE(LOWER(written COLLATE "C"), '[^a-z0-9]+', ' ', 'g'))
    ELSE BTRIM(
        REGEXP_REPLACE(
            NORMALIZE(
                REPLACE(REPLACE(REPLACE(REPLACE(
                    TRANSLATE(
                        REGEXP_REPLACE(
                            LOWER(NORMALIZE(written, NFKD) COLLATE "C"),
                            -- Accents and points; signs that stand for an apostrophe or hardness; invisible marks.
                            '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7'
                            '\u0610-\u061a\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff'
                            '\ufe00-\ufe0f\ufe20-\ufe2f\u02b9-\u02ff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+',
                            '', 'g'
                        ),
                        'øłđðıħŧŋƀɓɖɗɛƒɠɨƙƚɲƞɔɵƥƭʉʋƴƶĸØŁĐÐĦŦŊƁƐƓƗƘƝƆƟƤƬɄƲƳƵƏÆŒÞẞ'
                        'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς'
                        'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏѠѢѤѦѨѪѬѮѰѲѴҐҒҖҘҚҜҞҠҢҤҨҪҬҮҰҲҴҶҸҺҼӀӘӠӨ'
                        'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ',
                        'olddihtnbbddefgiklnnooptuvyzkolddhtnbegiknooptuvyzəæœþß'
                        'αβγδεζηθικλμνξοπρστυφχψωσ'
                        'абвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџѡѣѥѧѩѫѭѯѱѳѵґғҗҙқҝҟҡңҥҩҫҭүұҳҵҷҹһҽӏәӡө'
                        'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ'
                    ),
                    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'
                ),
                NFC
            ),
            '[^a-z0-9\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0370-\u0377\u037a-\u037d\u037f\u0386'
            '\u0388-\u0559\u0560-\u0588\u05d0-\u05f2\u0620-\u0669\u066e-\u06d3\u06d5-\u0963\u0966-\u0e4e\u0e50-\u0e59'
            '\u0e81-\u1360\u1369-\u16ea\u16ee-\u17d3\u17d7\u17db-\u17ff\u180b-\u1fff\u2c00-\u2dff\u3005-\u3007'
            '\u3021-\u302f\u3031-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u9fff\ua000-\ud7ff\uf900-\ufdff\ufe70-\ufefc'
            '\U00010000-\U0001cfff\U0001d800-\U0001efff\U00020000-\U0003ffff]+',
            ' ', 'g'
        )
    )
END;

COMMENT ON FUNCTION reporting.folded(text) IS 'Letters and digits of a text in which its spellings agree: small letters without accents, one blank between words';

-- The form in which spellings of the name of a journal, series or publisher meet.
CREATE OR REPLACE FUNCTION reporting.folded_name(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN REGEXP_REPLACE(reporting.folded(REPLACE(written, '&', ' and ')), '^the (?=.)', '');

COMMENT ON FUNCTION reporting.folded_name(text) IS 'The form in which spellings of the name of a journal, series or publisher meet: reporting.folded, without a leading "the", with "and" for an ampersand';
