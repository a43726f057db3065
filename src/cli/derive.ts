import { Course, type LessonFiles } from "../course/course.js";
import { isCurrent, writeDerived, type DerivedFile } from "../course/derive.js";
import { UserError } from "../errors.js";
import type { CourseOption } from "./course-option.js";

export interface DeriveOptions extends CourseOption {
  check?: boolean;
}

/** What `weave` and `tangle` share: derive files of the lessons named, or of all, and write or check them. */
export function derive(
  command: "weave" | "tangle",
  names: string[],
  { course: root, check }: DeriveOptions,
  derived: (files: LessonFiles) => DerivedFile[],
): void {
  const course = root === undefined ? Course.around() : new Course(root);
  const lessons = course.select(names);
  // All masters are parsed before anything is written.
  const files = lessons.flatMap(derived);
  if (check) {
    const stale = files.filter((file) => !isCurrent(file)).map(({ file }) => course.show(file));
    if (stale.length > 0)
      throw new UserError(`stale: ${stale.join(", ")}\nmake them anew with: gradlab ${command}`);
    console.log(`${files.length} files are current`);
    return;
  }
  const written = writeDerived(files);
  for (const file of written) console.log(`wrote ${course.show(file)}`);
  if (written.length === 0) console.log(`${files.length} files are current`);
}
