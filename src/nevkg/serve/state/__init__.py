"""The state of the dataset that is served, and the change to a newer one."""
