-- Temporary tables for what takes the place of what a dump said. retaken: records of which an older dump is the latest
-- now, and where it holds them; refounded: records of which a later dump is the first now; vanishing: records that only
-- the dump held; unsaid: records that it said to be deleted.
CREATE TEMPORARY TABLE retaken (
    record_id bigint PRIMARY KEY,
    content_hash bigint,
    dump_id bigint,
    file text,
    member text,
    byte_offset bigint,
    byte_length bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE refounded (record_id bigint PRIMARY KEY, dump_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE vanishing (record_id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE unsaid ON COMMIT DROP AS
SELECT record_deletions.record_id
FROM ops.record_deletions
WHERE record_deletions.dump_id = %(dump_id)s;
ANALYZE unsaid;
