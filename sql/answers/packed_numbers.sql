-- The rows of a query of numbers as values of bytes, some thousand rows a value.
SELECT STRING_AGG({sent}, ''::bytea) AS packed
FROM (
    SELECT
        answer.*,
        ROW_NUMBER() OVER () / {rows} AS block
    FROM (
        {query}
    ) AS answer
) AS numbers
GROUP BY numbers.block;
