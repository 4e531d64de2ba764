"""T01b: each permission check removed in turn, and the test that notices. `make proof` runs a sample, MUTANTS=all every one."""
