-- A dump that comes again keeps the kind that it was said to be when it went in last: what frames say may be of a try
-- that did not go in. Of a full dump that counted as a delta earlier versions did not write down here what it was said
-- to be: it is taken for a delta, which ends nothing.

ALTER TABLE ops.dumps ADD COLUMN said_to_be TEXT;
UPDATE ops.dumps SET said_to_be = CASE kind WHEN 'full' THEN 'full' ELSE 'delta' END;
ALTER TABLE ops.dumps ALTER COLUMN said_to_be SET NOT NULL;
COMMENT ON COLUMN ops.dumps.said_to_be IS 'delta or full, as it was said to be when it went in last: a full one that was not read whole counts as a delta. It keeps this where it comes again and nothing is said';
