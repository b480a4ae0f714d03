"""Mapping: reads and checks a mappings folder into typed values; every fault with file and line."""
