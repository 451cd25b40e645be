-- Headings whose spelling is in question: those that the dump brings in another than the warehouse shows, and
-- those that somebody credits, but nobody as an old version of a changed record did.
CREATE TEMPORARY TABLE respelt_authors ON COMMIT DROP AS
SELECT held_authors.author_id
FROM held_authors
WHERE held_authors.is_spelt_otherwise
UNION
SELECT former_credits.author_id
FROM former_credits
INNER JOIN catalog.authors ON authors.author_id = former_credits.author_id
WHERE
    NOT EXISTS (
        SELECT
        FROM catalog.record_authors
        WHERE
            record_authors.author_id = former_credits.author_id
            AND record_authors.name_as_written = former_credits.name_as_written
            AND record_authors.source_field = former_credits.source_field
    );
ANALYZE respelt_authors;
