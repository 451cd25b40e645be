-- Records that only a dump held which is taken out again: what hangs on them has gone already.
DELETE FROM catalog.records
USING staged_vanishing
WHERE records.record_id = staged_vanishing.record_id;
