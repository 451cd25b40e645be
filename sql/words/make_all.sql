-- The words of all publications.
DELETE FROM reporting.publication_words;

INSERT INTO reporting.publication_words (publication_id, words)
SELECT
    publications.publication_id,
    reporting.words_of(publications.title, publications.author_names)
FROM catalog.publications;

UPDATE reporting.words_state
SET is_complete = TRUE;
