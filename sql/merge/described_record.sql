-- All that describes the record of this row of catalog.records: its columns, and what hangs on it.
TO_JSONB(records)
- ARRAY['record_id', 'publication_id', 'work_id', 'description_hash', 'content_hash', 'changed_at', 'deleted_at']
|| JSONB_BUILD_OBJECT(
    'links', (
        SELECT JSONB_AGG(links.url_as_written ORDER BY links.position)
        FROM catalog.links
        WHERE links.record_id = records.record_id
    ),
    'identifiers', (
        SELECT JSONB_AGG(identifiers.scheme || ' ' || identifiers.value ORDER BY identifiers.scheme, identifiers.value)
        FROM catalog.record_identifiers AS identifiers
        WHERE identifiers.record_id = records.record_id
    ),
    'credits', (
        SELECT JSONB_AGG(CONCAT_WS(', ', credits.name_as_written, credits.role) ORDER BY credits.position)
        FROM catalog.record_authors AS credits
        WHERE credits.record_id = records.record_id
    ),
    'work_keys', (
        SELECT JSONB_AGG(keys.kind || ' ' || keys.key ORDER BY keys.kind, keys.key)
        FROM catalog.record_work_keys AS keys
        WHERE keys.record_id = records.record_id
    )
)
