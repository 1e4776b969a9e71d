/** An error's text with the number that it is about: in place of `%d`, or of `%x` as an address. */
export function errorMessage(message: string, number: bigint): string {
  return message
    .replace("%d", () => String(number))
    .replace("%x", () => `0x${BigInt.asUintN(64, number).toString(16)}`);
}
