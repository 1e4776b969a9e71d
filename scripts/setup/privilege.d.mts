export function missingCapabilities(status?: string): string[];
export function isInUserNamespace(map?: string): boolean;
export function privilegeAdvice(missing?: readonly string[], inUserNamespace?: boolean): string | null;
