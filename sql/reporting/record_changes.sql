-- What changed with each load: which records came, changed, ended, came back, joined or left a publication or a work?
CREATE OR REPLACE VIEW reporting.record_changes AS
SELECT
    record_changes.warehouse_version,
    loads.loaded_at,
    dumps.source AS dump_source,
    dumps.name AS dump,
    record_changes.change,
    COALESCE(records.source, removed.changed_columns -> 'source' ->> 0) AS source,
    COALESCE(records.source_record_id, removed.changed_columns -> 'source_record_id' ->> 0) AS source_record_id,
    COALESCE(records.title, removed.changed_columns -> 'title' ->> 0) AS title,
    record_changes.changed_columns,
    CASE
        WHEN record_changes.publication_id_before IS NULL OR record_changes.publication_id IS NULL THEN NULL
        ELSE record_changes.publication_id_before <> record_changes.publication_id
    END AS is_in_another_publication,
    CASE
        WHEN record_changes.work_id_before IS NULL OR record_changes.work_id IS NULL THEN NULL
        ELSE record_changes.work_id_before <> record_changes.work_id
    END AS is_in_another_work,
    record_changes.publication_id_before,
    record_changes.publication_id,
    record_changes.work_id_before,
    record_changes.work_id,
    record_changes.record_id,
    loads.kind
FROM ops.record_changes
LEFT JOIN catalog.records ON records.record_id = record_changes.record_id
-- What a record was called that vanished with the dump that alone held it.
LEFT JOIN LATERAL (
    SELECT vanished.changed_columns
    FROM ops.record_changes AS vanished
    WHERE
        records.record_id IS NULL
        AND vanished.record_id = record_changes.record_id
        AND vanished.change = 'removed'
    ORDER BY vanished.warehouse_version DESC
    LIMIT 1
) AS removed ON TRUE
LEFT JOIN ops.loads ON loads.warehouse_version = record_changes.warehouse_version
LEFT JOIN ops.dumps ON dumps.dump_id = loads.dump_id;

COMMENT ON VIEW reporting.record_changes IS 'What changed with each load: which records came, changed, ended, came back, joined or left a publication or a work? Of a first load, into an empty warehouse, reporting.changes_by_load tells the number alone';
COMMENT ON COLUMN reporting.record_changes.warehouse_version IS 'Version of the warehouse that the change made';
COMMENT ON COLUMN reporting.record_changes.loaded_at IS 'When the load began; null where a person decided, or settings changed';
COMMENT ON COLUMN reporting.record_changes.dump_source IS 'Catalogue of the dump that was loaded';
COMMENT ON COLUMN reporting.record_changes.dump IS 'Name of the dump that was loaded or taken out';
COMMENT ON COLUMN reporting.record_changes.change IS 'new, new_but_ended where newer dumps had ended it already, changed, ended, returned, regrouped, or removed where only a dump held it that was taken out again';
COMMENT ON COLUMN reporting.record_changes.source IS 'Catalogue of the record';
COMMENT ON COLUMN reporting.record_changes.source_record_id IS 'Its id there';
COMMENT ON COLUMN reporting.record_changes.title IS 'Its title now; of a removed record the last';
COMMENT ON COLUMN reporting.record_changes.changed_columns IS 'Columns of catalog.records whose value is another, and links, identifiers, credits and work_keys, each with the old and the new value; null where none is';
COMMENT ON COLUMN reporting.record_changes.is_in_another_publication IS 'Whether it went from one publication to another; null where it was or is in none';
COMMENT ON COLUMN reporting.record_changes.is_in_another_work IS 'Whether it went from one work to another; null where it was or is in none';
COMMENT ON COLUMN reporting.record_changes.publication_id_before IS 'The publication it was of; null for none';
COMMENT ON COLUMN reporting.record_changes.publication_id IS 'The publication it was of after the change; null for none';
COMMENT ON COLUMN reporting.record_changes.work_id_before IS 'The work it was of; null for none';
COMMENT ON COLUMN reporting.record_changes.work_id IS 'The work it was of after the change; null for none';
COMMENT ON COLUMN reporting.record_changes.record_id IS 'The record';
COMMENT ON COLUMN reporting.record_changes.kind IS 'delta, full, replay, or removal where the dump was taken out again; null for a decision of a person or a setting';
