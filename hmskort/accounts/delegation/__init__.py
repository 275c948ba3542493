"""Letting others act for a company: given with rights and dates, authorised, withdrawn, ended."""
