-- Records of the warehouse that have the id of a record which a dump says to be deleted, and are another.
SELECT records.record_id
FROM ops.record_deletions
INNER JOIN ops.dumps ON dumps.dump_id = record_deletions.dump_id
INNER JOIN catalog.records ON records.record_id = record_deletions.record_id
WHERE
    record_deletions.dump_id = %(dump_id)s
    AND (records.source, records.source_record_id) <> (dumps.source, record_deletions.source_record_id);
