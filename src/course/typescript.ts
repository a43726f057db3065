import { createRequire } from "node:module";
import type * as Typescript from "@tslab/typescript-for-tslab";

/** The compiler. For an `import` Node would read its nine megabytes twice more, for their names and for what kind of module they are. */
export const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab") as typeof Typescript;
