// hint: You listed nodes when you first met them and reversed the list. With a shortcut in the graph, an input can be met before a node that needs it: list a node only after all its inputs.
function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order = [root];
  const seen = new Set<Node>([root]);
  for (const node of order) {
    for (const input of node.inputs) {
      if (!seen.has(input)) {
        seen.add(input);
        order.push(input);
      }
    }
  }
  return order.reverse();
}
