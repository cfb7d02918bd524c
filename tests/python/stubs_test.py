"""The stub of the compiled part and the module say the same: every name, every argument, every plain type."""
import ast
import inspect
import re
import unittest

import swiftlet
from swiftlet import _core
from town import SOURCE

STUB = SOURCE / "tools/python/swiftlet/_core.pyi"
# What a type is called in the stub, and by pybind11 in docstrings.
AS_TOLD = {"_Floats": "numpy.ndarray[numpy.float64]", "npt.NDArray[np.int64]": "numpy.ndarray[numpy.int64]",
           "npt.NDArray[np.bool_]": "numpy.ndarray[bool]", "str": "str",
           "bytes": "str", "bool": "bool", "int": "int", "float": "float",
           "None": "None", "_Progress": "object", "str | None": "Optional[str]", "int | None": "Optional[int]"}


def told_signature(function: object) -> tuple[list[str], str]:
    """The types of arguments and answer, as the docstring's first line has them."""
    line = (function.__doc__ or "").splitlines()[0]
    inside, answer = re.fullmatch(r"\w+\((.*)\) -> (.*)", line).groups()
    parts = re.split(r", (?=arg\d+: |self: )", inside) if inside else []
    return [part.partition(": ")[2] for part in parts], answer


class StubsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.stub = ast.parse(STUB.read_text(encoding="utf-8"))

    def compare_signature(self, stub: ast.FunctionDef, function: object) -> None:
        types, answer = told_signature(function)
        arguments = [argument for argument in stub.args.args if argument.arg != "self"]
        if len(stub.args.args) > len(arguments):
            types = types[1:]
        self.assertEqual(len(types), len(arguments), f"{stub.name}: {function.__doc__}")
        pairs = [(ast.unparse(argument.annotation), told) for argument, told in zip(arguments, types)]
        for said, told in pairs + [(ast.unparse(stub.returns), answer)]:
            expected = AS_TOLD.get(said)
            if expected:
                self.assertEqual(told, expected, f"{stub.name}: {said}")

    def compare_class(self, stub: ast.ClassDef, actual: type) -> None:
        said = {node.name: node for node in stub.body if isinstance(node, ast.FunctionDef)}
        there = {name for name in vars(actual) if not name.startswith("_")}
        self.assertEqual(there, {name for name in said if not name.startswith("_")}, stub.name)
        for name in there:
            decorators = [ast.unparse(decorator) for decorator in said[name].decorator_list]
            member = inspect.getattr_static(actual, name)
            self.assertEqual(isinstance(member, property), "property" in decorators, f"{stub.name}.{name}")
            self.assertEqual(isinstance(member, staticmethod), "staticmethod" in decorators, f"{stub.name}.{name}")
            if not isinstance(member, property):
                self.compare_signature(said[name], getattr(actual, name))
        if "__init__" in said:
            self.compare_signature(said["__init__"], actual.__init__)

    def test_the_stub_is_the_module(self) -> None:
        said: dict[str, ast.AST] = {}
        for node in self.stub.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                said[node.name] = node
            elif isinstance(node, ast.AnnAssign):
                said[node.target.id] = node
        there = {name for name in dir(_core) if not name.startswith("_") or name == "__version__"}
        self.assertEqual(there, set(said))
        self.assertGreater(len(there), 12)
        for name, node in said.items():
            if isinstance(node, ast.ClassDef):
                self.compare_class(node, getattr(_core, name))
            elif isinstance(node, ast.FunctionDef):
                self.compare_signature(node, getattr(_core, name))

    def test_all_that_is_offered_is_there_and_nothing_else(self) -> None:
        self.assertEqual(swiftlet.__all__, sorted(swiftlet.__all__))
        for name in swiftlet.__all__:
            self.assertTrue(hasattr(swiftlet, name), name)
        offered = {name for name in vars(swiftlet) if not name.startswith("_")}
        self.assertEqual(offered, {name for name in swiftlet.__all__ if not name.startswith("_")})
        self.assertTrue((STUB.parent / "py.typed").exists())


if __name__ == "__main__":
    unittest.main()
