// hint: You marked nodes as seen when pushing them. A node that waits deep in the stack is then never moved up when something above it needs it first: mark it when you look at it on top.
function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order: Node[] = [];
  const pushed = new Set<Node>([root]);
  const entered = new Set<Node>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (entered.has(node)) {
      order.push(stack.pop()!);
      continue;
    }
    entered.add(node);
    for (const input of node.inputs) {
      if (!pushed.has(input)) {
        pushed.add(input);
        stack.push(input);
      }
    }
  }
  return order;
}
