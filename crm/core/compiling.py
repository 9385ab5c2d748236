"""What is known when a template is compiled is put into it then, so that no page asks for it again."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from crm.core.i18n import GUEST_LANGUAGES, speaking


class SpokenEnvironment(Environment):
    """Compiles for one language. ``known``: functions by name that answer constants with a constant."""

    def __init__(self, language: str, known: dict[str, Callable[..., Any]], **options: Any) -> None:
        super().__init__(**options)
        self.language = language
        self.known = known


class _Generator(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        if isinstance(self.environment, SpokenEnvironment):
            with speaking(self.environment.language, GUEST_LANGUAGES):
                _Answers(self.environment).visit(node)
        super().visit_Template(node, frame)


SpokenEnvironment.code_generator_class = _Generator


class _Answers(NodeTransformer):
    """``{{ _("Save") }}`` becomes 保存; a name that a template has given something else keeps what it was given."""

    def __init__(self, environment: SpokenEnvironment) -> None:
        self.environment = environment
        self.known = environment.known

    def visit_Template(self, node: nodes.Template) -> nodes.Node:  # noqa: N802
        taken = {name.name for name in node.find_all(nodes.Name) if name.ctx != "load"}
        self.known = {name: answer for name, answer in self.known.items() if name not in taken}
        return self.generic_visit(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if called not in self.known or node.dyn_args or node.dyn_kwargs:
            return node
        values = [value.value for value in node.args if isinstance(value, nodes.Const)]
        words = {word.key: word.value.value for word in node.kwargs if isinstance(word.value, nodes.Const)}
        if len(values) + len(words) < len(node.args) + len(node.kwargs):
            return node
        return nodes.Const(self.known[called](*values, **words), lineno=node.lineno, environment=self.environment)
