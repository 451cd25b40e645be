-- What a summary holds before it is counted anew.
CREATE TEMPORARY TABLE {held} ON COMMIT DROP AS
SELECT * FROM {table};
