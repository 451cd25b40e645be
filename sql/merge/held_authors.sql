-- Of the headings that a load brings those that the warehouse has: whether it shows them in another spelling, and whether
-- one is another heading of the same id.
CREATE TEMPORARY TABLE held_authors ON COMMIT DROP AS
SELECT
    authors.author_id,
    ({held}) IS DISTINCT FROM ({brought}) AS is_spelt_otherwise,
    authors.heading_key <> staged_authors.heading_key AS is_another
FROM staged_authors
INNER JOIN catalog.authors ON authors.author_id = staged_authors.author_id;

ANALYZE held_authors;
