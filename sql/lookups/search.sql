-- Full-text search: what is asked is folded as the words are (functions/words.sql). No row of a table rests on these
-- functions, so that they may change without anything to be made anew.

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
            (1.0 / GREATEST(LENGTH(found.words), 1))::real AS score
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
        LIMIT CASE WHEN at_most < 0 THEN 0 ELSE at_most END
    ) AS best
    INNER JOIN catalog.publications ON publications.publication_id = best.publication_id
    ORDER BY best.score DESC, publications.record_count DESC, publications.publication_id;
END;

COMMENT ON FUNCTION reporting.search(text, integer) IS 'Which publications have these words in title and names, whatever their accents and case? The best come first: at_most of them, 1,000 where that is not said, all where it is null';
