-- What hangs on new and changed records and does not stand already, in the order of the primary keys: their ids are
-- hashes, and rows that come sorted touch each page of the index once.
INSERT INTO catalog.record_authors
SELECT staged_record_authors.*
FROM staged_record_authors
ORDER BY staged_record_authors.record_id, staged_record_authors.position;

INSERT INTO catalog.links
SELECT staged_links.*
FROM staged_links
ORDER BY staged_links.record_id, staged_links.position;

INSERT INTO catalog.record_identifiers
SELECT staged_record_identifiers.*
FROM staged_record_identifiers
ORDER BY staged_record_identifiers.record_id, staged_record_identifiers.scheme, staged_record_identifiers.value;

INSERT INTO catalog.record_work_keys
SELECT staged_record_work_keys.*
FROM staged_record_work_keys
ORDER BY staged_record_work_keys.record_id, staged_record_work_keys.work_key_id;

INSERT INTO ops.record_matching_keys
SELECT staged_record_matching_keys.*
FROM staged_record_matching_keys
ORDER BY staged_record_matching_keys.matching_key_id, staged_record_matching_keys.record_id;
