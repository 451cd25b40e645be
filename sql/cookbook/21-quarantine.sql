-- What could not be read, where does it lie, and why?
SELECT
    quarantine.source,
    quarantine.dump,
    quarantine.line,
    quarantine.reason
FROM reporting.quarantine
ORDER BY quarantine.source, quarantine.dump, quarantine.line;
