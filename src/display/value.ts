import { inspect, types, type InspectOptions } from "node:util";
import { displaySymbol, isDisplayable, type MimeBundle } from "./mime.js";
import { tableHtml } from "./table.js";

/** The MIME bundle of any value: its own, if it renders itself, or else what Node's inspector prints. */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) {
    const bundle = checkedBundle(await value[displaySymbol]());
    return "text/plain" in bundle ? bundle : { "text/plain": plainText(value), ...bundle };
  }
  const text = { "text/plain": plainText(value) };
  try {
    const html = tableHtml(value);
    return html === undefined ? text : { ...text, "text/html": html };
  } catch {
    return text; // A proxy may throw from anything.
  }
}

/**
 * What Node's inspector prints. Maps, Sets and Errors have its colours, as ANSI codes, which front ends show and files
 * keep; other values have not, so that what is compared with them, or read from a file, is their text alone.
 */
function plainText(value: unknown): string {
  const options: InspectOptions = { colors: isColored(value) };
  // Node's limit is a hundred, nine lines of numbers.
  if (types.isTypedArray(value)) options.maxArrayLength = typedArrayItems;
  try {
    return inspect(value, options);
  } catch {
    // What the value's own inspection, or its properties, threw.
  }
  try {
    return inspect(value, { ...options, customInspect: false });
  } catch {
    return "(cannot be printed)";
  }
}

const typedArrayItems = 24;

function isColored(value: unknown): boolean {
  const colored = types.isMap(value) || types.isSet(value) || types.isNativeError(value);
  return colored && !process.env.NO_COLOR;
}

/** A bundle as messages carry it. Pictures may come as bytes. */
function checkedBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle))
    throw new TypeError(
      `[Symbol.for("Jupyter.display")]() returned ${inspect(bundle, { depth: 0 })}; expected an object of ` +
        `representations by MIME type, such as { "text/html": "<b>bold</b>" }`,
    );
  const checked: MimeBundle = {};
  for (const [type, data] of Object.entries(bundle))
    if (data !== undefined) checked[type] = sendable(type, data);
  return checked;
}

function sendable(type: string, data: unknown): unknown {
  if (data instanceof Uint8Array) return Buffer.from(data).toString("base64");
  if (type.startsWith("text/") && !Array.isArray(data)) return String(data);
  try {
    return JSON.parse(JSON.stringify(data)) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new TypeError(`[Symbol.for("Jupyter.display")](): "${type}" cannot be sent as JSON: ${reason}`);
  }
}
