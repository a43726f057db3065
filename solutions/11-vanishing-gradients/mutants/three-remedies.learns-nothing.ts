// hint: The gradient arrives, but the net does not learn in time. Look at how alike the digits are at the end: what keeps them apart on the way through 50 layers?
function threeRemedies(): Remedy[] {
  return ["relu", "init", "clip"];
}
