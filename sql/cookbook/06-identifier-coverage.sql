-- Of which share of its records does each catalogue give a valid identifier?
SELECT
    identifier_coverage.source,
    identifier_coverage.scheme,
    identifier_coverage.records_with_valid,
    identifier_coverage.valid_share,
    identifier_coverage.invalid_count
FROM reporting.identifier_coverage
WHERE identifier_coverage.records_with_valid > 0 OR identifier_coverage.invalid_count > 0
ORDER BY identifier_coverage.source, identifier_coverage.valid_share DESC, identifier_coverage.scheme;
