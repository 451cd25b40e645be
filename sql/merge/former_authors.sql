-- Headings that the old versions of changed records credit: some may be credited by nobody now.
CREATE TEMPORARY TABLE former_authors ON COMMIT DROP AS
SELECT DISTINCT record_authors.author_id
FROM staged_changed
INNER JOIN catalog.record_authors ON record_authors.record_id = staged_changed.record_id;
