// hint: A node that is used twice is in your list twice. Remember in a Set which nodes are listed already.
function topologicalSort<Node extends { inputs: Node[] }>(root: Node): Node[] {
  const order: Node[] = [];
  const stack = [{ node: root, next: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.next < top.node.inputs.length) {
      stack.push({ node: top.node.inputs[top.next++], next: 0 });
    } else {
      order.push(top.node);
      stack.pop();
    }
  }
  return order;
}
