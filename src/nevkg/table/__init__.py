"""Tables: native values with columns, and the formats for programs and for people."""
