"""The served state of the dataset, and the switch to a newer one."""
