"""Validates the dataset: shapes, checks, volumes and questions; each finding is one sentence with file and line."""

from nevkg.validate.findings import Finding, Severity
from nevkg.validate.run import Report, validate

__all__ = ["Finding", "Report", "Severity", "validate"]
