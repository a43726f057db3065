function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order: Node[] = [];
  const seen = new Set([root]);
  const path = [{ node: root, next: 0 }];
  while (path.length > 0) {
    const top = path[path.length - 1];
    const input = top.node.inputs[top.next++];
    if (input === undefined) order.push(path.pop()!.node);
    else if (!seen.has(input)) {
      seen.add(input);
      path.push({ node: input, next: 0 });
    }
  }
  return order;
}
