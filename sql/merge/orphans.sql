-- Headings that nobody credits any more.
DELETE FROM catalog.authors
USING former_credits
WHERE
    authors.author_id = former_credits.author_id
    AND NOT EXISTS (SELECT FROM catalog.record_authors WHERE record_authors.author_id = authors.author_id);
