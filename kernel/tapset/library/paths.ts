/** Files by their names, as the kernel's directory cache has them. */
import type { FunctionParameter } from "../../compiler/catalogue.js";
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

const task: FunctionParameter = { name: "task", type: "long", meaning: "address of a task_struct" };
const dentry: FunctionParameter = { name: "dentry", type: "long", meaning: "address of a struct dentry" };
const mount: FunctionParameter = { name: "mount", type: "long", meaning: "address of a struct vfsmount" };
const path: FunctionParameter = { name: "path", type: "long", meaning: "address of a struct path" };
const file: FunctionParameter = { name: "file", type: "long", meaning: "address of a struct file" };

const CWD = "task_cwd_path(task_current())";

interface Path {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly FunctionParameter[];
  readonly returns?: "long";
  /** An example of it, or the whole example. */
  readonly call?: string;
  readonly example?: string;
  readonly body: string;
}

function pathFunction({ name, summary, parameters, returns, call = "", example, body }: Path): WrittenFunction {
  return {
    name,
    topic: "paths",
    summary,
    parameters,
    returns: returns ?? "string",
    example: example ?? `probe syscall.read { println(${call}); exit() }`,
    userRefusal: EVENT_ONLY,
    body: body.replaceAll("ENTRY", '@cast(__entry, "dentry")').replaceAll("MOUNT", '@cast(__mount, "mount")'),
  };
}

const EXE = '@cast(task_current(), "task_struct")->mm->exe_file';

export const pathFunctions: readonly WrittenFunction[] = [
  pathFunction({
    name: "d_name",
    summary: "The last part of a file's name.",
    parameters: [dentry],
    call: `d_name(${EXE}->f_path->dentry)`,
    body: 'return kernel_string(@cast(dentry, "dentry")->d_name->name)',
  }),
  pathFunction({
    name: "reverse_path_walk",
    summary: "A file's name from the root of its own file system on, without a slash in front.",
    parameters: [dentry],
    call: `reverse_path_walk(${EXE}->f_path->dentry)`,
    body: `__entry = dentry
  __text = ""
  for (__depth = 0; __depth < 64; __depth++) {
    __parent = ENTRY->d_parent
    if (__parent == __entry) break
    __text = __depth ? kernel_string(ENTRY->d_name->name) . "/" . __text : kernel_string(ENTRY->d_name->name)
    __entry = __parent
  }
  return __text`,
  }),
  pathFunction({
    name: "task_dentry_path",
    summary: "A file's whole name, as its mount namespace has it, whatever root the task has.",
    parameters: [task, dentry, mount],
    call: `task_dentry_path(task_current(), ${EXE}->f_path->dentry, ${EXE}->f_path->mnt)`,
    body: `__entry = dentry
  __mount = mount - &@cast(0, "mount")->mnt
  __text = ""
  for (__depth = 0; __depth < 64; __depth++) {
    if (__entry == MOUNT->mnt->mnt_root) {
      __above = MOUNT->mnt_parent
      if (__above == __mount) break
      __entry = MOUNT->mnt_mountpoint
      __mount = __above
      continue
    }
    __parent = ENTRY->d_parent
    if (__parent == __entry) break
    __text = "/" . kernel_string(ENTRY->d_name->name) . __text
    __entry = __parent
  }
  return __text == "" ? "/" : __text`,
  }),
  pathFunction({
    name: "d_path",
    summary: "The whole name of the file that a path leads to.",
    parameters: [path],
    call: `d_path(&${EXE}->f_path)`,
    body: 'return task_dentry_path(0, @cast(path, "path")->dentry, @cast(path, "path")->mnt)',
  }),
  pathFunction({
    name: "fullpath_struct_path",
    summary: "The whole name of the file that a path leads to.",
    parameters: [path],
    call: `fullpath_struct_path(&${EXE}->f_path)`,
    body: "return d_path(path)",
  }),
  pathFunction({
    name: "fullpath_struct_file",
    summary: "The whole name of an open file.",
    parameters: [task, file],
    call: `fullpath_struct_file(task_current(), ${EXE})`,
    body: 'return d_path(&@cast(file, "file")->f_path)',
  }),
  pathFunction({
    name: "fullpath_struct_nameidata",
    summary: "The whole name of the file that a search for a name has come to.",
    parameters: [
      {
        name: "nd",
        type: "long",
        meaning: "address of a struct nameidata, which the kernel's functions for names pass on",
      },
    ],
    example: `probe kernel.function("path_openat") ? { println(fullpath_struct_nameidata($nd)); exit() }\nprobe timer.s(1) { exit() }`,
    body: 'return d_path(&@cast(nd, "nameidata")->path)',
  }),
  pathFunction({
    name: "inode_path",
    summary:
      'The name of the file that an inode is, from the root of its own file system on; "" where the kernel knows none at the moment.',
    parameters: [{ name: "inode", type: "long", meaning: "address of a struct inode" }],
    call: `inode_path(${EXE}->f_inode)`,
    body: `__alias = @cast(inode, "inode")->i_dentry->first
  if (!__alias) return ""
  return "/" . reverse_path_walk(__alias - (@defined(&@cast(0, "dentry")->d_u->d_alias) ? &@cast(0, "dentry")->d_u->d_alias : &@cast(0, "dentry")->d_alias))`,
  }),
  pathFunction({
    name: "task_cwd_path",
    returns: "long",
    summary: "Address of the struct path of the task's working directory, for d_path().",
    parameters: [task],
    call: `d_path(${CWD})`,
    body: 'return &@cast(task, "task_struct")->fs->pwd',
  }),
  pathFunction({
    name: "task_fd_lookup",
    returns: "long",
    summary:
      "Address of the struct file that a task has open under a number, for fullpath_struct_file(); 0 where it has none.",
    parameters: [task, { name: "number", type: "long", meaning: "the descriptor" }],
    call: "task_fd_lookup(task_current(), 0) != 0",
    body: `__files = @cast(task, "task_struct")->files
  if (!__files) return 0
  __table = __files->fdt
  if (number < 0 || number >= __table->max_fds) return 0
  return __table->fd[number]`,
  }),
  pathFunction({
    name: "real_mount",
    returns: "long",
    summary: "Address of the struct mount that a struct vfsmount lies in.",
    parameters: [mount],
    call: `real_mount(${EXE}->f_path->mnt) != 0`,
    body: 'return mount - &@cast(0, "mount")->mnt',
  }),
  pathFunction({
    name: "task_exe_file",
    returns: "long",
    summary:
      "Address of the struct file of the task's program, for fullpath_struct_file(); 0 for a thread of the kernel.",
    parameters: [task],
    call: "fullpath_struct_file(task_current(), task_exe_file(task_current()))",
    body: `__space = @cast(task, "task_struct")->mm
  return __space ? __space->exe_file : 0`,
  }),
  pathFunction({
    name: "current_exe_file",
    returns: "long",
    summary: "Address of the struct file of the current process's program; 0 for a thread of the kernel.",
    parameters: [],
    call: "fullpath_struct_file(task_current(), current_exe_file())",
    body: "return task_exe_file(task_current())",
  }),
];
