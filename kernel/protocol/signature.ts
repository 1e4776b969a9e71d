import { createHmac, timingSafeEqual } from "node:crypto";

/** A signature scheme that a connection file names and this machine does not have. */
export class SignatureSchemeError extends Error {
  override readonly name = "SignatureSchemeError";
}

/** Signs and checks messages with the key of a connection file. */
export class Signer {
  readonly #algorithm: string;
  readonly #key: string;

  /** With an empty key nothing is signed and everything is accepted, as the protocol has it. */
  constructor(scheme: string, key: string) {
    this.#key = key;
    this.#algorithm = scheme.replace(/^hmac-/, "");
    if (key === "") return;
    try {
      if (!scheme.startsWith("hmac-")) throw new Error("not an HMAC");
      createHmac(this.#algorithm, key);
    } catch (error) {
      throw new SignatureSchemeError(
        `The signature scheme "${scheme}" is not supported; Jupyter's default is "hmac-sha256".`,
        { cause: error },
      );
    }
  }

  /** The hexadecimal signature over the frames, empty where signing is off. */
  sign(frames: readonly (string | Uint8Array)[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  }

  /** Whether `signature` is the right one; takes the same time wherever the two differ. */
  verify(signature: Uint8Array, frames: readonly (string | Uint8Array)[]): boolean {
    if (this.#key === "") return true;
    const expected = Buffer.from(this.sign(frames), "latin1");
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
}
