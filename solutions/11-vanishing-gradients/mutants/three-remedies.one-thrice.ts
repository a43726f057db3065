// hint: Three different remedies are asked for.
function threeRemedies(): Remedy[] {
  return ["relu", "relu", "relu"];
}
