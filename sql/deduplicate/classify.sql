-- What a dump brings, record by record, against what the warehouse holds.
-- Reads the temporary table delivered (delivered.sql); dumps of one source apply in the order of their
-- names, so a record counts as changed only if no later dump has shown it already. A hash that is not
-- known differs from any.
SELECT
    delivered.record_id,
    CASE
        WHEN records.record_id IS NULL THEN 'new'
        WHEN records.content_hash = delivered.content_hash THEN 'unchanged'
        WHEN latest.name > %(name)s THEN 'outdated'
        ELSE 'changed'
    END AS status,
    records.record_id IS NOT NULL AND records.deleted_at IS NULL AS was_alive,
    (
        COALESCE(%(name)s COLLATE "C" >= %(newest_full)s COLLATE "C", TRUE)
        AND COALESCE(%(name)s COLLATE "C" > said.name, TRUE)
    )
    OR (records.record_id IS NOT NULL AND records.deleted_at IS NULL) AS is_alive,
    LEAST(earliest.name, %(name)s COLLATE "C") AS founded,
    COALESCE(earliest.name > %(name)s COLLATE "C", FALSE) AS is_founded_earlier,
    COALESCE(latest.name <= %(name)s COLLATE "C", TRUE) AS is_latest,
    records.publication_id,
    records.work_id,
    records.record_authors_hash IS DISTINCT FROM delivered.record_authors_hash AS record_authors_differ,
    records.links_hash IS DISTINCT FROM delivered.links_hash AS links_differ,
    records.record_identifiers_hash IS DISTINCT FROM delivered.record_identifiers_hash AS record_identifiers_differ,
    records.record_work_keys_hash IS DISTINCT FROM delivered.record_work_keys_hash AS record_work_keys_differ,
    records.record_matching_keys_hash IS DISTINCT FROM delivered.record_matching_keys_hash
        AS record_matching_keys_differ
FROM delivered
LEFT JOIN catalog.records ON records.record_id = delivered.record_id
LEFT JOIN ops.record_sightings ON record_sightings.record_id = delivered.record_id
LEFT JOIN ops.dumps AS earliest ON earliest.dump_id = record_sightings.first_dump_id
LEFT JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
-- The newest of the other dumps that say it is deleted.
LEFT JOIN (
    SELECT
        record_deletions.record_id,
        MAX(dumps.name) AS name
    FROM delivered AS known
    INNER JOIN ops.record_deletions ON record_deletions.record_id = known.record_id
    INNER JOIN ops.dumps ON dumps.dump_id = record_deletions.dump_id
    WHERE dumps.name <> %(name)s
    GROUP BY record_deletions.record_id
) AS said ON said.record_id = delivered.record_id;
