"""Runs a notebook by nbclient with our kernel, validates what came of it, and writes it: INPUT OUTPUT."""

import os
import sys

import nbformat
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=nbformat.NO_CONVERT)
nbformat.validate(notebook)
folder = os.path.dirname(os.path.abspath(source))
NotebookClient(notebook, timeout=120, kernel_name="tapbook", resources={"metadata": {"path": folder}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, target)
