-- Where what is asked of the warehouse is put. touched_records: what a change touches; asked_keys and asked_records:
-- what is asked for now; key_holders: who holds the keys asked for.
-- Keys lie in two tables, and is_work_key tells in which. Each statement joins both on its own: over a view of the two
-- no index would be used.
CREATE TEMPORARY TABLE touched_records (
    record_id bigint PRIMARY KEY, goes boolean, comes boolean, is_founded_earlier boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE asked_keys (key_id bigint, is_work_key boolean) ON COMMIT DROP;
CREATE TEMPORARY TABLE asked_records (record_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE key_holders (record_id bigint, key_id bigint) ON COMMIT DROP;
