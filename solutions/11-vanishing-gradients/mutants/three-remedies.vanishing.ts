// hint: The gradient is lost on its way: sigmoids alone take three quarters of it in each layer. At least one remedy must put slopes of 1, or an I, into the product, or keep z where slopes are large.
function threeRemedies(): Remedy[] {
  return ["init", "clip", "auxiliary"];
}
