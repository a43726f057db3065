export { display, type NotebookSession } from "./display/session.js";
export { displaySymbol, type Displayable, type MimeBundle } from "./display/mime.js";
