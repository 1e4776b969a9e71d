#pragma once

#include <functional>

#include "options.hpp"
#include "report.hpp"

namespace workload {

/** Does the work and counts it. */
using Work = std::function<void(Report&)>;

/** Opens what the work needs, so that the work itself makes no system calls but the counted ones. */
Work prepareSystemCalls(const Options& options);
Work prepareChain(const Options& options);
Work prepareStat(const Options& options);
Work prepareRead(const Options& options);
Work prepareBusy(const Options& options);
Work prepareSleep(const Options& options);
Work prepareThreads(const Options& options);

}  // namespace workload
