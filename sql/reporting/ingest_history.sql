-- What was loaded when, what did it change, and how fast was it?
CREATE OR REPLACE VIEW reporting.ingest_history AS
SELECT
    loads.warehouse_version,
    loads.loaded_at,
    dumps.source,
    dumps.name AS dump,
    loads.kind,
    loads.records_read,
    loads.records_new,
    loads.records_changed,
    loads.records_unchanged,
    loads.records_outdated,
    loads.records_repeated,
    loads.records_deleted,
    loads.records_quarantined,
    loads.publications,
    loads.works,
    loads.merges,
    loads.extract_seconds,
    loads.normalize_seconds,
    loads.deduplicate_seconds,
    loads.load_seconds,
    loads.deletions,
    times.seconds,
    (loads.records_read / NULLIF(times.seconds, 0))::numeric(12, 1) AS records_per_second,
    (loads.records_read / NULLIF(loads.load_seconds, 0))::numeric(12, 1) AS loaded_per_second,
    ROUND(loads.records_quarantined::numeric / NULLIF(loads.records_read, 0), 4) AS quarantined_share
FROM ops.loads
CROSS JOIN LATERAL (
    SELECT SUM(stages.seconds) AS seconds
    FROM (
        VALUES
        (loads.extract_seconds), (loads.normalize_seconds), (loads.deduplicate_seconds), (loads.load_seconds)
    ) AS stages (seconds)
) AS times
INNER JOIN ops.dumps ON dumps.dump_id = loads.dump_id;

COMMENT ON VIEW reporting.ingest_history IS 'What was loaded when, what did it change, and how fast was it?';
COMMENT ON COLUMN reporting.ingest_history.warehouse_version IS 'Version of the warehouse that the load made';
COMMENT ON COLUMN reporting.ingest_history.loaded_at IS 'When the load began';
COMMENT ON COLUMN reporting.ingest_history.source IS 'The catalogue';
COMMENT ON COLUMN reporting.ingest_history.dump IS 'Name of the dump';
COMMENT ON COLUMN reporting.ingest_history.kind IS 'delta or full; replay, where what had been quarantined was read again; removal, where the dump was taken out again';
COMMENT ON COLUMN reporting.ingest_history.records_read IS 'Documents read, those in quarantine included; of a removal the records for which another dump was read again';
COMMENT ON COLUMN reporting.ingest_history.records_new IS 'Records not seen before';
COMMENT ON COLUMN reporting.ingest_history.records_changed IS 'Records whose content changed, also where no column shows it, as of an author that is no name; reporting.record_changes has those that show it';
COMMENT ON COLUMN reporting.ingest_history.records_unchanged IS 'Records whose content stayed the same';
COMMENT ON COLUMN reporting.ingest_history.records_outdated IS 'Records of which a later dump had brought a version that says something else';
COMMENT ON COLUMN reporting.ingest_history.records_repeated IS 'Occurrences of an id beside the one that counts: the last, and a page without staff view only where there is no other';
COMMENT ON COLUMN reporting.ingest_history.records_deleted IS 'Records ended: deleted by the dump, or lacking in a full one; of a removal also those that went without a trace, whether they had ended before or not';
COMMENT ON COLUMN reporting.ingest_history.records_quarantined IS 'What could not be read';
COMMENT ON COLUMN reporting.ingest_history.publications IS 'Publications in the warehouse after the load';
COMMENT ON COLUMN reporting.ingest_history.works IS 'Works in the warehouse after the load';
COMMENT ON COLUMN reporting.ingest_history.merges IS 'Former publications and works that the load joined to another';
COMMENT ON COLUMN reporting.ingest_history.extract_seconds IS 'Time to read the dump';
COMMENT ON COLUMN reporting.ingest_history.normalize_seconds IS 'Time to normalise it';
COMMENT ON COLUMN reporting.ingest_history.deduplicate_seconds IS 'Time to find publications and works';
COMMENT ON COLUMN reporting.ingest_history.load_seconds IS 'Time to load it, from holding the lock to the commit, deduplicating again included; null for a repetition';
COMMENT ON COLUMN reporting.ingest_history.deletions IS 'Statements of the dump that a record is deleted';
COMMENT ON COLUMN reporting.ingest_history.seconds IS 'Time of all its stages together';
COMMENT ON COLUMN reporting.ingest_history.records_per_second IS 'Documents read in a second of that';
COMMENT ON COLUMN reporting.ingest_history.loaded_per_second IS 'Documents read in a second of loading alone; null for a repetition';
COMMENT ON COLUMN reporting.ingest_history.quarantined_share IS 'Share of what was read that went into quarantine, 0 to 1';
