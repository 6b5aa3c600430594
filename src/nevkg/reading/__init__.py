"""Reads pages: finds quotes, numbers, dates and names in their text. Contains no domain terms."""
