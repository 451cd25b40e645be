-- Valid identifiers, and arXiv ids that a number may have damaged, of the neighbours whose content stays as the warehouse has it.
SELECT
    record_identifiers.record_id,
    record_identifiers.scheme,
    record_identifiers.value
FROM catalog.record_identifiers
LEFT JOIN touched_records ON touched_records.record_id = record_identifiers.record_id
WHERE
    record_identifiers.record_id = ANY (%(record_ids)s::bigint [])
    AND (record_identifiers.is_valid OR record_identifiers.scheme = 'arxiv')
    AND COALESCE(NOT touched_records.goes, TRUE);
