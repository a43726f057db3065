import { UserError } from "../errors.js";

/** One kind of region that only instructors see, and what students get in its place. */
interface RegionStyle {
  begin: RegExp;
  end: RegExp;
  replace(indent: string, task: string): string[];
}

const codeSolution = (exercise: string): RegionStyle => ({
  begin: /^(\s*)\/\/ BEGIN SOLUTION(?::\s*(.*\S))?\s*$/,
  end: /^\s*\/\/ END SOLUTION\s*$/,
  replace(indent, task) {
    const message = `TODO ${exercise}: ${task}`;
    return [`${indent}// TODO: ${task}`, `${indent}throw new Error(${JSON.stringify(message)});`];
  },
});

const writtenSolution: RegionStyle = {
  begin: /^(\s*)<!-- BEGIN SOLUTION()\s*-->\s*$/,
  end: /^\s*<!-- END SOLUTION\s*-->\s*$/,
  replace: () => [],
};

/** The stub of an exercise: each solution region becomes a comment and a throw that name its task. */
export function stubOf(source: string, exercise: string, where: string): string {
  return mapRegions(source, codeSolution(exercise), where, (style, indent, task) =>
    style.replace(indent, task),
  );
}

/** The same cell with its solutions in place and only their markers gone. */
export function solutionOf(source: string, exercise: string, where: string): string {
  return mapRegions(source, codeSolution(exercise), where, (_style, _indent, _task, lines) => lines);
}

/** A written question, and the mark scheme that stands in its solution region. */
export function splitWritten(source: string, where: string): { question: string; markScheme: string } {
  const { given, regions } = splitSolutions({ kind: "written", source }, where);
  return { question: given.trim(), markScheme: regions.join("\n").trim() };
}

/** The solutions of a cell apart from what is given. */
export function splitSolutions(
  { kind, source }: { kind: "exercise" | "written"; source: string },
  where = kind as string,
): { given: string; regions: string[] } {
  const regions: string[] = [];
  const style = kind === "written" ? writtenSolution : codeSolution("");
  const given = mapRegions(source, style, where, (_style, _indent, _task, lines) => {
    regions.push(lines.join("\n"));
    return [];
  });
  return { given, regions };
}

/** True if a cell still holds one of the throws that `stubOf` left for its exercise. */
export function isUntouched(source: string, exercise: string): boolean {
  return source.includes(`throw new Error("TODO ${exercise}: `);
}

function mapRegions(
  source: string,
  style: RegionStyle,
  where: string,
  replace: (style: RegionStyle, indent: string, task: string, lines: string[]) => string[],
): string {
  const output: string[] = [];
  let region: { indent: string; task: string; lines: string[] } | undefined;
  let count = 0;
  for (const line of source.split("\n")) {
    const begin = style.begin.exec(line);
    if (begin) {
      if (region)
        throw new UserError(`${where}: BEGIN SOLUTION inside a solution: an END SOLUTION is missing`);
      region = { indent: begin[1], task: begin[2] || "write this part", lines: [] };
      count++;
    } else if (style.end.test(line)) {
      if (!region) throw new UserError(`${where}: END SOLUTION without BEGIN SOLUTION`);
      output.push(...replace(style, region.indent, region.task, region.lines));
      region = undefined;
    } else (region?.lines ?? output).push(line);
  }
  if (region) throw new UserError(`${where}: BEGIN SOLUTION without END SOLUTION`);
  if (count === 0)
    throw new UserError(`${where}: no solution region (// BEGIN SOLUTION: <task> … // END SOLUTION)`);
  return output.join("\n");
}
