function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  // First count how often each node is used, then release nodes whose users are all listed.
  const users = new Map<Node, number>([[root, 0]]);
  for (const node of users.keys())
    for (const input of node.inputs) users.set(input, (users.get(input) ?? 0) + 1);
  const order = [root];
  for (const node of order) {
    for (const input of node.inputs) {
      users.set(input, users.get(input)! - 1);
      if (users.get(input) === 0) order.push(input);
    }
  }
  return order.reverse();
}
