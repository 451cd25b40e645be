-- Temporary tables that take what a dump brings; they vanish with the transaction, however it ends.
CREATE TEMPORARY TABLE staged_works (LIKE catalog.works) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_publications (LIKE catalog.publications) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_records (LIKE catalog.records) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_authors (LIKE catalog.authors) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_record_authors (LIKE catalog.record_authors) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_links (LIKE catalog.links) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_record_identifiers (LIKE catalog.record_identifiers) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_record_work_keys (LIKE catalog.record_work_keys) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_record_matching_keys (LIKE ops.record_matching_keys) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_work_evidence (LIKE catalog.work_evidence) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_assignments (
    record_id bigint, publication_id bigint, work_id bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_revived (record_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_ended (record_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_changed (
    record_id bigint,
    record_authors_differ boolean,
    links_differ boolean,
    record_identifiers_differ boolean,
    record_work_keys_differ boolean,
    record_matching_keys_differ boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_vanishing (record_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_going (record_id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_dropped (record_id_a bigint, record_id_b bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_former (level text, id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_redirects (level text, old_id bigint, new_id bigint) ON COMMIT DROP;
