-- Sightings of records that are not there go: no foreign key holds them, and the record could not come again.
DELETE FROM ops.record_sightings
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = record_sightings.record_id);
