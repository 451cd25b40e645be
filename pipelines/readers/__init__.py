"""Dumps in, batches of Solr documents and of what could not be read out: ``registry`` is the door."""
