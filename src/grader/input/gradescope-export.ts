import { parse as parseYaml } from "yaml";
import { printable } from "../printable.js";
import { limits, MB } from "./limits.js";
import type { Owner } from "./owner.js";

/** The file that tells, in what Gradescope exports, whose each folder `submission_123` is. */
export const gradescopeMetadata = "submission_metadata.yml";

export const metadataUnread =
  `${gradescopeMetadata} is damaged or larger than ${limits.metadataBytes / MB} MB and was not read: ` +
  "students are called as their folders are; --names FILE.csv can name them";

/** The owners of a Gradescope export by folder. What cannot be read tells nothing: the folders' names remain. */
export function gradescopeOwners(text: string): Map<string, Owner> {
  let metadata: unknown;
  try {
    metadata = parseYaml(text, { maxAliasCount: 0 });
  } catch {
    return new Map();
  }
  const owners = new Map<string, Owner>();
  for (const [folder, entry] of Object.entries(recordOf(metadata))) {
    // Ruby writes symbols as keys.
    const submitters = recordOf(entry)[":submitters"];
    const people = (Array.isArray(submitters) ? submitters : []).map(recordOf);
    const list = (key: string) =>
      people.flatMap((person) =>
        typeof person[key] === "string" || typeof person[key] === "number"
          ? [printable(String(person[key]))]
          : [],
      );
    const [emails, names] = [list(":email"), list(":name")];
    const ids = list(":sid").length === people.length ? list(":sid") : emails;
    if (ids.length === 0) continue;
    owners.set(folder, {
      student: ids.join("+"),
      ...(names.length > 0 && { name: names.join(", ") }),
      ...(emails.length > 0 && { email: emails.join(", ") }),
    });
  }
  return owners;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
