// hint: The root is missing: it comes last, after all its inputs.
function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order: Node[] = [];
  const entered = new Set<Node>();
  const done = new Set<Node>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (!entered.has(node)) {
      entered.add(node);
      for (const input of node.inputs) if (!entered.has(input)) stack.push(input);
    } else {
      stack.pop();
      if (!done.has(node) && node !== root) order.push(node);
      done.add(node);
    }
  }
  return order;
}
