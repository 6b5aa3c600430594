"""Identifies clients and limits how much work each can cause."""
