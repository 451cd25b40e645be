-- Tables that rows of a merge refer to, against who would take away what they refer to. Readers go on. They are not waited
-- for: who is at one already is VACUUM, ANALYZE or somebody's change by hand, which may take long, and an automatic one
-- would be stopped by who waits.
LOCK TABLE catalog.records, catalog.authors IN SHARE ROW EXCLUSIVE MODE NOWAIT;
