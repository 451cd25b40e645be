-- By which a load knows whether what hangs on a record changes, without reading it.

ALTER TABLE catalog.records ADD COLUMN record_authors_hash BIGINT;
COMMENT ON COLUMN catalog.records.record_authors_hash IS 'Hash of its credits, by which a load knows whether they change; null where an earlier version of the program wrote the record';
ALTER TABLE catalog.records ADD COLUMN links_hash BIGINT;
COMMENT ON COLUMN catalog.records.links_hash IS 'Hash of its links, as record_authors_hash';
ALTER TABLE catalog.records ADD COLUMN record_identifiers_hash BIGINT;
COMMENT ON COLUMN catalog.records.record_identifiers_hash IS 'Hash of its identifiers, as record_authors_hash';
ALTER TABLE catalog.records ADD COLUMN record_work_keys_hash BIGINT;
COMMENT ON COLUMN catalog.records.record_work_keys_hash IS 'Hash of its work keys, as record_authors_hash';
ALTER TABLE catalog.records ADD COLUMN record_matching_keys_hash BIGINT;
COMMENT ON COLUMN catalog.records.record_matching_keys_hash IS 'Hash of the keys by which matching finds it, as record_authors_hash';
