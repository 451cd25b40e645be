"""vufind-warehouse: raw dumps of VuFind catalogues in, a relational warehouse in Postgres out."""
