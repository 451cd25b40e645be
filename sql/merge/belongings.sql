-- What hangs on new and changed records.
INSERT INTO catalog.record_authors
SELECT staged_record_authors.*
FROM staged_record_authors;

INSERT INTO catalog.links
SELECT staged_links.*
FROM staged_links;

INSERT INTO catalog.record_identifiers
SELECT staged_record_identifiers.*
FROM staged_record_identifiers;

INSERT INTO catalog.record_work_keys
SELECT staged_record_work_keys.*
FROM staged_record_work_keys;
