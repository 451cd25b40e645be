-- The words of the publications that are due, which are in the temporary table made_anew.
DELETE FROM reporting.publication_words
USING made_anew
WHERE
    publication_words.publication_id = made_anew.publication_id
    AND NOT EXISTS (SELECT FROM catalog.publications WHERE publications.publication_id = made_anew.publication_id);

INSERT INTO reporting.publication_words (publication_id, words)
SELECT
    publications.publication_id,
    reporting.words_of(publications.title, publications.author_names)
FROM made_anew
INNER JOIN catalog.publications ON publications.publication_id = made_anew.publication_id
ORDER BY publications.publication_id
ON CONFLICT (publication_id) DO UPDATE
    SET words = excluded.words
    WHERE publication_words.words <> excluded.words;
