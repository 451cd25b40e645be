-- Full-text search. Words are made by reporting.folded and by nothing else: neither dictionaries nor the parser of
-- Postgres's text search, which goes by the database's locale, have a say in them. So "Sørensen", "Sorensen" and
-- "SORENSEN" are one word everywhere.
--
-- Scripts that are written without blanks (Chinese characters, kana, Thai, Lao, Burmese, Khmer) are cut into pairs of
-- neighbouring characters; the last character of a run is a word of its own, so that each begins a word, and a single
-- one is found as the beginning of pairs.
CREATE OR REPLACE FUNCTION reporting.unspaced() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]';

COMMENT ON FUNCTION reporting.unspaced() IS 'A character of a script that is written without blanks, as a regular expression';

CREATE OR REPLACE FUNCTION reporting.spelt_words(written text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT ARRAY_REMOVE(
        STRING_TO_ARRAY(
            CASE
                WHEN spelt.folded ~ reporting.unspaced()
                    THEN (
                        SELECT
                            REGEXP_REPLACE(runs.text, '(' || reporting.unspaced() || '{2})', ' \1 ', 'g')
                            || ' '
                            -- The same from the second character of each run on.
                            || REGEXP_REPLACE(
                                REGEXP_REPLACE(runs.text, '(^| )' || reporting.unspaced(), ' ', 'g'),
                                '(' || reporting.unspaced() || '{2})', ' \1 ', 'g'
                            )
                        FROM (
                            SELECT REGEXP_REPLACE(spelt.folded, '(' || reporting.unspaced() || '+)', ' \1 ', 'g')
                        ) AS runs (text)
                    )
                ELSE spelt.folded
            END,
            ' '
        ),
        ''
    )
    FROM (
        -- A word of Postgres has at most 2,046 bytes, a text no end.
        SELECT CASE
            WHEN LENGTH(whole.folded) > 200 THEN REGEXP_REPLACE(whole.folded, '(\S{200})\S+', '\1', 'g')
            ELSE whole.folded
        END
        FROM (SELECT reporting.folded(LEFT(written, 50000)) OFFSET 0) AS whole (folded)
        OFFSET 0
    ) AS spelt (folded);
END;

COMMENT ON FUNCTION reporting.spelt_words(text) IS 'The words of a text for search: folded, and scripts without blanks cut into pairs of characters';

CREATE OR REPLACE FUNCTION reporting.words_of(title text, author_names text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY_TO_TSVECTOR(
    COALESCE(reporting.spelt_words(CONCAT_WS(' ', title, ARRAY_TO_STRING(author_names, ' '))), ARRAY[]::text[])
);

COMMENT ON FUNCTION reporting.words_of(text, text[]) IS 'The words by which a publication of this title and these names is searched';
