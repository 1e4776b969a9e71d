"""Runs a notebook by nbclient and writes it as a page for readers without Jupyter: NAME, below the working folder's notebooks."""

import os
import sys

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

(name,) = sys.argv[1:]
os.chdir(os.path.expanduser("~/notebooks"))
notebook = nbformat.read(f"{name}.ipynb", as_version=nbformat.NO_CONVERT)
NotebookClient(notebook, timeout=120, kernel_name="tapbook").execute()
nbformat.validate(notebook)
nbformat.write(notebook, f"{name}.executed.ipynb")
page, _ = HTMLExporter().from_notebook_node(notebook)
with open(f"{name}.html", "w", encoding="utf-8") as file:
    file.write(page)
