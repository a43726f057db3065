import { Option } from "commander";
import { sandboxChoices } from "../grader/isolation.js";

/** `--sandbox CHOICE`, the same on every command that tests submissions. */
export function sandboxOption(): Option {
  return new Option(
    "--sandbox <choice>",
    "run submissions in a container of their own: if possible, always or never",
  )
    .choices(sandboxChoices)
    .default("auto");
}
