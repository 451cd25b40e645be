-- Keys of records that are not there go: no foreign key holds them, and the record could not come again.
DELETE FROM ops.record_matching_keys
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = record_matching_keys.record_id);
