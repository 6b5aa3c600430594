"""Tables of native Python values, and their formats for programs and for people."""
