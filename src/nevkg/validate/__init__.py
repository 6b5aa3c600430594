"""Validation: shapes, checks, volumes and questions, each finding told in a sentence."""

from nevkg.validate.findings import Finding, Severity
from nevkg.validate.run import Report, validate

__all__ = ["Finding", "Report", "Severity", "validate"]
