import { stringify } from "yaml";
import type { ReleaseFile } from "./student-edition.js";

const checkout = "actions/checkout@v4";
const setupNode = "actions/setup-node@v4";
const upload = "actions/upload-artifact@v4";
const download = "actions/download-artifact@v4";

/**
 * A workflow for a student's repository. The job that runs the student's code has no permission whatsoever and never sees a token: an
 * earlier job checks the repository out for it, a later one reports what it found.
 */
const workflow = {
  name: "Grade",
  on: { push: {}, workflow_dispatch: {} },
  permissions: {},
  concurrency: { group: "grade-${{ github.ref }}", "cancel-in-progress": true },
  jobs: {
    collect: {
      "runs-on": "ubuntu-latest",
      permissions: { contents: "read" },
      steps: [
        { uses: checkout, with: { "persist-credentials": false } },
        { uses: upload, with: { name: "submission", path: ".", "retention-days": 1 } },
      ],
    },
    grade: {
      needs: "collect",
      "runs-on": "ubuntu-latest",
      permissions: {},
      "timeout-minutes": 30,
      steps: [
        { uses: download, with: { name: "submission" } },
        { uses: setupNode, with: { "node-version": 22 } },
        { run: "npm install --ignore-scripts --no-audit --no-fund" },
        {
          // What cannot be graded is in the report, too.
          run: 'npx gradlab grade notebooks --student "$GITHUB_REPOSITORY_OWNER" --report html,junit,github --out results',
        },
        { if: "always()", uses: upload, with: { name: "results", path: "results" } },
      ],
    },
    report: {
      needs: "grade",
      if: "always()",
      "runs-on": "ubuntu-latest",
      permissions: {},
      steps: [
        { uses: download, with: { name: "results", path: "results" } },
        { run: 'head -c 900000 results/summary.md >> "$GITHUB_STEP_SUMMARY"' },
        { run: "grep -E '^::(warning|error) ' results/annotations.txt || true" },
      ],
    },
  },
};

export function githubActionsFiles(): ReleaseFile[] {
  const comment = "# Grades what is pushed, with the public tests. See docs/grading.md of gradlab.\n";
  return [{ path: ".github/workflows/grade.yml", content: comment + stringify(workflow, { lineWidth: 0 }) }];
}
