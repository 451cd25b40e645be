-- What was restored goes its own way from here on: no plan that was made for what it was copied from is loaded into it.
UPDATE ops.warehouse_version
SET warehouse_id = GEN_RANDOM_UUID();
