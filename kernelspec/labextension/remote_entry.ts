/**
 * The file that JupyterLab loads: a container of module federation, as webpack would write it, by hand. The Lab hands over its
 * shared modules and asks for `./extension`. So the same file serves every JupyterLab 4, and nothing of npm's is needed to build it.
 */
import { createPlugin, type LabModules } from "./plugin.js";

/** Versions of a module that the page has, and how to get each. */
type Versions = Readonly<Record<string, { get(): Promise<() => unknown> }>>;
type ShareScope = Readonly<Record<string, Versions>>;

interface Container {
  init(scope: ShareScope): void;
  get(name: string): Promise<() => unknown>;
}

const wanted = ["@jupyterlab/codemirror", "@jupyterlab/ui-components", "@codemirror/language"] as const;

/** The Lab's own copy of a module: there is one of each, since they are singletons. */
async function load(scope: ShareScope, name: string): Promise<unknown> {
  const [version] = Object.values(scope[name] ?? {});
  if (!version) throw new Error(`This JupyterLab does not share ${name}; Tapbook's extension is for JupyterLab 4.`);
  return (await version.get())();
}

function createContainer(): Container {
  let scope: ShareScope = {};
  return {
    init: (given) => void (scope = given),
    get: async (name) => {
      if (name !== "./extension") throw new Error(`Tapbook's extension has no module ${name}.`);
      const modules = await Promise.all(wanted.map(async (module) => [module, await load(scope, module)]));
      const plugin = createPlugin(Object.fromEntries(modules) as LabModules);
      return () => ({ __esModule: true, default: plugin });
    },
  };
}

const page = globalThis as { _JUPYTERLAB?: Record<string, Container> };
(page._JUPYTERLAB ??= {})["tapbook"] = createContainer();
