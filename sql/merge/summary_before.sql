-- What a change touches adds to a summary before it does.
CREATE TEMPORARY TABLE {before} ON COMMIT DROP AS
{counted};

ANALYZE {before};
