export const commandLine: string;
export function kernelNode(): string;
export function installKernelspec(environment?: NodeJS.ProcessEnv): string;
