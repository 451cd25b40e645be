-- Where what is asked of the warehouse is put. touched_records: what a change touches; asked_keys and asked_records:
-- what is asked for now; touched_keys: the keys of what comes and of what the touched records have held;
-- neighbourhood: the records of which the content is read.
CREATE TEMPORARY TABLE touched_records (
    record_id bigint PRIMARY KEY, goes boolean, comes boolean, is_founded_earlier boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE asked_keys (key_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE asked_records (record_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE touched_keys (key_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE neighbourhood (record_id bigint) ON COMMIT DROP;

-- Under which keys records meet.
CREATE OR REPLACE TEMPORARY VIEW blocking_keys AS
SELECT
    record_matching_keys.record_id,
    record_matching_keys.matching_key_id AS key_id
FROM ops.record_matching_keys
UNION ALL
SELECT
    record_work_keys.record_id,
    record_work_keys.work_key_id AS key_id
FROM catalog.record_work_keys
WHERE record_work_keys.kind = 'AT';
