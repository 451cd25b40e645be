-- Temporary table for the records that a dump delivers: the hashes by which each is seen to have changed.
CREATE TEMPORARY TABLE delivered (
    record_id bigint,
    content_hash bigint,
    record_authors_hash bigint,
    links_hash bigint,
    record_identifiers_hash bigint,
    record_work_keys_hash bigint,
    record_matching_keys_hash bigint
) ON COMMIT DROP;
