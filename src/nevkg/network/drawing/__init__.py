"""Networks as pictures and interactive pages."""
