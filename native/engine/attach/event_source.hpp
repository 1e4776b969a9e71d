#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tapbook {

/** The `type` of perf events of a source that the kernel numbers as it boots, such as `kprobe`; none without it. */
std::optional<std::uint32_t> eventSourceType(const std::string& source);

/** The bit of `config` that asks such a source for returns. */
std::uint64_t returnBit(const std::string& source);

}  // namespace tapbook
