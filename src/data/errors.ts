/** A file that is not what its format says. */
export class DataFormatError extends Error {
  static {
    this.prototype.name = "DataFormatError";
  }
}

/** A file that could not be downloaded. */
export class DownloadError extends Error {
  static {
    this.prototype.name = "DownloadError";
  }
}
