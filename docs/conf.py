"""Sphinx configuration; reference pages are generated from the code and the mappings before each build."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generate

from nordstat import __version__

project = "nordstat"
author = "The nordstat developers"
release = __version__
html_title = f"nordstat {__version__}"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
exclude_patterns = ["_build", "**/jupyter_execute"]
html_theme = "furo"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120

autodoc_typehints = "none"
numpydoc_show_class_members = False
autosummary_generate = False
default_role = None

# Types of other libraries and words of numpydoc's type lines have no page here; everything of nordstat must resolve.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!nordstat\.).*")]


def setup(_app: object) -> None:
    """Write the generated pages."""
    generate.write_all(Path(__file__).parent)
