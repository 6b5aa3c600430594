"""What every response needs, whatever it answers: hosts, limits, negotiation, conditional and partial requests, errors, the log."""
