// hint: Every layer of yours gets ∇CE as it is. Replace g by Wᵀ δ before you go on to the layer in front.
function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  return W.map((_, k) => slopes[k].mul(g).outer(inputs[k]));
}
