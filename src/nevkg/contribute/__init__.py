"""What contributors use: tables become data, and the same thing under two names is found."""
