-- Letters and digits of a text in which its spellings agree: small letters without accents, one blank between words.
--
-- Latin, Greek and Cyrillic lose case and accents, Hebrew and Arabic their points; vowel signs and the voicing of kana
-- spell a word, and stay. Letters with a stroke or bar and ligatures become plain ones (ø o, æ ae). Everything else,
-- punctuation above all, parts words. Nothing depends on the database's locale: case is folded by tables of our own where
-- the database knows only that of ASCII. Compare pipelines.normalize.text.fold_name, which folds names for ids.
CREATE OR REPLACE FUNCTION reporting.folded(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        -- Most texts are ASCII, and spared the rest.
        WHEN written ~ '^[\u0001-\u007f]*$'
            THEN BTRIM(REGEXP_REPLACE(LOWER(written COLLATE "C"), '[^a-z0-9]+', ' ', 'g'))
        ELSE (
            SELECT BTRIM(
                REGEXP_REPLACE(
                    -- What decomposing took apart and is no accent, is put together: syllables of Hangul, voiced kana.
                    CASE WHEN plain.text ~ '[\u0900-\u11ff\u3099\u309a]' THEN NORMALIZE(plain.text, NFC) ELSE plain.text END,
                    '[^a-z0-9\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0370-\u0377\u037a-\u037d\u037f\u0386'
                    '\u0388-\u0559\u0560-\u0588\u05d0-\u05f2\u0620-\u0669\u066e-\u06d3\u06d5-\u0963\u0966-\u0e4e\u0e50-\u0e59'
                    '\u0e81-\u1360\u1369-\u16ea\u16ee-\u17d3\u17d7\u17db-\u17ff\u180b-\u1fff\u2c00-\u2dff\u3005-\u3007'
                    '\u3021-\u302f\u3031-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u9fff\ua000-\ud7ff\uf900-\ufdff\ufe70-\ufefc'
                    '\U00010000-\U0001cfff\U0001d800-\U0001efff\U00020000-\U0003ffff]+',
                    ' ', 'g'
                )
            )
            FROM (
                -- Letter by letter is slow, and asked for only where there is a letter that few texts have, or a capital that
                -- the database's locale does not know. OFFSET keeps the planner from folding once for each place where
                -- the result is used.
                SELECT CASE
                    WHEN frequent.text ~ '[ðħŧŋƀɓɖɗɛƒɠɨƙƚɲƞɔɵƥƭʉʋƴƶĸØŁĐÐĦŦŊƁƐƓƗƘƝƆƟƤƬɄƲƳƵƏÆŒÞẞþΑ-ΩЀ-ЯѠ-ӿԱ-Ֆ]'
                        THEN REPLACE(REPLACE(REPLACE(REPLACE(
                            TRANSLATE(
                                frequent.text,
                                'ðħŧŋƀɓɖɗɛƒɠɨƙƚɲƞɔɵƥƭʉʋƴƶĸØŁĐÐĦŦŊƁƐƓƗƘƝƆƟƤƬɄƲƳƵƏÆŒÞẞ'
                                'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'
                                'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏѠѢѤѦѨѪѬѮѰѲѴҐҒҖҘҚҜҞҠҢҤҨҪҬҮҰҲҴҶҸҺҼӀӘӠӨ'
                                'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ',
                                'dhtnbbddefgiklnnooptuvyzkolddhtnbegiknooptuvyzəæœþß'
                                'αβγδεζηθικλμνξοπρστυφχψω'
                                'абвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџѡѣѥѧѩѫѭѯѱѳѵґғҗҙқҝҟҡңҥҩҫҭүұҳҵҷҹһҽӏәӡө'
                                'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ'
                            ),
                            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'
                        )
                    ELSE frequent.text
                END
                FROM (
                    -- One by one these cost next to nothing.
                    SELECT CASE
                        WHEN small.text ~ '[ßæœøłđıς]'
                            THEN REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
                                small.text,
                                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ø', 'o'), 'ł', 'l'), 'đ', 'd'), 'ı', 'i'), 'ς', 'σ'
                            )
                        ELSE small.text
                    END
                    FROM (
                        SELECT REGEXP_REPLACE(
                            -- ASCII by itself, as Turkish has another small I; what the database's locale knows besides.
                            LOWER(LOWER(NORMALIZE(written, NFKD) COLLATE "C") COLLATE "default"),
                            -- Accents and points; signs that stand for an apostrophe or hardness; invisible marks.
                            '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7'
                            '\u0610-\u061a\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff'
                            '\ufe00-\ufe0f\ufe20-\ufe2f\u02b9-\u02ff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+',
                            '', 'g'
                        )
                        OFFSET 0
                    ) AS small (text)
                    OFFSET 0
                ) AS frequent (text)
                OFFSET 0
            ) AS plain (text)
        )
    END;
END;

COMMENT ON FUNCTION reporting.folded(text) IS 'Letters and digits of a text in which its spellings agree: small letters without accents, one blank between words';

-- The form in which spellings of the name of a journal, series or publisher meet.
CREATE OR REPLACE FUNCTION reporting.folded_name(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN REGEXP_REPLACE(reporting.folded(REPLACE(written, '&', ' and ')), '^the (?=.)', '');

COMMENT ON FUNCTION reporting.folded_name(text) IS 'The form in which spellings of the name of a journal, series or publisher meet: reporting.folded, without a leading "the", with "and" for an ampersand';
