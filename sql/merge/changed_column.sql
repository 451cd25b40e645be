-- How one column of catalog.records changes with the version that is brought, as an object to be joined with others.
CASE
    WHEN {held} IS DISTINCT FROM {brought} THEN JSONB_BUILD_OBJECT({name}, JSONB_BUILD_ARRAY({held}, {brought}))
    ELSE '{{}}'
END
