import type { KernelInfoReply } from "./messages.js";
import { createRequire } from "node:module";
import { version } from "../package.js";
import { protocolVersion } from "./wire.js";

/** Read from the package's own statement, because loading the compiler takes long. */
const { version: typescriptVersion } = createRequire(import.meta.url)(
  "@tslab/typescript-for-tslab/package.json",
) as {
  version: string;
};

const [nodeMajor] = process.versions.node.split(".");

/** What the kernel says of itself. */
export const kernelInfo: KernelInfoReply = {
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "gradlab",
  implementation_version: version,
  language_info: {
    name: "typescript",
    version: typescriptVersion,
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    // JupyterLab goes by the mode's name, the classic notebook by name and flag.
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
  banner: `gradlab ${version} – TypeScript ${typescriptVersion} on Node.js ${process.version}`,
  debugger: false,
  supported_features: [],
  help_links: [
    { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/" },
    { text: "Node.js documentation", url: `https://nodejs.org/docs/latest-v${nodeMajor}.x/api/` },
    {
      text: "JavaScript reference (MDN)",
      url: "https://developer.mozilla.org/docs/Web/JavaScript/Reference",
    },
  ],
};
