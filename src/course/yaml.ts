import { parse, YAMLParseError } from "yaml";
import { messageOf, UserError } from "../errors.js";

/**
 * The value of a YAML text that a course's author wrote.
 *
 * @throws UserError with the file and the line
 */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    // After the message comes where it is, with a picture of it.
    const [message] = messageOf(error).split(/ at line \d+/);
    throw new UserError(`${file}${line === undefined ? "" : `:${line}`}: YAML: ${message}`);
  }
}
