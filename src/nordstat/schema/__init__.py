"""Schemas: what a frame must look like, from one dictionary of columns; the only room that knows pandera."""
