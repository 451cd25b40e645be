-- Publications whose words for search are not those of title and names become due, and words of none are due to go. Where
-- all words are still to be made, none differs.
INSERT INTO reporting.words_due (publication_id)
SELECT COALESCE(publications.publication_id, publication_words.publication_id)
FROM catalog.publications
FULL JOIN reporting.publication_words ON publication_words.publication_id = publications.publication_id
WHERE
    (SELECT words_state.is_complete FROM reporting.words_state)
    AND publication_words.words
    IS DISTINCT FROM
    CASE
        WHEN publications.publication_id IS NOT NULL
            THEN reporting.words_of(publications.title, publications.author_names)
    END
ORDER BY 1
ON CONFLICT (publication_id) DO NOTHING;
