/** Why the system refused something to do with a file: Node's words without the call and the path, which may be of a file that it was to be renamed from. */
export function systemReason(error: unknown): string {
  return (error as Error).message.replace(/, \w+(?: '.*)?$/s, "");
}
