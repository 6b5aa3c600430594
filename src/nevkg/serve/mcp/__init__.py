"""The transports of the Model Context Protocol: standard input and output, and HTTP. Both run calls in workers."""
