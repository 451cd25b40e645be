-- The ways in which headings whose spelling is in question are written now.
SELECT DISTINCT
    record_authors.author_id,
    record_authors.name_as_written,
    record_authors.source_field
FROM respelt_authors
INNER JOIN catalog.record_authors ON record_authors.author_id = respelt_authors.author_id;
