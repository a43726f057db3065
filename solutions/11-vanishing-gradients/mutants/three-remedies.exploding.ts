// hint: The gradient explodes: something multiplies it in every layer. He's weights in residual blocks need a normalisation, and batch norm with ReLUs needs a shortcut.
function threeRemedies(): Remedy[] {
  return ["relu", "init", "residual"];
}
