import type { Encoded } from "./codec.js";
import type { Request } from "./protocol.js";

// `Omit` over each member of the union, not over the union.
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
/** A request that has no number yet. */
export type NewRequest = WithoutId<Request>;
export type Encode = (value: unknown) => Encoded;

/** Whom a handle asks. */
export interface HandleOwner {
  request(request: NewRequest | ((encode: Encode) => NewRequest)): Promise<unknown>;
}

/** An object of the submission, which stays in the host. */
export class Handle {
  readonly type: string;
  readonly #owner: HandleOwner;
  readonly #id: number;

  constructor(owner: HandleOwner, id: number, type: string) {
    this.#owner = owner;
    this.#id = id;
    this.type = type;
  }

  /** Copies the object, if it is one that can be copied: a tensor, an array, plain data. */
  copy(): Promise<unknown> {
    return this.#owner.request({ kind: "copy", handle: this.#id });
  }

  /** Reads a property. */
  get(key: string): Promise<unknown> {
    return this.#owner.request({ kind: "get", handle: this.#id, key });
  }

  /** Writes a property. */
  async set(key: string, value: unknown): Promise<void> {
    await this.#owner.request((encode) => ({ kind: "set", handle: this.#id, key, value: encode(value) }));
  }

  /** Calls a method. */
  call(key: string, ...args: unknown[]): Promise<unknown> {
    return this.#method(key, args);
  }

  /** Calls the handle itself, which must be a function. */
  apply(...args: unknown[]): Promise<unknown> {
    return this.#method(null, args);
  }

  #method(key: string | null, args: unknown[]): Promise<unknown> {
    return this.#owner.request((encode) => ({
      kind: "method",
      handle: this.#id,
      key,
      args: args.map(encode),
    }));
  }

  /** The host's number of this object, if it lives in that host. */
  idIn(host: HandleOwner): number | undefined {
    return host === this.#owner ? this.#id : undefined;
  }
}
