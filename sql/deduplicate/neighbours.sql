-- What matching reads of the neighbours whose content stays as the warehouse has it.
SELECT
    records.record_id,
    records.source,
    LEAST(
        earliest.name,
        CASE WHEN touched_records.is_founded_earlier THEN %(name)s COLLATE "C" END
    ) AS founded,
    records.title,
    records.publication_kind,
    records.publication_year,
    records.container_title,
    records.volume,
    records.issue,
    records.start_page,
    records.edition,
    records.doi,
    ARRAY_TO_STRING(records.format, E'\x1f') AS format,
    ARRAY_TO_STRING(records.author_names, E'\x1f') AS author_names,
    records.description_hash,
    NUM_NONNULLS({descriptive_columns}) AS filled,
    records.publication_id,
    records.work_id
FROM catalog.records
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS earliest ON earliest.dump_id = record_sightings.first_dump_id
LEFT JOIN touched_records ON touched_records.record_id = records.record_id
WHERE
    records.record_id = ANY (%(record_ids)s::bigint [])
    AND record_sightings.record_id = ANY (%(record_ids)s::bigint [])
    AND COALESCE(NOT touched_records.goes, TRUE)
    AND (records.deleted_at IS NULL OR touched_records.comes);
