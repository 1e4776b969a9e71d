#pragma once

#include "link.hpp"

namespace tapbook {

/** Makes the kernel measure program run times while the link is open. */
Link enableStatistics();

}  // namespace tapbook
