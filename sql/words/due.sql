-- Publications that a load has brought, changed or emptied: their words are to be made anew. One that is due already
-- is due anew: its row is held until the load ends, or whoever makes words beside it would take it away, and make them
-- of what was there before. In order, as that one takes them, so that neither waits for the other.
INSERT INTO reporting.words_due (publication_id)
SELECT due.publication_id
FROM (
    SELECT staged_publications.publication_id
    FROM staged_publications
    UNION
    SELECT staged_former.id
    FROM staged_former
    WHERE
        staged_former.level = 'publication'
        AND NOT EXISTS (SELECT FROM catalog.publications WHERE publications.publication_id = staged_former.id)
) AS due
ORDER BY due.publication_id
ON CONFLICT (publication_id) DO UPDATE SET publication_id = excluded.publication_id;
