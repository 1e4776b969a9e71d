/** What a process has mapped, as `/proc/PID/maps` lists it. */

export interface Mapping {
  readonly start: bigint;
  /** The first address behind it. */
  readonly end: bigint;
  readonly executable: boolean;
  /** In the file. */
  readonly offset: bigint;
  /** Such as `fe:01`. */
  readonly device: string;
  /** 0 where it is of no file. */
  readonly inode: bigint;
  /** A path as the process sees it, a name such as `[heap]`, or nothing. */
  readonly path: string;
  /** The file has no name any more. */
  readonly isDeleted: boolean;
}

const DELETED = " (deleted)";

/** By address, as the kernel lists them. */
export function parseMappings(text: string): readonly Mapping[] {
  const lines =
    /^(?<start>[0-9a-f]+)-(?<end>[0-9a-f]+) ..(?<execute>.). (?<offset>[0-9a-f]+) (?<device>\S+) (?<inode>\d+) *(?<path>.*)$/gm;
  return Array.from(text.matchAll(lines), ({ groups }) => {
    const path = groups!["path"]!.replaceAll("\\012", "\n");
    const isDeleted = path.endsWith(DELETED);
    return {
      start: BigInt(`0x${groups!["start"]}`),
      end: BigInt(`0x${groups!["end"]}`),
      executable: groups!["execute"] === "x",
      offset: BigInt(`0x${groups!["offset"]}`),
      device: groups!["device"]!,
      inode: BigInt(groups!["inode"]!),
      path: isDeleted ? path.slice(0, -DELETED.length) : path,
      isDeleted,
    };
  });
}

/** The one of several ranges, sorted and apart from each other, that an address lies in. */
export function rangeAt<Range extends { readonly start: bigint; readonly end: bigint }>(
  ranges: readonly Range[],
  address: bigint,
): Range | null {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range && range.start <= address ? range : null;
}
