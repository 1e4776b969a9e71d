{
  "target_defaults": {
    "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
    "cflags!": ["-fno-exceptions"],
    "cflags_cc": ["-std=c++17"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
  },
  "targets": [
    {
      "target_name": "engine",
      "type": "static_library",
      "sources": [
        "engine/attach/btf_tracepoint.cpp",
        "engine/attach/perf_event.cpp",
        "engine/attach/raw_tracepoint.cpp",
        "engine/attach/trace_file_system.cpp",
        "engine/attach/tracepoint.cpp",
        "engine/capabilities.cpp",
        "engine/error.cpp",
        "engine/kernel_name.cpp",
        "engine/kernel_types.cpp",
        "engine/machine.cpp",
        "engine/map.cpp",
        "engine/map_entries.cpp",
        "engine/program.cpp",
        "engine/ring_buffer.cpp",
        "engine/statistics.cpp",
      ],
      # The engine knows nothing of Node: it must not find its headers either.
      "target_conditions": [["1==1", {"include_dirs/": [["exclude", "node"]]}]],
    },
    {
      "target_name": "tapbook",
      "sources": [
        "addon/addon.cpp",
        "addon/argument.cpp",
        "addon/delivery.cpp",
        "addon/link_object.cpp",
        "addon/map_object.cpp",
        "addon/program_object.cpp",
        "addon/ring_buffer_object.cpp",
        "addon/types_object.cpp",
        # Not in the library: the linker must see it before libbpf.
        "engine/static_libbpf.cpp",
      ],
      "dependencies": ["engine"],
      # Swallowed is what is thrown in a worker that is being terminated; without it the process would abort.
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      # Only Node's own entry points are to be seen: another addon may bring another libbpf.
      "ldflags": ["-Wl,--exclude-libs,ALL"],
      "libraries": ["-l:libbpf.a", "-l:libz.a"],
    },
    {
      "target_name": "workload",
      "type": "executable",
      "sources": [
        "workload/options.cpp",
        "workload/pace.cpp",
        "workload/processor_time.cpp",
        "workload/read.cpp",
        "workload/report.cpp",
        "workload/stat.cpp",
        "workload/system_calls.cpp",
        "workload/workload.cpp",
      ],
      "ldflags": ["-pthread"],
    },
  ],
}
