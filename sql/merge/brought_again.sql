-- Whether known records bring rows of one table that may differ from what the warehouse holds.
SELECT EXISTS (SELECT FROM staged_changed WHERE staged_changed.{differ});
