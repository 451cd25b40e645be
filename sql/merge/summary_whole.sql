-- A summary of everything.
DELETE FROM {table};

INSERT INTO {table} ({every_column})
SELECT {every_value}
FROM ({counted}) AS counted;
