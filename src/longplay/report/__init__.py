"""Drawing: the page somebody looks at, made from the marts and from nothing else."""
