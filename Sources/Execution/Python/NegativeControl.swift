/// The negative control: what a test expects is replaced by an object that equals nothing, so that every honest
/// program fails. `fired` tells a test that swallows its own assertion from a candidate that evades it.
extension PythonSource {
    static let negativeControl = #"""
        class Unequal:
            fired = False
            def __eq__(self, other):
                Unequal.fired = True
                return False
            __hash__ = None
            def fail(self):
                Unequal.fired = True
                raise AssertionError

        def poisoned(source, name):
            import _ast
            def place(new, like):
                stack = [new]
                while stack:
                    n = stack.pop()
                    n.lineno, n.col_offset = like.lineno, like.col_offset
                    n.end_lineno, n.end_col_offset = like.end_lineno, like.end_col_offset
                    stack.extend(v for f in n._fields if isinstance(v := getattr(n, f), (_ast.expr, _ast.stmt)))
                return new
            def unequal(like):
                return place(_ast.Name(name, _ast.Load()), like)
            def expectations(test):
                if isinstance(test, _ast.BoolOp) and isinstance(test.op, _ast.And):
                    return sum(expectations(value) for value in test.values)
                if isinstance(test, _ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _ast.Eq):
                    test.comparators[0] = unequal(test.comparators[0])
                    return 1
                return 0
            tree = compile(source, "tests.py", "exec", _ast.PyCF_ONLY_AST, dont_inherit=True)
            replaced, bodies, stack = 0, [], [tree]
            while stack:
                node = stack.pop()
                if isinstance(node, _ast.Assert):
                    replaced += expectations(node.test)
                elif isinstance(node, _ast.Call) and isinstance(node.func, _ast.Attribute):
                    if node.func.attr in ("assertEqual", "assertEquals") and len(node.args) > 1:
                        node.args[1] = unequal(node.args[1])
                        replaced += 1
                elif isinstance(node, _ast.FunctionDef) and node.name.startswith(("check", "test")):
                    bodies.append(node.body)
                for field in node._fields:
                    value = getattr(node, field, None)
                    for item in value if isinstance(value, list) else (value,):
                        if isinstance(item, _ast.AST):
                            stack.append(item)
            if not replaced and tree.body:
                for body in bodies or [tree.body]:
                    call = _ast.Call(_ast.Attribute(_ast.Name(name, _ast.Load()), "fail", _ast.Load()), [], [])
                    body.insert(0, place(_ast.Expr(call), body[0]))
            return compile(tree, "tests.py", "exec", dont_inherit=True)

        """#
}
