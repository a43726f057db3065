import { existsSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import type { Course, LessonFiles } from "../course.js";
import { readText } from "../notebook.js";
import { unpack, productionModules, type PackedFile } from "./packed-package.js";
import { configuration, lessonFiles, portable, type ReleaseFile } from "./student-edition.js";

/** Seconds until a submission's grading is given up. Gradescope has a limit of its own, which instructors set. */
const patience = 15 * 60;

/**
 * The content of Gradescope's autograder zip for one lesson: gradlab with all it needs, the lesson with its hidden tests but without its
 * solutions, and the two scripts that Gradescope calls.
 *
 * @param node an archive of Node for Linux, unpacked where the machine has no Node; otherwise it is downloaded there
 */
export async function gradescopeFiles(
  course: Course,
  lesson: LessonFiles,
  packed: PackedFile,
  node?: string,
): Promise<ReleaseFile[]> {
  const tests = existsSync(lesson.hiddenTests)
    ? [{ file: lesson.hiddenTests, text: readText(lesson.hiddenTests) }]
    : [];
  const own = await unpack(packed);
  return [
    { path: "setup.sh", content: setup(lesson.name), executable: true },
    { path: "run_autograder", content: runAutograder(lesson.name), executable: true },
    { path: "platform", content: `${process.platform}-${process.arch}\n` },
    ...(node === undefined ? [] : [{ path: `node/${basename(node)}`, content: readFileSync(node) }]),
    ...[...lessonFiles(course, lesson), ...tests].map(({ file, text }) => ({
      path: `course/${portable(relative(course.root, file))}`,
      content: text,
    })),
    ...configuration(course, [lesson]).map((file) => ({ ...file, path: `course/${file.path}` })),
    ...[...own].map(([path, content]) => ({ path: `gradlab/${path}`, content })),
    ...[...productionModules()].map(([path, file]) => ({
      path: `gradlab/${path}`,
      content: readFileSync(file),
    })),
  ];
}

function setup(lesson: string): string {
  const { version } = process;
  return `#!/usr/bin/env bash
# Prepares the machine; Gradescope runs it once. Without a network it works if the machine has Node 20.19 or newer (or its archive is
# in node/), and if the zip was made on a machine of this kind.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"

recent='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! node -e "$recent" 2>/dev/null; then
  archive=$(ls node/*.tar.* 2>/dev/null | head -n 1 || true)
  if [ -z "$archive" ]; then
    mkdir -p node
    case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
    archive=node/node-${version}-linux-$arch.tar.gz
    curl -fsSL --retry 3 -o "$archive" "https://nodejs.org/dist/${version}/$(basename "$archive")"
  fi
  mkdir -p node/unpacked
  tar -xf "$archive" -C node/unpacked --strip-components=1
  export PATH="$PWD/node/unpacked/bin:$PATH"
fi

# Some libraries hold machine code.
if [ "$(node -p 'process.platform + "-" + process.arch')" != "$(cat platform)" ]; then
  (cd gradlab && rm -rf node_modules && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
fi

# The stronger isolation, where it can be had.
if ! command -v bwrap >/dev/null && command -v apt-get >/dev/null; then
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends bubblewrap) >/dev/null 2>&1 ||
    echo "no bubblewrap here: submissions are isolated by Node alone"
fi

# All of it works, or the image is not built.
node gradlab/dist/cli/main.js grade course/exercises/${lesson}/submission.ts --course course --lesson ${lesson} --json >/dev/null
echo "gradlab is ready for ${lesson}"
`;
}

function runAutograder(lesson: string): string {
  return `#!/usr/bin/env bash
# Grades one submission. A results.json is there from the first moment on and replaced when there is a better one, so that Gradescope
# finds one even if this is killed.
set -u
root=\${GRADLAB_AUTOGRADER_ROOT:-/autograder}
source=$root/source
results=$root/results/results.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$root/results"
put() { cat >"$results.tmp" && mv -f "$results.tmp" "$results"; }
put <<'END'
{
  "score": 0,
  "output": "The autograder did not finish. This is not a zero: ask your instructor to run it again.",
  "output_format": "text",
  "visibility": "visible",
  "stdout_visibility": "hidden",
  "tests": []
}
END

if [ -d "$source/node/unpacked/bin" ]; then PATH=$source/node/unpacked/bin:$PATH; fi
export PATH
# Who handed it in: the seed of hidden tests' random inputs, the same at every attempt.
student=$(node -e '
  const { users = [] } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  process.stdout.write(users.map(({ email, id }) => email ?? id).sort().join("+"));
' "$root/submission_metadata.json" 2>/dev/null)

cd "$work" || exit 1
timeout --kill-after=10 ${patience} node "$source/gradlab/dist/cli/main.js" grade "$root/submission" \\
  --course "$source/course" --lesson ${lesson} --student="\${student:-student}" --seed-by student \\
  --report gradescope --out "$work/reports"
# 1 says that something could not be graded, of which the report tells.
status=$?
for file in "$work"/reports/gradescope/*.json; do
  if [ -s "$file" ]; then put <"$file"; fi
done
echo "gradlab ended with status $status"
`;
}
