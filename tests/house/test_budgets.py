"""Budgets of ``architecture``: a file that has grown is a room, a folder or a part that wants a name."""

import ast
from functools import cache
from pathlib import Path

from tests.house.source import ROOT, SOURCES, TEMPLATES, TESTS, nothing

MODULE, FUNCTION, ROUTE, TEMPLATE, TEST_MODULE, ARGUMENTS = 300, 40, 20, 120, 500, 5
METHODS = {"get", "post", "put", "patch", "delete", "api_route"}
INJECTED = {"self", "cls", "session", "request", "actor", "pairs"}
"""Handed through, not chosen: who asks, in which transaction, with which keyword pairs."""

type_checked = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@cache
def functions_of(path: Path) -> list[type_checked]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, type_checked)]


def is_route(function: type_checked) -> bool:
    calls = [node.func for node in function.decorator_list if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in METHODS for call in calls)


def arguments_of(function: type_checked) -> list[str]:
    given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return [
        argument.arg
        for argument in given
        if argument.arg not in INJECTED and not ast.unparse(argument.annotation or ast.Constant(0)).startswith("Annot")
    ]


def too_long(paths: list[Path], most: int) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {lines_of(path)} lines" for path in paths if lines_of(path) > most]


def test_no_module_is_too_long() -> None:
    nothing(too_long(SOURCES, MODULE))


def test_no_test_module_is_too_long() -> None:
    nothing(too_long(TESTS, TEST_MODULE))


def test_no_template_is_too_long() -> None:
    nothing(too_long(TEMPLATES, TEMPLATE))


def test_no_function_is_too_long_and_no_route_either() -> None:
    long = []
    for path in SOURCES + TESTS:
        for function in functions_of(path):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > (ROUTE if is_route(function) else FUNCTION):
                long.append(f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {length} lines")
    nothing(long)


def test_no_function_takes_too_many_arguments() -> None:
    many = []
    for path in SOURCES + TESTS:
        for function in functions_of(path):
            taken = arguments_of(function)
            injected = is_route(function) or function.name.startswith("test_")
            if len(taken) > ARGUMENTS and not injected:
                many.append(f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {len(taken)} arguments")
    nothing(many)
