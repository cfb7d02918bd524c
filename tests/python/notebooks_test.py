"""The notebooks run from top to bottom, draw what they promise, and lie in the tree without outputs.

SWIFTLET_KEEP_NOTEBOOKS names a directory for them with their outputs, to be looked at.
"""
import json
import os
import pathlib
import sys
import tempfile
import time
import unittest

import nbformat
from ipykernel.kernelspec import write_kernel_spec
from nbclient import NotebookClient

NOTEBOOKS = pathlib.Path(os.environ["SWIFTLET_SOURCE"]) / "tools/python/notebooks"
MOST_S = 120  # far more than they take: a few seconds each


class NotebooksTest(unittest.TestCase):
    def setUp(self) -> None:
        # The kernel is this very Python, whatever else is installed.
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        write_kernel_spec(pathlib.Path(folder.name) / "kernels" / "python3")
        os.environ["JUPYTER_PATH"] = folder.name
        os.environ["IPYTHONDIR"] = folder.name

    def run_notebook(self, name: str, pictures: int) -> str:
        """All that it prints; an error of any cell is raised."""
        notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
        began = time.monotonic()
        NotebookClient(notebook, timeout=MOST_S, kernel_name="python3",
                       resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
        print(f"{name}: {time.monotonic() - began:.1f} s")
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        self.assertEqual(sum("image/png" in output.get("data", {}) for output in outputs), pictures)
        self.assertNotIn("stderr", {output.get("name") for output in outputs}, "a warning")
        keep = os.environ.get("SWIFTLET_KEEP_NOTEBOOKS")
        if keep:
            nbformat.write(notebook, pathlib.Path(keep) / name)
        return "".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)

    def test_plan_a_route(self) -> None:
        told = self.run_notebook("plan_a_route.ipynb", pictures=4)
        self.assertIn("<swiftlet.Verdict 'route' ok>", told)
        self.assertIn("min_height_agl", told)
        self.assertIn("wind_too_strong", told)
        self.assertIn("not_found", told)

    def test_rehearse(self) -> None:
        told = self.run_notebook("rehearse.ipynb", pictures=4)
        self.assertIn("'landed': ", told)
        self.assertIn("half_width_95", told)
        self.assertIn("delivered", told)
        self.assertIn("sha256:", told)

    def test_they_lie_without_outputs(self) -> None:
        files = sorted(NOTEBOOKS.glob("*.ipynb"))
        self.assertEqual(len(files), 2)
        for file in files:
            notebook = json.loads(file.read_text(encoding="utf-8"))
            nbformat.validate(notebook)
            self.assertEqual(set(notebook["metadata"]), {"kernelspec", "language_info"})
            for cell in notebook["cells"]:
                self.assertEqual(cell["metadata"], {})
                if cell["cell_type"] == "code":
                    self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None), file.name)


if __name__ == "__main__":
    if sys.executable != "/usr/bin/python3":
        print(f"by {sys.executable}")
    unittest.main()
