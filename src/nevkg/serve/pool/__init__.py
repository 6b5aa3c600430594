"""The pool of worker processes. Each does one job at a time, can be killed at any moment, and is then replaced."""
