-- What hangs on the old versions of changed records makes way for the new.
DELETE FROM catalog.record_authors
USING staged_changed
WHERE record_authors.record_id = staged_changed.record_id;

DELETE FROM catalog.links
USING staged_changed
WHERE links.record_id = staged_changed.record_id;

DELETE FROM catalog.record_identifiers
USING staged_changed
WHERE record_identifiers.record_id = staged_changed.record_id;

DELETE FROM catalog.record_work_keys
USING staged_changed
WHERE record_work_keys.record_id = staged_changed.record_id;

DELETE FROM ops.record_matching_keys
USING staged_changed
WHERE record_matching_keys.record_id = staged_changed.record_id;
