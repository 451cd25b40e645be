-- The words of all publications. They are made into a table of this transaction's own first: Postgres makes rows in
-- several processes at once for a new table, and for no other. What they cost is the making, not the writing.
CREATE TEMPORARY TABLE words_made ON COMMIT DROP AS
SELECT
    publications.publication_id,
    reporting.words_of(publications.title, publications.author_names) AS words
FROM catalog.publications;

ANALYZE words_made (publication_id);

-- Where there were words, which is where the rules by which they are made have changed, most stay as they are.
DELETE FROM reporting.publication_words
WHERE NOT EXISTS (SELECT FROM words_made WHERE words_made.publication_id = publication_words.publication_id);

INSERT INTO reporting.publication_words (publication_id, words)
SELECT words_made.publication_id, words_made.words
FROM words_made
ON CONFLICT (publication_id) DO UPDATE
    SET words = excluded.words
    WHERE publication_words.words <> excluded.words;

DROP TABLE words_made;

UPDATE reporting.words_state
SET is_complete = TRUE;
