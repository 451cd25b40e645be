-- Tables of which known records bring rows that may differ from what the warehouse holds.
SELECT 'record_authors' AS belonging
WHERE EXISTS (SELECT FROM staged_changed WHERE staged_changed.record_authors_differ)
UNION ALL
SELECT 'links'
WHERE EXISTS (SELECT FROM staged_changed WHERE staged_changed.links_differ)
UNION ALL
SELECT 'record_identifiers'
WHERE EXISTS (SELECT FROM staged_changed WHERE staged_changed.record_identifiers_differ)
UNION ALL
SELECT 'record_work_keys'
WHERE EXISTS (SELECT FROM staged_changed WHERE staged_changed.record_work_keys_differ)
UNION ALL
SELECT 'record_matching_keys'
WHERE EXISTS (SELECT FROM staged_changed WHERE staged_changed.record_matching_keys_differ);
