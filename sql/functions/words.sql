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

-- What is asked as a query: all words must be there. A word with * at its end stands for all that begin so, one with -
-- before it must not be there. Null where nothing is asked.
CREATE OR REPLACE FUNCTION reporting.words_asked(question text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT STRING_AGG(
        CASE WHEN asked.term ~ '^-.' THEN '!(' || asked.query || ')' ELSE asked.query END, ' & ' ORDER BY asked.place
    )::tsquery
    FROM (
        SELECT
            terms.place,
            terms.term,
            (
                SELECT STRING_AGG(
                    '''' || words.word || ''''
                    || CASE
                        WHEN
                            (terms.term ~ '\*$' AND words.place = words.count)
                            OR (words.count = 1 AND words.word ~ ('^' || reporting.unspaced() || '$'))
                            THEN ':*'
                        ELSE ''
                    END,
                    ' & '
                )
                FROM (
                    SELECT spelt.word, spelt.place, COUNT(*) OVER () AS count
                    FROM UNNEST(reporting.spelt_words(terms.term)) WITH ORDINALITY AS spelt (word, place)
                ) AS words
                -- The last character of a run is a word where it ends one: in what is asked, more may follow.
                WHERE words.count = 1 OR words.word !~ ('^' || reporting.unspaced() || '$')
            ) AS query
        -- Whoever asks more words than anybody types is answered by the first of them.
        FROM REGEXP_SPLIT_TO_TABLE(BTRIM(LEFT(question, 1000)), '\s+') WITH ORDINALITY AS terms (term, place)
    ) AS asked
    WHERE asked.query IS NOT NULL;
END;

COMMENT ON FUNCTION reporting.words_asked(text) IS 'What is asked of reporting.search, as a query: all words must be there; word* is a beginning, -word must not be there';

-- Which publications have these words in title and names? Short titles come first, of these the ones with most records.
-- What loads have changed since words were made is looked through as it is: the answer is that of the catalogue now.
CREATE OR REPLACE FUNCTION reporting.search(question text, at_most integer DEFAULT 1000)
RETURNS TABLE (
    publication_id bigint, work_id bigint, title text, authors text, publication_year integer, container_title text,
    record_count integer, score real
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        publications.publication_id,
        publications.work_id,
        publications.title,
        ARRAY_TO_STRING(publications.author_names, '; '),
        publications.publication_year,
        publications.container_title,
        publications.record_count,
        best.score
    FROM (
        SELECT
            found.publication_id,
            (1.0 / LENGTH(found.words))::real AS score
        FROM (
            SELECT publication_words.publication_id, publication_words.words
            FROM reporting.publication_words
            WHERE
                (SELECT words_state.is_complete FROM reporting.words_state)
                AND publication_words.words @@ (SELECT reporting.words_asked(question))
                AND NOT EXISTS (
                    SELECT FROM reporting.words_due WHERE words_due.publication_id = publication_words.publication_id
                )
            UNION ALL
            SELECT changed.publication_id, changed.words
            FROM reporting.words_due
            -- One by one, by their keys: how many are due the planner last heard in the midst of a load, maybe, and
            -- would make the words of all publications to find these.
            CROSS JOIN LATERAL (
                SELECT
                    publications.publication_id,
                    reporting.words_of(publications.title, publications.author_names) AS words
                FROM catalog.publications
                WHERE publications.publication_id = words_due.publication_id
                OFFSET 0
            ) AS changed
            WHERE
                (SELECT words_state.is_complete FROM reporting.words_state)
                AND changed.words @@ (SELECT reporting.words_asked(question))
            UNION ALL
            SELECT unmade.publication_id, reporting.words_of(unmade.title, unmade.author_names)
            FROM catalog.publications AS unmade
            WHERE
                NOT (SELECT words_state.is_complete FROM reporting.words_state)
                AND reporting.words_of(unmade.title, unmade.author_names) @@ (SELECT reporting.words_asked(question))
        ) AS found
        ORDER BY LENGTH(found.words), found.publication_id
        LIMIT at_most
    ) AS best
    INNER JOIN catalog.publications ON publications.publication_id = best.publication_id
    ORDER BY best.score DESC, publications.record_count DESC, publications.publication_id;
END;

COMMENT ON FUNCTION reporting.search(text, integer) IS 'Which publications have these words in title and names, whatever their accents and case? The best come first, 1,000 unless more are asked for';
