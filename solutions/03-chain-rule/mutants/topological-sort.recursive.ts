// hint: A recursive function overflows the call stack on a deep graph. Keep the waiting nodes in an array of your own.
function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const visit = (node: Node) => {
    if (done.has(node)) return;
    done.add(node);
    node.inputs.forEach(visit);
    order.push(node);
  };
  visit(root);
  return order;
}
